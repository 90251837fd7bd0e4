"""True of an action from a day to a day: status and level, presence on the portal, leads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import today
from core.history import tracked
from core.periods import dates_in_order
from evidence.models import Evidence
from inspections.choices import LeadRole
from people.models import Lead
from tracker.choices import CloseReason, Level, Status
from tracker.models.action import Action
from tracker.queries import StatusPeriodQuerySet

END_BEFORE_START = "The end cannot be before the start."


class StatusPeriod(models.Model):
    """Status and level of an action over `[started_on, ended_on)`.

    Periods of one action touch and never overlap, and exactly one is open. Several changes in one
    day leave periods of zero length, ordered by `sequence`: the last of the day counts. The first
    period starts on the day the action was received. What it may become is said by
    `tracker.workflow`.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="periods")
    sequence = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(
        max_length=20, choices=CloseReason.choices, blank=True, default=""
    )
    # What the force's own list said, kept beside the reason it was mapped to.
    original_wording = models.CharField(max_length=400, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    # Why it was recorded later than it took effect; empty when it was not.
    late_reason = models.TextField(blank=True, default="")
    # The first list tells only the latest stage of an action: what it was before is not known, and
    # stands here as in progress.
    assumed = models.BooleanField(default=False)
    # What HMICFRS said it in, where the end or the outcome is its own.
    document = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # The action that took its place, where it was superseded and the other one is here.
    superseded_by = models.ForeignKey(
        Action, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = StatusPeriodQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("action", "sequence")
        indexes = [
            models.Index(
                fields=["started_on", "ended_on", "status"], name="tracker_period_at_a_date"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "sequence"], name="tracker_statusperiod_unique_sequence"
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(ended_on=None),
                name="tracker_statusperiod_one_open",
                violation_error_message="An action has exactly one open status period.",
            ),
            dates_in_order("tracker_statusperiod_dates_in_order", END_BEFORE_START),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="tracker_statusperiod_sequence_from_one"
            ),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__in=Level.values),
                name="tracker_statusperiod_level_1_to_4",
                violation_error_message="The activity level is 1, 2, 3 or 4.",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.CLOSED) & ~Q(close_reason=""))
                | (~Q(status=Status.CLOSED) & Q(close_reason="")),
                name="tracker_statusperiod_closed_has_reason",
                violation_error_message="A closed action, and only a closed one, has a reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_status_display()} from {self.started_on}"


class PortalPresence(models.Model):
    """That an action is on HMICFRS's monitoring portal, from the day it was first seen there until
    the day before it was gone. It may come back: the portal lags (paper 3.2).
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="portal_presences")
    started_on = models.DateField("first seen", default=today)
    ended_on = models.DateField("gone since", null=True, blank=True)
    # A list that only says "Yes" tells no day: received, or the day of the list, is assumed.
    assumed = models.BooleanField(default=False)

    history = tracked()

    class Meta:
        ordering = ("action", "started_on")
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(ended_on=None),
                name="tracker_portalpresence_one_open",
                violation_error_message="This action is on the portal already.",
            ),
            dates_in_order("tracker_portalpresence_dates_in_order", END_BEFORE_START),
        ]

    def __str__(self) -> str:
        return f"{self.action}: on the portal from {self.started_on}"


class ActionLead(models.Model):
    """Who leads an action in a role, from a day until the day before another."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="leads")
    role = models.CharField(max_length=10, choices=LeadRole.choices)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="action_duties")
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until", null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ("action", "role", "started_on")
        indexes = [models.Index(fields=["lead", "role"], name="tracker_actionlead_of_lead")]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "role"],
                condition=Q(ended_on=None),
                name="tracker_actionlead_one_at_a_time",
                violation_error_message="This action already has a lead in this role.",
            ),
            dates_in_order("tracker_actionlead_dates_in_order", END_BEFORE_START),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.lead} ({self.get_role_display()})"
