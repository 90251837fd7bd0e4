"""Taking in a workbook: it is kept and compared with the database; nothing is applied."""

import logging
from collections.abc import Iterable
from typing import IO

from django.core.files import File
from django.db import transaction

from core.batches import in_batches
from core.history import attribute
from core.stored import fingerprint
from people.models import User
from portal.imports.refused import ImportNotPossible
from portal.lists.preview import Preview, RowResult
from portal.lists.start_list import START_LIST, Problem
from portal.models import ImportRow, Outcome, SpreadsheetImport, State
from portal.reading.refusals import WorkbookRefused
from portal.reading.vetting import check_size
from portal.reading.workbook import clean_file_name, open_workbook
from tracker.choices import Kind

logger = logging.getLogger("portal.imports")
_BATCH = 1_000


def receive(file: IO[bytes], name: str, *, actor: User | None) -> SpreadsheetImport:
    """Keep a workbook and preview it.

    Args:
        file: the workbook, readable and seekable.
        name: what its sender calls it; kept as text only.
        actor: who uploads it; None for a command.

    Returns:
        The import with its rows; or, where the workbook cannot be used, an import in the state
        `refused`, which says why and keeps no file.
    """
    received = SpreadsheetImport(
        original_name=clean_file_name(name), sha256="", size=0, uploaded_by=actor
    )
    try:
        received.size = check_size(file)
        received.sha256 = fingerprint(file)
        with open_workbook(file) as sheets, transaction.atomic():
            file.seek(0)
            _keep(received, file, Preview(sheets), actor)
    except WorkbookRefused as refusal:
        return _refused(received, refusal, file, actor)
    except BaseException:
        _remove_file(received)
        raise
    return received


def _keep(
    received: SpreadsheetImport, file: IO[bytes], preview: Preview, actor: User | None
) -> None:
    received.sheet = preview.layout.sheet.title[:100]
    received.file.save("list.xlsx", File(file), save=False)
    attribute(received, actor, "Workbook received")
    received.full_clean()
    received.save()
    _keep_preview(received, preview, actor)


def _refused(
    received: SpreadsheetImport, refusal: WorkbookRefused, file: IO[bytes], actor: User | None
) -> SpreadsheetImport:
    logger.info("Workbook %s refused: %s", received.original_name, type(refusal).__name__)
    _remove_file(received)
    refused = SpreadsheetImport(
        original_name=received.original_name,
        sha256=received.sha256 or fingerprint(file),
        size=file.seek(0, 2),
        state=State.REFUSED,
        refusal=str(refusal),
        uploaded_by=actor,
    )
    attribute(refused, actor, "Workbook refused")
    refused.full_clean()
    refused.save()
    return refused


def _remove_file(received: SpreadsheetImport) -> None:
    if received.file.name:
        received.file.storage.delete(received.file.name)


def _keep_preview(
    spreadsheet_import: SpreadsheetImport, preview: Preview, actor: User | None
) -> None:
    counts = {outcome: 0 for outcome in Outcome.values} | {"notes": 0}
    for batch in in_batches(preview.results(), _BATCH):
        ImportRow.objects.bulk_create(_rows(spreadsheet_import, batch))
        for result in batch:
            counts[result.outcome] += 1
            counts["notes"] += bool(result.notes)
    for row in spreadsheet_import.rows.filter(sheet_row__in=preview.late):
        counts[row.outcome] -= 1
        counts["notes"] -= bool(row.notes)
        counts[Outcome.UNREADABLE] += 1
        _refuse_late(row, preview.late[row.sheet_row])
    spreadsheet_import.counts = counts
    spreadsheet_import.previews += 1
    spreadsheet_import.unknown_headers = [
        {"column": letter, "header": header} for letter, header in preview.layout.unknown
    ]
    spreadsheet_import.missing_headers = preview.layout.missing(START_LIST)
    spreadsheet_import.new_publications = [each.as_json() for each in preview.new_publications]
    spreadsheet_import.new_leads = preview.new_leads
    attribute(spreadsheet_import, actor, "Previewed")
    spreadsheet_import.save()


def _rows(spreadsheet_import: SpreadsheetImport, results: Iterable[RowResult]) -> list[ImportRow]:
    return [
        ImportRow(
            spreadsheet_import=spreadsheet_import,
            sheet_row=result.sheet_row,
            outcome=result.outcome,
            reference=result.reference[:20],
            cause=result.row is not None and result.row.kind == Kind.CAUSE_OF_CONCERN,
            changes=[change.as_json() for change in result.changes],
            problems=[_problem_json(problem) for problem in result.problems],
            notes=[_problem_json(note) for note in result.notes],
            values=(
                result.row.as_json()
                if result.row and result.outcome in (Outcome.NEW, Outcome.CHANGED)
                else {}
            ),
        )
        for result in results
    ]


def _problem_json(problem: Problem) -> dict[str, str]:
    return {"column": problem.column, "header": problem.header, "message": problem.message}


def _refuse_late(row: ImportRow, problems: list[Problem]) -> None:
    row.outcome = Outcome.UNREADABLE
    row.problems = [*row.problems, *(_problem_json(problem) for problem in problems)]
    row.changes, row.notes, row.values = [], [], {}
    row.save()


@transaction.atomic
def preview_again(spreadsheet_import: SpreadsheetImport, *, actor: User | None) -> None:
    """Compare the kept workbook with the database as it is now.

    Raises:
        ImportNotPossible: it has been applied or was refused.
        WorkbookRefused: the workbook can no longer be read.
    """
    # As it is now: it may have been applied since this one was read.
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    if locked.state != State.PREVIEWED:
        raise ImportNotPossible("This import is finished; upload the list again.")
    locked.rows.all().delete()
    with locked.file.open("rb") as file, open_workbook(file) as sheets:
        _keep_preview(locked, Preview(sheets), actor)
