"""Writing the portal's export: what it says is kept, and compared with what is held here."""

from collections.abc import Callable, Iterator

from people.models import User
from portal.imports.refused import ChangedSincePreview, ImportNotPossible
from portal.layouts.rows import RowReader
from portal.models import ImportRow, Outcome, PortalRecord, SpreadsheetImport
from portal.reconciliation.comparing import compare
from portal.reconciliation.export_layout import EXPORT
from portal.reconciliation.preview import ExportPreview, export_row
from portal.reconciliation.records import ExportRow, check_day, take
from tracker.workflow import Refused

_BATCH = 1_000
# Told how many rows are done, and how many there are.
Progress = Callable[[int, int], None]


class ExportWriter:
    """Takes a previewed export of the portal, as a whole: what cannot be read is not gone.

    Args:
        spreadsheet_import: previewed; locked by whoever applies it.
        actor: who applies it; None for a command.
        progress: told how far it is.
    """

    def __init__(
        self, spreadsheet_import: SpreadsheetImport, actor: User | None, progress: Progress
    ) -> None:
        self.of = spreadsheet_import
        self.rows = ImportRow.objects.filter(spreadsheet_import=spreadsheet_import)
        self.actor = actor
        self.progress = progress

    def run(self) -> None:
        """Take it, then compare.

        Raises:
            ChangedSincePreview: it does not change what the preview said.
            ImportNotPossible: a newer export was taken meanwhile.
        """
        if self.of.as_at is None:
            raise ImportNotPossible("Nobody has said which day this export is of. Upload it again.")
        try:
            check_day(self.of.as_at)
            self._check_as_previewed()
            take(
                self._export_rows(),
                day=self.of.as_at,
                spreadsheet_import=self.of,
                actor=self.actor,
                unread=self._not_gone(),
                progress=lambda done: self.progress(done, self.of.good_rows),
            )
        except Refused as refusal:
            raise ImportNotPossible(str(refusal)) from refusal
        compare(spreadsheet_import=self.of, actor=self.actor)

    def _check_as_previewed(self) -> None:
        """Raise `ChangedSincePreview` where another export was taken since it was previewed."""
        preview = ExportPreview(self.of.layout, self.of.meanings_of_words, self.of.as_at)
        rows = self.rows.order_by("sheet_row")
        results = preview.results(row.source for row in rows.iterator(chunk_size=_BATCH))
        for row, now in zip(rows.iterator(chunk_size=_BATCH), results, strict=True):
            changes = [change.as_json() for change in now.changes]
            late = row.outcome == Outcome.UNREADABLE
            if not late and (row.outcome, row.changes) != (now.outcome, changes):
                raise ChangedSincePreview
        if preview.gone != self.of.gone:
            raise ChangedSincePreview

    def _not_gone(self) -> list[str]:
        """References of records that may be there though no row of theirs can be read."""
        unread = self.rows.in_outcome(Outcome.UNREADABLE)
        if unread.filter(reference="").exists():
            return list(PortalRecord.objects.values_list("reference", flat=True))
        return list(unread.values_list("reference", flat=True))

    def _export_rows(self) -> Iterator[ExportRow]:
        reader = RowReader(self.of.layout, EXPORT, self.of.meanings_of_words)
        rows = self.rows.exclude(outcome=Outcome.UNREADABLE).order_by("sheet_row")
        for row in rows.iterator(chunk_size=_BATCH):
            yield export_row(reader.read(row.source.cells).values)
