"""Inspection packs: mine, choosing what one holds, how far it has come, and its archive.

They stand here because actions can be chosen; how a pack is built is the evidence room's.
"""

import logging
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.dates import long_date
from core.downloads import download
from core.refused import told_on
from evidence.linking_forms import SureForm
from evidence.models import PackRequest
from evidence.packs import progress as progress_of
from evidence.packs.choosing import Piece, highest_marking, pieces_of
from evidence.packs.expiring import remove_pack
from evidence.packs.giving import note_given, why_not_given
from evidence.packs.index import choice_words, counted_words
from evidence.packs.tasks import ask_again, ask_for_pack
from people.requests import SignedInRequest
from tracker.pack_forms import PackForm
from tracker.views.rules import FORM_METHODS

logger = logging.getLogger("portal.evidence")
_readers = holders_of("evidence.view_evidence")
_PACKS_A_PAGE = 25
_SHOWN = 25


@access(_readers)
@require_safe
def packs(request: SignedInRequest) -> HttpResponse:
    """`/evidence/packs/`: my packs, the latest first."""
    page = Paginator(PackRequest.objects.of(request.user), _PACKS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "tracker/packs/packs.html", {"page": page})


@access(_readers)
@require_http_methods(FORM_METHODS)
def new(request: SignedInRequest) -> HttpResponse:
    """`/evidence/packs/new/`: choose, see what would be in it, have it built."""
    sent: Any = request.POST if request.method == "POST" else request.GET
    asked = request.method == "POST" or "show" in request.GET
    form = PackForm(sent if asked else None, reader=request.user, initial=_begun_with(request))
    prospect = None
    if asked and form.is_valid():
        if request.method == "POST":
            with told_on(form):
                pack = ask_for_pack(actor=request.user, wanted=form.wanted, words=form.words)
            if not form.errors:
                return redirect("tracker:pack", pack.pk)
        else:
            prospect = _prospect(pieces_of(form.wanted, request.user))
    context = {"form": form, "prospect": prospect, "cancel": reverse("tracker:packs")}
    return render(request, "tracker/packs/new.html", context)


def _begun_with(request: SignedInRequest) -> dict[str, Any]:
    """What a link to the page has chosen already."""
    return {
        "question": [each for each in request.GET.getlist("question") if each.isdecimal()],
        "action": ", ".join(request.GET.getlist("action")),
    }


def _prospect(pieces: list[Piece]) -> dict[str, Any]:
    """What a pack would hold, for who may read all of it."""
    files = [piece.evidence.latest for piece in pieces if piece.evidence.latest is not None]
    return {
        "pieces": pieces[:_SHOWN],
        "more": max(0, len(pieces) - _SHOWN),
        "contents": counted_words(len(files), len(pieces) - len(files)),
        "size": sum(file.size for file in files),
        "marking": highest_marking(pieces),
    }


def _pack_or_404(request: SignedInRequest, pk: int) -> PackRequest:
    """A pack of this person.

    Raises:
        Http404: there is none of theirs.
    """
    found: PackRequest = get_object_or_404(PackRequest.objects.of(request.user), pk=pk)
    return found


@access(_readers)
@require_safe
def pack(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/packs/<pk>/`: how far it has come, or what it is and its download."""
    found = _pack_or_404(request, pk)
    ready = found.is_ready
    context = {
        "pack": found,
        "choices": choice_words(found),
        "under_way": progress_of.under_way(found),
        "not_given": why_not_given(found, request.user) if ready else "",
        "facts": _facts(found) if ready else [],
    }
    return render(request, "tracker/packs/pack.html", context)


def _facts(found: PackRequest) -> list[dict[str, Any]]:
    links = sum(1 for each in found.contents if each["version"] is None)
    facts = [
        {"key": "Holds", "value": counted_words(len(found.contents) - links, links)},
    ]
    days = (("Built", found.built_at), ("Can be downloaded until", found.expires_at))
    facts += [
        {"key": key, "value": long_date(timezone.localdate(moment))}
        for key, moment in days
        if moment
    ]
    return facts


@access(_readers)
@require_safe
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """`/evidence/packs/<pk>/progress/`: how far building has come; null while nobody knows."""
    begun = progress_of.under_way(_pack_or_404(request, pk))
    return JsonResponse(
        {
            "under_way": begun is not None and not begun.stalled,
            "done": begun.done if begun else None,
            "total": begun.total if begun else None,
        }
    )


@access(_readers)
@require_safe
def archive(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """`/evidence/packs/<pk>/pack.zip`: the archive, where its maker may still have it."""
    found = _pack_or_404(request, pk)
    refusal = why_not_given(found, request.user)
    if refusal:
        messages.error(request, refusal)
        return redirect("tracker:pack", pk)
    try:
        response = download(found)
    except FileNotFoundError:
        logger.error("The archive of inspection pack %d is missing", found.pk)
        messages.error(request, "This pack is not where files are kept. Build it again.")
        return redirect("tracker:pack", pk)
    note_given(found)
    return response


@access(_readers)
@require_http_methods(FORM_METHODS)
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/packs/<pk>/again/`: ask, then have it built anew."""
    found = _pack_or_404(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with told_on(form):
            ask_again(found, actor=request.user)
        if not form.errors:
            return redirect("tracker:pack", pk)
    return _asked(request, found, form, "tracker/packs/again.html")


@access(_readers)
@require_http_methods(FORM_METHODS)
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/packs/<pk>/remove/`: ask, then remove the archive."""
    found = _pack_or_404(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        remove_pack(found, actor=request.user, reason="Removed by its maker")
        messages.success(request, "The pack is removed. The evidence in it stays where it is.")
        return redirect("tracker:packs")
    return _asked(request, found, form, "tracker/packs/remove.html")


def _asked(
    request: SignedInRequest, found: PackRequest, form: SureForm, template: str
) -> HttpResponse:
    context = {
        "pack": found,
        "form": form,
        "choices": choice_words(found),
        "cancel": reverse("tracker:pack", args=[found.pk]),
    }
    return render(request, template, context)
