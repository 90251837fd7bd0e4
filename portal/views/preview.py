"""The preview of an import: what would become of each row, and choosing what to take."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.access import access
from core.dates import long_date
from core.numbers import key_in, keys_in
from evidence.models import Evidence
from people.models import User
from people.requests import SignedInRequest
from portal.imports.choosing import choose_fields, choose_rows, say_what_rows_are
from portal.imports.progress import under_way
from portal.imports.purposes import rules_of
from portal.imports.refused import ImportNotPossible
from portal.layouts.rows import RowReader
from portal.models import ImportRow, Outcome, Purpose, SpreadsheetImport, State
from portal.reading.stored import shown as cell_shown
from portal.reconciliation.exports_taken import brought_by
from portal.views.found import import_or_404, importers
from portal.views.setting_up import steps_of, words_to_ask

_ROWS_A_PAGE = 50


@dataclass(frozen=True)
class _Tab:
    """One view of the rows.

    Args:
        key: in the address, and of its count.
        text: its name.
        always: shown though nothing is there.
        choice: its rows can be taken or left.
        lead: a sentence above the rows; "" for none.
    """

    key: str
    text: str
    always: bool = False
    choice: bool = False
    lead: str = ""


_TABS = (
    _Tab(Outcome.NEW, "New", always=True, choice=True),
    _Tab(Outcome.CHANGED, "Changed", always=True, choice=True),
    _Tab(
        Outcome.TO_CONFIRM,
        "To be confirmed",
        lead="These rows have no reference, and read much like an action that is here. Say of each "
        "whether it is that action; until then it is not applied.",
    ),
    _Tab(
        "conflict",
        "Conflicts",
        choice=True,
        lead="Both the sheet and the record were changed since the sheet was exported. What is "
        "here stays, unless you tick the sheet’s.",
    ),
    _Tab(
        "fixed",
        "Cannot be changed by spreadsheet",
        lead="Stage, level, closing date and the like of an action that is here already are never "
        "taken from a sheet: such steps are recorded on the action’s own page.",
    ),
    _Tab(Outcome.UNCHANGED, "Unchanged", always=True),
    _Tab(
        Outcome.UNREADABLE,
        "Cannot be read",
        always=True,
        lead="These rows are left out. Correct them in the spreadsheet, save it and upload it "
        "again; rows that are here already do no harm.",
    ),
    _Tab("notes", "With remarks"),
)


@access(importers)
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would become of each row, or has become of it."""
    found = import_or_404(request.user, pk)
    if found.state == State.SETTING_UP:
        return redirect("portal:columns" if found.columns else "portal:sheet", pk)
    counts = found.counts
    tab = _tab(request.GET.get("show", ""), counts)
    page = Paginator(found.rows.in_view(tab.key), _ROWS_A_PAGE).get_page(request.GET.get("page"))
    columns = rules_of(found.purpose).columns
    reader = RowReader(found.layout, columns, found.meanings_of_words)
    begun = under_way(found)
    pieces = _evidence_named(page.object_list, request.user)
    context = {
        "import": found,
        "open": found.state == State.PREVIEWED and (begun is None or begun.stalled),
        "under_way": begun,
        "tab": tab,
        "choosable": tab.choice and rules_of(found.purpose).choosable,
        "tabs": _tabs(tab, counts),
        "page": page,
        "rows": [_shown(row, reader, found, pieces) for row in page.object_list],
        "facts": _facts(found),
        "missing": _missing(found),
        "fields": _fields(found) if rules_of(found.purpose).choosable else [],
        "words": words_to_ask(found),
        "brought": _brought(found),
        "steps": steps_of(found, "import") if found.state == State.PREVIEWED else (),
    }
    return render(request, "portal/import.html", context)


def _tab(key: str, counts: dict[str, Any]) -> _Tab:
    by_key = {str(tab.key): tab for tab in _TABS if tab.always or counts.get(tab.key)}
    first = next((tab for tab in _TABS if counts.get(tab.key)), _TABS[0])
    return by_key.get(key, first)


