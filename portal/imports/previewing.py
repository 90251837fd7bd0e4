"""What would become of an import's rows: judged as a stream, and kept beside their cells."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from core.batches import in_batches
from core.history import attribute
from people.models import User
from portal.imports.purposes import Preview, rules_of
from portal.imports.refused import ImportNotPossible
from portal.imports.results import RowResult
from portal.layouts.meanings import meanings_of
from portal.models import ImportRow, Outcome, SpreadsheetImport, State
from portal.reading.stored import Source, as_json
from portal.reading.workbook import Sheet

_BATCH = 1_000
_LATE_BATCH = 500
_LATE_FIELDS = ("outcome", "problems", "changes", "notes", "fixed", "conflict", "resembles")


def read_rows(spreadsheet_import: SpreadsheetImport, sheet: Sheet, *, actor: User | None) -> None:
    """Keep the rows below the headers of a sheet, and preview them.

    Args:
        spreadsheet_import: saved and locked or new; its sheet, header row and columns are chosen.
        sheet: of the open file.
        actor: who does it; None for a command.

    Raises:
        WorkbookRefused: the sheet cannot be read to its end.
    """
    first = (spreadsheet_import.header_row or 0) + 1
    width = max((each["index"] for each in spreadsheet_import.columns), default=0) + 1
    sources = (Source(number, cells) for number, cells in sheet.rows(first, width))
    _preview(spreadsheet_import, sources, actor, sheet)


@transaction.atomic
def preview_again(spreadsheet_import: SpreadsheetImport, *, actor: User | None) -> None:
    """Compare the kept rows with the database as it is now.

    Raises:
        ImportNotPossible: it has been applied or was refused.
    """
    # As it is now: it may have been applied since this one was read.
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    check_open(locked)
    _preview(locked, _kept(locked), actor)


def check_open(spreadsheet_import: SpreadsheetImport) -> None:
    """Raise `ImportNotPossible` for an import that nothing can be changed of any more."""
    if spreadsheet_import.state not in (State.SETTING_UP, State.PREVIEWED):
        raise ImportNotPossible("This import is finished; upload the list again.")


def _kept(spreadsheet_import: SpreadsheetImport) -> Iterator[Source]:
    """The rows of the last preview, a batch at a time: new ones are written meanwhile."""
    last = 0
    rows = spreadsheet_import.rows.filter(preview=spreadsheet_import.previews)
    while batch := list(rows.filter(sheet_row__gt=last).order_by("sheet_row")[:_BATCH]):
        for row in batch:
            yield row.source
        last = batch[-1].sheet_row


def _preview(
    spreadsheet_import: SpreadsheetImport,
    sources: Iterable[Source],
    actor: User | None,
    sheet: Sheet | None = None,
) -> None:
    rules = rules_of(spreadsheet_import.purpose)
    meanings = meanings_of(spreadsheet_import.purpose)
    spreadsheet_import.meanings = [[*key, meant] for key, meant in meanings.items()]
    preview = rules.preview(spreadsheet_import)
    counted = _Counts(spreadsheet_import)
    number = spreadsheet_import.previews + 1
    for batch in in_batches(preview.results(sources), _BATCH):
        rows = [_row(spreadsheet_import, number, result) for result in batch]
        ImportRow.objects.bulk_create(rows)
        for row in rows:
            counted.add(row)
    spreadsheet_import.rows.exclude(preview=number).delete()
    for numbers in in_batches({**preview.late, **preview.late_notes}, _LATE_BATCH):
        late = list(spreadsheet_import.rows.filter(sheet_row__in=numbers))
        for row in late:
            counted.add(row, -1)
            _settle_late(row, preview)
            counted.add(row)
        ImportRow.objects.bulk_update(late, _LATE_FIELDS)
    if sheet:
        spreadsheet_import.remarks = sheet.remarks
    spreadsheet_import.previews = number
    spreadsheet_import.counts = counted.as_json()
    if preview.to_apply is not None:
        spreadsheet_import.counts["to_apply"] = preview.to_apply
    spreadsheet_import.state = State.PREVIEWED
    spreadsheet_import.failure = ""
    _summarise(spreadsheet_import, preview)
    attribute(spreadsheet_import, actor, "Previewed")
    spreadsheet_import.save()


def _summarise(spreadsheet_import: SpreadsheetImport, preview: Preview) -> None:
    rules = rules_of(spreadsheet_import.purpose)
    fields = [each["field"] for each in spreadsheet_import.columns if each["field"]]
    spreadsheet_import.unknown_headers = [
        {"column": each["letter"], "header": each["header"]}
        for each in spreadsheet_import.columns
        if not each["field"]
    ]
    spreadsheet_import.missing_headers = rules.columns.missing([*fields, "mark"])
    spreadsheet_import.unknown_words = preview.unknown_words
    spreadsheet_import.new_publications = preview.new_publications
    spreadsheet_import.new_leads = preview.new_leads
    spreadsheet_import.gone = preview.gone


def _row(spreadsheet_import: SpreadsheetImport, number: int, result: RowResult) -> ImportRow:
    source = result.source
    return ImportRow(
        spreadsheet_import=spreadsheet_import,
        preview=number,
        sheet_row=source.sheet_row,
        cells=as_json(source.cells),
        outcome=result.outcome,
        reference=result.reference[:40],
        first=result.first,
        changes=[change.as_json() for change in result.changes],
        problems=[problem.as_json() for problem in result.problems],
        notes=[note.as_json() for note in result.notes],
        fixed=result.fixed,
        conflict=any(change.conflict for change in result.changes),
        resembles=result.resembles,
        resolved=result.resolved,
        said_to_be=source.said_to_be,
        left_out=source.left_out,
        conflicts_taken=_still_taken(result),
    )


def _still_taken(result: RowResult) -> dict[str, str]:
    """The conflicts that somebody takes: while what is here is still what they saw."""
    ours = {change.field: change.ours for change in result.changes if change.conflict}
    taken = result.source.conflicts_taken
    return {field: seen for field, seen in taken if ours.get(field) == seen}


def _settle_late(row: ImportRow, preview: Preview) -> None:
    """What only the whole sheet shows of a row: that it is refused, or another remark."""
    if problems := preview.late.get(row.sheet_row):
        row.outcome = Outcome.UNREADABLE
        row.problems = [*row.problems, *(problem.as_json() for problem in problems)]
        row.changes, row.notes, row.fixed, row.conflict, row.resembles = [], [], False, False, {}
    elif row.outcome != Outcome.UNREADABLE:
        notes = preview.late_notes[row.sheet_row]
        row.notes = [*row.notes, *(note.as_json() for note in notes)]


class _Counts:
    """How many rows are of each kind, and how many say each field differently."""

    def __init__(self, spreadsheet_import: SpreadsheetImport) -> None:
        self._left = spreadsheet_import.left_fields
        self._rows: dict[str, int] = {outcome: 0 for outcome in Outcome.values}
        self._rows |= {"notes": 0, "conflict": 0, "fixed": 0, "to_apply": 0}
        self._fields: dict[str, int] = {}

    def add(self, row: ImportRow, by: int = 1) -> None:
        """Count a row, or with -1 no longer."""
        self._rows[row.outcome] += by
        self._rows["notes"] += by * (bool(row.notes) and not row.fixed)
        self._rows["conflict"] += by * row.conflict
        self._rows["fixed"] += by * row.fixed
        self._rows["to_apply"] += by * row.is_taken(self._left)
        for change in row.changes:
            field = change["field"]
            self._fields[field] = self._fields.get(field, 0) + by

    def as_json(self) -> dict[str, Any]:
        fields = {field: count for field, count in self._fields.items() if count}
        return {**self._rows, "fields": fields}


def count_again(spreadsheet_import: SpreadsheetImport) -> None:
    """Count the rows anew, after somebody has chosen what to take; saved by the caller."""
    counted = _Counts(spreadsheet_import)
    for row in spreadsheet_import.rows.defer("cells").iterator(chunk_size=_BATCH):
        counted.add(row)
    spreadsheet_import.counts = counted.as_json()


def what_is_seen(spreadsheet_import: SpreadsheetImport) -> str:
    """A fingerprint of what the kept preview says, to tell whether another says something else."""
    seen = hashlib.sha256()
    rows = spreadsheet_import.rows.order_by("sheet_row")
    for row in rows.values_list("sheet_row", "outcome", "resolved", "changes", "problems"):
        seen.update(repr(row).encode())
    gone = SpreadsheetImport.objects.values_list("gone", flat=True).get(pk=spreadsheet_import.pk)
    seen.update(repr(gone).encode())
    return seen.hexdigest()
