"""Inspection packs: what somebody asked to be put together, and the archive it became."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.dates import now
from core.history import tracked
from core.markings import Marking
from core.stored import kept_under
from evidence.queries import PackRequestQuerySet


class PackState(models.TextChoices):
    BUILDING = "building", "Being built"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be built"
    REMOVED = "removed", "Removed"


class PackRequest(models.Model):
    """Evidence in an archive for an inspector: for its maker alone, and for a number of days."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    # {"questions": [1, 6], "actions": ["ST-0045"]}: primary keys and references.
    chosen = models.JSONField(default=dict)
    # The same as people say it: ["PAF 1", "PAF 6", "ST-0045"].
    words = models.JSONField(default=list)
    only_demonstrating = models.BooleanField(default=False)
    without_stale = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=PackState.choices, default=PackState.BUILDING, db_index=True
    )
    # Named before it is written: what a process that was killed leaves is found and removed.
    file = models.FileField(upload_to=kept_under, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    marking = models.CharField(max_length=20, choices=Marking.choices, default=Marking.OFFICIAL)
    # [{"id": 12, "version": 2}]: the evidence in it, by number of the index; version None for a
    # link.
    contents = models.JSONField(default=list, blank=True)
    # How many files were not where files are kept, or were not what was stored.
    faults = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True, default="")
    built_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = PackRequestQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-asked_at", "-pk")
        verbose_name = "inspection pack"

    def __str__(self) -> str:
        return "Inspection pack: " + (", ".join(self.words) or "nothing")

    @property
    def original_name(self) -> str:
        """What its archive is called when it is downloaded."""
        day = timezone.localtime(self.built_at or self.asked_at).date()
        marked = "" if self.marking == Marking.OFFICIAL else "-OFFICIAL-SENSITIVE"
        return f"inspection-pack-{self.pk}-{day:%Y-%m-%d}{marked}.zip"

    @property
    def content_type(self) -> str:
        return "application/zip"

    @property
    def is_sensitive(self) -> bool:
        """Whether something in it is."""
        return bool(self.marking == Marking.SENSITIVE)

    @property
    def is_building(self) -> bool:
        """Whether it is being built, or waits for it."""
        return bool(self.state == PackState.BUILDING)

    @property
    def is_ready(self) -> bool:
        """Whether it was built and its archive was not removed."""
        return bool(self.state == PackState.READY)

    @property
    def has_failed(self) -> bool:
        """Whether it could not be built."""
        return bool(self.state == PackState.FAILED)

    @property
    def is_removed(self) -> bool:
        """Whether its archive was removed."""
        return bool(self.state == PackState.REMOVED)

    @property
    def has_expired(self) -> bool:
        """Whether its days are over."""
        return self.expires_at is not None and self.expires_at <= now()
