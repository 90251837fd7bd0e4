"""The Board's terms of reference, version by version (paper, Appendix A)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from board.queries import TermsQuerySet
from core.dates import long_date, today
from core.history import tracked
from inspections.choices import DatePrecision


class TermsOfReference(models.Model):
    """One version of the terms of reference; a version that was approved is never changed.

    `purpose`, `core_activities` and `members` are lists of sentences in their order.
    """

    version = models.CharField(max_length=10, unique=True)
    dated_on = models.DateField("date", default=today)
    date_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    # For the document control: "Approved at GAIN Board meeting on 21.06.23."
    status = models.CharField(max_length=300)
    approved_on = models.DateField("approved", null=True, blank=True)
    # What the sentences of the purpose go on from: "To provide a mechanism through which ...".
    purpose_opening = models.TextField("purpose", blank=True, default="")
    purpose = models.JSONField(default=list, blank=True)
    core_activities = models.JSONField(default=list, blank=True)
    members = models.JSONField(default=list, blank=True)
    deputies = models.TextField(blank=True, default="")
    frequency = models.CharField(max_length=100, blank=True, default="")
    agenda_by = models.CharField("agenda compilation", max_length=100, blank=True, default="")
    notes_by = models.CharField("notes taken by", max_length=100, blank=True, default="")

    objects = TermsQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-dated_on", "-pk")
        verbose_name_plural = "terms of reference"
        constraints = [
            models.CheckConstraint(
                condition=~Q(version="") & ~Q(status=""),
                name="board_terms_has_version_and_status",
                violation_error_message="Enter the version and its status.",
            )
        ]

    def __str__(self) -> str:
        return f"Terms of reference {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("board:terms_version", args=[self.version])

    @property
    def has_content(self) -> bool:
        """Whether more is kept of it than its entry in the document control."""
        lists = (self.purpose, self.core_activities, self.members)
        return any(lists) or bool(self.purpose_opening or self.deputies or self.frequency)

    @property
    def approved(self) -> bool:
        return self.approved_on is not None

    @property
    def dated_words(self) -> str:
        """21 June 2023; May 2023 where only the month is known."""
        if self.date_precision == DatePrecision.DAY:
            return long_date(self.dated_on)
        return f"{self.dated_on:%B %Y}"
