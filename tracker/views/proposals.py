"""Proposing the closure of an action, and attaching the evidence it rests on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access, holders_of
from core.refused import told_on
from evidence.forms import EvidenceForm
from people.requests import SignedInRequest
from tracker import workflow
from tracker.attaching import attach_new, evidence_of_action, may_attach
from tracker.closing_forms import ProposalForm
from tracker.models import Action
from tracker.views.found import action_or_404
from tracker.workflow import Refused, Verb


@access(holders_of("tracker.propose_closure"))
@require_http_methods(["GET", "HEAD", "POST"])
def propose_closure(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/propose-closure/`: what was done, its impact, its evidence."""
    action = action_or_404(request, reference)
    case, person = workflow.case_of(action), workflow.person_of(request.user, action)
    stands_against = workflow.verdict(Verb.PROPOSE, case, person)
    attached = evidence_of_action(action, request.user)
    form = ProposalForm(request.POST or None, choices=attached)
    if form.is_valid():
        try:
            closure = workflow.propose(
                action,
                actor=request.user,
                **{**form.cleaned_data, "evidence": list(form.cleaned_data["evidence"])},
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The closure is with Review and Assurance.")
            return redirect(closure)
    context = {
        "action": action,
        "form": form,
        "attached": attached,
        "stands_against": "" if form.is_bound else stands_against,
        "may_fill_in": not stands_against and attached.exists(),
        "heading": f"Propose the closure of {action}",
        "button": "Propose closure",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/closures/propose.html", context)


@access(holders_of("evidence.add_evidence"))
@require_http_methods(["GET", "HEAD", "POST"])
def attach_evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/evidence/add/`: a new piece of evidence, attached to the action."""
    action = action_or_404(request, reference)
    if not may_attach(action, request.user):
        raise PermissionDenied("Those who lead this action attach its evidence.")
    sent = request.method == "POST"
    form = EvidenceForm(request.POST, request.FILES) if sent else EvidenceForm()
    if form.is_valid():
        with told_on(form):
            evidence = attach_new(action, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{evidence}” is attached to {action}.")
            return redirect(_back_to(request, action))
    context = {
        "action": action,
        "form": form,
        "heading": f"Attach evidence to {action}",
        "button": "Attach",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/closures/attach.html", context)


def _back_to(request: SignedInRequest, action: Action) -> str:
    """The proposal, for somebody who came from there; else the action."""
    if request.GET.get("then") == "propose":
        return reverse("tracker:propose_closure", args=[action.reference])
    return action.get_absolute_url()
