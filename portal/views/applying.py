"""Pages of applying an import, of how far it has come, and of undoing it."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import access
from core.numbers import key_in
from people.requests import SignedInRequest
from portal.imports import progress as progress_of
from portal.imports.refused import ImportNotPossible
from portal.imports.tasks import ask_to_apply
from portal.imports.telling import what_applying_does
from portal.imports.undoing import prospect_of, take_in_again, undo_import, words_for
from portal.models import State
from portal.views.found import import_or_404, importers
from portal.views.setting_up import next_step


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask before an import is applied, then have it applied."""
    found = import_or_404(request.user, pk)
    if request.method != "POST":
        begun = progress_of.under_way(found)
        if found.state != State.PREVIEWED or not found.good_rows or (begun and not begun.stalled):
            return redirect(found)
        return render(
            request, "portal/apply.html", {"import": found, "sentences": what_applying_does(found)}
        )
    try:
        asked = ask_to_apply(
            found, actor=request.user, seen=key_in(request.POST.get("preview", "")) or 0
        )
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        if asked.state == State.APPLIED:
            number = asked.good_rows
            messages.success(request, f"{number:,} {'row' if number == 1 else 'rows'} applied.")
    return redirect("portal:import", pk)


@access(importers)
@require_safe
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far applying has come; `done` is null while nobody knows."""
    found = import_or_404(request.user, pk)
    begun = progress_of.under_way(found)
    return JsonResponse(
        {
            "state": found.state,
            "under_way": begun is not None and not begun.stalled,
            "done": begun.done if begun else None,
            "total": found.good_rows,
            "page": reverse("portal:import", args=[pk]),
        }
    )


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what would be undone, then undo it."""
    found = import_or_404(request.user, pk)
    if request.method != "POST":
        if found.state != State.APPLIED:
            return redirect(found)
        prospect = prospect_of(found)
        context = {
            "import": found,
            "written": prospect.written,
            "heading": "Undo this import?",
            "stands_against": prospect.stands_against,
            "cancel": found.get_absolute_url(),
        }
        return render(request, "portal/undo.html", context)
    try:
        messages.success(request, words_for(undo_import(found, actor=request.user)))
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@access(importers)
@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Preview the file of an import that was undone, as a new import."""
    found = import_or_404(request.user, pk)
    try:
        return next_step(take_in_again(found, actor=request.user))
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(found)
