"""Pages of FIVES: what there is, one piece of it, its files, and adding to it."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.dates import long_date
from core.downloads import download
from core.refused import told_on
from evidence.forms import EvidenceForm, SearchForm, VersionForm
from evidence.models import Evidence, EvidenceFile
from evidence.panels import panels_of
from evidence.recording import add_evidence, add_version, may_add_version
from people.requests import SignedInRequest

logger = logging.getLogger("portal.evidence")
_readers = holders_of("evidence.view_evidence")
_adders = holders_of("evidence.add_evidence")
_ITEMS_A_PAGE = 25


@access(_readers)
@require_safe
def items(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.GET if request.GET.get("q", "").strip() else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = Evidence.objects.visible_to(request.user).titled(words).with_files().latest_first()
    page = Paginator(found, _ITEMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/items.html", {"form": form, "words": words, "page": page})


@access(_readers)
@require_safe
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    """One piece of evidence with its versions."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).with_files(), pk=pk)
    if found.is_sensitive:
        logger.info("%s read sensitive evidence %d", request.user.username, found.pk)
    context = {
        "item": found,
        "facts": _facts(found),
        "versions": sorted(found.files.all(), key=lambda each: -each.version),
        "may_add_version": not found.link and may_add_version(found, request.user),
        "panels": panels_of(found, request.user),
    }
    return render(request, "evidence/item.html", context)


def _facts(found: Evidence) -> list[dict[str, str]]:
    facts = [
        {"key": "Date of the evidence", "value": long_date(found.dated_on)},
        {"key": "Owner", "value": str(found.owner)},
    ]
    if found.link:
        facts.append({"key": "Link", "value": found.link, "as_link": found.link})
    return facts


@access(_adders)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    sent = request.method == "POST"
    form = EvidenceForm(request.POST, request.FILES) if sent else EvidenceForm()
    if form.is_valid():
        with told_on(form):
            added = add_evidence(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{added}” is kept.")
            return redirect(added)
    context = {
        "form": form,
        "heading": "Add evidence",
        "button": "Add evidence",
        "cancel": reverse("evidence:items"),
    }
    return render(request, "evidence/add.html", context)


@access(_adders)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a newer version of the file."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    if not may_add_version(found, request.user):
        raise PermissionDenied
    sent = request.method == "POST"
    form = VersionForm(request.POST, request.FILES) if sent else VersionForm()
    if form.is_valid():
        with told_on(form):
            added = add_version(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"Version {added.version} is kept.")
            return redirect(found)
    context = {
        "form": form,
        "item": found,
        "heading": f"Add a version of “{found}”",
        "button": "Add version",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "evidence/version.html", context)


@access(_readers)
@require_safe
def file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download a version of a file, always as an attachment."""
    visible = EvidenceFile.objects.visible_to(request.user).select_related("evidence")
    found = get_object_or_404(visible, pk=pk)
    try:
        response = download(found)
    except FileNotFoundError:
        logger.error(
            "The file of evidence %d, version %d, is missing", found.evidence_id, found.version
        )
        return render(request, "evidence/file_missing.html", {"file": found}, status=404)
    if found.evidence.is_sensitive:
        logger.info(
            "%s downloaded version %d of sensitive evidence %d",
            request.user.username,
            found.version,
            found.evidence_id,
        )
    return response
