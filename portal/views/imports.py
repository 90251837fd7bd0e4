"""The list of imports, and uploading a spreadsheet."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import access
from core.dates import long_date
from core.downloads import download
from people.requests import SignedInRequest
from portal.forms import UploadForm, day_of_export
from portal.imports.discarding import discard as discard_import
from portal.imports.discarding import take_in_otherwise
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.models import Purpose, SpreadsheetImport, State
from portal.reconciliation.records import check_day
from portal.views.found import import_or_404, importers, may_take_in
from portal.views.setting_up import next_step
from tracker.workflow import Refused

logger = logging.getLogger("portal.imports")
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
            return next_step(received)
        form.add_error("workbook", received.refusal)
    found = SpreadsheetImport.objects.with_people().visible_to(request.user)
    page = Paginator(found, _IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    exports_only = not may_take_in(request.user, Purpose.LIST)
    context = {"form": form, "page": page, "exports_only": exports_only}
    return render(request, "portal/imports.html", context)


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask before an upload that was never applied is removed, then remove it."""
    found = import_or_404(request.user, pk)
    if request.method != "POST":
        if not found.can_be_discarded:
            return redirect(found)
        return render(request, "portal/discard.html", {"import": found})
    try:
        discard_import(found, actor=request.user)
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, f"“{found}” is discarded.")
    return redirect("portal:imports")


@access(importers)
@require_POST
def otherwise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the kept file of an import in for what it looks like."""
    found = import_or_404(request.user, pk)
    if found.looks_like and not may_take_in(request.user, found.looks_like):
        raise Http404
    try:
        if not found.looks_like:
            raise ImportNotPossible("This spreadsheet looks like what it is taken in for.")
        day = day_of_export(found.looks_like, found.original_name)
        if day:
            check_day(day)
        received = take_in_otherwise(found, found.looks_like, as_at=day, actor=request.user)
    except (ImportNotPossible, Refused) as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    if received.state != State.REFUSED:
        what = received.get_purpose_display()
        messages.success(request, f"The spreadsheet is taken in as “{what}” now.")
        _say_if_again(request, received)
    return next_step(received)


@access(importers)
@require_safe
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """The spreadsheet as it was uploaded."""
    found = import_or_404(request.user, pk)
    if not found.file:
        raise Http404
    try:
        response = download(found)
    except FileNotFoundError as error:
        raise Http404 from error
    logger.info("%s downloaded the file of import %d", request.user.username, found.pk)
    return response


def _say_if_again(request: SignedInRequest, received: SpreadsheetImport) -> None:
    before = SpreadsheetImport.objects.applied_before(received, received.purpose)
    if before is None or before.applied_at is None:
        return
    day = long_date(timezone.localtime(before.applied_at).date())
    by = f" by {before.applied_by}" if before.applied_by else ""
    messages.info(
        request,
        f"This is the very file that was applied on {day}{by}. The preview shows what it would "
        "change now.",
    )
