"""The register of good practice: what works, who could use it, and who took it up."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from core.markings import Marking
from evidence.models.items import Evidence
from evidence.practice_queries import GoodPracticeQuerySet
from inspections.models import Publication
from people.models import Lead


class GoodPractice(Versioned):
    """Something that works and that others could use; from a piece of evidence, a publication or
    another force.
    """

    title = models.CharField(max_length=200)
    what = models.TextField("what it is")
    # Exactly one of these three says where it comes from.
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="good_practices", null=True, blank=True
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="good_practices", null=True, blank=True
    )
    other_force = models.CharField(max_length=120, blank=True, default="")
    could_use = models.ManyToManyField(
        Lead, related_name="practices_to_use", blank=True, verbose_name="who could use it"
    )
    marking = models.CharField(
        max_length=20, choices=Marking.choices, default=Marking.OFFICIAL, db_index=True
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField(default=today)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GoodPracticeQuerySet.as_manager()
    history = tracked(excluded_fields=["version"], m2m_fields=["could_use"])

    class Meta:
        ordering = ("-recorded_on", "title")
        permissions = [("keep_practice", "Can keep the register of good practice")]
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, publication=None, other_force="")
                | Q(evidence=None, publication__isnull=False, other_force="")
                | (Q(evidence=None, publication=None) & ~Q(other_force="")),
                name="evidence_practice_has_one_origin",
                violation_error_message="Say where it comes from: evidence, a publication or "
                "another force, and only one of them.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(what=""),
                name="evidence_practice_says_what",
                violation_error_message="Say what it is.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:practice", args=[self.pk])


class TakeUp(models.Model):
    """That a lead has taken a good practice up."""

    practice = models.ForeignKey(GoodPractice, on_delete=models.PROTECT, related_name="take_ups")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="practices_taken_up")
    taken_up_on = models.DateField("taken up on", default=today)
    note = models.TextField(blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering = ("taken_up_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "lead"],
                name="evidence_takeup_once",
                violation_error_message="This lead has taken it up already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead}, {self.taken_up_on}"
