"""The improvement plan of a question area: items are added, changed and ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from core.collisions import Overtaken
from core.refused import told_on
from inspections.assessment_forms import ImprovementEndForm
from inspections.choices import ImprovementState
from inspections.improving import end_item, may_change_item
from inspections.models import CoreQuestion, ImprovementItem
from people.requests import SignedInRequest
from tracker.improvement import add_to_plan, change_in_plan
from tracker.improvement_forms import PlanForm
from tracker.views.paf.found import item_or_404, question_to_assess, readers
from tracker.views.rules import FORM_METHODS


@access(readers)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest, version: str, number: int) -> HttpResponse:
    """`/paf/<version>/<n>/plan/add/`: a new item of the plan."""
    question = question_to_assess(request, version, number)
    form = PlanForm(request.POST or None, user=request.user)
    if form.is_valid():
        with told_on(form):
            add_to_plan(question, actor=request.user, **form.changes)
        if not form.errors:
            messages.success(request, f"The item is on the improvement plan of {question}.")
            return redirect(_plan(question))
    return _page(request, question, form, heading="Add to the improvement plan", button="Add it")


@access(readers)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, version: str, number: int, pk: int) -> HttpResponse:
    """`/paf/<version>/<n>/plan/<pk>/`: what is to be done, by whom, by when, for which actions."""
    item = _item_to_change(request, version, number, pk)
    form = PlanForm(request.POST or None, item=item, user=request.user)
    if form.is_valid():
        try:
            with told_on(form):
                change_in_plan(item, actor=request.user, **form.cleaned_data)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The item is saved.")
            return redirect(_plan(item.question))
    return _page(request, item.question, form, heading="Change an improvement item", item=item)


@access(readers)
@require_http_methods(FORM_METHODS)
def end(request: SignedInRequest, version: str, number: int, pk: int) -> HttpResponse:
    """`/paf/<version>/<n>/plan/<pk>/end/`: that it is done or dropped, and what came of it."""
    item = _item_to_change(request, version, number, pk)
    form = ImprovementEndForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            end_item(item, actor=request.user, **form.cleaned_data)
        if not form.errors:
            state = ImprovementState(form.cleaned_data["state"]).label.lower()
            messages.success(request, f"The item is {state}.")
            return redirect(_plan(item.question))
    return _page(request, item.question, form, heading="End an improvement item", item=item)


def _item_to_change(
    request: SignedInRequest, version: str, number: int, pk: int
) -> ImprovementItem:
    """An item that the reader may change.

    Raises:
        Http404: there is none.
        PermissionDenied: they may not.
    """
    item = item_or_404(version, number, pk)
    if not may_change_item(item, request.user):
        raise PermissionDenied("Those who lead the question area, and the owner, change an item.")
    return item


def _plan(question: CoreQuestion) -> str:
    """The plan on the page of its question area."""
    page = reverse("tracker:question", args=[question.framework.version, question.number])
    return f"{page}#plan"


def _page(
    request: SignedInRequest,
    question: CoreQuestion,
    form: Any,
    *,
    heading: str,
    button: str = "Save",
    item: ImprovementItem | None = None,
) -> HttpResponse:
    ended = item is not None and item.state != ImprovementState.OPEN
    context = {
        "form": form,
        "question": question,
        "item": item,
        "heading": heading,
        "button": button,
        "cancel": _plan(question),
        "stands_against": "This item has ended already." if ended else "",
    }
    return render(request, "tracker/paf/improvement.html", context)