def _tabs(current: _Tab, counts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "text": tab.text,
            "href": f"?show={tab.key}",
            "count": counts.get(tab.key, 0),
            "current": tab is current,
        }
        for tab in _TABS
        if tab.always or counts.get(tab.key)
    ]


def _shown(
    row: ImportRow, reader: RowReader, found: SpreadsheetImport, pieces: Mapping[int, Evidence]
) -> dict[str, Any]:
    """A row for the page: what it says, what of it is taken, and its cells as they stand."""
    cells = row.source.cells
    left = set(found.left_fields)
    return {
        "row": row,
        # Spares a query a row: the address asks for the import.
        "address": _address(row, found),
        "said": reader.read(cells).values,
        "problems": _with_pieces(row.problems, pieces),
        "notes": _with_pieces(row.notes, pieces),
        "changes": [
            {**change, "left": change["field"] in left, "taken": change in row.changes_taken(left)}
            for change in row.changes
        ],
        "cells": [
            (each["letter"], each["header"], cell_shown(cells[each["index"]]))
            for each in found.columns
            if each["index"] < len(cells) and cell_shown(cells[each["index"]])
        ],
    }


def _evidence_named(rows: Iterable[ImportRow], user: User) -> dict[int, Evidence]:
    """The evidence that remarks on these rows are about, by its key: what this person may read."""
    remarks = [said for row in rows for said in (*row.problems, *row.notes)]
    return Evidence.objects.visible_to(user).in_bulk(
        {said["evidence"] for said in remarks if "evidence" in said}
    )


def _with_pieces(
    remarks: list[dict[str, Any]], pieces: Mapping[int, Evidence]
) -> list[dict[str, Any]]:
    return [{**said, "piece": pieces.get(said.get("evidence", 0))} for said in remarks]


def _address(row: ImportRow, found: SpreadsheetImport) -> str:
    row.spreadsheet_import = found
    return row.action_address


def _brought(found: SpreadsheetImport) -> str:
    """What an export that was taken has changed in the differences; "" for any other import."""
    if found.purpose != Purpose.EXPORT or found.state != State.APPLIED:
        return ""
    opened, closed = brought_by(found)
    are = "difference was" if opened == 1 else "differences were"
    return f"{opened} {are} found with it, and {closed} settled."


def _fields(found: SpreadsheetImport) -> list[dict[str, Any]]:
    """The columns that say something different, with how many rows do."""
    columns = rules_of(found.purpose).columns
    return [
        {
            "field": column.field,
            "text": column.headers[0],
            "count": found.counts["fields"][column.field],
            "taken": column.field not in found.left_fields,
        }
        for column in columns.columns
        if column.field in found.counts.get("fields", {})
    ]


def _missing(found: SpreadsheetImport) -> str:
    """What the sheet has no column for, while that can still be corrected and matters: a sheet that
    only revises needs few, and an index of evidence cannot lack what it needs.
    """
    if found.purpose == Purpose.EVIDENCE:
        return ""
    fresh = found.counts.get(Outcome.NEW)
    if found.state != State.PREVIEWED or not (fresh and found.missing_headers):
        return ""
    named = ", ".join(f"“{header}”" for header in found.missing_headers)
    return f"{named}. Nothing is taken from them; a new action may need them."


def _day_and_person(moment: Any, person: object) -> str:
    by = f" by {person}" if person else ""
    return f"{long_date(timezone.localtime(moment).date())}{by}"


