"""Writing the rows of a list of actions: only the good ones, and only what the preview showed."""

from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError

from core.batches import in_batches
from inspections.loading import record_from_list
from inspections.models import Publication
from people.leads import lead_named
from people.models import Lead, User
from portal.imports.refused import ChangedSincePreview, ImportNotPossible
from portal.lists.differences import update_of
from portal.lists.here import Here, reference_key, title_key
from portal.lists.preview import Judge, RowResult
from portal.lists.start_list import ListRow, Problem
from portal.models import ImportRow, Outcome, SpreadsheetImport
from tracker.choices import register_for
from tracker.models import Action
from tracker.recording import FirstLoadRow, SheetChanges, change_from_sheet, record_first_load

BATCH = 1_000
# Changed rows are written one by one; progress is told after so many.
_TELL_AFTER = 20
# Told how many rows are done, and how many there are.
Progress = Callable[[int, int], None]


class _NoColumns:
    """Stands in for the sheet, which is not read again: problems are only counted."""

    def problem(self, field: str, message: str) -> Problem:
        return Problem("", field, message)


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
        self.rows = ImportRow.objects.filter(spreadsheet_import=spreadsheet_import)
        self.actor = actor
        self.source = f"the list “{spreadsheet_import.original_name}”"
        self.total = spreadsheet_import.good_rows
        self.progress = progress
        self.here = Here()
        self.judge = Judge(_NoColumns(), self.here)
        self._leads: dict[tuple[str, bool], Lead] = {}

    def run(self) -> None:
        """Write the new rows in bulk, then the changed ones one by one.

        Raises:
            ChangedSincePreview: a row would not become what the preview said.
        """
        self.progress(0, self.total)
        done = record_first_load(
            (self._first_load(row) for _, row, _ in self._judged(Outcome.NEW)),
            actor=self.actor,
            reason=f"First load from {self.source}",
            progress=lambda written: self.progress(written, self.total),
        )
        for result, row, action in self._judged(Outcome.CHANGED):
            # Judged a moment ago in this transaction: a changed row has its action.
            assert action is not None
            self._change(result, row, action)
            done += 1
            if done % _TELL_AFTER == 0 or done == self.total:
                self.progress(done, self.total)

    def _judged(self, outcome: Outcome) -> Iterator[tuple[RowResult, ListRow, Action | None]]:
        """The rows of an outcome, each judged again, with its action if there is one."""
        kept = self.rows.to_apply().filter(outcome=outcome).iterator(chunk_size=BATCH)
        for batch in in_batches(kept, BATCH):
            rows = [(each.sheet_row, ListRow.from_json(each.values)) for each in batch]
            actions: dict[str, Action] = {}
            if outcome == Outcome.CHANGED:
                actions = self.here.batch(row for _, row in rows).actions
            results = self.judge.judge(rows)
            for before, (_, row), now in zip(batch, rows, results, strict=True):
                if not _as_previewed(before, now):
                    raise ChangedSincePreview
                yield now, row, actions.get(reference_key(row.reference))

    def _first_load(self, row: ListRow) -> FirstLoadRow:
        publication = self.here.publication(row) or self._new_publication(row)
        return FirstLoadRow(
            reference=row.reference,
            portal_reference=row.portal_reference,
            on_portal=row.on_portal,
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
            update=update_of(row, self.here),
            closed_on=row.closed,
            closure_wording=row.closure_wording or "",
        )

    def _new_publication(self, row: ListRow) -> Publication:
        # A row that names a new report without them is not new: it cannot be read.
        assert row.published is not None and row.source_type is not None
        publication = record_from_list(
            title=row.publication,
            published_on=row.published,
            publication_type=row.source_type,
            scope=row.scope,
            source=self.source,
            actor=self.actor,
        )
        self.here.publications[title_key(publication.title)].append(publication)
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

    def _change(self, result: RowResult, row: ListRow, action: Action) -> None:
        fields = {change.field for change in result.changes}
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
            update=update_of(row, self.here) if "update" in fields else None,
        )
        try:
            change_from_sheet(action, changes, actor=self.actor, reason=f"Revised in {self.source}")
        except ValidationError as error:
            raise ImportNotPossible(
                f"Row {result.sheet_row} ({row.reference}) cannot be applied, so nothing was: "
                f"{' '.join(error.messages)}"
            ) from error


def _as_previewed(before: ImportRow, now: RowResult) -> bool:
    return before.outcome == now.outcome and before.changes == [
        change.as_json() for change in now.changes
    ]
