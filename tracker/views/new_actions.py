"""Governance records the actions that came with a publication."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from inspections.models import Publication
from people.requests import SignedInRequest
from tracker.models import Action
from tracker.new_action_forms import (
    MOST_AT_ONCE,
    SharedForm,
    action_forms,
    entered,
    one_more,
    tell_faults,
)
from tracker.new_actions import NotRecorded, record_actions
from tracker.outside import description_of, tell_of_new_actions
from tracker.refusals import refusals_on
from tracker.views.rules import FORM_METHODS, governance


@access(governance)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/publications/<slug>/actions/add/`: several at once, or one.

    With `?portal_reference=` the first begins with what HMICFRS's portal says of it.
    """
    publication = get_object_or_404(Publication, slug=slug)
    if "another" in request.POST:
        shared, parts = one_more(request.POST, publication)
        return _page(request, publication, shared, parts)
    data = request.POST if request.method == "POST" else None
    shared = SharedForm(data, publication=publication)
    asked = request.GET.get("portal_reference", "")
    parts = action_forms(data, publication, description_of(asked) if asked else None)
    if data is not None and all([shared.is_valid(), parts.is_valid()]):
        recorded = _record(request, publication, shared, parts)
        if recorded:
            tell_of_new_actions(request.user)
            messages.success(request, _recorded_words(recorded))
            return redirect("tracker:publication", publication.slug)
    return _page(request, publication, shared, parts)


def _record(
    request: SignedInRequest, publication: Publication, shared: SharedForm, parts: Any
) -> list[Action]:
    """The actions that were recorded; none where something is wrong, which is told."""
    told = entered(shared, parts)
    forms = [form for form, _ in told]
    if any(form.errors for form in forms):
        return []
    try:
        with refusals_on(shared, names={"on": "received"}):
            return record_actions(
                publication,
                [new for _, new in told],
                actor=request.user,
                received=shared.when,
            )
    except NotRecorded as refusal:
        tell_faults(shared, forms, refusal.faults)
    return []


def _recorded_words(recorded: list[Action]) -> str:
    """ "ST-0241 is recorded." or "3 actions are recorded: ST-0241 to ST-0243." """
    first, last = recorded[0], recorded[-1]
    if len(recorded) == 1:
        return f"{first} is recorded."
    return f"{len(recorded)} actions are recorded: {first} to {last}."


def _page(
    request: SignedInRequest, publication: Publication, shared: SharedForm, parts: Any
) -> HttpResponse:
    context = {
        "form": shared,
        "parts": parts,
        "errors": parts.error_links(),
        "publication": publication,
        "may_add_another": len(parts.forms) < MOST_AT_ONCE,
        "next_number": len(parts.forms) + 1,
        "heading": "Add actions",
        "cancel": reverse("tracker:publication", args=[publication.slug]),
    }
    return render(request, "tracker/new_actions.html", context)
