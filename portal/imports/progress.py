"""How far an import has come, told while its transaction is open: so not kept in the database.

It is kept in files of the data directory. Another machine that has a data directory of its own
sees that an import is under way (`asked_at`), but not how far it has come.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

from portal.imports.refused import ImportNotPossible
from portal.models import SpreadsheetImport, State

# Nothing heard for so long: whoever was at work may be gone.
QUIET = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Told:
    """So many rows of so many were done at a moment."""

    done: int
    total: int
    at: dt.datetime


@dataclass(frozen=True)
class UnderWay:
    """An import that somebody has asked to apply and that has not ended yet.

    Args:
        done: rows; None while it waits, or where another machine is at work.
        total: rows to apply.
        stalled: nothing has been heard of it for two minutes.
    """

    done: int | None
    total: int
    stalled: bool


def _key(pk: int) -> str:
    return f"import-{pk}"


def teller(pk: int) -> Callable[[int, int], None]:
    """What `apply_import` calls to tell how far the import of this number has come."""

    def tell(done: int, total: int) -> None:
        caches["progress"].set(_key(pk), (done, total, timezone.now()))

    return tell


def told(pk: int) -> Told | None:
    """How many rows of how many are done; None when nothing is under way or it is long ago."""
    found = caches["progress"].get(_key(pk))
    return Told(*found) if found else None


def forget(pk: int) -> None:
    """Nothing is under way any more."""
    caches["progress"].delete(_key(pk))


def under_way(spreadsheet_import: SpreadsheetImport) -> UnderWay | None:
    """How the applying of an import stands; None where nobody has asked for it, or it has ended."""
    asked_at = spreadsheet_import.asked_at
    if asked_at is None or spreadsheet_import.state != State.PREVIEWED:
        return None
    found = told(spreadsheet_import.pk)
    # What an attempt before told, that was broken off, says nothing of this one.
    since_asked = found if found and found.at >= asked_at else None
    heard_of = since_asked.at if since_asked else asked_at
    return UnderWay(
        done=since_asked.done if since_asked else None,
        total=spreadsheet_import.good_rows,
        stalled=timezone.now() - heard_of > QUIET,
    )


def check_free(spreadsheet_import: SpreadsheetImport) -> None:
    """Raise `ImportNotPossible` for an import that is finished, or is being applied just now.

    Args:
        spreadsheet_import: locked.
    """
    if spreadsheet_import.state not in (State.SETTING_UP, State.PREVIEWED):
        raise ImportNotPossible("This import is finished; upload the spreadsheet again.")
    begun = under_way(spreadsheet_import)
    if begun and not begun.stalled:
        raise ImportNotPossible("This import is being applied, so nothing of it can be changed.")
