"""Writing the rows of an index: files become evidence, and evidence is linked."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from core.batches import in_batches
from core.markings import Marking
from evidence.choices import Source
from evidence.models import Evidence
from evidence.recording import add_evidence
from evidence.store_in import stand_for
from people.models import User
from portal.imports.refused import ChangedSincePreview, ImportNotPossible
from portal.layouts.rows import RowReader
from portal.models import ImportRow, Outcome, SpreadsheetImport
from portal.reading.refusals import WorkbookRefused
from portal.store_in.archive import Files, files_of
from portal.store_in.index_layout import INDEX
from portal.store_in.judging import Judge, Judged, Meant
from tracker.store_in import be_about
from tracker.workflow import Refused

_BATCH = 200
# Told how many rows are done, and how many there are.
Progress = Callable[[int, int], None]


class IndexWriter:
    """Takes the rows of a previewed index, each with its file out of the ZIP file.

    Args:
        spreadsheet_import: previewed; locked by whoever applies it, in a transaction with files.
        actor: who applies it.
        progress: told after each row.
    """

    def __init__(
        self, spreadsheet_import: SpreadsheetImport, actor: User | None, progress: Progress
    ) -> None:
        self.of = spreadsheet_import
        self.actor = actor
        self.progress = progress
        reader = RowReader(spreadsheet_import.layout, INDEX, spreadsheet_import.meanings_of_words)
        self._judge = Judge(reader, spreadsheet_import.contents, spreadsheet_import.uploaded_by)
        self._reason = f"Taken in with “{spreadsheet_import.original_name}”"
        # Fingerprint -> the evidence that a row before has made of that file.
        self._made: dict[str, Evidence] = {}

    def run(self) -> None:
        """Write the rows that are to be taken, in the order of the index.

        Raises:
            ChangedSincePreview: a row would not become what the preview said.
            ImportNotPossible: nobody answers for it, or a file cannot be kept.
        """
        if self.actor is None:
            raise ImportNotPossible("Say who takes the evidence in: somebody has to answer for it.")
        self.progress(0, self.of.good_rows)
        try:
            with self.of.file.open("rb") as archive, files_of(archive.file) as files:
                self._take_all(files, self.actor)
        except (WorkbookRefused, FileNotFoundError) as error:
            raise ImportNotPossible(
                "The file of this import is no longer kept as it was, so nothing was applied. "
                "Upload it again."
            ) from error

    def _take_all(self, files: Files, actor: User) -> None:
        done, total = 0, self.of.good_rows
        rows = ImportRow.objects.filter(
            spreadsheet_import=self.of, outcome__in=(Outcome.NEW, Outcome.CHANGED)
        ).order_by("sheet_row")
        left = self.of.left_fields
        for batch in in_batches(rows.iterator(chunk_size=_BATCH), _BATCH):
            # Before any row of the batch is written: they are judged as they were previewed.
            judged = list(self._judge.judge([row.source for row in batch]))
            for row, now in zip(batch, judged, strict=True):
                meant = self._as_previewed(row, now)
                if not row.is_taken(left):
                    continue
                fields = {each["field"] for each in row.changes_taken(left)}
                self._take(row, meant, fields, files, actor)
                done += 1
                self.progress(done, total)

    def _as_previewed(self, row: ImportRow, now: Judged) -> Meant:
        changes = [change.as_json() for change in now.result.changes]
        result = now.result
        said = (result.outcome, result.resolved, changes)
        if now.meant and now.meant.sha256 in self._made:
            # A row before has just made evidence of its file, perhaps in an earlier batch.
            return now.meant
        if now.meant is None or (row.outcome, row.resolved, row.changes) != said:
            raise ChangedSincePreview
        return now.meant

    def _take(
        self, row: ImportRow, meant: Meant, fields: set[str], files: Files, actor: User
    ) -> None:
        new = row.outcome == Outcome.NEW
        evidence = self._made.get(meant.sha256) or meant.kept
        if evidence is None:
            evidence = self._add(row, meant, files, actor)
            self._judge.made.add(evidence.pk)
        self._made[meant.sha256] = evidence
        if new or "characteristic" in fields:
            stand_for(evidence, meant.characteristics, actor=actor, reason=self._reason)
        if new or "action" in fields:
            self._be_about(row, evidence, meant, actor)

    def _be_about(self, row: ImportRow, evidence: Evidence, meant: Meant, actor: User) -> None:
        brought = evidence.pk in self._judge.made
        try:
            be_about(evidence, meant.actions, actor=actor, reason=self._reason, brought=brought)
        except Refused as refusal:
            raise ImportNotPossible(
                f"Row {row.sheet_row} cannot be applied, so nothing was: {refusal}"
            ) from refusal

    def _add(self, row: ImportRow, meant: Meant, files: Files, actor: User) -> Evidence:
        said = meant.row
        # A row without them cannot be read.
        assert said.title and said.dated_on
        try:
            with files.unpacked(meant.name) as upload:
                return add_evidence(
                    actor=actor,
                    title=said.title,
                    shows=said.shows or "",
                    dated_on=said.dated_on,
                    marking=said.marking or Marking.OFFICIAL,
                    upload=upload,
                    owner=meant.owner or actor,
                    source=said.source or Source.DOCUMENT,
                    review_by=said.review_by,
                )
        except ValidationError as error:
            raise ImportNotPossible(
                f"Row {row.sheet_row} ({meant.name}) cannot be applied, so nothing was: "
                f"{' '.join(error.messages)}"
            ) from error
