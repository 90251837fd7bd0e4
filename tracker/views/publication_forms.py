"""Governance records publications, changes them, and records the response to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from core.access import access
from core.collisions import Overtaken
from core.dates import long_date
from core.refused import told_on
from inspections import recording
from inspections.forms import ChangePublicationForm, PublicationForm, ResponseForm
from inspections.models import Publication
from people.requests import SignedInRequest
from tracker.editing import change_publication
from tracker.outside import description_of
from tracker.views.rules import FORM_METHODS, governance


@access(governance)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """`/publications/add/`: a report that was published.

    With `?portal_reference=` it begins with what HMICFRS's portal says of the publication, and goes
    on to recording that action.
    """
    asked = request.GET.get("portal_reference", "")
    form = PublicationForm(request.POST or None, initial=_begun_with(asked))
    if form.is_valid():
        with told_on(form):
            added = recording.record_publication(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{added}” is recorded. {_clock_words(added)}")
            if asked:
                query = urlencode({"portal_reference": asked})
                return redirect(f"{reverse('tracker:actions_add', args=[added.slug])}?{query}")
            return redirect("tracker:publication", added.slug)
    context = {
        "form": form,
        "heading": "Add a publication",
        "button": "Add publication",
        "cancel": reverse("tracker:publications"),
        "back_words": "Publications",
    }
    return render(request, "tracker/publication_form.html", context)


def _begun_with(portal_reference: str) -> dict[str, Any]:
    """What HMICFRS's portal says of the publication that a reference comes from, by field."""
    said = description_of(portal_reference) if portal_reference else {}
    names = {"title": "publication", "published_on": "published_on", "scope": "scope"}
    return {field: said[name] for field, name in names.items() if said.get(name)}


def _clock_words(publication: Publication) -> str:
    due = publication.response_due_on
    if due is None:
        return "No response duty is recorded for it."
    return f"Its response is due on {long_date(due)}."


@access(governance)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/publications/<slug>/edit/`: its details."""
    found = get_object_or_404(Publication, slug=slug)
    heading = f"Change “{found}”"
    form = ChangePublicationForm(
        request.POST or None, instance=found, initial={"version": found.version}
    )
    if form.is_valid():
        try:
            with told_on(form):
                change_publication(
                    found,
                    actor=request.user,
                    version=form.cleaned_data["version"],
                    **form.changes,
                )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The publication is saved.")
            return redirect("tracker:publication", slug)
    return _form_page(request, form, slug, heading)


@access(governance)
@require_http_methods(FORM_METHODS)
def response(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/publications/<slug>/response/`: the duty to answer it, and the answer."""
    found = get_object_or_404(Publication, slug=slug)
    form = ResponseForm(request.POST or None, publication=found)
    if form.is_valid():
        try:
            with told_on(form):
                recording.record_response(found, actor=request.user, **form.response)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The response is saved.")
            return redirect("tracker:publication", slug)
    return _form_page(request, form, slug, f"Response to “{found}”")


def _form_page(
    request: SignedInRequest, form: PublicationForm | ResponseForm, slug: str, heading: str
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "cancel": reverse("tracker:publication", args=[slug]),
        "back_words": "Publication",
    }
    return render(request, "tracker/publication_form.html", context)
