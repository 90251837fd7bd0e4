"""One closure: the page where it is assured and decided, and the steps that need a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from core.dates import long_date, today
from people.models import User
from people.requests import SignedInRequest
from tracker import workflow
from tracker.attaching import readable_parts
from tracker.awaiting import place_of
from tracker.choices import ClosureEventKind, ClosureOutcome, ClosureStep
from tracker.closing_forms import (
    ApprovalForm,
    AssuranceForm,
    DeferralForm,
    ReturnForm,
    SummaryForm,
)
from tracker.mentions import mentions_of
from tracker.models import Action, Closure, ClosureEvent, Letter, StatusPeriod
from tracker.refusals import refusals_on
from tracker.routes import ROUTES
from tracker.track import track
from tracker.views.found import closure_or_404
from tracker.views.rules import FORM_METHODS, governance, readers
from tracker.workflow import Case, Person, Verb


@dataclass(frozen=True)
class Step:
    """A step of a closure that somebody takes on a page.

    Args:
        verb: what the rules are asked.
        take: the workflow's function.
        form: what is said with it.
        button: words of its button.
        success: said afterwards; `{}` is the action.
        heading: of its own page, where it has one; `{}` is the action.
        address: URL name of that page.
    """

    verb: Verb
    take: Callable[..., Closure]
    form: Any
    button: str
    success: str
    heading: str = ""
    address: str = ""


# Taken on the page of the closure itself; at any moment one of them at most is open to a reader.
_APPROVE = Step(Verb.APPROVE, workflow.approve, ApprovalForm, "Approve closure", "{} is approved.")
_ASSURE = Step(Verb.ASSURE, workflow.assure, AssuranceForm, "Assure closure", "{} is assured.")
# Taken on pages of their own, because they need a reason.
_RETURN = Step(
    Verb.RETURN,
    workflow.send_back,
    ReturnForm,
    "Return closure",
    "{} is returned to its lead.",
    "Return the closure of {}",
    "tracker:return_closure",
)
_DEFER = Step(
    Verb.DEFER,
    workflow.defer,
    DeferralForm,
    "Defer decision",
    "{} is deferred to the next Board.",
    "Defer the decision on {}",
    "tracker:defer_closure",
)
_OWN_PAGES = {"return": _RETURN, "defer": _DEFER}


@access(readers)
@require_http_methods(FORM_METHODS)
def closure(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/`: what was asked, done and shown, and what the reader may do now."""
    found = closure_or_404(request, pk)
    do = request.POST.get("do", "")
    if do in _OWN_PAGES:
        return _own_page(request, pk, _OWN_PAGES[do], begun=request.POST.get("text", ""))
    step = {"approve": _APPROVE, "assure": _ASSURE}.get(do)
    form = step.form(request.POST) if step else None
    if step and form and form.is_valid():
        following = _next_after(request, found)
        if _taken(request, step, found, form):
            return redirect(following)
        found = closure_or_404(request, pk)
    return render(request, "tracker/closures/closure.html", _closure_page(request, found, form))


