"""Governance corrects the record of an action."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access
from core.collisions import Overtaken
from people.requests import SignedInRequest
from tracker.editing import change_action, due_as_issued
from tracker.editing_forms import RecordForm
from tracker.models import Action
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404
from tracker.views.rules import FORM_METHODS, governance


@access(governance)
@require_http_methods(FORM_METHODS)
def edit(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/edit/`: what is wrong in its record is put right."""
    action = action_or_404(request, reference)
    if action.entered_in_error:
        raise PermissionDenied("This action was entered in error: it is not corrected any more.")
    form = RecordForm(request.POST or None, instance=action)
    if form.is_valid() and _corrected(request, action, form):
        messages.success(request, f"The record of {action} is corrected.")
        return redirect("tracker:action", action.reference)
    context = {
        "action": action,
        "form": form,
        "heading": f"Correct the record of {action}",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/edit_action.html", context)


def _corrected(request: SignedInRequest, action: Action, form: RecordForm) -> bool:
    try:
        with refusals_on(form):
            change_action(
                action,
                actor=request.user,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                due=form.due,
                **form.fields_entered,
            )
    except Overtaken as overtaken:
        form.tell_overtaken(overtaken)
        form.show_due_now(due_as_issued(action))
    return not form.errors
