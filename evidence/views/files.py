"""The files of evidence: downloaded, or shown within a page."""

import logging
from collections.abc import Callable

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.access import access
from core.downloads import download
from evidence.choices import ReadAs
from evidence.models import EvidenceFile
from evidence.previews import preview as previewed
from evidence.previews import shown_as
from evidence.readings import note
from evidence.views.rules import readers
from people.requests import SignedInRequest

logger = logging.getLogger("portal.evidence")


@access(readers)
@require_safe
def file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """`/evidence/files/<id>/`: download a version of a file, always as an attachment."""
    return _sent(request, _found(request, pk), download, ReadAs.DOWNLOAD)


@access(readers)
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """`/evidence/files/<id>/preview/`: a PDF or picture, for a frame of the portal's own pages."""
    found = _found(request, pk)
    if not shown_as(found):
        raise Http404
    return _sent(request, found, previewed, ReadAs.PREVIEW)


def _found(request: SignedInRequest, pk: int) -> EvidenceFile:
    visible = EvidenceFile.objects.visible_to(request.user).select_related("evidence")
    return get_object_or_404(visible, pk=pk)


def _sent(
    request: SignedInRequest,
    found: EvidenceFile,
    answer: Callable[[EvidenceFile], FileResponse],
    how: str,
) -> HttpResponseBase:
    try:
        response = answer(found)
    except OSError as error:
        logger.error(
            "The file of evidence %d, version %d, is missing: %s",
            found.evidence_id,
            found.version,
            error.strerror,
        )
        return render(request, "evidence/file_missing.html", {"file": found}, status=404)
    note(found.evidence, request.user, how, file=found)
    return response