@access(readers)
@require_http_methods(FORM_METHODS)
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/return/`: why a closure goes back to its lead."""
    return _own_page(request, pk, _RETURN)


@access(readers)
@require_http_methods(FORM_METHODS)
def defer(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/defer/`: why the Board puts its decision off."""
    return _own_page(request, pk, _DEFER)


def _own_page(
    request: SignedInRequest, pk: int, step: Step, begun: str | None = None
) -> HttpResponse:
    """A step that needs a reason; `begun` is what was written before it was chosen."""
    found = closure_or_404(request, pk)
    sent = request.POST or None if begun is None else None
    form = step.form(sent, initial={"reason": begun or ""})
    if form.is_bound and form.is_valid():
        following = _next_after(request, found)
        if _taken(request, step, found, form):
            return redirect(following)
    action = found.action
    case = workflow.case_of(action)
    person = workflow.person_of(request.user, action)
    context = {
        "action": action,
        "form": form,
        "heading": step.heading.format(action),
        "button": step.button,
        "cancel": found.get_absolute_url(),
        "send_to": reverse(step.address, args=[found.pk]),
        "seen": workflow.seen_mark(found),
        "stands_against": workflow.verdict(step.verb, case, person),
    }
    return render(request, "tracker/closures/step.html", context)


def _taken(request: SignedInRequest, step: Step, found: Closure, form: Any) -> bool:
    """Take a step; what stands against it is told on the form."""
    seen = request.POST.get("seen", "")
    with refusals_on(form):
        step.take(found, actor=request.user, when=form.when, seen=seen, **form.said)
    if form.errors:
        return False
    messages.success(request, step.success.format(found.action))
    return True


def _next_after(request: SignedInRequest, found: Closure) -> str:
    """The next closure that waits for the reader, so that they go through them without going
    back; after the last, the queue.
    """
    place = place_of(found, request.user)
    if place and place.following:
        return place.following.get_absolute_url()
    return f"{reverse('tracker:closures')}?step={found.step}"


def _closure_page(request: SignedInRequest, found: Closure, form: Any) -> dict[str, Any]:
    action, user = found.action, request.user
    case = workflow.case_of(action, found)
    person = workflow.person_of(user, action, found)

    def may(verb: Verb) -> bool:
        return not workflow.verdict(verb, case, person)

    main = next((step for step in (_APPROVE, _ASSURE) if may(step.verb)), None)
    decides = person.may("decide_closure") or person.may("deputise_closure")
    events = list(found.events.select_related("recorded_by"))
    assurances = [event for event in events if event.kind == ClosureEventKind.ASSURED]
    then: Any = Action.objects.filter(pk=action.pk).with_position(today()).get()
    return {
        "closure": found,
        "action": action,
        "then": then,
        "form": form or (main.form() if main else None),
        "main": main,
        "seen": workflow.seen_mark(found),
        "place": place_of(found, user),
        "may_return": may(Verb.RETURN),
        "may_verify": may(Verb.RECORD_VERIFICATION),
        "may_defer": may(Verb.DEFER),
        "may_change": may(Verb.CHANGE_PROPOSAL),
        "may_summarise": may(Verb.APPROVE_SUMMARY),
        "mentions": mentions_of(found, request.user),
        "route": ROUTES[found.route],
        "stands_against": workflow.verdict(Verb.APPROVE, case, person) if decides else "",
        "track": track(ROUTES[found.route], _periods_of(found), events),
        "evidence": readable_parts(workflow.evidence_of(found), user),
        "assured": assurances[-1] if assurances else None,
        "ended_by": _end_of(found, events),
        "deferred": _deferral(found, events),
        **_letter_part(user, found, case, person),
        "entries": [_entry(event) for event in reversed(events)],
    }


def _letter_part(user: User, found: Closure, case: Case, person: Person) -> dict[str, Any]:
    """The letter of a closure, and what the reader may do for it."""
    visible = Letter.objects.visible_to(user).with_contents()
    drafts = not found.letter_id and not workflow.verdict(Verb.FILE_LETTER, case, person)
    return {
        "letter": visible.filter(closures=found).first(),
        "may_draft": drafts,
        "may_record_upload": not workflow.verdict(Verb.UPLOAD, case, person),
    }


def _periods_of(found: Closure) -> list[StatusPeriod]:
    """The status periods of the action up to the end of this closure; where it came back, up to
    where it had come.
    """
    periods = list(found.action.periods.select_related("action"))
    for period in periods:
        part = workflow.part_of_closure(found.action, periods, period)
        if part and part.closure == found and part.field == "ended_on":
            closed = found.outcome == ClosureOutcome.CLOSED
            return periods[: periods.index(period) + closed]
    return periods


def _end_of(found: Closure, events: Sequence[ClosureEvent]) -> ClosureEvent | None:
    """The step by which it ended; None while it is under way."""
    if found.step != ClosureStep.ENDED:
        return None
    return next((event for event in reversed(events) if event.kind in workflow.ENDS), None)


def _deferral(found: Closure, events: Sequence[ClosureEvent]) -> ClosureEvent | None:
    """That the decision it waits for was deferred, the last time."""
    if found.step != ClosureStep.FOR_BOARD:
        return None
    deferrals = [event for event in events if event.kind == ClosureEventKind.DEFERRED]
    return deferrals[-1] if deferrals else None


def _entry(event: ClosureEvent) -> dict[str, Any]:
    """A step of a closure for the timeline."""
    late = f"Recorded later: {event.late_reason}" if event.late_reason else ""
    return {
        "heading": event.get_kind_display(),
        "when": long_date(event.happened_on),
        "at": event.happened_on,
        "by": str(event.recorded_by or ""),
        "text": "\n\n".join(part for part in (event.text, late) if part),
    }


@access(governance)
@require_http_methods(FORM_METHODS)
def summary(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/summary/`: what a public paper may say, and that it may."""
    found = closure_or_404(request, pk)
    approved = found.summary_approved_by is not None
    first = {"text": found.public_summary, "was": found.public_summary, "approved": approved}
    form = SummaryForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            workflow.change_summary(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            approved = form.cleaned_data["approved"]
            words = " and approved for use in papers" if approved else ""
            messages.success(request, f"The public summary is saved{words}.")
            return redirect(found)
        form.now_says(found.public_summary)
    context = {
        "action": found.action,
        "form": form,
        "heading": f"Public summary of the closure of {found.action}",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "tracker/closures/step.html", context)
