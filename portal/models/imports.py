"""Imports of spreadsheets: the file, what was found in it, and what was done with it."""

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.history import tracked
from portal.layouts.columns import Layout
from portal.queries import ImportRowQuerySet, SpreadsheetImportQuerySet
from portal.reading.stored import Source, from_json

_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def import_path(instance: "SpreadsheetImport", name: str) -> str:
    """Where a file is kept: under our own name, so that the sender's decides nothing."""
    ending = "csv" if name.lower().endswith(".csv") else "xlsx"
    if instance.purpose == Purpose.EVIDENCE:
        ending = "zip"
    return f"imports/{uuid.uuid4()}.{ending}"


class Purpose(models.TextChoices):
    """What a spreadsheet is taken in for."""

    LIST = "list", "A list of actions"
    EXPORT = "export", "What HMICFRS’s portal holds"
    EVIDENCE = "evidence", "Evidence: a ZIP file of files with an index"


class State(models.TextChoices):
    SETTING_UP = "setting_up", "To be set up"
    PREVIEWED = "previewed", "To be applied"
    APPLIED = "applied", "Applied"
    UNDONE = "undone", "Undone"
    REFUSED = "refused", "Refused"


class Outcome(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    UNREADABLE = "unreadable", "Cannot be read"
    # It has no reference, and reads much like an action that is here: somebody says which it is.
    TO_CONFIRM = "to_confirm", "To be confirmed"


class SpreadsheetImport(models.Model):
    """One spreadsheet that is taken in: set up where its layout is not known, previewed, applied,
    perhaps undone. Each step can be left and gone on with.

    A refused spreadsheet is not kept: only its name, its fingerprint and why.
    """

    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.LIST)
    # The day its contents are of; an export of the portal has one.
    as_at = models.DateField(null=True, blank=True)
    file = models.FileField(upload_to=import_path, max_length=200, blank=True)
    original_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    # How often it has been previewed: what is applied is the preview that somebody looked at.
    previews = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    refusal = models.TextField(blank=True, default="")
    # What was found on opening it, for choosing the sheet and the row of headers:
    # [{"title": "StART", "hidden": false, "rows": [[1, ["Local ref", ...]], ...]}, ...]
    outline = models.JSONField(default=list, blank=True)
    # Of a ZIP file with an index: its files (`store_in.archive.contents_of`).
    contents = models.JSONField(default=dict, blank=True)
    sheet = models.CharField(max_length=100, blank=True, default="")
    header_row = models.PositiveIntegerField(null=True, blank=True)
    # [{"index": 0, "letter": "A", "header": "Ref no", "field": "reference", "samples": ["ST-1"]}]:
    # every column that has a header or says something; field "" where it is not read.
    columns = models.JSONField(default=list, blank=True)
    profile = models.ForeignKey(
        "portal.Profile", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    # {"level": [["Level two", 3, 12]]}: field -> words that are not known, with how many rows say
    # so and the first of them.
    unknown_words = models.JSONField(default=dict, blank=True)
    # [["level", "two", "2"]]: what words meant when it was previewed, so that what is applied, and
    # what its page shows for good, is what somebody saw.
    meanings = models.JSONField(default=list, blank=True)
    # {"level": ["level two"]}: field -> words (`meanings.word_key`) that were asked for, so that
    # nobody is led back for what is left undecided.
    asked_words = models.JSONField(default=dict, blank=True)
    # What it seems to hold instead of what it is taken in for; "" where it seems right.
    looks_like = models.CharField(max_length=10, choices=Purpose.choices, blank=True, default="")
    # Sentences about the file: hidden rows are read too, it was read as Windows-1252 and the like.
    remarks = models.JSONField(default=list, blank=True)
    # Fields whose changes are not to be taken.
    left_fields = models.JSONField(default=list, blank=True)
    # {"new": 238, "changed": 0, "unchanged": 0, "unreadable": 2, "notes": 0}: rows
    counts = models.JSONField(default=dict, blank=True)
    unknown_headers = models.JSONField(default=list, blank=True)
    missing_headers = models.JSONField(default=list, blank=True)
    new_publications = models.JSONField(default=list, blank=True)
    new_leads = models.JSONField(default=list, blank=True)
    # References of the portal's records that an export no longer has; files beside an index that it
    # does not name.
    gone = models.JSONField(default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    # Since when a worker has been asked to apply it, and why it could not.
    asked_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, default="")
    # The `request_id` of every row of history that applying wrote: what undoing goes by.
    stamp = models.CharField(max_length=12, blank=True, default="")
    # The models that applying wrote, as "tracker.action": undoing asks only these. Empty where
    # nobody has looked yet (`imports.trail.models_written`).
    wrote = models.JSONField(default=list, blank=True)
    # The `request_id` of what undoing wrote: it and what applying wrote cancel each other out.
    undo_stamp = models.CharField(max_length=12, blank=True, default="")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = SpreadsheetImportQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = "import"
        permissions = [("import_spreadsheet", "Can import spreadsheets")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(State.APPLIED, State.UNDONE), applied_at__isnull=False
                )
                | (~models.Q(state__in=(State.APPLIED, State.UNDONE)) & models.Q(applied_at=None)),
                name="portal_spreadsheetimport_applied_has_time",
                violation_error_message="An applied import, and only one, has a time of applying.",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.UNDONE, undone_at__isnull=False)
                | (~models.Q(state=State.UNDONE) & models.Q(undone_at=None)),
                name="portal_spreadsheetimport_undone_has_time",
                violation_error_message="An undone import, and only one, has a time of undoing.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("portal:import", args=[self.pk])

    @property
    def content_type(self) -> str:
        """What the kept file is sent out as."""
        ending = (self.file.name or "").rpartition(".")[2]
        return _TYPES.get(ending, _TYPES["xlsx"])

    @property
    def meanings_of_words(self) -> dict[tuple[str, str], str]:
        """What words meant when it was previewed (`layouts.meanings.meanings_of`)."""
        return {(field, said): meant for field, said, meant in self.meanings}

    @property
    def layout(self) -> Layout:
        """Where its columns stand."""
        return Layout.of_columns(self.header_row or 0, self.columns)

    @property
    def can_be_discarded(self) -> bool:
        """Whether it never was applied, and is not about to be."""
        never = (State.SETTING_UP, State.PREVIEWED, State.REFUSED)
        return self.state in never and self.asked_at is None

    @property
    def good_rows(self) -> int:
        """How many rows applying would write, or has written."""
        return int(self.counts.get("to_apply", 0))


