"""StART: actions, and everything about them that has dates.

The past is held as rows with effective dates, so that any day can be counted by one indexed query:
`StatusPeriod` (status and activity level), `ActionLead` (who leads),
`PortalPresence` (on HMICFRS's portal), `DueDate` (as issued, then
each agreed revision), `ProgressUpdate` (append-only). `history` on each is the audit trail beside
them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.history import tracked
from core.markings import Marking
from core.periods import dates_in_order
from inspections.choices import LeadRole, Scope
from inspections.models import CoreQuestion, Publication
from people.models import Lead
from tracker.choices import CloseReason, Kind, Level, Register, Status
from tracker.queries import ActionQuerySet, StatusPeriodQuerySet

END_BEFORE_START = "The end cannot be before the start."


class Action(models.Model):
    """One thing the force has to do: a cause of concern, a recommendation or an AFI."""

    reference = models.CharField(max_length=20, unique=True)
    portal_reference = models.CharField(max_length=40, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    register = models.CharField(max_length=20, choices=Register.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="actions")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name="cause of concern",
    )
    question = models.ForeignKey(
        CoreQuestion,
        on_delete=models.PROTECT,
        related_name="actions",
        null=True,
        blank=True,
        verbose_name="PAF area",
    )
    text = models.TextField("action required")
    marking = models.CharField(
        max_length=20, choices=Marking.choices, default=Marking.OFFICIAL, db_index=True
    )
    # Leaves every figure of every date; stays in the audit trail.
    entered_in_error = models.BooleanField(default=False, db_index=True)
    # References and text in lower case, which both databases compare alike; `tracker.recording`
    # keeps it.
    search_text = models.TextField(blank=True, default="", editable=False)

    objects = ActionQuerySet.as_manager()
    history = tracked(excluded_fields=["search_text"])

    class Meta:
        ordering = ("reference",)
        permissions = [("view_sensitive_action", "Can read actions marked OFFICIAL-SENSITIVE")]
        indexes = [
            models.Index(fields=["register", "kind", "scope"], name="tracker_action_table"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("reference"),
                name="tracker_action_unique_reference",
                violation_error_message="There is already an action of this reference.",
            ),
            models.UniqueConstraint(
                Lower("portal_reference"),
                name="tracker_action_unique_portal_reference",
                violation_error_message="Another action has this portal reference.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind=Kind.RECOMMENDATION),
                name="tracker_action_only_recommendation_has_parent",
                violation_error_message=("Only a recommendation can belong to a cause of concern."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="tracker_action_not_its_own_parent",
                violation_error_message="An action cannot belong to itself.",
            ),
            models.CheckConstraint(
                condition=~Q(register=Register.SUPER_COMPLAINT) | Q(kind=Kind.RECOMMENDATION),
                name="tracker_action_super_complaint_is_recommendation",
                violation_error_message="A super-complaint action is always a recommendation.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="tracker_action_has_text",
                violation_error_message="Enter what the action requires.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("tracker:action", args=[self.reference])

    @property
    def is_super_complaint(self) -> bool:
        return self.register == Register.SUPER_COMPLAINT


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
    # The first list tells only the latest stage of an action: what it was before is not known, and
    # stands here as in progress.
    assumed = models.BooleanField(default=False)
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


class DueDate(models.Model):
    """The due date as issued (sequence 0), and each agreed revision with who, when and why."""

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

    history = tracked()

    class Meta:
        ordering = ("-made_on", "-id")
        indexes = [models.Index(fields=["action", "-made_on", "-id"], name="tracker_update_latest")]

    def __str__(self) -> str:
        return f"{self.action}: update of {self.made_on}"


class Closure(models.Model):
    """A closure under way. Those that came with the first load are *carried over*.

    A carried-over closure has earlier steps that are not known here: its evidence, assurance and
    (where the route asks) letter must be supplied before its next decision.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="closures")
    carried_over = models.BooleanField(default=False)
    proposed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ("action", "-proposed_on")
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(ended_on=None),
                name="tracker_closure_one_open",
                violation_error_message="This action already has an open closure.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("proposed_on")),
                name="tracker_closure_dates_in_order",
                violation_error_message="The end cannot be before the proposal.",
            ),
        ]

    def __str__(self) -> str:
        return f"Closure of {self.action}"
