"""Deciding closures on the agenda of a Board."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from board.agenda_forms import DecisionReasonForm
from board.decisions import decide
from board.views.found import item_or_404
from board.views.rules import FORM_METHODS, readers
from board.views.told import tell
from core.access import access
from people.requests import SignedInRequest
from tracker import workflow
from tracker.refusals import refusals_on
from tracker.workflow import Refused, Verb

_WITH_REASON = {
    "return": (Verb.RETURN, "Return the closure of {}", "Return closure", "{} is returned."),
    "defer": (
        Verb.DEFER,
        "Defer the decision on {}",
        "Defer decision",
        "{} is deferred to the next Board.",
    ),
}


@access(readers)
@require_POST
def approve(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/approve/`: the closure of this item is approved."""
    item = item_or_404(request, day, pk)
    try:
        decide(item, "approve", actor=request.user, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        tell(request, item, f"{item}: {refusal}", level=messages.WARNING)
        return redirect(item)
    tell(request, item, f"{item} is approved.")
    return redirect(item)


@access(readers)
@require_http_methods(FORM_METHODS)
def with_reason(request: SignedInRequest, day: dt.date, pk: int, decision: str) -> HttpResponse:
    """`/board/<day>/items/<pk>/return/` and `.../defer/`: the decision, and why."""
    item = item_or_404(request, day, pk)
    verb, heading, button, said = _WITH_REASON[decision]
    if item.closure is None:
        return redirect(item)
    action = item.closure.action
    form = DecisionReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, names={"reason": "text"}):
            decide(
                item,
                decision,
                actor=request.user,
                text=form.cleaned_data["text"],
                seen=request.POST.get("seen", ""),
            )
        if not form.errors:
            tell(request, item, said.format(action))
            return redirect(item)
    context = {
        "action": action,
        "form": form,
        "heading": heading.format(action),
        "button": button,
        "cancel": item.get_absolute_url(),
        "back": item.meeting,
        "send_to": reverse(f"board:{decision}", args=[day.isoformat(), pk]),
        "seen": workflow.seen_mark(item.closure),
        "stands_against": workflow.verdict(
            verb,
            workflow.case_of(action, item.closure),
            workflow.person_of(request.user, action, item.closure),
        ),
    }
    return render(request, "tracker/closures/step.html", context)
