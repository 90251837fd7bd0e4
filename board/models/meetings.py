"""Meetings of the GAIN Board: when and where, who comes, who decides in the chair's place."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from board.choices import AttendanceState, MeetingState, PackReaders
from board.managers import MeetingManager
from board.queries import NominationQuerySet
from core.collisions import Versioned
from core.dates import long_date, today
from core.history import tracked
from core.periods import dates_in_order
from core.stored import StoredFile
from people.feeds import SecretFeed


class Meeting(Versioned):
    """One Board (paper 4.1: it meets monthly).

    Once closed it is frozen: `document` is what its pages and its pack say, for ever.
    """

    held_on = models.DateField("date", unique=True)
    starts_at = models.TimeField("starts at", default=dt.time(10, 0))
    ends_at = models.TimeField("ends at", default=dt.time(12, 0))
    place = models.CharField(max_length=200, blank=True, default="")
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state = models.CharField(
        max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    # When its agenda was compiled first: what comes later is a late item.
    compiled_at = models.DateTimeField(null=True, blank=True)
    # Why it does not take place.
    cancelled_reason = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    document = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingManager()
    history = tracked(excluded_fields=["version", "document"])

    class Meta:
        ordering = ("-held_on",)
        permissions = [
            ("read_pack", "Can read agendas, notes and packs of the Board"),
            (
                "read_sensitive_on_agenda",
                "Can read what is OFFICIAL-SENSITIVE while it is on an agenda",
            ),
            ("compile_agenda", "Can compile agendas, take notes and close a meeting"),
            ("manage_meetings", "Can plan meetings and write the terms of reference"),
            ("nominate_deputy", "Can nominate who decides in the chair's place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="board_meeting_ends_after_it_starts",
                violation_error_message="The end has to be after the start.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CLOSED)
                | Q(closed_at__isnull=False, document__isnull=False),
                name="board_meeting_closed_is_frozen",
                violation_error_message="A closed meeting keeps what it said.",
            ),
        ]

    def __str__(self) -> str:
        return f"Board of {long_date(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("board:meeting", args=[self.held_on.isoformat()])

    @property
    def as_at(self) -> dt.date:
        """The day as at which everything is counted for it: its own, or today before it."""
        day: dt.date = self.held_on
        return min(day, today())

    @property
    def closed(self) -> bool:
        return self.state == MeetingState.CLOSED

    @property
    def open(self) -> bool:
        """Whether its agenda and notes may still change."""
        return self.state == MeetingState.PLANNED


class Nomination(models.Model):
    """Who decides in the chair's place, from `started_on` until the day before `ended_on`.

    Where the chair may not decide (they lead the action, or took an earlier step) it is this
    person; with `whole_meeting` the chair is away and this person decides everything.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="nominations")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations"
    )
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until")
    whole_meeting = models.BooleanField("the chair is away", default=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    nominated_at = models.DateTimeField(default=timezone.now)

    objects = NominationQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("meeting", "started_on", "pk")
        constraints = [
            # One that was taken back before it began is of zero length.
            dates_in_order("board_nomination_dates_in_order"),
            models.UniqueConstraint(
                fields=["meeting", "deputy", "started_on"],
                condition=Q(ended_on__gt=F("started_on")),
                name="board_nomination_once",
                violation_error_message="This person is nominated from that day already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.meeting}"

    @property
    def last_day(self) -> dt.date:
        day: dt.date = self.ended_on - dt.timedelta(days=1)
        return day


class Attendance(models.Model):
    """That somebody came, or sent apologies and perhaps a briefed deputy (Appendix A)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    # The post as the terms of reference name it, or what somebody came as.
    post = models.CharField(max_length=150, blank=True, default="")
    name = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=AttendanceState.choices)
    represented_by = models.CharField("deputy", max_length=150, blank=True, default="")

    history = tracked()

    class Meta:
        ordering = ("meeting", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "name"],
                name="board_attendance_once",
                violation_error_message="This person is on the list already.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="board_attendance_has_name",
                violation_error_message="Enter who.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"


class Pack(StoredFile):
    """The pack of a closed meeting as a PDF, never made again."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    readers = models.CharField(max_length=10, choices=PackReaders.choices)

    history = tracked()

    class Meta:
        ordering = ("meeting", "readers")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "readers"], name="board_pack_once")
        ]


class CalendarFeed(SecretFeed):
    """The secret address under which somebody's calendar reads the dates of the Board."""

    history = tracked()
