"""Writing the rows of a list of actions: only the good ones, and only what the preview showed."""

from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import ValidationError

from core.batches import in_batches
from core.turns import Turn, wait_for_turn
from inspections.loading import record_from_list
from inspections.models import Publication
from people.leads import lead_named
from people.models import Lead, User
from portal.imports.refused import ChangedSincePreview, ImportNotPossible
from portal.imports.results import RowResult
from portal.keys import title_key
from portal.layouts.rows import RowReader
from portal.lists.differences import update_of, update_taken
from portal.lists.here import Here
from portal.lists.judging import Judge, Judged
from portal.lists.start_list import START_LIST, ListRow
from portal.models import ImportRow, SpreadsheetImport
from portal.queries import ImportRowQuerySet
from tracker.choices import register_for
from tracker.models import Action
from tracker.new_actions import next_references
from tracker.recording import FirstLoadRow, SheetChanges, change_from_sheet, record_first_load

BATCH = 1_000
# Changed rows are written one by one; progress is told after so many.
_TELL_AFTER = 20
# Told how many rows are done, and how many there are.
Progress = Callable[[int, int], None]


class ListWriter:
    """Writes the good rows of a previewed list of actions.

    Args:
        spreadsheet_import: previewed; locked by whoever applies it.
        actor: who applies it; None for a command.
        progress: told after each batch.
    """

    def __init__(
        self, spreadsheet_import: SpreadsheetImport, actor: User | None, progress: Progress
    ) -> None:
        self.of = spreadsheet_import
        self.rows = ImportRow.objects.filter(spreadsheet_import=spreadsheet_import)
        self.left = spreadsheet_import.left_fields
        self.actor = actor
        self.source = f"the list “{spreadsheet_import.original_name}”"
        self.total = spreadsheet_import.good_rows
        self.progress = progress
        self.done = 0
        self.here = Here()
        meanings = spreadsheet_import.meanings_of_words
        reader = RowReader(spreadsheet_import.layout, START_LIST, meanings)
        self.judge = Judge(reader, self.here)
        self._leads: dict[tuple[str, bool], Lead] = {}

    def run(self) -> None:
        """Write the new rows in bulk, then the changed ones one by one.

        Raises:
            ChangedSincePreview: a row would not become what the preview said.
        """
        self.progress(0, self.total)
        if self.rows.new(with_reference=False).exists():
            # Before any cause of concern is locked, as everybody does who numbers.
            wait_for_turn(Turn.NUMBERING_ACTIONS)
        self._record(self.rows.new(with_reference=True))
        self._record_without_reference()
        for kept, judged in self._judged(self.rows.changed()):
            fields = {each["field"] for each in kept.changes_taken(self.left)}
            if not fields:
                continue
            # Judged a moment ago in this transaction: a changed row has its action.
            assert judged.action is not None
            self._change(judged.result, fields, judged.action)
            self.done += 1
            if self.done % _TELL_AFTER == 0 or self.done == self.total:
                self.progress(self.done, self.total)
        self._say_what_was_recorded()

    def _say_what_was_recorded(self) -> None:
        """Not all that the preview named: rows and columns may have been left out."""
        recorded = Publication.objects.filter(pk__in=self.here.recorded)
        titles = {title_key(publication.title) for publication in recorded}
        self.of.new_publications = [
            each for each in self.of.new_publications if title_key(each["title"]) in titles
        ]
        self.of.new_leads = sorted(
            lead.name
            for lead in self._leads.values()
            if lead.name.casefold() not in self.here.leads
        )

    def _record(self, rows: ImportRowQuerySet, references: Iterable[str] = ()) -> None:
        """Record new actions in bulk; those without a reference take the next of `references`."""
        before = self.done
        free = iter(references)
        self.done += record_first_load(
            (
                self._first_load(judged.result.row, judged.result.row.reference or next(free))
                for _, judged in self._judged(rows)
            ),
            actor=self.actor,
            reason=f"Recorded from {self.source}",
            progress=lambda written: self.progress(before + written, self.total),
        )

    def _record_without_reference(self) -> None:
        """Record the new actions whose row has no reference: they get the next free ones."""
        rows = list(self.rows.new(with_reference=False).only("pk"))
        if not rows:
            return
        references = next_references(len(rows))
        self._record(self.rows.new(with_reference=False), references)
        for row, reference in zip(rows, references, strict=True):
            row.reference = reference
        ImportRow.objects.bulk_update(rows, ["reference"], batch_size=BATCH)

    def _judged(self, rows: ImportRowQuerySet) -> Iterator[tuple[ImportRow, Judged]]:
        """Kept rows, each judged again.

        Raises:
            ChangedSincePreview: one of them is no longer what the preview said.
        """
        for batch in in_batches(rows.iterator(chunk_size=BATCH), BATCH):
            judged = self.judge.judge([each.source for each in batch])
            for before, now in zip(batch, judged, strict=True):
                if not _as_previewed(before, now.result):
                    raise ChangedSincePreview
                yield before, now

    def _first_load(self, row: ListRow, reference: str) -> FirstLoadRow:
        # A new row that lacks one of these cannot be read, and is not judged to be new.
        assert row.kind and row.scope and row.text and row.received and row.stage
        publication = self.here.publication(row) or self._new_publication(row)
        return FirstLoadRow(
            reference=reference,
            portal_reference=row.portal_reference,
            on_portal=bool(row.on_portal),
            publication=publication,
            kind=row.kind,
            register=register_for(publication.type),
            scope=row.scope,
            parent_reference=row.parent or "",
            level=row.level,
            question=self.here.questions.get(row.question) if row.question else None,
            executive=self._lead(row.executive, chief_officer=True),
            delivery=self._lead(row.delivery, chief_officer=False),
            text=row.text,
            received=row.received,
            due_on=row.due,
            stage=row.stage,
            stage_date=row.stage_date or row.closed or row.received,
            update=update_of(row, self.here, self.source),
            closed_on=row.closed,
            closure_wording=row.closure_wording or "",
        )

    def _new_publication(self, row: ListRow) -> Publication:
        # A row that names a new report without them is not new: it cannot be read.
        assert row.publication and row.published and row.source_type and row.scope
        publication = record_from_list(
            title=row.publication,
            published_on=row.published,
            publication_type=row.source_type,
            scope=row.scope,
            source=self.source,
            actor=self.actor,
        )
        self.here.publications[title_key(publication.title)].append(publication)
        self.here.recorded.add(publication.pk)
        return publication

    def _lead(self, name: str | None, *, chief_officer: bool) -> Lead | None:
        if not name:
            return None
        key = (name.casefold(), chief_officer)
        if key not in self._leads:
            self._leads[key] = lead_named(
                name,
                chief_officer=chief_officer,
                actor=self.actor,
                source=f"Named in {self.source}",
            )
        return self._leads[key]

    def _change(self, result: RowResult, fields: set[str], action: Action) -> None:
        row = result.row
        executive = row.executive if "executive" in fields else None
        delivery = row.delivery if "delivery" in fields else None
        number = row.question if "question" in fields else None
        changes = SheetChanges(
            text=row.text if "text" in fields else None,
            portal_reference=row.portal_reference if "portal_reference" in fields else None,
            on_portal=row.on_portal if "on_portal" in fields else None,
            question=self.here.questions[number] if number is not None else None,
            executive=self._lead(executive, chief_officer=True),
            delivery=self._lead(delivery, chief_officer=False),
            due_on=row.due if "due" in fields else None,
            update=update_taken(row, action, fields, self.here, self.source),
        )
        try:
            change_from_sheet(action, changes, actor=self.actor, reason=f"Revised in {self.source}")
        except ValidationError as error:
            raise ImportNotPossible(
                f"Row {result.sheet_row} ({action}) cannot be applied, so nothing was: "
                f"{' '.join(error.messages)}"
            ) from error


def _as_previewed(before: ImportRow, now: RowResult) -> bool:
    return (before.outcome, before.resolved, before.changes) == (
        now.outcome,
        now.resolved,
        [change.as_json() for change in now.changes],
    )
