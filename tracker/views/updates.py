"""Posting a progress update on an action."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access
from people.requests import SignedInRequest
from tracker.daily_forms import UpdateForm
from tracker.daily_work import works_on
from tracker.refusals import refusals_on
from tracker.updates import post_update, refusal_to_post
from tracker.views.found import action_or_404
from tracker.views.rules import FORM_METHODS, readers


@access(readers)
@require_http_methods(FORM_METHODS)
def update(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/update/`: what has happened, confidence, expected closure."""
    action = action_or_404(request, reference)
    if not works_on(request.user, action):
        raise PermissionDenied("Those who lead this action post its updates.")
    form = UpdateForm(request.POST or None, action=action, reader=request.user)
    if form.is_valid():
        with refusals_on(form):
            post_update(action, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"The update of {action} is posted.")
            return redirect(action)
    context = {
        "action": action,
        "form": form,
        "stands_against": refusal_to_post(request.user, action),
        "heading": f"Post an update on {action}",
        "button": "Post update",
        "cancel": action.get_absolute_url(),
    }
    return render(request, "tracker/action_form.html", context)
