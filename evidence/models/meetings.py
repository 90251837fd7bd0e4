"""The meetings of the force that evidence comes from (paper 4.4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from evidence.choices import Every


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
