"""An inspection, or an internal review: what it looks at, how far it is, and what came of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.collisions import Overtaken
from core.dates import long_date, today
from core.refused import told_on
from inspections import activity
from inspections.choices import InspectionStatus, PublicationType
from inspections.forms import PublicationForm
from inspections.inspection_forms import ChangeInspectionForm, InspectionStatusForm
from inspections.models import Inspection
from people.requests import SignedInRequest
from tracker.models import Action
from tracker.views.rules import FORM_METHODS, GOVERN, governance

_readers = holders_of("inspections.view_inspection")


def _inspection_or_404(request: SignedInRequest, pk: int) -> Inspection:
    visible = Inspection.objects.visible_to(request.user).in_full()
    found: Inspection = get_object_or_404(visible, pk=pk)
    return found


@access(_readers)
@require_safe
def inspection(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/`: one inspection, with the actions that its report brought."""
    found = _inspection_or_404(request, pk)
    report = found.report
    context = {
        "inspection": found,
        "steps": _steps(found),
        "facts": _facts(found, request),
        "phases": list(found.phases.all()),
        "expectations": list(found.expectations.select_related("lead")),
        "may_govern": request.user.has_perm(GOVERN),
        "actions": Action.objects.of_publication(report, request.user, today()) if report else None,
        "buttons": _buttons(found) if request.user.has_perm(GOVERN) else [],
    }
    return render(request, "tracker/inspection.html", context)


def _steps(found: Inspection) -> list[dict[str, str]]:
    """How far it is, as components/status_track.html takes it."""
    if found.status == InspectionStatus.WITHDRAWN:
        return [
            {"title": InspectionStatus.PROPOSED.label, "state": "done"},
            {"title": InspectionStatus.WITHDRAWN.label, "state": "current"},
        ]
    order: list[InspectionStatus] = list(InspectionStatus)
    order.remove(InspectionStatus.WITHDRAWN)
    at = order.index(InspectionStatus(found.status))
    last = len(order) - 1
    return [
        {
            "title": str(step.label),
            "state": "done"
            if place < at or at == last
            else "current"
            if place == at
            else "to-come",
        }
        for place, step in enumerate(order)
    ]


def _facts(found: Inspection, request: SignedInRequest) -> list[dict[str, str]]:
    facts = [
        {"key": "Carried out by", "value": found.body},
        {"key": "Scope", "value": found.get_scope_display()},
        {"key": "Involvement", "value": found.get_involvement_display()},
        {"key": "Led by", "value": str(found.lead or "Not named yet")},
    ]
    if found.question is not None:
        question = found.question
        address = reverse("tracker:question", args=[question.framework.version, question.number])
        words = f"{question}: {question.text}"
        facts.append({"key": "Question area", "value": words, "as_link": address})
    if found.commissioned_on is not None:
        words = f"{settings.BOARD_NAME} of {long_date(found.commissioned_on)}"
        proposed = (InspectionStatus.PROPOSED, InspectionStatus.WITHDRAWN)
        key = "Proposed to" if found.status in proposed else "Commissioned by"
        facts.append({"key": key, "value": words})
    if found.report is None:
        facts.append({"key": "Report expected", "value": found.report_expected})
    else:
        address = reverse("tracker:publication", args=[found.report.slug])
        words = f"{found.report}, {found.report.published_words}"
        facts.append({"key": "Report", "value": words, "as_link": address})
    return facts


def _buttons(found: Inspection) -> list[dict[str, str]]:
    """What governance may do, as components/button_group.html takes it."""
    edit = {"text": "Change", "href": reverse("tracker:inspection_edit", args=[found.pk])}
    if found.report is not None:
        add = reverse("tracker:actions_add", args=[found.report.slug])
        return [{"text": "Add actions", "href": add}, {**edit, "style": "link"}]
    return [
        {
            "text": "Record its report",
            "href": reverse("tracker:inspection_report", args=[found.pk]),
        },
        {
            "text": "Change the status",
            "href": reverse("tracker:inspection_status", args=[found.pk]),
            "style": "secondary",
        },
        {**edit, "style": "link"},
    ]


@access(governance)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/edit/`: its details."""
    found = _inspection_or_404(request, pk)
    form = ChangeInspectionForm(request.POST or None, inspection=found)
    if form.is_valid():
        try:
            with told_on(form):
                activity.change_inspection(
                    found,
                    actor=request.user,
                    version=form.cleaned_data["version"],
                    **form.changes,
                )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The details are saved.")
            return redirect("tracker:inspection", pk)
    return _form_page(request, found, form, f"Change “{found}”")


@access(governance)
@require_http_methods(FORM_METHODS)
def status(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/status/`: how far it is."""
    found = _inspection_or_404(request, pk)
    form = InspectionStatusForm(request.POST or None, initial={"status": found.status})
    if form.is_valid():
        with told_on(form):
            changed = activity.change_status(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"The status is: {changed.get_status_display().lower()}.")
            return redirect("tracker:inspection", pk)
    return _form_page(request, found, form, f"How far is “{found}”?")


@access(governance)
@require_http_methods(FORM_METHODS)
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/inspections/<pk>/report/`: the publication it ended in."""
    found = _inspection_or_404(request, pk)
    if found.report is not None and request.method != "POST":
        messages.info(request, "Its report is recorded already.")
        return redirect("tracker:inspection", pk)
    first = {
        "type": found.kind,
        "title": found.title,
        "scope": found.scope,
        "question": found.question_id,
        "body": found.body if found.kind == PublicationType.OTHER_BODY else "",
    }
    form = PublicationForm(request.POST or None, initial=first)
    if form.is_valid():
        with told_on(form):
            added = activity.record_report(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{added}” is recorded. Add the actions that came of it.")
            return redirect("tracker:publication", added.slug)
    return _form_page(request, found, form, "Record its report", button="Record the report")


def _form_page(
    request: SignedInRequest, found: Inspection, form: Any, heading: str, button: str = "Save"
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": reverse("tracker:inspection", args=[found.pk]),
        "back_words": found.title,
    }
    return render(request, "tracker/publication_form.html", context)
