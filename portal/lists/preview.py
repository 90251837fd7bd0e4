"""What would become of each row of a list: new, changed, unchanged, or why it cannot be read.

Rows are read as a stream. What only the whole list can show (a reference used twice, a cause of
concern that is not there) is told at the end, as `late` problems of rows that were given before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.batches import in_batches
from core.dates import long_date
from inspections.models import Publication
from portal.layouts.columns import Layout, find_layout
from portal.lists.differences import Change, difference
from portal.lists.here import Batch, Here, reference_key, same_day, title_key
from portal.lists.list_rules import row_rules
from portal.lists.start_list import START_LIST, ListRow, Problem, RowReader
from portal.models import Outcome
from portal.reading.workbook import Cells, Sheet
from tracker.choices import CloseReason, Kind, Status, register_for
from tracker.models import Action
from tracker.wordings import close_reason_of

BATCH = 1_000
FIXED_NOTE = "Cannot be changed by spreadsheet. Here: {ours}. In the list: {theirs}."
SETTLED_NOTE = (
    "An update is never rewritten: add one with a later date. Here: {ours}. In the list: {theirs}."
)
# A field and a sentence about it.
Said = list[tuple[str, str]]


class Columns(Protocol):
    """Knows where a field stands, to say where a problem is (`RowReader` does)."""

    def problem(self, field: str, message: str) -> Problem: ...


@dataclass
class RowResult:
    """What would become of a row.

    Args:
        sheet_row: counted from 1.
        outcome: new, changed, unchanged, unreadable.
        reference: as far as it can be read.
        row: the row; None where it cannot be read.
        changes: for a changed row.
        problems: why it cannot be read.
        notes: what is said differently but does not change, and other remarks.
    """

    sheet_row: int
    outcome: Outcome
    reference: str
    row: ListRow | None = None
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass
class NewPublication:
    """A publication that the list names and that is not recorded.

    Args:
        title, published, source_type: as its first row gives them.
        rows: the sheet rows that name it and can be read.
    """

    title: str
    published: dt.date
    source_type: str
    rows: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "published": self.published.isoformat(),
            "actions": len(self.rows),
        }


class Judge:
    """Says what would become of rows, one batch at a time, each row for itself.

    Args:
        columns: says where a problem is.
        here: the reference data.
    """

    def __init__(self, columns: Columns, here: Here) -> None:
        self.columns = columns
        self.here = here
        self.new_publications: dict[str, NewPublication] = {}
        self.new_leads: dict[str, tuple[str, set[int]]] = {}

    def judge(self, rows: list[tuple[int, ListRow]]) -> Iterator[RowResult]:
        """The result of each row, in order; a fixed number of queries for all of them."""
        batch = self.here.batch(row for _, row in rows)
        for sheet_row, row in rows:
            yield self._judge(sheet_row, row, batch)

    def _judge(self, sheet_row: int, row: ListRow, batch: Batch) -> RowResult:
        action = batch.actions.get(reference_key(row.reference))
        publication = action.publication if action else self.here.publication(row)
        register = register_for(publication.type if publication else row.source_type)
        said = [*row_rules(row, register), *self._reference_rules(row, batch)]
        if action is None:
            said += self._publication_rules(row, publication)
        if said:
            problems = [self.columns.problem(name, message) for name, message in said]
            return RowResult(sheet_row, Outcome.UNREADABLE, row.reference, problems=problems)
        self._name_new_leads(sheet_row, row)
        if action is not None:
            return self._compared(sheet_row, row, action, batch)
        if publication is None:
            self.new_publications[title_key(row.publication)].rows.add(sheet_row)
        notes = self._new_notes(row, register)
        return RowResult(sheet_row, Outcome.NEW, row.reference, row, notes=notes)

    def _reference_rules(self, row: ListRow, batch: Batch) -> Said:
        found = []
        owner = batch.portal_references.get(reference_key(row.portal_reference or ""))
        if owner and reference_key(owner) != reference_key(row.reference):
            found.append(
                (
                    "portal_reference",
                    f"“{row.portal_reference}” belongs to {owner}. Correct one of the two.",
                )
            )
        if row.question is not None and row.question not in self.here.questions:
            found.append(("question", self._question_sentence(row.question)))
        if row.confidence and row.confidence.casefold() not in self.here.confidences:
            words = " or ".join(each.name for each in self.here.confidences.values())
            found.append(("confidence", f"is “{row.confidence}”, which is not known. Use {words}."))
        return found

    def _question_sentence(self, number: int) -> str:
        if self.here.framework is None:
            return "cannot be matched: no PAF framework has been loaded. Load one first."
        return f"is {number}; {self.here.framework} has no such question. Correct the number."

    def _publication_rules(self, row: ListRow, publication: Publication | None) -> Said:
        if publication is None:
            return self._new_publication_rules(row)
        if row.published is None or same_day(publication, row.published):
            return []
        return [
            (
                "published",
                f"is {long_date(row.published)}; the report is recorded as published on "
                f"{long_date(publication.published_on)}. Correct one of the two.",
            )
        ]

    def _new_publication_rules(self, row: ListRow) -> Said:
        if row.published is None or row.source_type is None:
            missing = "is empty. The report is not recorded here yet, so enter {}."
            wanted = (
                ("published", row.published, "the day it was published"),
                ("source_type", row.source_type, "its type"),
            )
            return [(name, missing.format(what)) for name, value, what in wanted if value is None]
        first = self.new_publications.setdefault(
            title_key(row.publication),
            NewPublication(row.publication, row.published, row.source_type),
        )
        found = []
        if first.published != row.published:
            sentence = f"An earlier row gives {long_date(first.published)} for the same report."
            found.append(("published", f"{sentence} Correct one of the two."))
        if first.source_type != row.source_type:
            found.append(
                ("source_type", "An earlier row gives the same report another type. Correct one.")
            )
        return found

    def _name_new_leads(self, sheet_row: int, row: ListRow) -> None:
        for name in (row.executive, row.delivery):
            if name and name.casefold() not in self.here.leads:
                self.new_leads.setdefault(name.casefold(), (name, set()))[1].add(sheet_row)

    def _new_notes(self, row: ListRow, register: str) -> list[Problem]:
        if row.stage != Status.CLOSED:
            return []
        reason, recognised = close_reason_of(
            row.closure_wording or "", kind=row.kind, register=register, level=row.level
        )
        if recognised:
            return []
        return [
            self.columns.problem(
                "closure_wording",
                f"The wording is not known, so it is recorded as “{CloseReason(reason).label}”. "
                "The wording itself is kept.",
            )
        ]

    def _compared(self, sheet_row: int, row: ListRow, action: Action, batch: Batch) -> RowResult:
        found = difference(row, action, batch, self.here)
        outcome = Outcome.CHANGED if found.changes else Outcome.UNCHANGED
        notes = []
        for each in found.fixed:
            words = SETTLED_NOTE if each.field in ("update", "confidence") else FIXED_NOTE
            sentence = words.format(ours=each.ours or "nothing", theirs=each.theirs)
            notes.append(self.columns.problem(each.field, sentence))
        return RowResult(
            sheet_row, outcome, row.reference, row, changes=list(found.changes), notes=notes
        )


@dataclass
class _Seen:
    """What the rows so far have used: small, whatever the length of the list."""

    references: dict[str, int] = field(default_factory=dict)
    portal_references: dict[str, int] = field(default_factory=dict)
    causes: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    # sheet row, reference of the cause of concern it names
    children: list[tuple[int, str]] = field(default_factory=list)


class Preview:
    """A list compared with the database.

    Args:
        sheets: of an open workbook.

    Raises:
        WorkbookRefused: no sheet has the headers of the list.
    """

    def __init__(self, sheets: list[Sheet]) -> None:
        self.layout: Layout = find_layout(sheets, START_LIST)
        self.reader = RowReader(self.layout)
        self.judge = Judge(self.reader, Here())
        self.late: dict[int, list[Problem]] = defaultdict(list)
        self._seen = _Seen()

    def results(self) -> Iterator[RowResult]:
        """The result of each row, as a stream; `late` is complete when it has ended."""
        rows = self.layout.sheet.rows(self.layout.header_row + 1, self.layout.width)
        for batch in in_batches(rows, BATCH):
            yield from self._batch_results(batch)
        self._settle_parents()
        self._forget_late_rows()

    def _batch_results(self, cells: list[tuple[int, Cells]]) -> list[RowResult]:
        results: list[RowResult] = []
        good: list[tuple[int, ListRow]] = []
        for sheet_row, values in cells:
            row, reference, problems = self.reader.read(values)
            problems += self._refuse_twice(sheet_row, reference, row)
            if row is None or problems:
                results.append(
                    RowResult(sheet_row, Outcome.UNREADABLE, reference, problems=problems)
                )
            else:
                good.append((sheet_row, row))
        results.extend(self.judge.judge(good))
        results.sort(key=lambda result: result.sheet_row)
        for result in results:
            self._remember(result)
        return results

    def _refuse_twice(self, sheet_row: int, reference: str, row: ListRow | None) -> list[Problem]:
        """Neither of two rows with one reference is taken: nobody can say which is right."""
        found = []
        used = [("reference", reference_key(reference), self._seen.references)]
        if row is not None and row.portal_reference:
            key = reference_key(row.portal_reference)
            used.append(("portal_reference", key, self._seen.portal_references))
        for name, key, seen in used:
            if not key:
                continue
            first = seen.setdefault(key, sheet_row)
            if first != sheet_row:
                found.append(self._twice(name, first))
                self.late[first].append(self._twice(name, sheet_row))
        return found

    def _twice(self, name: str, other: int) -> Problem:
        return self.reader.problem(
            name, f"is also in row {other}. Each action has a reference of its own: correct one."
        )

    def _remember(self, result: RowResult) -> None:
        key = reference_key(result.reference)
        if result.row is None:
            self._seen.unreadable.add(key)
            return
        if result.row.kind == Kind.CAUSE_OF_CONCERN:
            self._seen.causes.add(key)
        if result.row.parent and result.outcome == Outcome.NEW:
            self._seen.children.append((result.sheet_row, result.row.parent))

    def _settle_parents(self) -> None:
        """Every new recommendation that names a cause of concern needs one, here or in the list."""
        seen = self._seen
        refused = {key for key, sheet_row in seen.references.items() if sheet_row in self.late}
        refused |= seen.unreadable
        causes = seen.causes - refused
        elsewhere = {parent for _, parent in seen.children if reference_key(parent) not in causes}
        kinds = _kinds_of(elsewhere)
        for sheet_row, parent in seen.children:
            key = reference_key(parent)
            if key in causes or kinds.get(key) == Kind.CAUSE_OF_CONCERN:
                continue
            if key in kinds or key in seen.references.keys() - refused:
                sentence = f"“{parent}” is not a cause of concern. Correct the reference."
            elif key in refused:
                sentence = f"The row of “{parent}” cannot be read. Correct that row first."
            else:
                sentence = f"There is no action “{parent}”. Correct the reference, or add its row."
            self.late[sheet_row].append(self.reader.problem("parent", sentence))

    def _forget_late_rows(self) -> None:
        """A report or a lead that only refused rows name is not a new one."""
        late = self.late.keys()
        for publication in self.judge.new_publications.values():
            publication.rows.difference_update(late)
        for _, rows in self.judge.new_leads.values():
            rows.difference_update(late)

    @property
    def new_publications(self) -> list[NewPublication]:
        """Reports that would be recorded."""
        return [each for each in self.judge.new_publications.values() if each.rows]

    @property
    def new_leads(self) -> list[str]:
        """Leads that would be recorded."""
        return sorted(name for name, rows in self.judge.new_leads.values() if rows)


def _kinds_of(references: set[str]) -> dict[str, str]:
    if not references:
        return {}
    found = Action.objects.by_references(references).values_list("reference", "kind")
    return {reference_key(reference): kind for reference, kind in found}
