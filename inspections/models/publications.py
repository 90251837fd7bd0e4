"""What HMICFRS and others publish, and the session that goes through a new report."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.collisions import Versioned
from core.dates import long_date, today
from core.history import tracked
from inspections.choices import DatePrecision, PublicationType, ResponseRule, Scope
from inspections.clocks import response_due
from inspections.models.framework import CoreQuestion
from inspections.queries import PublicationQuerySet
from people.models import Lead


class Publication(Versioned):
    """A report that HMICFRS, or another body, has published; actions come from publications."""

    title = models.CharField(max_length=300)
    slug = models.SlugField(max_length=80, unique=True)
    published_on = models.DateField("published")
    date_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    type = models.CharField(max_length=20, choices=PublicationType.choices)
    body = models.CharField(
        "published by",
        max_length=120,
        blank=True,
        default="",
        help_text="Where it is not HMICFRS alone: “Independent Office for Police Conduct”.",
    )
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
        help_text="Why the date is not a rule's: what moved it, or what another duty comes from.",
    )
    response_published_on = models.DateField("response published", null=True, blank=True)
    response_url = models.URLField("response", blank=True, default="")
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
                condition=~Q(response_rule=ResponseRule.OTHER)
                | Q(response_due_on__isnull=False) & ~Q(response_due_reason=""),
                name="inspections_publication_other_duty_is_stated",
                violation_error_message="Say by when it is due, and what the duty comes from.",
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
    def response_because(self) -> str:
        """Why the response is due on its day, where no rule gives that day; "" where one does."""
        if self.response_rule == ResponseRule.OTHER:
            return self.response_due_reason
        by_rule = response_due(self.response_rule, self.published_on)
        if self.response_due_on is None or self.response_due_on == by_rule:
            return ""
        instead = f"instead of {long_date(by_rule)} by the rule" if by_rule else ""
        return ": ".join(part for part in (instead, self.response_due_reason) if part)

    @property
    def source_name(self) -> str:
        """Who published it: the body that is recorded, else what its type tells."""
        if self.body:
            return self.body
        others = {
            PublicationType.SUPER_COMPLAINT: "HMICFRS, the College of Policing and the IOPC",
            PublicationType.OTHER_BODY: "Another body",
            PublicationType.INTERNAL_REVIEW: settings.FORCE_NAME,
        }
        return others.get(PublicationType(self.type), "HMICFRS")

    @property
    def plenary_on(self) -> dt.date | None:
        """The day of its plenary session; None while none is recorded."""
        plenary = getattr(self, "plenary", None)
        return plenary.held_on if plenary else None

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


class Plenary(Versioned):
    """The session on receipt of a report that goes through it with those who will work on it."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="plenary"
    )
    held_on = models.DateField("day of the session")
    attended = models.TextField(
        "who was there", blank=True, default="", help_text="Names or posts, one a line."
    )
    notes = models.TextField(blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("-held_on", "pk")
        verbose_name = "plenary session"

    def __str__(self) -> str:
        return f"Plenary session of {long_date(self.held_on)} on {self.publication}"
