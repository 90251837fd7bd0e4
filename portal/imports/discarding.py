"""Discarding an upload that was never applied: its rows, its file and the import itself."""

import datetime as dt
from functools import partial

from django.db import transaction

from core.history import attribute
from people.models import User
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.models import SpreadsheetImport, State


@transaction.atomic
def discard(spreadsheet_import: SpreadsheetImport, *, actor: User) -> None:
    """Remove an import that wrote nothing; who did it and when stays in the audit trail.

    Args:
        spreadsheet_import: to be set up, previewed or refused.
        actor: who discards it.

    Raises:
        ImportNotPossible: it was applied, or somebody has asked for that.
    """
    locked = SpreadsheetImport.objects.select_for_update().filter(pk=spreadsheet_import.pk).first()
    if locked is None:
        return
    if locked.asked_at:
        raise ImportNotPossible("This import is being applied, so it cannot be discarded.")
    if not locked.can_be_discarded:
        raise ImportNotPossible("This import was applied, so it stays on record.")
    if locked.file:
        storage, name = locked.file.storage, str(locked.file.name)
        transaction.on_commit(partial(storage.delete, name), robust=True)
    attribute(locked, actor, "Discarded")
    locked.delete()


def take_in_otherwise(
    spreadsheet_import: SpreadsheetImport, purpose: str, *, as_at: dt.date | None, actor: User
) -> SpreadsheetImport:
    """Take the kept file of an import in for another purpose, and discard the import.

    Args:
        spreadsheet_import: not applied.
        purpose: what the file is taken in for now.
        as_at: the day its contents are of, for an export of HMICFRS's portal.
        actor: who does it.

    Returns:
        The new import. Where the file is refused for that purpose, the old one stays too.

    Raises:
        ImportNotPossible: it was applied or is about to be, or its file is gone.
    """
    if not spreadsheet_import.can_be_discarded:
        raise ImportNotPossible("This import is finished; upload the spreadsheet again.")
    try:
        with spreadsheet_import.file.open("rb") as file:
            received = receive(
                file,
                spreadsheet_import.original_name,
                actor=actor,
                purpose=purpose,
                as_at=as_at,
            )
    except (FileNotFoundError, ValueError) as error:
        raise ImportNotPossible(
            "The file of this import is no longer kept. Upload the spreadsheet again."
        ) from error
    if received.state != State.REFUSED:
        discard(spreadsheet_import, actor=actor)
    return received
