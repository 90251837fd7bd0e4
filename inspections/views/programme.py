"""`/inspections/programme/`: what bodies plan to inspect in years to come."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from inspections import programmes
from inspections.models import Inspection, PlannedInspection, Programme
from inspections.programme_forms import PlannedForm, ProgrammeForm
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

_BACK = "Planned programme"


@access(readers)
@require_safe
def programme(request: SignedInRequest) -> HttpResponse:
    """Every programme, its subjects by year."""
    planned = Programme.objects.prefetch_related("planned")
    visible = Inspection.objects.visible_to(request.user).values_list("pk", flat=True)
    context = {
        "tabs": tabs("programme"),
        "programmes": list(planned),
        "visible": set(visible),
        "may_govern": request.user.has_perm(GOVERN),
    }
    return render(request, "inspections/programme.html", context)


@access(governance)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """`/inspections/programme/add/`: another programme."""
    form = ProgrammeForm(request.POST or None)
    if saved(form, lambda: programmes.add_programme(actor=request.user, **form.changes)):
        messages.success(request, "The programme is recorded. Add what stands on it.")
        return redirect("inspections:programme")
    return form_page(request, form, "Add a programme", reverse("inspections:programme"), _BACK)


@access(governance)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/programme/<pk>/edit/`: where a programme stands."""
    found = get_object_or_404(Programme, pk=pk)
    form = ProgrammeForm(request.POST or None, programme=found)
    if saved(
        form,
        lambda: programmes.change_programme(found, actor=request.user, **form.cleaned_data),
    ):
        messages.success(request, "The programme is changed.")
        return redirect("inspections:programme")
    back = reverse("inspections:programme")
    return form_page(request, form, f"Change “{found}”", back, _BACK)


@access(governance)
@require_http_methods(FORM_METHODS)
def add_planned(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/programme/<pk>/add/`: another subject on a programme."""
    found = get_object_or_404(Programme, pk=pk)
    offered = Inspection.objects.visible_to(request.user)
    form = PlannedForm(request.POST or None, offered=offered)
    if saved(form, lambda: programmes.add_planned(found, actor=request.user, **form.changes)):
        messages.success(request, "The subject is on the programme.")
        return redirect("inspections:programme")
    back = reverse("inspections:programme")
    return form_page(request, form, f"Add to “{found}”", back, _BACK)


@access(governance)
@require_http_methods(FORM_METHODS)
def change_planned(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/programme/subjects/<pk>/edit/`: other years, or what came of it."""
    found = get_object_or_404(PlannedInspection, pk=pk)
    offered = Inspection.objects.visible_to(request.user)
    form = PlannedForm(request.POST or None, planned=found, offered=offered)
    if saved(
        form, lambda: programmes.change_planned(found, actor=request.user, **form.cleaned_data)
    ):
        messages.success(request, "The subject is changed.")
        return redirect("inspections:programme")
    back = reverse("inspections:programme")
    return form_page(request, form, f"Change “{found}”", back, _BACK)
