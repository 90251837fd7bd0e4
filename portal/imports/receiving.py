"""Taking in a spreadsheet: it is kept and compared with the database; nothing is applied."""

import datetime as dt
import logging
from typing import IO

from django.core.files import File
from django.db import transaction

from core.history import attribute
from core.stored import fingerprint
from people.models import User
from portal.imports.previewing import read_rows
from portal.imports.purposes import rules_of
from portal.layouts.guessing import guess
from portal.layouts.otherwise import fits_better
from portal.layouts.outline import outline_of
from portal.layouts.profiles import profiles_of
from portal.models import Purpose, SpreadsheetImport, State
from portal.reading.refusals import EmptyWorkbook, WorkbookRefused
from portal.reading.workbook import Sheet, clean_file_name

logger = logging.getLogger("portal.imports")


def receive(
    file: IO[bytes],
    name: str,
    *,
    actor: User | None,
    purpose: str = Purpose.LIST,
    as_at: dt.date | None = None,
) -> SpreadsheetImport:
    """Keep a spreadsheet, and preview it where its layout is known.

    Args:
        file: the spreadsheet, readable and seekable.
        name: what its sender calls it; kept as text only.
        actor: who uploads it; None for a command.
        purpose: what it is taken in for.
        as_at: the day its contents are of; only for an export of HMICFRS's portal.

    Returns:
        The import with its rows; or, where the spreadsheet cannot be used, an import in the state
        `refused`, which says why and keeps no file.
    """
    received = SpreadsheetImport(
        purpose=purpose,
        as_at=as_at,
        original_name=clean_file_name(name),
        sha256="",
        size=0,
        uploaded_by=actor,
    )
    try:
        rules = rules_of(purpose)
        received.size = rules.sized(file)
        received.sha256 = fingerprint(file)
        received.contents = rules.contents(file)
        with rules.opened(file, received.original_name) as sheets, transaction.atomic():
            file.seek(0)
            _keep(received, file, sheets, actor)
    except WorkbookRefused as refusal:
        return _refused(received, refusal, file, actor)
    except BaseException:
        _remove_file(received)
        raise
    return received


def _keep(
    received: SpreadsheetImport, file: IO[bytes], sheets: list[Sheet], actor: User | None
) -> None:
    columns = rules_of(received.purpose).columns
    received.outline = outline_of(sheets)
    if not any(each["rows"] for each in received.outline):
        raise EmptyWorkbook
    found = guess(sheets, columns, profiles_of(received.purpose))
    received.state = State.SETTING_UP
    if found:
        received.sheet = sheets[found.sheet].title[:100]
        received.header_row = found.header_row
        received.columns = [column.as_json() for column in found.found]
        received.profile = found.profile
    received.looks_like = what_it_looks_like(received, sheets)
    received.file.save(received.original_name, File(file), save=False)
    attribute(received, actor, "Received")
    received.full_clean()
    received.save()
    if found:
        expect_hidden(sheets[found.sheet], received)
        read_rows(received, sheets[found.sheet], actor=actor)
        if not found.sure:
            received.state = State.SETTING_UP
            attribute(received, actor, "Columns to be confirmed")
            received.save()


def what_it_looks_like(received: SpreadsheetImport, sheets: list[Sheet]) -> str:
    """The other purpose that a spreadsheet seems to be of: by its headers, or because the very file
    was applied for that; "" where it seems right.

    Args:
        received: with the columns that were found in it.
        sheets: of the open file; read where no columns were found.
    """
    own = (rules_of(received.purpose).columns, profiles_of(received.purpose))
    for purpose in Purpose:
        # What is packed with files is nothing else, and nothing else is that.
        if purpose == received.purpose or Purpose.EVIDENCE in (purpose, received.purpose):
            continue
        other = (rules_of(purpose).columns, profiles_of(purpose))
        headers = [column["header"] for column in received.columns]
        if not headers:
            found = guess(sheets, *other, by_content=False)
            headers = [column.header for column in found.found] if found else []
        applied = SpreadsheetImport.objects.applied_before
        if fits_better(headers, own, other) or (
            applied(received, purpose) and not applied(received, received.purpose)
        ):
            return purpose
    return ""


def expect_hidden(sheet: Sheet, received: SpreadsheetImport) -> None:
    """Say nothing of hidden columns that our own exports hide."""
    columns = rules_of(received.purpose).columns.by_field
    sheet.expected_hidden = frozenset(
        each["index"] for each in received.columns if each["field"] and columns[each["field"]].ours
    )


def _refused(
    received: SpreadsheetImport, refusal: WorkbookRefused, file: IO[bytes], actor: User | None
) -> SpreadsheetImport:
    logger.info("Workbook %s refused: %s", received.original_name, type(refusal).__name__)
    _remove_file(received)
    refused = SpreadsheetImport(
        purpose=received.purpose,
        as_at=received.as_at,
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
