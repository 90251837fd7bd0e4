"""The activity that ends in a publication."""

from django.db import models
from django.db.models import Q

from core.collisions import Versioned
from core.history import tracked
from inspections.choices import InspectionStatus, PublicationType, Scope
from inspections.models.framework import CoreQuestion
from inspections.models.publications import Publication
from inspections.queries import InspectionQuerySet
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

    @property
    def is_internal(self) -> bool:
        return self.kind == PublicationType.INTERNAL_REVIEW
