"""The committee report: its front matter and the text of its sections.

Everything countable is drawn from the actions (`reports.figures`); here is what people write.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.collisions import Versioned
from core.dates import long_date, today
from core.history import tracked
from core.markings import PaperMarking
from reports.choices import ReportState, SectionKey, SectionShape, shape_of
from reports.queries import ReportQuerySet

LONGEST_WINDOW_YEARS = 10


class CommitteeReport(Versioned):
    """A report of the Chief Constable to the committee: what stands on its front, and its window.

    `as_at` is the day of every count, `previous_as_at` that of the last update; dated facts may be
    as late as the meeting (paper 6.7 gives a response published after its own position date).
    """

    committee = models.CharField("committee", max_length=120)
    title = models.CharField("title", max_length=300)
    meeting_on = models.DateField("meeting date")
    presenting_officer = models.CharField("presenting officer", max_length=200)
    status_line = models.CharField("status", max_length=120, default="For information")
    marking = models.CharField(
        "marking",
        max_length=30,
        choices=PaperMarking.choices,
        default=PaperMarking.OFFICIAL,
    )
    as_at = models.DateField("position date")
    previous_as_at = models.DateField("date of the last update")
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="next_reports",
        null=True,
        blank=True,
        verbose_name="previous report",
    )
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReportQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-meeting_on", "-pk")
        permissions = [("write_report", "Can write committee reports")]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "meeting_on"],
                name="reports_committeereport_unique_meeting",
                violation_error_message="There is already a report for this meeting.",
            ),
            models.CheckConstraint(
                condition=Q(previous_as_at__lt=F("as_at")),
                name="reports_committeereport_window_in_order",
                violation_error_message=(
                    "The date of the last update must be before the position date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(as_at__lte=F("meeting_on")),
                name="reports_committeereport_counts_before_meeting",
                violation_error_message="The position date cannot be after the meeting.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}, {long_date(self.meeting_on)}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    def clean(self) -> None:
        """Nothing can be counted ahead of time, and no chart can show a century.

        Raises:
            ValidationError: the position date is after today, or the window is too long.
        """
        if self.as_at and self.as_at > today():
            raise ValidationError({"as_at": "The position date cannot be in the future."})
        if self.as_at and self.previous_as_at:
            years = (self.as_at - self.previous_as_at).days / 365.25
            if years > LONGEST_WINDOW_YEARS:
                raise ValidationError(
                    {
                        "previous_as_at": f"A report covers at most {LONGEST_WINDOW_YEARS} years. "
                        "Check the year."
                    }
                )

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT


class ReportSection(Versioned):
    """One section: what people wrote before and after the part that the portal generates.

    A section without a generated part has its whole text in `body`.
    """

    report = models.ForeignKey(CommitteeReport, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=30, choices=SectionKey.choices)
    order = models.PositiveSmallIntegerField()
    title = models.CharField("title", max_length=200)
    body = models.TextField("text", blank=True, default="")
    after = models.TextField("text after", blank=True, default="")
    included = models.BooleanField("include in the paper", default=True)
    version = models.PositiveIntegerField(default=1)

    history = tracked()

    class Meta:
        ordering = ("report", "order")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"], name="reports_reportsection_unique_key"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:section", args=[self.report_id, self.key])

    @property
    def shape(self) -> SectionShape:
        return shape_of(self.key)
