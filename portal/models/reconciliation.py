"""What HMICFRS's portal says beside what is held here, and where the two disagree (paper 3.2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.dates import long_date, today
from core.history import tracked
from inspections.choices import Scope
from portal.difference_queries import PortalDifferenceQuerySet
from portal.models.imports import SpreadsheetImport
from portal.queries import PortalRecordQuerySet
from tracker.choices import Kind
from tracker.models import Action


class PortalStatus(models.TextChoices):
    """The portal's own words (glossary, "What the portal's words mean here")."""

    OPEN = "open", "Open"
    AWAITING = "awaiting", "Awaiting HMICFRS verification"
    CLOSED = "closed", "Closed"


class PortalRecord(models.Model):
    """A record of HMICFRS's portal as its last export showed it. Never deleted: it may be gone."""

    reference = models.CharField(max_length=40)
    publication = models.CharField(max_length=300, blank=True, default="")
    published_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cause_reference = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField(blank=True, default="")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=PortalStatus.choices)
    status_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    # Days of exports: the first and the last that had it, and the first that had it no more.
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    gone_since = models.DateField(null=True, blank=True)

    objects = PortalRecordQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("reference",)
        verbose_name = "record of the portal"
        verbose_name_plural = "records of the portal"
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("reference"),
                name="portal_portalrecord_unique_reference",
                violation_error_message="The portal has a record of this reference already.",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_on__gte=F("first_seen_on")),
                name="portal_portalrecord_seen_in_order",
                violation_error_message="A record is last seen on or after the day it is first.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DifferenceKind(models.TextChoices):
    """In the order in which they are listed."""

    ONLY_THERE = "only_there", "Only on the portal"
    ONLY_HERE = "only_here", "Only here"
    GONE = "gone", "No longer on the portal"
    STATUS = "status", "Status"
    LEVEL = "level", "Activity level"
    DUE = "due", "Due date as issued"
    TEXT = "text", "Text"


class Answer(models.TextChoices):
    """What somebody has decided to do about a difference."""

    NONE = "", "Not looked at yet"
    ADOPTED = "adopted", "Portal’s value adopted"
    WAITING = "waiting", "Waiting for the portal"
    ACCEPTED = "accepted", "Accepted until a date"
    OUR_ERROR = "our_error", "Our error, to be corrected here"


class PortalDifference(models.Model):
    """One thing that the portal and we say differently, from the export that showed it first until
    it was gone. The same thing differing again later is a new row.
    """

    kind = models.CharField(max_length=10, choices=DifferenceKind.choices)
    # At least one of the two: what is only here has no record, what is only there no action.
    action = models.ForeignKey(
        Action,
        on_delete=models.PROTECT,
        related_name="portal_differences",
        null=True,
        blank=True,
    )
    record = models.ForeignKey(
        PortalRecord, on_delete=models.PROTECT, related_name="differences", null=True, blank=True
    )
    # As people read them, at the last comparison; "" for nothing.
    ours = models.TextField(blank=True, default="")
    theirs = models.TextField(blank=True, default="")
    # The day of the export that showed it first; of the comparison that no longer did.
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(
        SpreadsheetImport, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # None where it went because something changed here.
    closed_by = models.ForeignKey(
        SpreadsheetImport, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.TextField(blank=True, default="")
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    accepted_until = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = PortalDifferenceQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-opened_on", "id")
        verbose_name = "difference"
        permissions = [("reconcile", "Can reconcile with the portal")]
        indexes = [
            models.Index(fields=["opened_on", "closed_on"], name="portal_difference_at_a_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False) | Q(record__isnull=False),
                name="portal_portaldifference_of_something",
                violation_error_message="A difference is about an action or a record.",
            ),
            models.UniqueConstraint(
                fields=["kind", "action"],
                condition=Q(closed_on=None, action__isnull=False),
                name="portal_portaldifference_one_open_action",
                violation_error_message="This difference is open already.",
            ),
            models.UniqueConstraint(
                fields=["kind", "record"],
                condition=Q(closed_on=None, action=None),
                name="portal_portaldifference_one_open_record",
                violation_error_message="This difference is open already.",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.ACCEPTED, accepted_until__isnull=False)
                | (~Q(answer=Answer.ACCEPTED) & Q(accepted_until=None)),
                name="portal_portaldifference_accepted_has_date",
                violation_error_message="What is accepted, and only that, has a date.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="portal_portaldifference_closed_after_opened",
                violation_error_message="A difference goes on or after the day it came.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.action or self.record}"

    def get_absolute_url(self) -> str:
        return reverse("portal:difference", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def accepted_no_longer(self) -> bool:
        """It was accepted until a date that has passed."""
        return self.accepted_until is not None and self.accepted_until < today()

    @property
    def answer_words(self) -> str:
        """What was decided, as a list says it."""
        if self.accepted_until is None:
            return str(Answer(self.answer).label)
        until = long_date(self.accepted_until)
        if self.accepted_no_longer:
            return f"Look at it again: it was accepted until {until}"
        return f"Accepted until {until}"

    @property
    def ours_words(self) -> str:
        """What is held here, as a list says it: the text where the portal has no such record."""
        if self.kind in (DifferenceKind.ONLY_HERE, DifferenceKind.GONE) and self.action is not None:
            return self.action.text
        return self.ours or ("Not here" if self.action is None else "Nothing")

    @property
    def theirs_words(self) -> str:
        """What the portal says, as a list says it: the text where nothing of it is here."""
        if self.kind == DifferenceKind.ONLY_THERE and self.record is not None:
            return self.record.text or self.record.reference
        if self.theirs:
            return self.theirs
        absent = {
            DifferenceKind.ONLY_HERE: "Not on the portal",
            DifferenceKind.GONE: "No longer on the portal",
        }
        return absent.get(DifferenceKind(self.kind), "Nothing")

    @property
    def days_old(self) -> int:
        """How long it has been there, or was."""
        return ((self.closed_on or today()) - self.opened_on).days
