"""Pages of imports: upload, preview, apply."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.dates import long_date
from core.numbers import key_in
from people.requests import SignedInRequest
from portal.forms import UploadForm
from portal.imports import progress as progress_of
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.lists.start_list import START_LIST
from portal.models import ImportRow, Outcome, SpreadsheetImport, State
from portal.out.empty_list import empty_list
from portal.queries import ImportRowQuerySet

_importers = holders_of("portal.import_spreadsheet")
_ROWS_A_PAGE = 50
_IMPORTS_A_PAGE = 20
# Rows of any outcome that say something which is not taken over as it stands.
_NOTES = "notes"
_TABS = (
    (Outcome.NEW, "New"),
    (Outcome.CHANGED, "Changed"),
    (Outcome.UNCHANGED, "Unchanged"),
    (Outcome.UNREADABLE, "Cannot be read"),
    (_NOTES, "With remarks"),
)


@access(_importers)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if form.is_valid():
        workbook = form.cleaned_data["workbook"]
        received = receive(workbook.file, workbook.name, actor=request.user)
        if received.state == State.PREVIEWED:
            _say_if_again(request, received)
            return redirect(received)
        form.add_error("workbook", received.refusal)
    found = Paginator(SpreadsheetImport.objects.with_people(), _IMPORTS_A_PAGE)
    context = {"form": form, "page": found.get_page(request.GET.get("page"))}
    return render(request, "portal/imports.html", context)


@access(_importers)
@require_safe
def guide(request: SignedInRequest) -> HttpResponse:
    """What the force's list must look like."""
    return render(request, "portal/guide.html", {"columns": START_LIST.columns})


@access(_importers)
@require_safe
def empty(request: SignedInRequest) -> HttpResponse:
    """An empty list to fill in."""
    return HttpResponse(
        empty_list(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": 'attachment; filename="empty-list.xlsx"'},
    )


def _say_if_again(request: SignedInRequest, received: SpreadsheetImport) -> None:
    before = SpreadsheetImport.objects.applied_before(received)
    if before is None:
        return
    messages.info(
        request,
        f"This is the very file that was applied on {_day(before.applied_at)}"
        f"{_by(before.applied_by)}. What it would change now is below.",
    )


def _by(person: object) -> str:
    return f" by {person}" if person else ""


def _day(moment: Any) -> str:
    return long_date(timezone.localtime(moment).date())


def _import(pk: int) -> SpreadsheetImport:
    return get_object_or_404(SpreadsheetImport.objects.with_people(), pk=pk)


@access(_importers)
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _import(pk)
    counts = {key: int(found.counts.get(key, 0)) for key, _ in _TABS}
    shown = request.GET.get("show", "")
    if shown not in counts:
        shown = next((key for key, _ in _TABS if counts[key]), Outcome.NEW.value)
    page = Paginator(_rows(found, shown), _ROWS_A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "text": text,
            "href": f"?show={key}",
            "count": counts[key],
            "current": key == shown,
        }
        for key, text in _TABS
        if key != _NOTES or counts[key]
    ]
    context = {
        "import": found,
        "shown": str(shown),
        "tabs": tabs,
        "page": page,
        "facts": _facts(found),
        "tab_text": dict(_TABS)[shown],
    }
    return render(request, "portal/import.html", context)


def _rows(found: SpreadsheetImport, shown: str) -> ImportRowQuerySet:
    rows = ImportRow.objects.filter(spreadsheet_import=found).select_related("spreadsheet_import")
    return rows.with_notes() if shown == _NOTES else rows.in_outcome(shown)


def _facts(found: SpreadsheetImport) -> list[dict[str, str]]:
    facts = [{"key": "Uploaded", "value": _day(found.uploaded_at) + _by(found.uploaded_by)}]
    if found.applied_at:
        facts.append({"key": "Applied", "value": _day(found.applied_at) + _by(found.applied_by)})
    if found.sheet:
        facts.append({"key": "Sheet", "value": found.sheet})
    unknown = [f"{each['header']} (column {each['column']})" for each in found.unknown_headers]
    if unknown:
        facts.append({"key": "Columns that are not read", "value": ", ".join(unknown)})
    publications = [f"{each['title']} ({each['actions']})" for each in found.new_publications]
    so_far = "recorded with this list" if found.applied_at else "not recorded so far"
    if publications:
        note = "A list says little about them: complete their details."
        value = "; ".join(publications)
        facts.append({"key": f"Publications {so_far}", "value": value, "note": note})
    if found.new_leads:
        facts.append({"key": f"Leads {so_far}", "value": ", ".join(found.new_leads)})
    return facts


@access(_importers)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _import(pk)
    if request.method != "POST":
        if found.state != State.PREVIEWED or not found.good_rows:
            return redirect(found)
        return render(request, "portal/apply.html", {"import": found})
    try:
        applied = apply_import(
            found,
            actor=request.user,
            seen=key_in(request.POST.get("preview", "")) or 0,
            progress=progress_of.teller(pk),
        )
    except ImportNotPossible as error:
        messages.error(request, str(error))
    else:
        number = applied.good_rows
        messages.success(request, f"{number:,} {'row' if number == 1 else 'rows'} applied.")
    finally:
        progress_of.forget(pk)
    return redirect("portal:import", pk)


@access(_importers)
@require_safe
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far applying has come; `done` is null while nothing is under way."""
    found = _import(pk)
    done, total = progress_of.told(pk) or (None, found.good_rows)
    return JsonResponse(
        {
            "state": found.state,
            "done": done,
            "total": total,
            "page": reverse("portal:import", args=[pk]),
        }
    )
