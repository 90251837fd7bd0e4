"""Which actions an item of an improvement plan helps to close."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.history import tracked
from inspections.models import ImprovementItem
from tracker.models.action import Action


class ImprovementAction(models.Model):
    """That an improvement item is about an action, until it is taken off again."""

    item = models.ForeignKey(ImprovementItem, on_delete=models.PROTECT, related_name="action_links")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="improvement_links")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ("item", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "action"],
                condition=Q(removed_at=None),
                name="tracker_improvementaction_once",
                violation_error_message="This action is linked already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.action}"
