"""Governance allocates one action or several, and records due dates that were agreed elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.dates import long_date, today
from core.forms import GovukForm
from core.numbers import keys_in
from people.requests import SignedInRequest
from tracker import workflow
from tracker.allocation_forms import AgreedDateForm, AllocationForm, SeveralForm
from tracker.due_dates import set_due_dates
from tracker.filters import ActionFilterSet
from tracker.leading import leads_of
from tracker.models import Action
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404
from tracker.views.rules import FORM_METHODS, governance
from tracker.workflow import Verb

# A page names every action that was chosen, and a form sends each of them.
MOST = 500


@access(governance)
@require_http_methods(FORM_METHODS)
def one(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/allocate/`: question area, leads, and from when."""
    action = action_or_404(request, reference)
    case, person = workflow.case_of(action), workflow.person_of(request.user, action)
    form = AllocationForm(request.POST or None, action=action)
    if form.is_valid():
        with refusals_on(form):
            workflow.allocate(
                action, actor=request.user, seen=_leads_seen(request), **_wanted(form)
            )
        if not form.errors:
            messages.success(request, f"{action} is allocated.")
            return redirect(action)
    context = {
        "action": action,
        "form": form,
        "leads_now": [each.lead_id for each in leads_of(action)],
        "stands_against": workflow.verdict(Verb.ALLOCATE, case, person),
        "heading": f"Allocate {action}",
        "button": "Allocate",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/allocate.html", context)


def _leads_seen(request: SignedInRequest) -> list[int] | None:
    """The leads the form was opened with; None where it does not say."""
    if "leads" not in request.POST:
        return None
    return keys_in(request.POST.getlist("seen"))


@access(governance)
@require_safe
def agreed_date(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/agreed-date/`: the page of several, for this one action."""
    action = action_or_404(request, reference)
    query = urlencode({"chosen": action.reference})
    return HttpResponseRedirect(f"{reverse('tracker:due_dates')}?{query}")


@access(governance)
@require_http_methods(FORM_METHODS)
def several(request: SignedInRequest) -> HttpResponse:
    """`/actions/allocate/`: the same leads for the actions that were ticked in the list."""
    chosen = _chosen(request)
    if isinstance(chosen, HttpResponse):
        return chosen
    form = SeveralForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            done = workflow.allocate_several(
                chosen,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                **_wanted(form),
            )
        if not form.errors:
            are = "action is" if done == 1 else "actions are"
            messages.success(request, f"{done} {are} allocated.")
            return HttpResponseRedirect(_list_address(request))
    return _page(request, chosen, form, heading="Allocate", button="Allocate")


@access(governance)
@require_http_methods(FORM_METHODS)
def due_dates(request: SignedInRequest) -> HttpResponse:
    """`/actions/due-dates/`: one due date for the actions that were ticked in the list."""
    chosen = _chosen(request)
    if isinstance(chosen, HttpResponse):
        return chosen
    form = AgreedDateForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            changed = set_due_dates(chosen, actor=request.user, **form.cleaned_data)
        if not form.errors:
            day = long_date(form.cleaned_data["due_on"])
            are = "action is" if changed == 1 else "actions are"
            said = f"{changed} {are} now due {day}." if changed else f"All were due {day} already."
            messages.success(request, said)
            return HttpResponseRedirect(_list_address(request))
    return _page(request, chosen, form, heading="Record a due date for", button="Record this date")


def _wanted(form: AllocationForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "executive": given["executive"],
        "delivery": given["delivery"],
        "question": given["question"],
        "when": form.when,
    }


def _chosen(request: SignedInRequest) -> list[Action] | HttpResponse:
    """The actions that were ticked, or all of the list; else the way back to the list.

    Raises:
        Http404: one of them is not there for this person.
    """
    sent = request.POST if request.method == "POST" else request.GET
    readable = Action.objects.visible_to(request.user)
    references: set[str] = set()
    if sent.get("all") == "yes" and request.method != "POST":
        query = QueryDict(sent.get("query", ""))
        listed = ActionFilterSet(query, readable, request=request).qs
    else:
        references = set(sent.getlist("chosen"))
        listed = readable.by_references(references)
    found = list(listed.order_by("reference")[: MOST + 1])
    words = "Tick at least one action first."
    if len(found) > MOST:
        words = (
            f"At most {MOST} actions at once; this list has {listed.count():,}. Filter it first."
        )
    elif len(found) < len({reference.lower() for reference in references}):
        raise Http404
    elif found:
        return found
    messages.error(request, words)
    return HttpResponseRedirect(_list_address(request))


def _list_address(request: SignedInRequest) -> str:
    """The list as it was when its rows were ticked."""
    sent = request.POST if request.method == "POST" else request.GET
    query = QueryDict(sent.get("query", "")).urlencode(safe=",:")
    return f"{reverse('tracker:actions')}?{query}" if query else reverse("tracker:actions")


def _page(
    request: SignedInRequest, chosen: list[Action], form: GovukForm, *, heading: str, button: str
) -> HttpResponse:
    keys = [action.pk for action in chosen]
    rows = Action.objects.filter(pk__in=keys).with_position(today()).order_by("reference")
    sent = request.POST if request.method == "POST" else request.GET
    number = "1 action" if len(chosen) == 1 else f"{len(chosen)} actions"
    context = {
        "rows": rows,
        "form": form,
        "query": sent.get("query", ""),
        "heading": f"{heading} {number}",
        "button": button,
        "cancel": _list_address(request),
    }
    return render(request, "tracker/daily/several.html", context)
