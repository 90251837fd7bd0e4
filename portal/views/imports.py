"""The list of imports, and uploading a spreadsheet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.dates import long_date
from core.downloads import download
from people.requests import SignedInRequest
from portal.forms import UploadForm
from portal.imports.receiving import receive
from portal.models import SpreadsheetImport, State
from portal.views.found import import_or_404, importers
from portal.views.setting_up import words_to_ask

_IMPORTS_A_PAGE = 20


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    sent = request.method == "POST"
    form = UploadForm(
        *((request.POST, request.FILES) if sent else ()),
        user=request.user,
        initial={"purpose": request.GET.get("purpose", "")},
    )
    if form.is_valid():
        workbook = form.cleaned_data["workbook"]
        received = receive(
            workbook.file,
            workbook.name,
            actor=request.user,
            purpose=form.cleaned_data["purpose"],
            as_at=form.cleaned_data["as_at"],
        )
        if received.state != State.REFUSED:
            _say_if_again(request, received)
            ask = received.state == State.PREVIEWED and words_to_ask(received)
            return redirect(*(("portal:words", received.pk) if ask else (received,)))
        form.add_error("workbook", received.refusal)
    found = SpreadsheetImport.objects.with_people().visible_to(request.user)
    page = Paginator(found, _IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/imports.html", {"form": form, "page": page})


@access(importers)
@require_safe
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """The spreadsheet as it was uploaded."""
    found = import_or_404(request.user, pk)
    if not found.file:
        raise Http404
    try:
        return download(found)
    except FileNotFoundError as error:
        raise Http404 from error


def _say_if_again(request: SignedInRequest, received: SpreadsheetImport) -> None:
    before = SpreadsheetImport.objects.applied_before(received)
    if before is None or before.applied_at is None:
        return
    day = long_date(timezone.localtime(before.applied_at).date())
    by = f" by {before.applied_by}" if before.applied_by else ""
    messages.info(
        request,
        f"This is the very file that was applied on {day}{by}. What it would change now is below.",
    )
