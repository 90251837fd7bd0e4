"""Which evidence belongs to which action: the link between FIVES and StART."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.history import tracked
from evidence.models import Evidence
from tracker.models.action import Action


class ActionEvidence(models.Model):
    """That a piece of evidence is about an action, until it is taken off again."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="action_links")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ("action", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "evidence"],
                condition=Q(removed_at=None),
                name="tracker_actionevidence_once",
                violation_error_message="This evidence is attached already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.evidence}"
