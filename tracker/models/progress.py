"""How the work on an action goes: due dates and their revisions, updates, confidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import today
from core.history import tracked
from core.markings import Marking
from tracker.models.action import Action
from tracker.update_queries import ProgressUpdateQuerySet


class DueDate(models.Model):
    """The due date as issued (sequence 0), and each agreed one (from 1 on) with who, when and why.

    An action that was issued without a date has no 0.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="due_dates")
    sequence = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField("due")
    agreed_on = models.DateField("agreed", default=today)
    agreed_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    history = tracked()

    class Meta:
        ordering = ("action", "sequence")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "sequence"], name="tracker_duedate_unique_sequence"
            ),
            models.CheckConstraint(
                condition=Q(sequence=0) | ~Q(reason=""),
                name="tracker_duedate_revision_has_reason",
                violation_error_message="Say why the due date changes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: due {self.due_on}"


class Confidence(models.Model):
    """A value of the delivery confidence scale: data, so that a force can change its words."""

    name = models.CharField(max_length=30, unique=True)
    meaning = models.CharField(max_length=200)
    # 1 is the best; lists sort by it.
    order = models.PositiveSmallIntegerField(unique=True)
    # Shown beside the word, so that nothing depends on colour.
    symbol = models.CharField(max_length=2)

    history = tracked()

    class Meta:
        ordering = ("order",)
        verbose_name_plural = "confidence scale"

    def __str__(self) -> str:
        return self.name


class ProgressUpdate(models.Model):
    """What has happened on an action, and how confident its lead is. Never changed afterwards."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    made_on = models.DateField(default=today)
    text = models.TextField()
    confidence = models.ForeignKey(
        Confidence, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confidence_reason = models.TextField(blank=True, default="")
    expected_closure_on = models.DateField("expected closure", null=True, blank=True)
    marking = models.CharField(max_length=20, choices=Marking.choices, default=Marking.OFFICIAL)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = ProgressUpdateQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-made_on", "-id")
        indexes = [models.Index(fields=["action", "-made_on", "-id"], name="tracker_update_latest")]

    def __str__(self) -> str:
        return f"{self.action}: update of {self.made_on}"
