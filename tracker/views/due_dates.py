"""Asking for another due date, and the executive lead's answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access
from core.dates import long_date, today
from people.requests import SignedInRequest
from tracker.daily_forms import AnswerForm, DueDateForm
from tracker.daily_work import works_on
from tracker.dossier import slipped_words
from tracker.due_dates import (
    agrees_dates,
    answer,
    ask,
    due_now,
    refusal_to_answer,
    refusal_to_ask,
)
from tracker.models import Action, DueDateRequest
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404, due_request_or_404
from tracker.views.rules import FORM_METHODS, readers


@access(readers)
@require_http_methods(FORM_METHODS)
def due_date(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/due-date/`: ask for another date; the executive lead changes it."""
    action = action_or_404(request, reference)
    if not works_on(request.user, action):
        raise PermissionDenied("Those who lead this action ask for another due date.")
    at_once = agrees_dates(request.user, action)
    heading = "Change the due date of" if at_once else "Ask for another due date for"
    form = DueDateForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            asked = ask(action, actor=request.user, **form.cleaned_data)
        if not form.errors:
            said = f"{action} is now due {long_date(asked.due_on)}."
            if not asked.agreed:
                said = "The executive lead is asked to agree the date."
            messages.success(request, said)
            return redirect(action)
    context = {
        "action": action,
        "form": form,
        "stands_against": refusal_to_ask(request.user, action),
        "now": due_now(action),
        "at_once": at_once,
        "heading": f"{heading} {action}",
        "button": "Change the due date" if at_once else "Ask for this date",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/daily/due_date.html", context)


@access(readers)
@require_http_methods(FORM_METHODS)
def due_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/due-dates/<pk>/`: what is asked and why; the executive lead agrees or declines."""
    found = due_request_or_404(request, pk)
    form = AnswerForm(request.POST or None)
    agreed = {"agree": True, "decline": False}.get(request.POST.get("do", ""))
    if agreed is not None and form.is_valid():
        with refusals_on(form):
            answer(found, actor=request.user, agreed=agreed, text=form.cleaned_data["text"])
        if not form.errors:
            said = "agreed" if agreed else "declined"
            messages.success(request, f"{found.action}: the date is {said}.")
            return redirect(found.action)
        found.refresh_from_db()
    return render(request, "tracker/daily/due_request.html", _request_page(request, found, form))


def _request_page(
    request: SignedInRequest, found: DueDateRequest, form: AnswerForm
) -> dict[str, Any]:
    action = found.action
    then: Any = Action.objects.filter(pk=action.pk).with_position(today()).with_forecast(today())
    now = then.get()
    refusal = refusal_to_answer(request.user, found)
    later = slipped_words((found.due_on - now.due_on).days) if now.due_on else ""
    facts = [
        {"key": "Due now", "value": long_date(now.due_on) if now.due_on else "No due date"},
        {"key": "Asked for", "value": long_date(found.due_on), "note": later},
        {"key": "Why", "value": found.reason},
        {"key": "Asked by", "value": f"{found.asked_by}, {long_date(found.asked_on)}"},
        {"key": "Times changed so far", "value": str(now.slippage)},
    ]
    if found.answer:
        facts.append({"key": "Answer", "value": found.answer})
    return {
        "asked": found,
        "action": action,
        "facts": facts,
        "form": form,
        "executive": now.executive_lead_at,
        # What was typed by somebody who came too late is not hidden from them.
        "may_answer": not refusal or bool(form.errors),
        "settled": refusal if found.agreed is not None else "",
    }
