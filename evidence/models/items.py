"""A piece of evidence, and the versions of its file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from core.kinds import kind_words
from core.markings import Marking
from core.stored import StoredFile
from evidence.choices import Freshness, Source
from evidence.freshness import freshness, retention_day, review_day
from evidence.models.meetings import CorporateMeeting
from evidence.queries import EvidenceFileQuerySet, EvidenceQuerySet


class Evidence(Versioned):
    """One thing the force can show (paper 4.4): a file, in one version or more, or a link."""

    title = models.CharField(max_length=200)
    shows = models.TextField("what it shows", blank=True, default="")
    dated_on = models.DateField("date of the evidence", default=today)
    link = models.URLField("link to the source system", max_length=500, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence"
    )
    marking = models.CharField(
        max_length=20, choices=Marking.choices, default=Marking.OFFICIAL, db_index=True
    )
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.DOCUMENT)
    meeting = models.ForeignKey(
        CorporateMeeting,
        on_delete=models.PROTECT,
        related_name="evidence",
        null=True,
        blank=True,
        help_text="Which meeting it comes from.",
    )
    review_by = models.DateField("to be reviewed by", default=review_day, db_index=True)
    # Withdrawn, never deleted: it stays until somebody decides then that it need not.
    retention_review_on = models.DateField("retention review", default=retention_day)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_reason = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EvidenceQuerySet.as_manager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("-dated_on", "title")
        verbose_name_plural = "evidence"
        permissions = [
            ("view_sensitive_evidence", "Can read evidence marked OFFICIAL-SENSITIVE"),
            ("keep_evidence", "Can change, withdraw, restore, link and attach any evidence"),
        ]
        indexes = [
            models.Index(fields=["dated_on", "id"], name="evidence_evidence_by_day"),
            models.Index(fields=["retention_review_on"], name="evidence_evidence_by_retention"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="evidence_evidence_has_title",
                violation_error_message="Enter a title.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="evidence_evidence_withdrawn_with_reason",
                violation_error_message="Say why it is withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:item", args=[self.pk])

    @property
    def is_sensitive(self) -> bool:
        """Whether reading it is written down."""
        return self.marking == Marking.SENSITIVE

    @property
    def freshness(self) -> Freshness:
        """How it stands today against its review-by date."""
        return freshness(self.review_by, today())

    @property
    def latest(self) -> "EvidenceFile | None":
        """Its newest file; None for evidence that is a link. Reads `files`, prefetched or not."""
        return max(self.files.all(), key=lambda each: each.version, default=None)


class EvidenceFile(StoredFile):
    """One version of the file of a piece of evidence."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    version = models.PositiveSmallIntegerField(default=1)

    objects = EvidenceFileQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("evidence", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "version"], name="evidence_evidencefile_unique_version"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("evidence:file", args=[self.pk])

    @property
    def kind(self) -> str:
        """What people call files of its kind."""
        return kind_words(self.content_type)
