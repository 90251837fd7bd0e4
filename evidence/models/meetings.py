"""The meetings of the force that evidence comes from (paper 4.4)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from evidence.choices import Every, NothingKept


class CorporateMeeting(Versioned):
    """A meeting that takes place again and again, and who is reminded to keep what it showed."""

    name = models.CharField(max_length=120)
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.MONTH)
    # Its days are counted from this one.
    first_on = models.DateField("a day on which it takes place", default=today)
    ended_on = models.DateField("no longer held from", null=True, blank=True)
    reminded = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="reminded_of_meetings", blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = tracked(excluded_fields=["version"], m2m_fields=["reminded"])

    class Meta:
        ordering = ("name",)
        permissions = [("keep_meetings", "Can keep the list of corporate meetings")]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="evidence_meeting_unique_name",
                violation_error_message="There is already a meeting of this name.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("first_on")),
                name="evidence_meeting_dates_in_order",
                violation_error_message="It cannot end before it began.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evidence:meeting", args=[self.pk])

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it may have taken place; None while it goes on."""
        return self.ended_on and self.ended_on - dt.timedelta(days=1)


class DayWithout(models.Model):
    """What somebody said of a day of a meeting from which there is no evidence."""

    meeting = models.ForeignKey(
        CorporateMeeting, on_delete=models.PROTECT, related_name="days_without"
    )
    held_on = models.DateField("day of the meeting")
    why = models.CharField(
        max_length=10, choices=NothingKept.choices, default=NothingKept.NOTHING_TO_KEEP
    )
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    said_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering = ("meeting", "-held_on")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "held_on"],
                name="evidence_daywithout_once",
                violation_error_message="Somebody has said so already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.held_on}: {self.get_why_display()}"
