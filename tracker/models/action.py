"""Actions: what a force has to do, where it came from, and how it is marked."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from core.collisions import Versioned
from core.history import tracked
from core.markings import Marking
from inspections.choices import Scope
from inspections.models import CoreQuestion, Publication
from tracker.choices import Kind, Register
from tracker.queries import ActionQuerySet


class Action(Versioned):
    """One thing the force has to do: a cause of concern, a recommendation or an AFI."""

    reference = models.CharField(max_length=20, unique=True)
    portal_reference = models.CharField(max_length=40, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    register = models.CharField(max_length=20, choices=Register.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="actions")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name="cause of concern",
    )
    question = models.ForeignKey(
        CoreQuestion,
        on_delete=models.PROTECT,
        related_name="actions",
        null=True,
        blank=True,
        verbose_name="PAF area",
    )
    text = models.TextField("action required")
    marking = models.CharField(
        max_length=20, choices=Marking.choices, default=Marking.OFFICIAL, db_index=True
    )
    # Leaves every figure of every date; stays in the audit trail.
    entered_in_error = models.BooleanField(default=False, db_index=True)
    # References and text in lower case, which both databases compare alike; `tracker.recording`
    # keeps it.
    search_text = models.TextField(blank=True, default="", editable=False)
    # Counts the edits of this record, so that nobody overwrites what they have not seen.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionQuerySet.as_manager()
    history = tracked(excluded_fields=["search_text", "version"])

    class Meta:
        ordering = ("reference",)
        permissions = [
            ("view_sensitive_action", "Can read actions marked OFFICIAL-SENSITIVE"),
            ("govern_actions", "Can record and allocate actions, letters and HMICFRS outcomes"),
            ("confirm_error", "Can confirm that an action was entered in error"),
            ("lead_actions", "Can post updates and ask for dates on actions they lead"),
            ("agree_dates", "Can agree due dates of actions they lead as executive"),
        ]
        indexes = [
            models.Index(fields=["register", "kind", "scope"], name="tracker_action_table"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("reference"),
                name="tracker_action_unique_reference",
                violation_error_message="There is already an action of this reference.",
            ),
            models.UniqueConstraint(
                Lower("portal_reference"),
                name="tracker_action_unique_portal_reference",
                violation_error_message="Another action has this portal reference.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind=Kind.RECOMMENDATION),
                name="tracker_action_only_recommendation_has_parent",
                violation_error_message=("Only a recommendation can belong to a cause of concern."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="tracker_action_not_its_own_parent",
                violation_error_message="An action cannot belong to itself.",
            ),
            models.CheckConstraint(
                condition=~Q(register=Register.SUPER_COMPLAINT) | Q(kind=Kind.RECOMMENDATION),
                name="tracker_action_super_complaint_is_recommendation",
                violation_error_message="A super-complaint action is always a recommendation.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="tracker_action_has_text",
                violation_error_message="Enter what the action requires.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("tracker:action", args=[self.reference])

    @property
    def is_super_complaint(self) -> bool:
        return self.register == Register.SUPER_COMPLAINT