class ImportRow(models.Model):
    """A row of an import: what would become of it, and why."""

    spreadsheet_import = models.ForeignKey(
        SpreadsheetImport, on_delete=models.CASCADE, related_name="rows"
    )
    sheet_row = models.PositiveIntegerField()
    # The row as the sheet has it, from column A on (`reading.stored.as_json`).
    cells = models.JSONField(default=list, blank=True)
    # Which preview of the import this is (`SpreadsheetImport.previews`).
    preview = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reference = models.CharField(max_length=40, blank=True, default="")
    # Written before the others: causes of concern, so that their recommendations find them.
    first = models.BooleanField(default=False)
    # [{"field": ..., "header": ..., "ours": ..., "theirs": ..., "column": "H", "original": "L2",
    # "conflict": false}]: a conflict was changed here since the sheet was exported.
    changes = models.JSONField(default=list, blank=True)
    # [{"column": "I", "header": "Level", "message": ...}]: why a row cannot be read.
    problems = models.JSONField(default=list, blank=True)
    # The same shape: what is different but is not taken, and other remarks; `fixed` where one is
    # about what no spreadsheet changes.
    notes = models.JSONField(default=list, blank=True)
    fixed = models.BooleanField(default=False)
    conflict = models.BooleanField(default=False)
    # Which publication, register and leads its words were found to be, so that applying finds out
    # when they are others by then.
    resolved = models.CharField(max_length=80, blank=True, default="")
    # What somebody has chosen: not to take the row; to take these fields though they conflict
    # (field -> what was here then); which action a row without a reference is of (`matching`).
    left_out = models.BooleanField(default=False)
    conflicts_taken = models.JSONField(default=dict, blank=True)
    # {"reference": "ST-0012", "score": 96}: what it reads much like.
    resembles = models.JSONField(default=dict, blank=True)
    said_to_be = models.CharField(max_length=30, blank=True, default="")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("spreadsheet_import", "sheet_row")
        constraints = [
            models.UniqueConstraint(
                fields=["spreadsheet_import", "preview", "sheet_row"],
                name="portal_importrow_unique_row",
            )
        ]
        indexes = [
            models.Index(
                fields=["spreadsheet_import", "outcome", "sheet_row"],
                name="portal_importrow_in_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.sheet_row}"

    @property
    def source(self) -> Source:
        """The row as the sheet has it, with what somebody has chosen for it."""
        return Source(
            self.sheet_row,
            from_json(self.cells),
            self.said_to_be,
            self.left_out,
            tuple(self.conflicts_taken.items()),
        )

    def changes_taken(self, left: Collection[str]) -> list[dict[str, Any]]:
        """The changes that applying takes over.

        Args:
            left: fields of which the import takes nothing.
        """
        if self.left_out:
            return []
        return [
            each
            for each in self.changes
            if each["field"] not in left
            and (not each["conflict"] or each["field"] in self.conflicts_taken)
        ]

    def is_taken(self, left: Collection[str]) -> bool:
        """Whether applying writes anything of this row."""
        if self.outcome == Outcome.NEW:
            return not self.left_out
        return self.outcome == Outcome.CHANGED and bool(self.changes_taken(left))

    @property
    def action_address(self) -> str:
        """Where the action is, for a row whose action is here; "" otherwise."""
        if self.spreadsheet_import.purpose != Purpose.LIST:
            return ""
        here = self.outcome in (Outcome.CHANGED, Outcome.UNCHANGED)
        applied = self.outcome == Outcome.NEW and self.spreadsheet_import.state == State.APPLIED
        known = self.reference and (here or (applied and not self.left_out))
        return reverse("tracker:action", args=[self.reference]) if known else ""
