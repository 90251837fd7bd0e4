"""The pack of a Board as a PDF: live until the meeting is closed, then the stored minutes."""

import datetime as dt
import logging

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from board.choices import PackReaders
from board.document import document_of, marked_since, sees_sensitive, shown_to
from board.models import Meeting
from board.pack import pack_name, pack_pdf
from board.views.found import meeting_or_404
from board.views.rules import readers
from core.access import access
from core.downloads import download
from core.markings import Marking
from core.pdf import PdfError
from people.requests import SignedInRequest

logger = logging.getLogger("portal.board")


@access(readers)
@require_safe
def pack(request: SignedInRequest, day: dt.date) -> HttpResponseBase:
    """`/board/<day>/pack.pdf`: what the reader may read of it; reading sensitive things is
    written down.
    """
    found = meeting_or_404(request, day)
    if found.closed:
        return _stored(request, found)
    if not found.open:
        messages.info(request, f"The {found} is cancelled: it has no pack.")
        return redirect(found)
    return _live(request, found)


def _live(request: SignedInRequest, found: Meeting) -> HttpResponse:
    document = document_of(found, reader=request.user)
    try:
        content = pack_pdf(document)
    except PdfError as error:
        logger.exception("The pack of the %s cannot be made", found)
        messages.error(request, f"{error} Look at what was last written into the agenda.")
        return redirect(found)
    _write_down(request, found, sensitive=document["front"]["marking"] == Marking.SENSITIVE)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{pack_name(document)}"'},
    )


def _stored(request: SignedInRequest, found: Meeting) -> HttpResponseBase:
    """The stored bytes; they are never made again."""
    assert found.document is not None  # a closed meeting has it
    sensitive = found.document["front"]["marking"] == Marking.SENSITIVE
    whole = sees_sensitive(request.user) or not sensitive
    if not sees_sensitive(request.user) and marked_since(found.document):
        return _without_what_was_marked_since(request, found)
    record = found.packs.get(readers=PackReaders.ALL if whole else PackReaders.OPEN)
    try:
        response = download(record)
    except FileNotFoundError:
        logger.error("The minutes of the %s are missing", found)
        return render(request, "board/file_missing.html", {"meeting": found}, status=404)
    _write_down(request, found, sensitive=sensitive and whole)
    return response


def _without_what_was_marked_since(request: SignedInRequest, found: Meeting) -> HttpResponse:
    """What is stored shows what is OFFICIAL-SENSITIVE by now: this reader gets it without."""
    document = shown_to(found, request.user)
    return HttpResponse(
        pack_pdf(document),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{pack_name(document)}"'},
    )


def _write_down(request: SignedInRequest, found: Meeting, *, sensitive: bool) -> None:
    if sensitive:
        logger.info("%s read the sensitive pack of the %s", request.user.username, found)
