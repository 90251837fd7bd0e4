"""Recording what HMICFRS says of an action, and the ends that are not the force's own closure."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from core.access import access, holders_of
from core.dates import long_date
from core.forms import GovukForm
from core.uploads import atomic_with_files
from evidence.models import Evidence
from people.requests import SignedInRequest
from tracker import workflow
from tracker.attaching import attach_new, evidence_of_action
from tracker.models import Action, ErrorClaim
from tracker.outcome_forms import (
    CorrectionForm,
    DocumentForm,
    ErrorAnswerForm,
    ErrorClaimForm,
    LevelForm,
    NotAcceptedForm,
    OutcomeForm,
    ReopeningForm,
    SupersedeForm,
    VerificationForm,
    WithdrawalForm,
)
from tracker.refusals import refusals_on
from tracker.views.found import action_or_404
from tracker.views.rules import FORM_METHODS, governance, readers
from tracker.workflow import Verb


class OutcomePage(FormView):
    """A page on which one outcome of an action is recorded; a subclass is one outcome.

    Attributes:
        verb: what the rules are asked before anything is shown.
        heading, button: words of the page; `{}` is the action.
        lead: what comes of it, in a sentence or two.
        success: said afterwards; `{}` is the action.
        record: the step of the workflow.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "tracker/outcome.html"
    form_class: Any
    verb: Verb
    heading: str
    lead: str
    button = "Record"
    success: str
    record: Callable[..., object]
    request: SignedInRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.action = action_or_404(self.request, kwargs["reference"])
        case = workflow.case_of(self.action)
        person = workflow.person_of(self.request.user, self.action)
        self.refusal = workflow.verdict(self.verb, case, person)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.form_class, DocumentForm):
            attached = evidence_of_action(self.action, self.request.user)
            kwargs["choices"] = attached.current().latest_first()
            kwargs["needed"] = self.document_needed()
        return kwargs

    def what_comes_of_it(self) -> str:
        """The lead of the page, for this action."""
        return self.lead

    def document_needed(self) -> bool:
        """Whether HMICFRS's document has to be there."""
        return False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "action": self.action,
            "heading": self.heading.format(self.action),
            "lead": self.what_comes_of_it(),
            "button": self.button,
            "cancel": self.action.get_absolute_url(),
            "stands_against": self.refusal,
        }

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        asked: Any = form
        with refusals_on(form), atomic_with_files():
            said = asked.said
            if isinstance(asked, DocumentForm):
                given = {name: said.pop(name) for name in ("document", "upload", "link")}
                said["document"] = self._document(asked.when.day, **given)
            self.record(self.action, actor=self.request.user, when=asked.when, **said)
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, self.success.format(self.action))
        return redirect(self.action)

    def _document(
        self, day: dt.date, document: Evidence | None, upload: File | None, link: str
    ) -> Evidence | None:
        """The document in which HMICFRS says it; a new one becomes evidence of the action."""
        if upload is None and not link:
            return document
        return attach_new(
            self.action,
            actor=self.request.user,
            title=f"What HMICFRS says of {self.action}, {long_date(day)}",
            dated_on=day,
            marking=self.action.marking,
            upload=upload,
            link=link,
        )


@access(governance)
class VerificationPage(OutcomePage):
    """`/actions/<reference>/verification/`: HMICFRS verifies a self-certified action, or not."""

    verb = Verb.RECORD_VERIFICATION
    form_class = VerificationForm
    heading = "What HMICFRS found about {}"
    lead = (
        "Verified, the action closes. Not verified, it is in progress again, and those who lead it "
        "are told."
    )
    success = "What HMICFRS found about {} is recorded."
    record = staticmethod(workflow.record_verification)


@access(governance)
class DecisionPage(OutcomePage):
    """`/actions/<reference>/outcome/`: HMICFRS decides on level 4 or a cause of concern."""

    verb = Verb.RECORD_OUTCOME
    form_class = OutcomeForm
    heading = "What HMICFRS decided on {}"
    lead = (
        "HMICFRS decides this after fieldwork of its own. Its document is kept with the decision."
    )
    success = "HMICFRS’s decision on {} is recorded."
    record = staticmethod(workflow.record_outcome)

    def what_comes_of_it(self) -> str:
        hindered = workflow.closing_cause(workflow.case_of(self.action))
        return f"{self.lead} {hindered}".strip()

    def document_needed(self) -> bool:
        return True


@access(governance)
class LevelPage(OutcomePage):
    """`/actions/<reference>/level/`: the activity level that HMICFRS gives."""

    verb = Verb.CHANGE_LEVEL
    form_class = LevelForm
    heading = "Activity level of {}"
    lead = "The level decides how the action may close; at activity level 1 it closes that day."
    success = "The activity level of {} is recorded."
    record = staticmethod(workflow.change_level)

    def what_comes_of_it(self) -> str:
        level = workflow.open_period(self.action).level
        now = f"It is at activity level {level} now." if level else "It has none yet."
        closure = workflow.under_way(self.action)
        ends = f" Its closure ({closure.get_step_display().lower()}) will end." if closure else ""
        return f"{now}{ends} {self.lead}"


