"""What would become of each row of a list: new, changed, unchanged, or why it cannot be read.

Rows are read as a stream. What only the whole list can show (a reference used twice, a cause of
concern that is not there) is told at the end, as `late` problems of rows that were given before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.batches import in_batches
from core.dates import long_date, today
from inspections.models import Publication
from portal.imports.results import Change, Problem, RowResult, UnknownWords
from portal.keys import reference_key, title_key
from portal.layouts.columns import Layout
from portal.layouts.rows import ReadRow, RowReader
from portal.lists.differences import Differs, difference
from portal.lists.here import Batch, Here, same_day
from portal.lists.list_rules import Said, row_rules, stray_rules, update_rules
from portal.lists.matching import Found, find, other_than, same_as
from portal.lists.new_publications import NewPublication
from portal.lists.start_list import START_LIST, ListRow
from portal.lists.unknown import knows, unknown_words
from portal.models import Outcome
from portal.reading.stored import Source
from tracker.choices import CloseReason, Kind, Register, Status, register_for
from tracker.models import Action
from tracker.queries import Part
from tracker.wordings import close_reason_of

BATCH = 1_000
FIXED_NOTE = "Cannot be changed by spreadsheet. Here: {ours} In the sheet: {theirs}"
SETTLED_NOTE = (
    "An update is never rewritten: add one with a later date. Here: {ours} In the sheet: {theirs}"
)
_MOST_WORDS = 100


@dataclass(frozen=True)
class Judged:
    """A row with what is said of it.

    Args:
        result: what would become of it.
        action: that it is about; None for a new one.
    """

    result: RowResult
    action: Action | None = None


class Judge:
    """Says what would become of rows, one batch at a time, each row for itself.

    Args:
        reader: of the sheet; says where a problem is.
        here: the reference data.
    """

    def __init__(self, reader: RowReader, here: Here) -> None:
        self.reader = reader
        self.here = here
        self.words = UnknownWords()
        self.new_publications: dict[str, NewPublication] = {}
        self.new_leads: dict[str, tuple[str, set[int]]] = {}

    def judge(self, sources: list[Source]) -> Iterator[Judged]:
        """What would become of each row, in order; a fixed number of queries for all of them."""
        read = [(source, self.reader.read(source.cells)) for source in sources]
        rows = [None if row.problems else ListRow(**row.values) for _, row in read]
        said = {each.said_to_be.removeprefix(same_as("")) for each in sources if each.said_to_be}
        # Of rows that cannot be read too: what may be asked about them depends on their actions.
        said |= {reference for _, row in read if (reference := row.values.get("reference"))}
        batch = self.here.batch([row for row in rows if row is not None], said)
        for (source, found), row in zip(read, rows, strict=True):
            if row is not None:
                judged = self._judge(source, row, batch)
            else:
                judged = self._not_read(source, found, batch)
            # Every word that somebody may be asked about, whatever else is wrong in the row.
            unknown = unknown_words(found.values, judged.action, self.here)
            for name, word in (*found.unknown, *unknown):
                self.words.add(name, word, source.sheet_row)
            yield judged

    def _not_read(self, source: Source, found: ReadRow, batch: Batch) -> Judged:
        reference = found.values.get("reference") or ""
        result = RowResult(source, Outcome.UNREADABLE, reference, problems=found.problems)
        return Judged(result, batch.actions.get(reference_key(reference)))

    def _judge(self, source: Source, row: ListRow, batch: Batch) -> Judged:
        found = self._found(source, row, batch)
        action = batch.actions.get(reference_key(found.reference))
        publication = action.publication if action else self.here.publication(row)
        register = _register(row, publication)
        reference = found.reference or row.reference or ""
        if said := self._rules(row, found, action, publication):
            problems = [self._problem(name, message, source) for name, message in said]
            result = RowResult(source, Outcome.UNREADABLE, reference, problems=problems)
            return Judged(result, action)
        if found.resembles:
            result = RowResult(source, Outcome.TO_CONFIRM, "", row, resembles=found.resembles)
            return Judged(result)
        self._name_new_leads(source.sheet_row, row)
        if action is not None:
            result = self._compared(source, row, action, batch)
            result.resolved = self._resolved(row, publication, register)
            return Judged(result, action)
        if publication is None:
            self.new_publications[title_key(row.publication or "")].rows.add(source.sheet_row)
        result = RowResult(source, Outcome.NEW, reference, row)
        result.resolved = self._resolved(row, publication, register)
        result.notes = [*self._new_notes(source, row, register), *self._lead_notes(source, row)]
        result.first = row.kind == Kind.CAUSE_OF_CONCERN
        return Judged(result)

    def _rules(
        self, row: ListRow, found: Found, action: Action | None, publication: Publication | None
    ) -> Said:
        """What stands against taking a row over."""
        fresh = found.problem is None and action is None and not found.resembles
        if fresh and (stray := stray_rules(row, self.reader.layout.places)):
            return stray
        said = [found.problem] if found.problem else []
        said += self._reference_rules(row, action)
        register = _register(row, publication)
        if action is not None and action.entered_in_error:
            return [("reference", f"{action} was entered in error. Leave the row out.")]
        if action is not None:
            return said + update_rules(row, register)
        said += [] if found.problem else row_rules(row, register)
        return said or self._publication_rules(row, publication)

    def _resolved(self, row: ListRow, publication: Publication | None, register: str) -> str:
        """Which records the words of a row stand for: another publication or lead by the time it is
        applied is another change than the one that somebody saw.
        """
        known = publication is not None and publication.pk not in self.here.recorded
        leads = [self.here.leads.get((name or "").casefold()) for name in row.leads]
        question = self.here.questions.get(row.question or 0)
        parts = [publication.pk if publication and known else "", register]
        parts += [lead.pk if lead else "" for lead in leads]
        return ":".join(str(part) for part in (*parts, question.pk if question else ""))

    def _lead_notes(self, source: Source, row: ListRow) -> list[Problem]:
        lead = self.here.leads.get((row.executive or "").casefold())
        if lead is None or lead.chief_officer:
            return []
        sentence = f"“{lead}” is not at Chief Officer level so far; this makes it so."
        return [self._problem("executive", sentence, source)]

    def _found(self, source: Source, row: ListRow, batch: Batch) -> Found:
        """Which action the row is about: what somebody has said, or what can be seen."""
        found = find(row, batch.actions, batch.portal_references, self.here.texts)
        like = found.resembles.get("reference", "")
        if like and source.said_to_be == same_as(like):
            return Found(like)
        if like and source.said_to_be == other_than(like):
            return Found()
        return found

    def _problem(self, name: str, message: str, source: Source) -> Problem:
        return self.reader.problem(name, message, source.cells)

    def _reference_rules(self, row: ListRow, action: Action | None) -> Said:
        found = []
        if row.question is not None and not knows(row.question, action, self.here):
            found.append(("question", self._question_sentence(row.question)))
        if row.confidence and row.confidence.casefold() not in self.here.confidences:
            words = " or ".join(each.name for each in self.here.confidences.values())
            said = row.confidence[:40]
            found.append(("confidence", f"is “{said}”, which is not known. Use {words}."))
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
        title = row.publication or ""
        first = self.new_publications.setdefault(
            title_key(title), NewPublication(title, row.published, row.source_type)
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
        for name in row.leads:
            if name and name.casefold() not in self.here.leads:
                self.new_leads.setdefault(name.casefold(), (name, set()))[1].add(sheet_row)

    def _new_notes(self, source: Source, row: ListRow, register: str) -> list[Problem]:
        if row.stage != Status.CLOSED:
            return []
        reason, recognised = close_reason_of(
            row.closure_wording or "", kind=row.kind or "", register=register, level=row.level
        )
        if recognised:
            return []
        return [
            self._problem(
                "closure_wording",
                f"The wording is not known, so it is recorded as “{CloseReason(reason).label}”. "
                "The wording itself is kept.",
                source,
            )
        ]

    def _compared(self, source: Source, row: ListRow, action: Action, batch: Batch) -> RowResult:
        found = difference(row, action, batch, self.here)
        outcome = Outcome.CHANGED if found.changes else Outcome.UNCHANGED
        result = RowResult(source, outcome, action.reference, row, fixed=bool(found.fixed))
        result.changes = [self._change(each, source) for each in found.changes]
        result.notes = [
            self._problem(
                each.field,
                words.format(ours=_sentence(each.ours or "nothing"), theirs=_sentence(each.theirs)),
                source,
            )
            for words, several in ((FIXED_NOTE, found.fixed), (SETTLED_NOTE, found.settled))
            for each in several
        ]
        if any(each.field == "executive" for each in found.changes):
            result.notes += self._lead_notes(source, row)
        return result

    def _change(self, each: Differs, source: Source) -> Change:
        original = self.reader.original(each.field, source.cells)
        return Change(
            each.field,
            START_LIST.header_of(each.field),
            each.ours,
            each.theirs,
            self.reader.layout.letter(each.field),
            original if original != each.theirs and each.field != "update" else "",
            each.conflict,
        )


def _register(row: ListRow, publication: Publication | None) -> Register:
    return register_for(publication.type if publication else row.source_type or "")


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


def _sentence(words: str) -> str:
    """With the full stop that it may have already."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


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
