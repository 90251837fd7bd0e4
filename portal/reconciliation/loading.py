"""Loading an export of the portal from a file, for the demonstration and its tests."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files import File
from django.db import transaction

from core.dates import now
from core.history import attribute
from core.stored import fingerprint
from core.uploads import atomic_with_files
from people.models import User
from portal.layouts.columns import Layout
from portal.layouts.guessing import guess
from portal.layouts.rows import RowReader
from portal.models import Purpose, SpreadsheetImport, State
from portal.reading.files import open_spreadsheet
from portal.reconciliation.comparing import compare
from portal.reconciliation.export_layout import EXPORT
from portal.reconciliation.records import ExportRow, latest_day, take


def load_export(path: Path, day: dt.date, *, actor: User | None = None) -> SpreadsheetImport | None:
    """Take in an export of the portal whose every row can be read, and compare it.

    Args:
        path: the workbook.
        day: that it is of.
        actor: who takes it in; None for a command.

    Returns:
        The import; None where an export of that day or a later one was taken already.

    Raises:
        WorkbookRefused: it cannot be used.
        ValueError: its columns are not known, or a cell cannot be read.
    """
    latest = latest_day()
    if latest is not None and latest >= day:
        return None
    with path.open("rb") as file, atomic_with_files(), transaction.atomic():
        taken = _kept(file, path.name, day, actor)
        file.seek(0)
        rows = list(read_export(file, path.name))
        take(rows, day=day, spreadsheet_import=taken, actor=actor)
        taken.counts = {"new": len(rows)}
        attribute(taken, actor, "Loaded")
        taken.save()
        compare(spreadsheet_import=taken, actor=actor)
    return taken


def _kept(file: IO[bytes], name: str, day: dt.date, actor: User | None) -> SpreadsheetImport:
    kept = SpreadsheetImport(
        purpose=Purpose.EXPORT,
        as_at=day,
        original_name=name,
        sha256=fingerprint(file),
        size=file.seek(0, 2),
        state=State.APPLIED,
        sheet=EXPORT.sheet,
        uploaded_by=actor,
        applied_by=actor,
        applied_at=now(),
    )
    file.seek(0)
    kept.file.save(name, File(file), save=False)
    attribute(kept, actor, "Loaded")
    kept.full_clean()
    kept.save()
    return kept


def read_export(file: IO[bytes], name: str) -> Iterator[ExportRow]:
    """The rows of an export in the usual layout.

    Raises:
        WorkbookRefused: it cannot be used.
        ValueError: its columns are not known, or a cell cannot be read.
    """
    with open_spreadsheet(file, name) as sheets:
        found = guess(sheets, EXPORT, [])
        if found is None or not found.sure:
            raise ValueError(f"The columns of {name} are not those of an export of the portal.")
        columns = [column.as_json() for column in found.found]
        reader = RowReader(Layout.of_columns(found.header_row, columns), EXPORT, {})
        for number, cells in sheets[found.sheet].rows(found.header_row + 1):
            row = reader.read(cells)
            if row.problems:
                raise ValueError(f"Row {number}: {row.problems[0]}")
            yield ExportRow(**row.values)