class _EndPage(OutcomePage):
    def document_needed(self) -> bool:
        return workflow.ended_by_hmicfrs(self.action)


@access(governance)
class SupersedePage(_EndPage):
    """`/actions/<reference>/supersede/`: another action has taken its place."""

    verb = Verb.SUPERSEDE
    form_class = SupersedeForm
    heading = "{} was superseded"
    lead = "It closes without having been completed; a closure under way ends with it."
    success = "{} is closed: superseded."
    record = staticmethod(workflow.supersede)

    def get_form_kwargs(self) -> dict[str, Any]:
        readable = Action.objects.visible_to(self.request.user)
        return {**super().get_form_kwargs(), "actions": readable.filter(entered_in_error=False)}


@access(governance)
class WithdrawPage(_EndPage):
    """`/actions/<reference>/withdraw/`: HMICFRS withdraws it."""

    verb = Verb.WITHDRAW
    form_class = WithdrawalForm
    heading = "HMICFRS withdraws {}"
    lead = "It closes without having been completed; a closure under way ends with it."
    success = "{} is closed: withdrawn by HMICFRS."
    record = staticmethod(workflow.withdraw)

    def document_needed(self) -> bool:
        return True


@access(readers)
class NotAcceptPage(OutcomePage):
    """`/actions/<reference>/not-accept/`: a chief officer says the force does not accept it."""

    verb = Verb.NOT_ACCEPT
    form_class = NotAcceptedForm
    heading = "The force does not accept {}"
    lead = (
        "What HMICFRS asks for is not an order: a chief officer may decline it, with a reason that "
        "is published. The action closes."
    )
    button = "Do not accept"
    success = "{} is closed: not accepted."
    record = staticmethod(workflow.not_accept)


@access(governance)
class ReopenPage(OutcomePage):
    """`/actions/<reference>/reopen/`: a closed action is live again."""

    verb = Verb.REOPEN
    form_class = ReopeningForm
    heading = "Re-open {}"
    lead = "It is in progress again from that day; a closed cause of concern re-opens with it."
    button = "Re-open"
    success = "{} is live again."
    record = staticmethod(workflow.reopen)


@access(holders_of("tracker.govern_actions", "tracker.confirm_error"))
@require_http_methods(FORM_METHODS)
def entered_in_error(request: SignedInRequest, reference: str) -> HttpResponse:
    """`/actions/<reference>/error/`: say that an action should not be here, or settle that."""
    action = action_or_404(request, reference)
    claim = workflow.open_claim(action)
    mine = claim is not None and claim.claimed_by == request.user
    form = _error_form(request, claim, mine=mine)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            if claim is None:
                workflow.claim_error(action, actor=request.user, **form.cleaned_data)
                words = f"{action} counts until somebody else confirms that it is an error."
            else:
                confirmed = form.cleaned_data.get("confirmed", False)
                workflow.settle_error(action, actor=request.user, confirmed=confirmed)
                words = f"{action} {'counts in no figure any more' if confirmed else 'stays'}."
        if not form.errors:
            messages.success(request, words)
            return redirect(action)
    verb = Verb.CONFIRM_ERROR if claim else Verb.CLAIM_ERROR
    refusal = workflow.verdict(
        verb, workflow.case_of(action), workflow.person_of(request.user, action)
    )
    context = {
        "action": action,
        "claim": claim,
        "form": form,
        "heading": f"Was {action} entered in error?" if claim else f"{action} was entered in error",
        "lead": "Nothing is deleted: confirmed by a second person, the action leaves every figure.",
        "button": "Take it back" if mine else "Record",
        "cancel": action.get_absolute_url(),
        "stands_against": "" if mine else refusal,
    }
    return render(request, "tracker/outcome.html", context)


def _error_form(request: SignedInRequest, claim: ErrorClaim | None, *, mine: bool) -> GovukForm:
    """The claim, the answer of another person, or the claimant's taking it back."""
    sent = request.POST or None
    if claim is None:
        return ErrorClaimForm(sent)
    return GovukForm(sent) if mine else ErrorAnswerForm(sent)


@access(governance)
@require_http_methods(FORM_METHODS)
def correct_day(request: SignedInRequest, reference: str, sequence: int) -> HttpResponse:
    """`/actions/<reference>/history/<sequence>/`: the day a status took effect was wrong."""
    action = action_or_404(request, reference)
    period = get_object_or_404(action.periods, sequence=sequence)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            workflow.correct_day(action, sequence, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "The day is corrected. Figures of past dates follow it.")
            return redirect(action)
    status = "was received" if period.sequence == 1 else f"became “{period.get_status_display()}”"
    context = {
        "action": action,
        "form": form,
        "heading": f"Correct the day {action} {status}",
        "lead": f"Recorded is {long_date(period.started_on)}. Reports that were issued stay as "
        "they are; figures of past dates are counted with the right day from now on.",
        "button": "Correct the day",
        "cancel": action.get_absolute_url(),
        "stands_against": workflow.verdict(
            Verb.CORRECT_DAY, workflow.case_of(action), workflow.person_of(request.user, action)
        ),
    }
    return render(request, "tracker/outcome.html", context)
