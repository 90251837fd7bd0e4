"""Imports of spreadsheets: the file, what was found in it, and what was done with it."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.history import tracked
from portal.queries import ImportRowQuerySet, SpreadsheetImportQuerySet
from tracker.choices import Kind


def import_path(instance: "SpreadsheetImport", name: str) -> str:
    """Where a workbook is kept: under our own name, so that the sender's decides nothing."""
    return f"imports/{uuid.uuid4()}.xlsx"


class State(models.TextChoices):
    PREVIEWED = "previewed", "To be applied"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Refused"


class Outcome(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    UNREADABLE = "unreadable", "Cannot be read"


class SpreadsheetImport(models.Model):
    """One upload of the force's list, from its preview on.

    A refused workbook is not kept: only its name, its fingerprint and why.
    """

    file = models.FileField(upload_to=import_path, max_length=200, blank=True)
    original_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    # How often it has been previewed: what is applied is the preview that somebody looked at.
    previews = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    refusal = models.TextField(blank=True, default="")
    sheet = models.CharField(max_length=100, blank=True, default="")
    # {"new": 238, "changed": 0, "unchanged": 0, "unreadable": 2, "notes": 0}: rows
    counts = models.JSONField(default=dict, blank=True)
    unknown_headers = models.JSONField(default=list, blank=True)
    missing_headers = models.JSONField(default=list, blank=True)
    new_publications = models.JSONField(default=list, blank=True)
    new_leads = models.JSONField(default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = SpreadsheetImportQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = "import"
        permissions = [("import_spreadsheet", "Can import spreadsheets")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=State.APPLIED, applied_at__isnull=False)
                | (~models.Q(state=State.APPLIED) & models.Q(applied_at=None)),
                name="portal_spreadsheetimport_applied_has_time",
                violation_error_message="An applied import, and only one, has a time of applying.",
            )
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("portal:import", args=[self.pk])

    @property
    def missing_words(self) -> str:
        """The columns that the list does not have, and what that means, as a sentence."""
        named = ", ".join(f"“{header}”" for header in self.missing_headers)
        return f"{named}. Nothing is taken from them. If one has another name, rename it in Excel."

    @property
    def good_rows(self) -> int:
        """How many rows applying would write."""
        return int(self.counts.get(Outcome.NEW, 0)) + int(self.counts.get(Outcome.CHANGED, 0))


class ImportRow(models.Model):
    """A row of an import: what would become of it, and why."""

    spreadsheet_import = models.ForeignKey(
        SpreadsheetImport, on_delete=models.CASCADE, related_name="rows"
    )
    sheet_row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reference = models.CharField(max_length=20, blank=True, default="")
    # Causes of concern are written first, so that their recommendations find them.
    cause = models.BooleanField(default=False)
    # [{"field": ..., "header": ..., "ours": ..., "theirs": ...}]
    changes = models.JSONField(default=list, blank=True)
    # [{"column": "I", "header": "Level", "message": ...}]: why a row cannot be read.
    problems = models.JSONField(default=list, blank=True)
    # The same shape: what is different but is not changed by a spreadsheet.
    notes = models.JSONField(default=list, blank=True)
    # The row as read, for applying; empty where there is nothing to apply.
    values = models.JSONField(default=dict, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("spreadsheet_import", "sheet_row")
        constraints = [
            models.UniqueConstraint(
                fields=["spreadsheet_import", "sheet_row"], name="portal_importrow_unique_row"
            )
        ]

    def __str__(self) -> str:
        return f"row {self.sheet_row}"

    @property
    def kind_words(self) -> str:
        """The kind of action as people read it."""
        return Kind(self.values["kind"]).label if self.values else ""

    @property
    def action_address(self) -> str:
        """Where the action is, for a row whose action is here; "" otherwise."""
        here = self.outcome in (Outcome.CHANGED, Outcome.UNCHANGED)
        applied = self.outcome == Outcome.NEW and self.spreadsheet_import.state == State.APPLIED
        return reverse("tracker:action", args=[self.reference]) if here or applied else ""
