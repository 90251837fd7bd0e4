"""`/inspections/`: what inspections there are, and a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from inspections import activity, listing
from inspections.choices import Source
from inspections.inspection_forms import InspectionForm
from inspections.views.pages import (
    FORM_METHODS,
    GOVERN,
    form_page,
    governance,
    readers,
    saved,
    tabs,
)
from people.requests import SignedInRequest


@access(readers)
@require_safe
def inspections(request: SignedInRequest) -> HttpResponse:
    """The inspections of one source (`?source=`), by how far they are; `?kind=` for one kind."""
    asked = request.GET.get("source", "")
    source = Source(asked) if asked in Source.values else Source.HMICFRS
    kinds = listing.kinds_of(request.user, source)
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(kinds) else ""
    context: dict[str, Any] = {
        "tabs": tabs("inspections"),
        "sources": _sources(request, source),
        "source": source,
        "kinds": [
            {"text": name, "href": f"?source={source}&kind={value}", "current": value == kind}
            for value, name in kinds
        ]
        if len(kinds) > 1
        else [],
        "kind": kind,
        "groups": listing.grouped(request.user, source, kind),
        "may_govern": request.user.has_perm(GOVERN),
    }
    return render(request, "inspections/inspections.html", context)


def _sources(request: SignedInRequest, source: str) -> list[dict[str, object]]:
    counts = listing.counts(request.user)
    return [
        {
            "text": each.label,
            "href": f"?source={each}",
            "count": counts[each],
            "current": each == source,
        }
        for each in Source
    ]


@access(governance)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """`/inspections/add/`: an inspection by HMICFRS or another body that is known of."""
    form = InspectionForm(request.POST or None)
    added = saved(form, lambda: activity.record_inspection(actor=request.user, **form.cleaned_data))
    if added is not None:
        messages.success(request, f"“{added}” is recorded. Add when its parts take place.")
        return redirect(added)
    back = reverse("inspections:inspections")
    return form_page(
        request, form, "Add an inspection", back, "Inspections", button="Add inspection"
    )