def _facts(found: SpreadsheetImport) -> list[dict[str, str]]:
    facts = [{"key": "Uploaded", "value": _day_and_person(found.uploaded_at, found.uploaded_by)}]
    if found.file:
        address = reverse("portal:file", args=[found.pk])
        note = f"SHA-256 {found.sha256}"
        facts.append({"key": "File", "value": str(found), "as_link": address, "note": note})
    if found.applied_at:
        value = _day_and_person(found.applied_at, found.applied_by)
        facts.append({"key": "Applied", "value": value})
    if found.undone_at:
        value = _day_and_person(found.undone_at, found.undone_by)
        facts.append({"key": "Undone", "value": value})
    if found.as_at:
        facts.append({"key": "As at", "value": long_date(found.as_at)})
    if found.sheet:
        value = f"{found.sheet}, headers in row {found.header_row}"
        facts.append({"key": "Sheet", "value": value})
    facts += [{"key": "About the file", "value": remark} for remark in found.remarks]
    unknown = [f"{each['header']} (column {each['column']})" for each in found.unknown_headers]
    if unknown:
        facts.append({"key": "Columns that are not read", "value": ", ".join(unknown)})
    if found.gone and found.purpose == Purpose.EVIDENCE:
        note = "They are not taken in: add rows for them to the index if they are evidence."
        facts.append({"key": "Files without a row", "value": ", ".join(found.gone), "note": note})
    elif found.gone:
        note = "Nothing closes by that: they are said to be gone."
        value = ", ".join(found.gone)
        facts.append({"key": "No longer in the export", "value": value, "note": note})
    facts += _new_records(found)
    return facts


def _new_records(found: SpreadsheetImport) -> list[dict[str, str]]:
    publications = [f"{each['title']} ({each['actions']})" for each in found.new_publications]
    so_far = "recorded with this list" if found.applied_at else "not recorded so far"
    facts = []
    if publications:
        note = "A list says little about them: complete their details."
        value = "; ".join(publications)
        facts.append({"key": f"Publications {so_far}", "value": value, "note": note})
    if found.new_leads:
        facts.append({"key": f"Leads {so_far}", "value": ", ".join(found.new_leads)})
    return facts


@access(importers)
@require_POST
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what somebody has ticked on one page of rows, then stay there or go on to applying."""
    found = import_or_404(request.user, pk)
    data = request.POST
    try:
        if "same" in data:
            _say_what_rows_are(found, request)
        else:
            choose_rows(
                found,
                seen=key_in(data.get("preview", "")) or 0,
                shown=keys_in(data.getlist("shown")),
                taken=keys_in(data.getlist("take")),
                conflicts=_conflicts(data),
                actor=request.user,
            )
    except ImportNotPossible as error:
        messages.error(request, str(error))
        return redirect(found)
    if data.get("then") == "apply":
        return redirect("portal:apply", pk)
    messages.success(request, "Your choices are kept.")
    return redirect(_back_to(found, data))


def _back_to(found: SpreadsheetImport, data: QueryDict) -> str:
    """The rows that were shown, or those that were opened with the choices still unkept ("go")."""
    wanted = QueryDict(data.get("go", "").removeprefix("?")) if data.get("go") else data
    query = QueryDict(mutable=True)
    for name in ("show", "page"):
        if value := wanted.get(name):
            query[name] = str(value)
    return f"{found.get_absolute_url()}?{query.urlencode()}"


def _conflicts(data: QueryDict) -> dict[int, list[str]]:
    """Sheet row -> fields, from values like “12:due”."""
    found: dict[int, list[str]] = defaultdict(list)
    for value in data.getlist("conflict"):
        number, _, field = value.partition(":")
        if key := key_in(number):
            found[key].append(field)
    return found


def _say_what_rows_are(found: SpreadsheetImport, request: SignedInRequest) -> None:
    data = request.POST
    said = {}
    for number in keys_in(data.getlist("shown")):
        answer = data.get(f"same-{number}", "")
        if answer in ("yes", "no"):
            said[number] = answer == "yes"
    seen = key_in(data.get("preview", "")) or 0
    say_what_rows_are(found, seen=seen, said=said, actor=request.user)


@access(importers)
@require_POST
def choose_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the changes of some columns only."""
    found = import_or_404(request.user, pk)
    taken = set(request.POST.getlist("field"))
    left = set(found.counts.get("fields", {})) - taken
    try:
        seen = key_in(request.POST.get("preview", "")) or 0
        choose_fields(found, seen=seen, left=left, actor=request.user)
    except ImportNotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Your choices are kept.")
    return redirect(reverse("portal:import", args=[pk]) + f"?show={Outcome.CHANGED}")
