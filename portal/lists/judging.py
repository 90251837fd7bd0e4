"""What would become of a row of a list by itself: new, changed, unchanged, or not to be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.dates import long_date
from inspections.models import Publication
from portal.imports.results import Change, Problem, RowResult, UnknownWords
from portal.keys import reference_key, title_key
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
from tracker.wordings import close_reason_of

FIXED_NOTE = "Cannot be changed by spreadsheet. Here: {ours} In the sheet: {theirs}"
SETTLED_NOTE = (
    "An update is never rewritten: add one with a later date. Here: {ours} In the sheet: {theirs}"
)


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


def _sentence(words: str) -> str:
    """With the full stop that it may have already."""
    return words if words.endswith((".", "!", "?")) else f"{words}."
