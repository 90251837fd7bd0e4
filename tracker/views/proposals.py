"""Proposing the closure of an action, and attaching the evidence it rests on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access, holders_of
from evidence.forms import EvidenceForm
from evidence.models import Evidence
from people.requests import SignedInRequest
from tracker import workflow
from tracker.attaching import NOT_YOURS, attach_new, evidence_of_action, may_attach
from tracker.awaiting import how_it_came_back
from tracker.closing_forms import ProposalForm
from tracker.models import Action, Closure, ClosureEvent
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404, closure_or_404
from tracker.views.rules import FORM_METHODS
from tracker.workflow import Verb

_leads = holders_of("tracker.propose_closure")
_GROUNDS = ("did", "impact", "public_summary")
_DAY = ("on", "late_reason")


@access(_leads)
@require_http_methods(FORM_METHODS)
def propose_closure(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/propose-closure/`: what was done, its impact, its evidence."""
    action = action_or_404(request, reference)
    case, person = workflow.case_of(action), workflow.person_of(request.user, action)
    attached = evidence_of_action(action, request.user).current().latest_first()
    begun = _Begun(request, action)
    returned = _returned(action)
    if request.POST.get("do") == "attach":
        begun.keep()
        return redirect(
            f"{reverse('tracker:attach_evidence', args=[action.reference])}?then=propose"
        )
    first = begun.kept() or (_grounds_of(returned.closure) if returned else {})
    form = ProposalForm(request.POST or None, choices=attached, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            closure = workflow.propose(
                action, actor=request.user, when=form.when, **_grounds_in(form)
            )
        if not form.errors:
            begun.forget()
            messages.success(request, "The closure is with Review and Assurance.")
            return redirect(closure)
    context = {
        "action": action,
        "form": form,
        "attached": attached,
        "returned": returned,
        "stands_against": workflow.verdict(Verb.PROPOSE, case, person),
        "heading": f"Propose the closure of {action}",
        "button": "Propose closure",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/closures/propose.html", context)


@access(_leads)
@require_http_methods(FORM_METHODS)
def change_proposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/change/`: what was proposed, until it is assured."""
    closure = closure_or_404(request, pk)
    action = closure.action
    case = workflow.case_of(action, closure)
    person = workflow.person_of(request.user, action, closure)
    attached = evidence_of_action(action, request.user).current().latest_first()
    form = ProposalForm(request.POST or None, choices=attached, initial=_grounds_of(closure))
    form.leave_out_the_day()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            workflow.change_proposal(closure, actor=request.user, **_grounds_in(form))
        if not form.errors:
            messages.success(request, "The proposal is changed.")
            return redirect(closure)
    context = {
        "action": action,
        "form": form,
        "attached": attached,
        "stands_against": workflow.verdict(Verb.CHANGE_PROPOSAL, case, person),
        "heading": f"Change the proposal to close {action}",
        "cancel": closure.get_absolute_url(),
        "changing": True,
    }
    return render(request, "tracker/closures/propose.html", context)


def _grounds_of(closure: Closure) -> dict[str, Any]:
    """What a closure was proposed on, as the form wants it."""
    chosen = closure.evidence_links.values_list("evidence", flat=True)
    return {**{name: getattr(closure, name) for name in _GROUNDS}, "evidence": list(chosen)}


def _returned(action: Action) -> ClosureEvent | None:
    """The step by which the last closure of an action came back, where it did."""
    closure = workflow.latest_closure(action)
    return how_it_came_back(closure) if closure else None


def _grounds_in(form: ProposalForm) -> dict[str, Any]:
    return {**form.said, "evidence": list(form.cleaned_data["evidence"])}


class _Begun:
    """A proposal somebody left to attach evidence; it waits for them in their session."""

    def __init__(self, request: SignedInRequest, action: Action) -> None:
        self.request = request
        self.key = f"proposal {action.reference}"

    def keep(self) -> None:
        sent = self.request.POST
        kept: dict[str, Any] = {name: sent.get(name, "") for name in (*_GROUNDS, *_DAY)}
        kept["evidence"] = sent.getlist("evidence")
        self.request.session[self.key] = kept

    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = self.request.session.get(self.key, {})
        return found

    def take(self, evidence: Evidence) -> None:
        """Tick a piece of evidence that was attached in between."""
        kept = self.kept()
        if kept:
            kept["evidence"] = [*kept["evidence"], str(evidence.pk)]
            self.request.session[self.key] = kept

    def forget(self) -> None:
        self.request.session.pop(self.key, None)


@access(holders_of("evidence.add_evidence"))
@require_http_methods(FORM_METHODS)
def attach_evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/evidence/add/`: a new piece of evidence, attached to the action."""
    action = action_or_404(request, reference)
    if not may_attach(action, request.user):
        raise PermissionDenied(NOT_YOURS)
    sent = request.method == "POST"
    form = EvidenceForm(request.POST, request.FILES) if sent else EvidenceForm()
    if form.is_valid():
        with refusals_on(form):
            evidence = attach_new(action, actor=request.user, **form.cleaned_data)
        if not form.errors:
            return _after_attaching(request, action, evidence)
    context = {
        "action": action,
        "form": form,
        "heading": f"Attach evidence to {action}",
        "button": "Attach",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/action_form.html", context)


def _after_attaching(request: SignedInRequest, action: Action, evidence: Evidence) -> HttpResponse:
    """To the proposal, for somebody who came from there; else to the action."""
    if request.GET.get("then") == "propose":
        _Begun(request, action).take(evidence)
        messages.success(request, f"“{evidence}” is attached. The closure is not proposed yet.")
        return redirect("tracker:propose_closure", action.reference)
    messages.success(request, f"“{evidence}” is attached to {action}.")
    return redirect(action)
