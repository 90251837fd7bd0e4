"""What would become of the rows of a list, seen together.

Rows are read as a stream. What only the whole list can show (a reference used twice, a cause of
concern that is not there) is told at the end, as `late` problems of rows that were given before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.batches import in_batches
from core.dates import today
from portal.imports.results import Problem, RowResult
from portal.keys import reference_key, title_key
from portal.layouts.columns import Layout
from portal.layouts.rows import RowReader
from portal.lists.here import Here
from portal.lists.judging import Judge
from portal.lists.start_list import START_LIST
from portal.models import Outcome
from portal.reading.stored import Source
from tracker.choices import Kind, Status
from tracker.models import Action
from tracker.queries import Part

BATCH = 1_000
_MOST_WORDS = 100


@dataclass
class _Seen:
    """What the rows so far have used: small, whatever the length of the list."""

    references: dict[str, int] = field(default_factory=dict)
    portal_references: dict[str, int] = field(default_factory=dict)
    # Of rows that have no reference: hash of report and text
    texts: dict[int, int] = field(default_factory=dict)
    # Reference key -> whether it is closed.
    causes: dict[str, bool] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    # Sheet rows that say what an earlier row said.
    twice: set[int] = field(default_factory=set)
    # Sheet row, reference of the cause of concern it names, whether it is live.
    children: list[tuple[int, str, bool]] = field(default_factory=list)


class ListPreview:
    """A list compared with the database.

    Args:
        layout: where its columns stand.
        meanings: of words, see `RowReader`.
    """

    def __init__(self, layout: Layout, meanings: Mapping[tuple[str, str], str]) -> None:
        self.reader = RowReader(layout, START_LIST, meanings)
        self.judge = Judge(self.reader, Here())
        self.late: dict[int, list[Problem]] = defaultdict(list)
        self.late_notes: dict[int, list[Problem]] = defaultdict(list)
        self._seen = _Seen()

    def results(self, sources: Iterable[Source]) -> Iterator[RowResult]:
        """The result of each row, as a stream; `late` is complete when it has ended."""
        for batch in in_batches(sources, BATCH):
            for judged in self.judge.judge(batch):
                yield self._in_the_list(judged.result)
        self._settle_parents()
        self._forget_late_rows()

    def _in_the_list(self, result: RowResult) -> RowResult:
        """The result of a row beside the rows before it."""
        twice = self._twice_in_the_list(result)
        if twice:
            result.problems = [*result.problems, *twice]
            result.outcome = Outcome.UNREADABLE
            result.row, result.changes, result.notes, result.fixed = None, [], [], False
            self._seen.twice.add(result.sheet_row)
        self._remember(result)
        return result

    def _twice_in_the_list(self, result: RowResult) -> list[Problem]:
        """Neither of two rows with one reference is taken: nobody can say which is right."""
        row = result.row
        portal = row.portal_reference if row is not None else None
        used: list[tuple[str, Any, dict[Any, int]]] = [
            ("reference", reference_key(result.reference), self._seen.references),
            ("portal_reference", reference_key(portal or ""), self._seen.portal_references),
        ]
        if row is not None and not (result.reference or portal):
            text = hash((title_key(row.publication), title_key(row.text)))
            used.append(("text", text, self._seen.texts))
        found = []
        for name, key, seen in used:
            if not key:
                continue
            first = seen.setdefault(key, result.sheet_row)
            if first != result.sheet_row:
                found.append(self._twice(name, first, result.source))
                self.late[first].append(self._twice(name, result.sheet_row))
        return found

    def _twice(self, name: str, other: int, source: Source | None = None) -> Problem:
        what = "text" if name == "text" else "reference"
        sentence = f"is also in row {other}. Each action has a {what} of its own: correct one."
        return self.reader.problem(name, sentence, source.cells if source else ())

    def _remember(self, result: RowResult) -> None:
        key = reference_key(result.reference)
        if result.row is None:
            self._seen.unreadable.add(key)
            return
        if result.row.kind == Kind.CAUSE_OF_CONCERN:
            self._seen.causes[key] = result.row.stage == Status.CLOSED
        if result.row.parent and result.outcome == Outcome.NEW:
            live = result.row.stage != Status.CLOSED
            self._seen.children.append((result.sheet_row, result.row.parent, live))

    def _settle_parents(self) -> None:
        """Every new recommendation that names a cause of concern needs one, here or in the list."""
        seen = self._seen
        refused = {key for key, sheet_row in seen.references.items() if sheet_row in self.late}
        refused |= seen.unreadable
        causes = seen.causes.keys() - refused
        elsewhere = {
            parent for _, parent, _ in seen.children if reference_key(parent) not in causes
        }
        known = _parents(elsewhere)
        for sheet_row, parent, live in seen.children:
            key = reference_key(parent)
            if key in causes:
                closed = seen.causes[key]
            elif key in known and not known[key].refusal:
                closed = known[key].closed
            else:
                sentence = self._no_cause(parent, known, refused)
                self.late[sheet_row].append(self.reader.problem("parent", sentence))
                continue
            if live and closed:
                sentence = f"{parent} is closed; with this recommendation it is live again."
                self.late_notes[sheet_row].append(self.reader.problem("parent", sentence))

    def _no_cause(self, parent: str, known: "dict[str, _Parent]", refused: set[str]) -> str:
        """Why a row cannot belong to what it names."""
        key = reference_key(parent)
        if key in known:
            return known[key].refusal
        if key in self._seen.references.keys() - refused:
            return f"“{parent}” is not a cause of concern. Correct the reference."
        if key in refused:
            return f"The row of “{parent}” cannot be read. Correct that row first."
        return f"There is no action “{parent}”. Correct the reference, or add its row."

    def _forget_late_rows(self) -> None:
        """A report or a lead that only refused rows name is not a new one."""
        refused = self.late.keys() | self._seen.twice
        for publication in self.judge.new_publications.values():
            publication.rows.difference_update(refused)
        for _, rows in self.judge.new_leads.values():
            rows.difference_update(refused)

    @property
    def unknown_words(self) -> dict[str, list[list[Any]]]:
        """Words that somebody may be asked about (`UnknownWords.as_json`)."""
        return self.judge.words.as_json(_MOST_WORDS)

    @property
    def new_publications(self) -> list[dict[str, Any]]:
        """Reports that would be recorded."""
        return [each.as_json() for each in self.judge.new_publications.values() if each.rows]

    @property
    def new_leads(self) -> list[str]:
        """Leads that would be recorded."""
        return sorted(name for name, rows in self.judge.new_leads.values() if rows)

    @property
    def gone(self) -> list[str]:
        """What a list does not name stays as it is."""
        return []

    @property
    def to_apply(self) -> None:
        """People choose."""
        return None


@dataclass(frozen=True)
class _Parent:
    """An action that rows name as their cause of concern.

    Args:
        refusal: why it cannot be one; "" where it can.
        closed: it is closed now.
    """

    refusal: str
    closed: bool


def _parents(references: set[str]) -> dict[str, _Parent]:
    """The actions of these references, by reference key."""
    if not references:
        return {}
    found: Iterable[Any] = Action.objects.by_references(references).with_parts(today(), Part.PERIOD)
    return {
        reference_key(each.reference): _Parent(_refusal_of(each), each.status_at == Status.CLOSED)
        for each in found
    }


def _refusal_of(action: Action) -> str:
    if action.entered_in_error:
        return f"“{action}” was entered in error. Correct the reference."
    if action.kind != Kind.CAUSE_OF_CONCERN:
        return f"“{action}” is not a cause of concern. Correct the reference."
    return ""
