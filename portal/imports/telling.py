"""What applying an import does, in sentences."""

from core.numbers import listed
from portal.imports.choosing import taken_of
from portal.models import Outcome, Purpose, SpreadsheetImport


def what_applying_does(spreadsheet_import: SpreadsheetImport) -> list[str]:
    """Each thing that applying would do, and what it would leave out, as a sentence."""
    if spreadsheet_import.purpose == Purpose.EXPORT:
        told = list(_of_export(spreadsheet_import))
    elif spreadsheet_import.purpose == Purpose.EVIDENCE:
        told = list(_of_index(spreadsheet_import))
    else:
        told = list(_of_list(spreadsheet_import))
    unreadable = spreadsheet_import.counts.get(Outcome.UNREADABLE, 0)
    if unreadable:
        told.append(f"{_rows(unreadable)} cannot be read and will be left out")
    return told


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"


def _things(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _of_list(of: SpreadsheetImport) -> list[str]:
    taken = taken_of(of)
    told = []
    if taken["new"]:
        told.append(f"{_things(taken['new'], 'new action', 'new actions')} will be recorded")
    if taken["changed"]:
        told.append(f"{_things(taken['changed'], 'action', 'actions')} will be changed")
    if of.new_publications:
        number = len(of.new_publications)
        told.append(f"{_things(number, 'publication', 'publications')} may be recorded with them")
    if of.new_leads:
        leads = _things(len(of.new_leads), "new lead", "new leads")
        told.append(f"{leads} may be recorded with them: {listed(of.new_leads)}")
    if taken["left"]:
        told.append(f"{_rows(taken['left'])} will be left out, as chosen")
    if unchanged := of.counts.get(Outcome.UNCHANGED, 0):
        told.append(f"{_rows(unchanged)} will change nothing")
    if unsaid := of.counts.get(Outcome.TO_CONFIRM, 0):
        what = "it is" if unsaid == 1 else "they are"
        told.append(
            f"{_rows(unsaid)} will be left out, because nobody has said which action {what} of"
        )
    return told


def _of_index(of: SpreadsheetImport) -> list[str]:
    taken = taken_of(of)
    told = []
    if taken["new"]:
        told.append(f"The files of {_rows(taken['new'])} will be kept as evidence")
    if taken["changed"]:
        pieces = _things(taken["changed"], "piece of evidence", "pieces of evidence")
        told.append(f"{pieces} kept here already will be linked to what the index says")
    if taken["left"]:
        told.append(f"{_rows(taken['left'])} will be left out, as chosen")
    if unchanged := of.counts.get(Outcome.UNCHANGED, 0):
        told.append(f"{_rows(unchanged)} will change nothing")
    if of.gone:
        files = _things(len(of.gone), "file has", "files have")
        told.append(f"{files} no row in the index and will not be taken in")
    return told


def _of_export(of: SpreadsheetImport) -> list[str]:
    told = []
    for key, words in (
        (Outcome.NEW, "new on the portal"),
        (Outcome.CHANGED, "changed there"),
        (Outcome.UNCHANGED, "as they were"),
    ):
        if number := of.counts.get(key, 0):
            told.append(f"{_things(number, 'record is', 'records are')} {words}")
    if of.gone:
        told.append(
            f"{_things(len(of.gone), 'record is', 'records are')} gone from it; nothing closes by "
            "that"
        )
    told.append("No action changes but in whether it is on the portal; differences are looked for")
    return told
