"""What HMICFRS publishes and inspects against: publications, and the PEEL Assessment Framework."""

import datetime as dt

from django.db import models
from django.db.models import Q

from core.collisions import Versioned
from core.dates import long_date, today
from core.history import tracked
from core.periods import dates_in_order
from inspections.choices import (
    DatePrecision,
    InspectionStatus,
    LeadRole,
    PublicationType,
    ResponseRule,
    Scope,
)
from inspections.queries import (
    FrameworkQuerySet,
    InspectionQuerySet,
    PublicationQuerySet,
    QuestionLeadQuerySet,
)
from people.models import Lead


class Framework(models.Model):
    """One version of the PEEL Assessment Framework (paper, Appendix B)."""

    name = models.CharField(max_length=120)
    version = models.CharField(max_length=20, unique=True)
    in_force_from = models.DateField(default=today)
    source = models.TextField(blank=True, default="")
    licence = models.TextField(blank=True, default="")

    objects = FrameworkQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-in_force_from",)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class CoreQuestion(models.Model):
    """A question area of a framework, e.g. 6 "How good is the force at protecting vulnerable
    people?".
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    history = tracked()

    class Meta:
        ordering = ("framework", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="inspections_corequestion_unique_number"
            )
        ]

    def __str__(self) -> str:
        return f"PAF {self.number}"

    @property
    def executive_lead_on_day(self) -> str:
        """Name of the executive lead of a question that came with `questions_with_leads`, or ""."""
        return self._lead_on_day(LeadRole.EXECUTIVE)

    @property
    def delivery_lead_on_day(self) -> str:
        """Name of the delivery lead of a question that came with `questions_with_leads`, or ""."""
        return self._lead_on_day(LeadRole.DELIVERY)

    def _lead_on_day(self, role: LeadRole) -> str:
        duties: list[QuestionLead] = self.leads_on_day  # type: ignore[attr-defined]
        return next((duty.lead.name for duty in duties if duty.role == role), "")


class TopicArea(models.Model):
    """A topic area of a core question."""

    question = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="topics")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    history = tracked()

    class Meta:
        ordering = ("question", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="inspections_topicarea_unique_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Characteristic(models.Model):
    """A characteristic of good: what HMICFRS expects to find."""

    topic = models.ForeignKey(TopicArea, on_delete=models.PROTECT, related_name="characteristics")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    history = tracked()

    class Meta:
        ordering = ("topic", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "number"], name="inspections_characteristic_unique_number"
            )
        ]

    def __str__(self) -> str:
        return self.text


class QuestionLead(models.Model):
    """Who leads a question area, from a day until the day before another (paper 4.2)."""

    question = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="leads")
    role = models.CharField(max_length=10, choices=LeadRole.choices)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="question_duties")
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until", null=True, blank=True)

    objects = QuestionLeadQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("question", "role", "started_on")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "role"],
                condition=Q(ended_on=None),
                name="inspections_questionlead_one_at_a_time",
                violation_error_message="This question area already has a lead in this role.",
            ),
            dates_in_order("inspections_questionlead_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.lead}"


class Publication(Versioned):
    """A report that HMICFRS, or another body, has published; actions come from publications."""

    title = models.CharField(max_length=300)
    slug = models.SlugField(max_length=80, unique=True)
    published_on = models.DateField("published")
    date_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    type = models.CharField(max_length=20, choices=PublicationType.choices)
    described_as = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="How the committee paper calls it, when not by its type.",
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    question = models.ForeignKey(
        CoreQuestion,
        on_delete=models.PROTECT,
        related_name="publications",
        null=True,
        blank=True,
        verbose_name="aligned PAF area",
    )
    executive_lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, related_name="publications", null=True, blank=True
    )
    response_rule = models.CharField(
        max_length=20, choices=ResponseRule.choices, default=ResponseRule.NONE
    )
    response_due_on = models.DateField("response due", null=True, blank=True)
    response_due_reason = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="Why the date differs from the rule's, if it does.",
    )
    response_published_on = models.DateField("response published", null=True, blank=True)
    response_url = models.URLField("response", blank=True, default="")
    # The session that goes through a new report with those who will work on it.
    plenary_on = models.DateField("plenary session", null=True, blank=True)
    source_url = models.URLField("report", blank=True, default="")
    local_note = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="For the committee paper: “as part of the force’s Operation Soteria project”.",
    )
    note = models.TextField(blank=True, default="")
    # Counts the edits of this record, so that nobody overwrites what they have not seen.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PublicationQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("-published_on", "title")
        indexes = [models.Index(fields=["published_on"], name="inspections_publ_published")]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "published_on"],
                name="inspections_publication_unique_title_and_day",
                violation_error_message="This publication is already recorded.",
            ),
            models.CheckConstraint(
                condition=~Q(response_rule=ResponseRule.NONE) | Q(response_due_on=None),
                name="inspections_publication_due_only_with_duty",
                violation_error_message="A response is due only where there is a response duty.",
            ),
            models.CheckConstraint(
                condition=~Q(type=PublicationType.INTERNAL_REVIEW)
                | Q(response_rule=ResponseRule.NONE),
                name="inspections_publication_internal_without_duty",
                violation_error_message="An internal review has no response duty.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_super_complaint(self) -> bool:
        return self.type == PublicationType.SUPER_COMPLAINT

    @property
    def response_state(self) -> str:
        """`none`, `published`, `running` (still to come) or `not recorded` (the day has passed)."""
        if self.response_published_on:
            return "published"
        if self.response_due_on is None:
            return "none"
        return "running" if self.response_due_on >= today() else "not recorded"

    @property
    def response_days_left(self) -> int | None:
        """Whole days until the response is due; negative once past; None without a duty."""
        return (self.response_due_on - today()).days if self.response_due_on else None

    @property
    def first_possible_day(self) -> dt.date:
        """The day it was published; the first of the month where only the month is known."""
        exact = self.date_precision == DatePrecision.DAY
        day: dt.date = self.published_on
        return day if exact else day.replace(day=1)

    @property
    def published_words(self) -> str:
        """10 October 2024; October 2024 where only the month is known."""
        exact = self.date_precision == DatePrecision.DAY
        return long_date(self.published_on) if exact else self.published_month

    @property
    def published_month(self) -> str:
        """December 2023, as the committee paper gives it."""
        day: dt.date = self.published_on
        return f"{day:%B %Y}"


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
