"""Loading an export of the portal from a file, for the demonstration and its tests."""

import datetime as dt
from pathlib import Path

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import Outcome, Purpose, SpreadsheetImport, State
from portal.reconciliation.records import latest_day


def load_export(path: Path, day: dt.date, *, actor: User | None = None) -> SpreadsheetImport | None:
    """Take in an export of the portal whose every row can be read, and compare it.

    Args:
        path: the workbook.
        day: that it is of.
        actor: who takes it in; None for a command.

    Returns:
        The import; None where an export of that day or a later one was taken already.

    Raises:
        ValueError: it cannot be used, its columns are not known, or a cell cannot be read.
    """
    latest = latest_day()
    if latest is not None and latest >= day:
        return None
    with path.open("rb") as file:
        taken = receive(file, path.name, actor=actor, purpose=Purpose.EXPORT, as_at=day)
    if taken.state != State.PREVIEWED:
        raise ValueError(taken.refusal or f"The columns of {path.name} are not known.")
    for row in taken.rows.in_outcome(Outcome.UNREADABLE):
        raise ValueError(f"Row {row.sheet_row}: {row.problems[0]['message']}")
    return apply_import(taken, actor=actor)
