"""What one person asks and another one settles: a later due date, an entry in error."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.history import tracked
from tracker.models.action import Action


class DueDateRequest(models.Model):
    """A lead asks for another due date; the executive lead agrees or not (paper 4.2)."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="due_requests")
    due_on = models.DateField("asked for")
    reason = models.TextField()
    asked_on = models.DateField(default=today)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    history = tracked()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(agreed=None),
                name="tracker_duedaterequest_one_open",
                violation_error_message="A later date has been asked for already.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="tracker_duedaterequest_has_reason",
                violation_error_message="Say why the due date should change.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: due {self.due_on} asked for"

    def get_absolute_url(self) -> str:
        return reverse("tracker:due_request", args=[self.pk])


class ErrorClaim(models.Model):
    """Governance says that an action was entered in error; a second person confirms it or not.

    Confirmed, the action leaves every figure of every date and stays in the audit trail.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="error_claims")
    reason = models.TextField()
    claimed_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed = models.BooleanField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    history = tracked()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(confirmed=None),
                name="tracker_errorclaim_one_open",
                violation_error_message="It has been said already that this is an error.",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True)
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("claimed_by"))),
                name="tracker_errorclaim_confirmed_by_another",
                violation_error_message="Somebody else confirms that it is an error.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="tracker_errorclaim_has_reason",
                violation_error_message="Say what the error is.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: entered in error?"
