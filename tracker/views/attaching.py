"""Attaching evidence that is here already to an action, from either side, and taking it off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, holders_of
from core.numbers import key_in
from evidence.linking_forms import SureForm
from evidence.models import Evidence
from evidence.views.found import evidence_or_404
from people.requests import SignedInRequest
from tracker.attaching import (
    NOT_YOURS,
    attach_existing,
    attachable,
    detach,
    may_attach,
    rests_on,
    why_not_detached,
)
from tracker.attaching_forms import ChooseActionForm, SearchEvidenceForm
from tracker.beside_evidence import may_attach_somewhere
from tracker.models import Action
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404
from tracker.views.rules import FORM_METHODS, readers

_FOUND_A_PAGE = 25
_LEADS_ATTACH = "Those who lead an action attach its evidence."
_READ_BY_LEADS = "The leads of the action will be able to read this evidence."


def _action_or_refused(request: SignedInRequest, reference: str) -> Action:
    """The action of a reference, for who may attach evidence to it.

    Raises:
        Http404: there is none that this person may read.
        PermissionDenied: they may read it, and not attach evidence.
    """
    found = action_or_404(request, reference)
    if not may_attach(found, request.user):
        raise PermissionDenied(NOT_YOURS)
    return found


@access(holders_of("evidence.view_evidence"))
@require_http_methods(FORM_METHODS)
def attach(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/evidence/attach/`: look for evidence that is here, and attach it."""
    action = _action_or_refused(request, reference)
    form = SearchEvidenceForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        visible = Evidence.objects.visible_to(request.user)
        evidence = get_object_or_404(visible, pk=key_in(request.POST.get("evidence", "")))
        with refusals_on(form):
            attach_existing(action, evidence, actor=request.user)
        if not form.errors:
            messages.success(request, f"“{evidence}” is attached to {action}.")
            return redirect(action)
    words = form.cleaned_data.get("q", "") if form.is_valid() else ""
    found = attachable(action, words, request.user)
    page = Paginator(found, _FOUND_A_PAGE).get_page(request.GET.get("page"))
    context = {"action": action, "form": form, "words": words, "page": page}
    return render(request, "tracker/attach_evidence.html", context)


@access(holders_of("evidence.view_evidence"))
@require_http_methods(FORM_METHODS)
def attach_to_action(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<pk>/actions/`: attach a piece of evidence to an action."""
    evidence = evidence_or_404(request, pk)
    form = ChooseActionForm(request.POST if request.method == "POST" else None, reader=request.user)
    if form.is_valid():
        action = form.cleaned_data["action"]
        with refusals_on(form):
            attach_existing(action, evidence, actor=request.user)
        if not form.errors:
            messages.success(request, f"“{evidence}” is attached to {action}.")
            return redirect(evidence)
    context = {
        "item": evidence,
        "form": form,
        "stands_against": "" if may_attach_somewhere(request.user) else _LEADS_ATTACH,
        "told": _READ_BY_LEADS if evidence.is_sensitive else "",
        "heading": "Attach it to an action",
        "button": "Attach",
        "cancel": evidence.get_absolute_url(),
    }
    return render(request, "tracker/attach_to_action.html", context)


@access(readers)
@require_http_methods(FORM_METHODS)
def take_off(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """`/actions/<reference>/evidence/<pk>/take-off/`: ask, then take evidence off an action."""
    action = _action_or_refused(request, reference)
    evidence = evidence_or_404(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            detach(action, evidence, actor=request.user)
        if not form.errors:
            messages.success(request, f"“{evidence}” is taken off {action}.")
            return redirect(action)
    context = {
        "action": action,
        "item": evidence,
        "form": form,
        "rests": rests_on(action, evidence),
        "stands_against": why_not_detached(action, evidence, request.user),
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/take_off_evidence.html", context)
