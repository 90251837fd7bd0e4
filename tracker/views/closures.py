"""The queues of closures, and the page on which one is assured, decided or returned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.dates import long_date, today
from core.listing import Tab
from people.requests import SignedInRequest
from tracker import workflow
from tracker.attaching import readable_parts
from tracker.choices import ClosureEventKind, ClosureStep
from tracker.closing_forms import StepForm
from tracker.closure_queries import QUEUES
from tracker.models import Action, Closure, Letter
from tracker.routes import ROUTES
from tracker.track import track
from tracker.workflow import Case, Person, Refused, Verb

_readers = holders_of("tracker.view_action")
# Whose queue comes first for whom.
_OWN_QUEUES = {
    "tracker.decide_closure": ClosureStep.FOR_BOARD,
    "tracker.deputise_closure": ClosureStep.FOR_BOARD,
    "tracker.assure_closure": ClosureStep.TO_ASSURE,
    "tracker.govern_actions": ClosureStep.LETTER_AWAITED,
}


@dataclass(frozen=True)
class Waiting:
    """A closure in its queue.

    Args:
        closure: with its action.
        days: how long it has waited.
        conflict: why the reader may not decide it; "" where they may, or decide nothing.
    """

    closure: Closure
    days: int
    conflict: str


@access(_readers)
@require_safe
def closures(request: SignedInRequest) -> HttpResponse:
    """`/closures/?step=`: what waits for one step, the longest first."""
    visible = Closure.objects.visible_to(request.user)
    counts = visible.queue_lengths()
    step = _asked_step(request, counts)
    found = visible.at_step(step).select_related("action", "action__publication")
    tabs = [
        Tab(
            text=each.label,
            href=f"{reverse('tracker:closures')}?step={each}",
            count=counts[each],
            current=each == step,
        )
        for each in QUEUES
    ]
    context = {"rows": _waiting(request, list(found)), "tabs": tabs, "step": step}
    return render(request, "tracker/closures/list.html", context)


def _asked_step(request: SignedInRequest, counts: dict[ClosureStep, int]) -> ClosureStep:
    """The queue in the address; else the reader's own, else the first that is not empty."""
    asked = request.GET.get("step", "")
    if asked in QUEUES:
        return ClosureStep(asked)
    for permission, step in _OWN_QUEUES.items():
        if request.user.has_perm(permission) and counts[step]:
            return step
    return next((step for step in QUEUES if counts[step]), QUEUES[0])


def _waiting(request: SignedInRequest, found: list[Closure]) -> list[Waiting]:
    user = request.user
    decides = user.has_perm("tracker.decide_closure") or user.has_perm("tracker.deputise_closure")
    against = workflow.conflicts(user, found) if decides else {}
    return [
        Waiting(
            closure=closure,
            days=(today() - closure.step_since).days,
            conflict=against.get(closure.pk, ""),
        )
        for closure in found
    ]


# What is sent -> the verb, the workflow's function, and what is said afterwards.
_STEPS: dict[str, tuple[Verb, str, Callable[..., Closure], str]] = {
    "approve": (Verb.APPROVE, "Approve closure", workflow.approve, "{} is approved."),
    "assure": (Verb.ASSURE, "Assure closure", workflow.assure, "{} is assured."),
    "return": (Verb.RETURN, "Return", workflow.send_back, "{} is returned to its lead."),
    "defer": (Verb.DEFER, "Defer", workflow.defer, "{} is put off to the next Board."),
}
_TEXT_NAMES = {"return": "reason", "defer": "reason"}


@access(_readers)
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/`: what was asked, done and shown, and what the reader may do now."""
    found = get_object_or_404(
        Closure.objects.visible_to(request.user).select_related("action__publication"), pk=pk
    )
    form = StepForm(request.POST or None)
    chosen = _STEPS.get(request.POST.get("do", ""))
    if chosen and form.is_valid():
        _, _, step, said = chosen
        following = _next_after(request, found)
        name = _TEXT_NAMES.get(request.POST["do"], "text")
        try:
            step(found, actor=request.user, **{name: form.cleaned_data["text"]})
        except Refused as refusal:
            form.add_error(None, str(refusal))
            found.refresh_from_db()
        else:
            messages.success(request, said.format(found.action))
            return redirect(following)
    return render(request, "tracker/closures/closure.html", _closure_page(request, found, form))


def _next_after(request: SignedInRequest, found: Closure) -> str:
    """The next closure of the same queue, so that a reader goes through it without going back."""
    following = Closure.objects.visible_to(request.user).next_after(found)
    if following:
        return following.get_absolute_url()
    return f"{reverse('tracker:closures')}?step={found.step}"


def _closure_page(request: SignedInRequest, found: Closure, form: StepForm) -> dict[str, Any]:
    action = found.action
    case = workflow.case_of(action, found)
    person = workflow.person_of(request.user, action, found)
    buttons = [
        {"do": do, "text": words, "primary": do in ("approve", "assure")}
        for do, (verb, words, _, _) in _STEPS.items()
        if not workflow.verdict(verb, case, person)
    ]
    decides = person.may("decide_closure") or person.may("deputise_closure")
    events = list(found.events.select_related("recorded_by"))
    assurances = [event for event in events if event.kind == ClosureEventKind.ASSURED]
    then: Any = Action.objects.filter(pk=action.pk).with_position(today()).get()
    return {
        "closure": found,
        "action": action,
        "then": then,
        "form": form,
        "route": ROUTES[found.route],
        "buttons": buttons,
        "stands_against": workflow.verdict(Verb.APPROVE, case, person) if decides else "",
        "track": track(ROUTES[found.route], list(action.periods.all()), events),
        "evidence": readable_parts(workflow.evidence_of(found), request.user),
        "assured": assurances[-1] if assurances else None,
        **_letter_part(request, found, case, person),
        "entries": [
            {
                "heading": event.get_kind_display(),
                "when": long_date(event.happened_on),
                "at": event.happened_on,
                "by": str(event.recorded_by or ""),
                "text": event.text,
            }
            for event in reversed(events)
        ],
    }


def _letter_part(
    request: SignedInRequest, found: Closure, case: Case, person: Person
) -> dict[str, Any]:
    """The letter of a closure, and what the reader may do for it."""
    visible = Letter.objects.visible_to(request.user).with_contents()
    drafts = not found.letter_id and not workflow.verdict(Verb.FILE_LETTER, case, person)
    return {
        "letter": visible.filter(closures=found).first(),
        "may_draft": drafts,
        "may_record_upload": not workflow.verdict(Verb.UPLOAD, case, person),
    }
