"""When the parts of an inspection take place, and what is expected of the force for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from core.access import access
from core.forms import GovukForm
from inspections import phasing
from inspections.models import Expectation, InspectionPhase
from inspections.phase_forms import ExpectationForm, PhaseForm
from inspections.views.pages import (
    FORM_METHODS,
    form_page,
    governance,
    inspection_or_404,
    saved,
)
from people.requests import SignedInRequest


def _phase_or_404(request: SignedInRequest, pk: int) -> InspectionPhase:
    visible = InspectionPhase.objects.visible_to(request.user).select_related("inspection")
    found: InspectionPhase = get_object_or_404(visible, pk=pk)
    return found


@access(governance)
@require_http_methods(FORM_METHODS)
def add_phase(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/phases/add/`: a part of it, with its time as far as that is known."""
    found = inspection_or_404(request, pk)
    form = PhaseForm(request.POST or None)
    if saved(form, lambda: phasing.add_phase(found, actor=request.user, **form.changes)):
        messages.success(request, "The dates are recorded.")
        return redirect(found)
    return form_page(request, form, "Add dates", found.get_absolute_url(), found.title)


@access(governance)
@require_http_methods(FORM_METHODS)
def change_phase(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/phases/<pk>/edit/`: other dates for a part."""
    phase = _phase_or_404(request, pk)
    form = PhaseForm(request.POST or None, phase=phase)
    if saved(form, lambda: phasing.change_phase(phase, actor=request.user, **form.cleaned_data)):
        messages.success(request, "The dates are changed.")
        return redirect(phase.inspection)
    back = phase.inspection.get_absolute_url()
    return form_page(request, form, "Change dates", back, phase.inspection.title)


@access(governance)
@require_http_methods(FORM_METHODS)
def remove_phase(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/phases/<pk>/remove/`: a part that does not take place."""
    phase = _phase_or_404(request, pk)
    if request.method == "POST":
        phasing.remove_phase(phase, actor=request.user)
        messages.success(request, f"“{phase}” is taken away.")
        return redirect(phase.inspection)
    return form_page(
        request,
        GovukForm(),
        "Take these dates away?",
        phase.inspection.get_absolute_url(),
        phase.inspection.title,
        button="Take away",
        lead_text=f"{phase}. The history keeps that they were recorded.",
    )


@access(governance)
@require_http_methods(FORM_METHODS)
def add_expectation(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/expected/add/`: something that is expected of the force."""
    found = inspection_or_404(request, pk)
    form = ExpectationForm(request.POST or None)
    if saved(form, lambda: phasing.add_expectation(found, actor=request.user, **form.changes)):
        messages.success(request, "What is expected is recorded.")
        return redirect(found)
    heading = "Add what is expected of the force"
    return form_page(request, form, heading, found.get_absolute_url(), found.title)


@access(governance)
@require_http_methods(FORM_METHODS)
def change_expectation(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/expected/<pk>/edit/`: other words, another day, or that it is done."""
    visible = Expectation.objects.visible_to(request.user).select_related("inspection")
    expected: Expectation = get_object_or_404(visible, pk=pk)
    form = ExpectationForm(request.POST or None, expected=expected)
    if saved(
        form,
        lambda: phasing.change_expectation(expected, actor=request.user, **form.cleaned_data),
    ):
        messages.success(request, "What is expected is changed.")
        return redirect(expected.inspection)
    back = expected.inspection.get_absolute_url()
    heading = "Change what is expected of the force"
    return form_page(request, form, heading, back, expected.inspection.title)
