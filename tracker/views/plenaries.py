"""The plenary session on receipt of a report, and the improvements it writes into the plans."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from core.collisions import Overtaken
from core.dates import long_date
from core.numbers import capitalised, counted
from core.refused import told_on
from inspections.models import ImprovementItem, Publication
from inspections.plenaries import add_items, record_plenary
from inspections.plenary_forms import PlenaryForm, wanted_forms
from people.requests import SignedInRequest
from tracker.views.rules import FORM_METHODS, governance


def _publication_or_404(slug: str) -> Publication:
    found: Publication = get_object_or_404(
        Publication.objects.select_related("plenary", "question__framework"), slug=slug
    )
    return found


@access(governance)
@require_http_methods(FORM_METHODS)
def plenary(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/publications/<slug>/plenary/`: the session that went through the report."""
    found = _publication_or_404(slug)
    form = PlenaryForm(request.POST or None, publication=found)
    if form.is_valid():
        try:
            with told_on(form):
                recorded = record_plenary(
                    found, actor=request.user, version=form.cleaned_data["version"], **form.changes
                )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(
                request, f"The plenary session of {long_date(recorded.held_on)} is recorded."
            )
            return redirect(f"{reverse('tracker:publication', args=[slug])}#plenary")
    context = {
        "form": form,
        "heading": f"Plenary session on “{found}”",
        "cancel": reverse("tracker:publication", args=[slug]),
        "back_words": "Publication",
    }
    return render(request, "tracker/publication_form.html", context)


@access(governance)
@require_http_methods(FORM_METHODS)
def items(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/publications/<slug>/plenary/items/`: what the session wants improved, several at once."""
    found = _publication_or_404(slug)
    if found.plenary_on is None:
        messages.info(request, "Record the plenary session first, then what it wants improved.")
        return redirect("tracker:plenary", slug)
    parts = wanted_forms(request.POST if request.method == "POST" else None, found)
    refused: list[dict[str, str]] = []
    if parts.is_valid():
        try:
            with told_on(parts.forms[0]):
                added = add_items(found.plenary, actor=request.user, wanted=parts.wanted)
        except PermissionDenied as refusal:
            refused = [{"text": str(refusal), "href": ""}]
        if not refused and not any(form.errors for form in parts.forms):
            messages.success(request, _added_words(added))
            return redirect(f"{reverse('tracker:publication', args=[slug])}#plenary")
    context: dict[str, Any] = {
        "parts": parts,
        "errors": [*refused, *parts.error_links()],
        "publication": found,
        "heading": "Write improvements into the plans",
        "button": "Add to the plans",
        "cancel": reverse("tracker:publication", args=[slug]),
    }
    return render(request, "tracker/plenary_items.html", context)


def _added_words(added: list[ImprovementItem]) -> str:
    areas = sorted({item.question.number for item in added})
    words = ", ".join(f"PAF {number}" for number in areas)
    return f"{capitalised(counted(len(added), 'improvement'))} in the plan: {words}."
