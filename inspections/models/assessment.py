"""How good the force says it is at each characteristic of good, and what it will improve."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from inspections.choices import ImprovementState, Judgement
from inspections.models.framework import Characteristic, CoreQuestion
from inspections.models.publications import Plenary
from inspections.queries import AssessmentQuerySet, ImprovementQuerySet
from people.models import Lead


class Assessment(models.Model):
    """What somebody said of a characteristic on a day. Append-only: the latest row holds, those
    before it are its history.
    """

    characteristic = models.ForeignKey(
        Characteristic, on_delete=models.PROTECT, related_name="assessments"
    )
    judgement = models.CharField(max_length=12, choices=Judgement.choices)
    narrative = models.TextField(blank=True, default="")
    made_on = models.DateField("date", default=today)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    # Carried over from an older framework, until somebody says that it still holds.
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="carried_to", null=True, blank=True
    )
    confirmed = models.BooleanField(default=True)

    objects = AssessmentQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("characteristic", "-made_on", "-pk")
        permissions = [("assess_any_question", "Can assess every question area of the PAF")]
        indexes = [
            models.Index(
                fields=["characteristic", "-made_on", "-id"], name="inspections_assess_latest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(judgement=Judgement.NOT_ASSESSED) | ~Q(narrative=""),
                name="inspections_assessment_says_why",
                violation_error_message="Say why in one or two sentences.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_judgement_display()} ({self.made_on})"


class ImprovementItem(Versioned):
    """Something the force does of its own accord to reach the standard of good in a question area;
    actions of HMICFRS are StART's.
    """

    question = models.ForeignKey(
        CoreQuestion, on_delete=models.PROTECT, related_name="improvement_items"
    )
    text = models.TextField("what is to be done")
    owner = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="improvement_items")
    due_on = models.DateField("due", null=True, blank=True)
    state = models.CharField(
        max_length=12, choices=ImprovementState.choices, default=ImprovementState.OPEN
    )
    ended_on = models.DateField("done or dropped on", null=True, blank=True)
    outcome = models.TextField("what came of it", blank=True, default="")
    plenary = models.ForeignKey(
        Plenary, on_delete=models.PROTECT, related_name="improvement_items", null=True, blank=True
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ImprovementQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("question", "due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImprovementState.OPEN, ended_on=None)
                | ~Q(state=ImprovementState.OPEN) & Q(ended_on__isnull=False) & ~Q(outcome=""),
                name="inspections_improvement_ends_with_outcome",
                violation_error_message="Say what came of it, and on which day.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="inspections_improvement_has_text",
                violation_error_message="Say what is to be done.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
