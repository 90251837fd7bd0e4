"""The queues of closures: what waits for one step, and returning several at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.listing import Tab
from core.numbers import keys_in
from people.requests import SignedInRequest
from tracker import workflow
from tracker.choices import ClosureStep
from tracker.closing_forms import SendBackForm
from tracker.closure_queries import QUEUES
from tracker.models import Closure
from tracker.refusals import refusals_on
from tracker.views.rules import FORM_METHODS, readers
from tracker.views.waiting import waiting_page

_BEFORE_ASSURANCE = (ClosureStep.TO_COMPLETE, ClosureStep.TO_ASSURE)
# Whose queue comes first for whom.
_OWN_QUEUES = {
    "tracker.decide_closure": ClosureStep.FOR_BOARD,
    "tracker.deputise_closure": ClosureStep.FOR_BOARD,
    "tracker.assure_closure": ClosureStep.TO_ASSURE,
    "tracker.govern_actions": ClosureStep.LETTER_AWAITED,
}


@access(readers)
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
    context = {
        **waiting_page(request, found),
        "tabs": tabs,
        "step": step,
        "may_return_several": _may_return_several(request, step),
    }
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


def _may_return_several(request: SignedInRequest, step: ClosureStep) -> bool:
    return request.user.has_perm("tracker.assure_closure") and step in _BEFORE_ASSURANCE


@access(holders_of("tracker.assure_closure"))
@require_http_methods(FORM_METHODS)
def send_back_several(request: SignedInRequest) -> HttpResponse:
    """`/closures/return/?closure=`: one reason for several closures; all go back, or none."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = list(
        Closure.objects.visible_to(request.user)
        .filter(pk__in=keys_in(sent.getlist("closure")))
        .select_related("action")
        .order_by("action__reference")
    )
    if not chosen:
        messages.warning(request, "Tick at least one closure first.")
        return redirect("tracker:closures")
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            workflow.send_back_several(chosen, actor=request.user, **form.cleaned_data)
        if not form.errors:
            words = "1 closure is" if len(chosen) == 1 else f"{len(chosen)} closures are"
            messages.success(request, f"{words} returned, and those who proposed them are told.")
            return redirect("tracker:closures")
    several = "1 closure" if len(chosen) == 1 else f"{len(chosen)} closures"
    context = {
        "chosen": chosen,
        "form": form,
        "heading": f"Return {several}",
        "button": f"Return {several}",
        "cancel": reverse("tracker:closures"),
    }
    return render(request, "tracker/closures/return_several.html", context)
