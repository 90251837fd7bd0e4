"""The activity that ends in a publication."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.collisions import Versioned
from core.history import tracked
from inspections.choices import (
    InspectionStatus,
    Involvement,
    PhaseKind,
    Precision,
    PublicationType,
    Scope,
    Source,
)
from inspections.known_dates import in_words
from inspections.models.framework import CoreQuestion
from inspections.models.publications import Publication
from inspections.queries import ExpectationQuerySet, InspectionQuerySet, PhaseQuerySet
from people.models import Lead


class Inspection(Versioned):
    """The activity that ends in a publication: an inspection of the force, or an internal review
    that the Board commissioned.
    """

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=PublicationType.choices)
    body = models.CharField("carried out by", max_length=120, default="HMICFRS")
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.LOCAL)
    status = models.CharField(
        max_length=20, choices=InspectionStatus.choices, default=InspectionStatus.PROPOSED
    )
    question = models.ForeignKey(
        CoreQuestion,
        on_delete=models.PROTECT,
        related_name="inspections",
        null=True,
        blank=True,
        verbose_name="question area",
    )
    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, related_name="inspections", null=True, blank=True
    )
    # Why it takes place, and what it is to look at.
    why = models.TextField(blank=True, default="")
    # The day of the Board that commissioned it.
    commissioned_on = models.DateField("commissioned", null=True, blank=True)
    # A day where it is known, else what is known: "early 2025".
    expected = models.CharField("report expected", max_length=100, blank=True, default="")
    involvement = models.CharField(
        max_length=12, choices=Involvement.choices, default=Involvement.INVOLVED
    )
    note = models.TextField("what else is known", blank=True, default="")
    report = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="inspection", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("title", "pk")
        permissions = [
            ("read_proposed_review", "Can read internal reviews that are proposed to the Board")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=InspectionStatus.PUBLISHED, report__isnull=False)
                | ~Q(status=InspectionStatus.PUBLISHED) & Q(report=None),
                name="inspections_inspection_published_with_report",
                violation_error_message="An inspection is published with its report.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PublicationType.INTERNAL_REVIEW)
                | Q(commissioned_on__isnull=False) & ~Q(why=""),
                name="inspections_inspection_review_is_commissioned",
                violation_error_message=(
                    "Say why the review takes place, and which Board commissioned it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tracker:inspection", args=[self.pk])

    @property
    def source(self) -> Source:
        """Whose inspection it is: HMICFRS's, another body's, or the force's own."""
        if self.is_internal:
            return Source.INTERNAL
        other = self.kind == PublicationType.OTHER_BODY
        return Source.OTHER_BODIES if other else Source.HMICFRS

    @property
    def report_expected(self) -> str:
        """When its report is expected, as far as it is known; "" where it is not."""
        phases = [each for each in self.phases.all() if each.kind == PhaseKind.REPORT]
        return ", ".join(each.when for each in phases) or self.expected

    @property
    def is_internal(self) -> bool:
        return self.kind == PublicationType.INTERNAL_REVIEW


class InspectionPhase(Versioned):
    """A part of an inspection with its time, as far as that is known."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=10, choices=PhaseKind.choices)
    starts_on = models.DateField("first day")
    # None: it goes on, and nobody knows until when.
    ends_on = models.DateField("last day", null=True, blank=True)
    precision = models.CharField(
        max_length=6, choices=Precision.choices, default=Precision.DAY, verbose_name="what is known"
    )
    words = models.CharField(
        "as it is known",
        max_length=100,
        blank=True,
        default="",
        help_text="Where dates say too much or too little: “early 2025”.",
    )
    note = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PhaseQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("starts_on", "ends_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "starts_on"],
                name="inspections_phase_once",
                violation_error_message="This is recorded already for that date.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="inspections_phase_in_order",
                violation_error_message="It cannot end before it starts. Check the two dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.when}"

    @property
    def when(self) -> str:
        """When it is, as people say it."""
        return self.words or in_words(self.precision, self.starts_on, self.ends_on)


class Expectation(Versioned):
    """What is expected of the force for an inspection: a document, a room, a list of names."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="expectations"
    )
    text = models.CharField("what is expected", max_length=1000)
    due_on = models.DateField("by when", null=True, blank=True)
    lead = models.ForeignKey(
        Lead,
        on_delete=models.PROTECT,
        related_name="expectations",
        null=True,
        blank=True,
        verbose_name="who sees to it",
    )
    met_on = models.DateField("done on", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ExpectationQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = (models.F("due_on").asc(nulls_last=True), "pk")

    def __str__(self) -> str:
        return self.text
