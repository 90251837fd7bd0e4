"""`/inspections/monitoring/`: at which stage of which scheme HMICFRS watches the force."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from inspections.models import MonitoringPeriod, MonitoringScheme
from inspections.monitoring import add_scheme, begin_stage, correct_stage
from inspections.monitoring_forms import CorrectStageForm, SchemeForm, StageForm
from inspections.views.pages import (
    FORM_METHODS,
    SCHEMES,
    form_page,
    readers,
    saved,
    scheme_keepers,
    tabs,
)
from people.requests import SignedInRequest

_BACK = "Monitoring"


@access(readers)
@require_safe
def monitoring(request: SignedInRequest) -> HttpResponse:
    """The stages the force has been at, the latest first, and how each scheme works."""
    periods = list(MonitoringPeriod.objects.select_related("stage__scheme"))
    context = {
        "tabs": tabs("monitoring"),
        "periods": _with_ends(periods),
        "now": next((each for each in periods if each.ended_on is None), None),
        "schemes": MonitoringScheme.objects.prefetch_related("stages"),
        "may_keep": request.user.has_perm(SCHEMES),
    }
    return render(request, "inspections/monitoring.html", context)


def _with_ends(periods: list[MonitoringPeriod]) -> list[tuple[MonitoringPeriod, str]]:
    """Each period with when it ended, as far as that is known: when the one after it began."""
    began = {each.started_on: each.since for each in periods}
    return [(each, began.get(each.ended_on, "") if each.ended_on else "") for each in periods]


@access(scheme_keepers)
@require_http_methods(FORM_METHODS)
def scheme(request: SignedInRequest) -> HttpResponse:
    """`/inspections/monitoring/schemes/add/`: another scheme with its stages."""
    form = SchemeForm(request.POST or None)
    added = saved(form, lambda: add_scheme(actor=request.user, **form.cleaned_data))
    if added is not None:
        messages.success(request, f"“{added}” is recorded. Record the stage the force is at.")
        return redirect("inspections:monitoring")
    back = reverse("inspections:monitoring")
    return form_page(request, form, "Add a scheme of monitoring", back, _BACK)


@access(scheme_keepers)
@require_http_methods(FORM_METHODS)
def stage(request: SignedInRequest) -> HttpResponse:
    """`/inspections/monitoring/stage/`: the stage the force has come to."""
    form = StageForm(request.POST or None)
    begun = saved(form, lambda: begin_stage(actor=request.user, **form.cleaned_data))
    if begun is not None:
        messages.success(request, f"The stage is {begun.stage.name}, since {begun.since}.")
        return redirect("inspections:monitoring")
    return form_page(
        request,
        form,
        "Record the stage of monitoring",
        reverse("inspections:monitoring"),
        _BACK,
        lead_text="The stage before it ends on the same day.",
    )


@access(scheme_keepers)
@require_http_methods(FORM_METHODS)
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/monitoring/<pk>/edit/`: since when the force is, or was, at a stage."""
    period = get_object_or_404(MonitoringPeriod.objects.select_related("stage__scheme"), pk=pk)
    form = CorrectStageForm(request.POST or None, period=period)
    if saved(form, lambda: correct_stage(period, actor=request.user, **form.cleaned_data)):
        messages.success(request, "The stage is corrected.")
        return redirect("inspections:monitoring")
    back = reverse("inspections:monitoring")
    return form_page(request, form, f"Correct “{period.stage}”", back, _BACK)
