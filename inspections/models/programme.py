"""What a body plans to inspect in years to come."""

from django.db import models
from django.db.models import F, Q

from core.collisions import Versioned
from core.history import tracked
from inspections.choices import Involvement
from inspections.models.inspection import Inspection


class Programme(Versioned):
    """A programme of inspections that a body has published or proposed."""

    title = models.CharField(max_length=200, unique=True)
    body = models.CharField("of which body", max_length=120, default="HMICFRS")
    note = models.TextField(
        "where it stands",
        blank=True,
        default="",
        help_text="For example, that it is proposed, and when its consultation closed.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class PlannedInspection(Versioned):
    """A subject of a programme with the years in which it is to be inspected."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="planned")
    title = models.CharField("subject", max_length=300)
    from_year = models.PositiveSmallIntegerField("from year")
    to_year = models.PositiveSmallIntegerField("to year")
    involvement = models.CharField(
        max_length=12, choices=Involvement.choices, default=Involvement.NOT_KNOWN
    )
    note = models.CharField(max_length=300, blank=True, default="")
    # What came of it, once it is announced.
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="planned_as", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("from_year", "to_year", "title")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "title"],
                name="inspections_planned_once",
                violation_error_message="This subject is in the programme already.",
            ),
            models.CheckConstraint(
                condition=Q(to_year__gte=F("from_year")),
                name="inspections_planned_years_in_order",
                violation_error_message="The last year cannot be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        """ "2025 to 2029", "2025"."""
        same = self.from_year == self.to_year
        return str(self.from_year) if same else f"{self.from_year} to {self.to_year}"
