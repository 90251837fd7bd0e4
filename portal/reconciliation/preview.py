"""What each row of the portal's export would change of what is kept of the portal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.batches import in_batches
from portal.imports.results import Change, Problem, RowResult, UnknownWords, shown
from portal.keys import reference_key
from portal.layouts.columns import Layout
from portal.layouts.rows import RowReader
from portal.models import Outcome, PortalRecord
from portal.reading.stored import Source
from portal.reconciliation.export_layout import EXPORT
from portal.reconciliation.records import (
    GONE_SINCE,
    ExportRow,
    gone_with,
    judge_row,
    latest_day,
)

_BATCH = 1_000
_MOST_WORDS = 100


def export_row(values: Mapping[str, Any]) -> ExportRow:
    """The row of an export that could be read."""
    return ExportRow(**values)


class ExportPreview:
    """An export of the portal compared with the last one that was taken.

    Args:
        layout: where its columns stand.
        meanings: of words, see `RowReader`.
        day: that it is of.
    """

    def __init__(
        self, layout: Layout, meanings: Mapping[tuple[str, str], str], day: dt.date | None
    ) -> None:
        self.reader = RowReader(layout, EXPORT, meanings)
        self.late: dict[int, list[Problem]] = defaultdict(list)
        self.late_notes: dict[int, list[Problem]] = defaultdict(list)
        self._day = day
        self._words = UnknownWords()
        # Record key -> first sheet row that has it.
        self._seen: dict[str, int] = {}
        self._readable = 0
        self._differs = False
        # A row says of no record that it is there.
        self._anonymous = False

    def results(self, sources: Iterable[Source]) -> Iterator[RowResult]:
        """The result of each row, as a stream; `late` is complete when it has ended."""
        for batch in in_batches(sources, _BATCH):
            read = [(source, self.reader.read(source.cells)) for source in batch]
            records = _records({row.values.get("reference") or "" for _, row in read})
            for source, row in read:
                for name, word in row.unknown:
                    self._words.add(name, word, source.sheet_row)
                reference = row.values.get("reference") or ""
                problems = row.problems or self._missing(source, row.values)
                problems = [*problems, *self._twice(source, reference)]
                self._anonymous = self._anonymous or not reference
                if problems:
                    yield RowResult(source, Outcome.UNREADABLE, reference, problems=problems)
                    continue
                yield self._judged(source, export_row(row.values), records)

    def _missing(self, source: Source, values: Mapping[str, Any]) -> list[Problem]:
        return [
            self.reader.problem(column.field, f"is empty. {column.required}", source.cells)
            for column in EXPORT.columns
            if column.required and values[column.field] is None
        ]

    def _twice(self, source: Source, reference: str) -> list[Problem]:
        """Neither of two rows of one record is taken: nobody can say which is right."""
        if not reference:
            return []
        first = self._seen.setdefault(reference_key(reference), source.sheet_row)
        if first == source.sheet_row:
            return []
        sentence = "is also in row {}. Each record has a reference of its own: correct one."
        other = self.reader.problem("reference", sentence.format(source.sheet_row))
        self.late[first].append(other)
        return [self.reader.problem("reference", sentence.format(first), source.cells)]

    def _judged(
        self, source: Source, row: ExportRow, records: Mapping[str, PortalRecord]
    ) -> RowResult:
        outcome, differences = judge_row(row, records.get(reference_key(row.reference)))
        self._readable += 1
        self._differs = self._differs or outcome != Outcome.UNCHANGED
        result = RowResult(source, outcome, row.reference, row)
        result.changes = [self._change(source, *each) for each in differences]
        return result

    def _change(self, source: Source, name: str, ours: Any, theirs: Any) -> Change:
        if name == GONE_SINCE:
            return Change(name, "Gone since", shown(ours), "there again")
        original = self.reader.original(name, source.cells)
        says = shown(theirs)
        return Change(
            name,
            EXPORT.header_of(name),
            shown(_worded(name, ours)),
            says or "nothing",
            self.reader.layout.letter(name),
            original if original != says else "",
        )

    @property
    def to_apply(self) -> int:
        """Every row that can be read, where the export tells anything new: also that what it has
        was still there on its day.
        """
        latest = latest_day()
        newer = latest is None or (self._day is not None and self._day > latest)
        something = newer or self._differs or bool(self.gone)
        return self._readable - len(self.late) if something else 0

    @property
    def gone(self) -> list[str]:
        """References of the records that this export no longer has; none where a row does not say
        which record it is of: it may be of any.
        """
        if self._anonymous or not self._seen:
            return []
        return [record.reference for record in gone_with(self._seen)]

    @property
    def unknown_words(self) -> dict[str, list[list[Any]]]:
        """Words that somebody may be asked about (`UnknownWords.as_json`)."""
        return self._words.as_json(_MOST_WORDS)

    @property
    def new_publications(self) -> list[dict[str, Any]]:
        """An export records none."""
        return []

    @property
    def new_leads(self) -> list[str]:
        """An export records none."""
        return []


def _worded(name: str, kept: Any) -> Any:
    """A kept value in the words of its choices, where it has some."""
    field = PortalRecord._meta.get_field(name)
    return dict(getattr(field, "flatchoices", ())).get(kept, kept)


def _records(references: set[str]) -> dict[str, PortalRecord]:
    found = PortalRecord.objects.by_references(references)
    return {reference_key(record.reference): record for record in found}
