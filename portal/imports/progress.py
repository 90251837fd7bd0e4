"""How far an import has come, told while its transaction is open (`core.progress`)."""

from dataclasses import replace

from core.progress import Progress, UnderWay
from portal.imports.refused import ImportNotPossible
from portal.models import SpreadsheetImport, State

_IMPORTS = Progress("import")
teller = _IMPORTS.teller
told = _IMPORTS.told
forget = _IMPORTS.forget


def under_way(spreadsheet_import: SpreadsheetImport) -> UnderWay | None:
    """How the applying of an import stands, in rows; None where nobody has asked for it, or it has
    ended.
    """
    asked_at = spreadsheet_import.asked_at
    if asked_at is None or spreadsheet_import.state != State.PREVIEWED:
        return None
    begun = _IMPORTS.since(asked_at, spreadsheet_import.pk)
    return replace(begun, total=spreadsheet_import.good_rows)


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
