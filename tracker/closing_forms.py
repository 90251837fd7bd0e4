"""The forms of a closure: its proposal, and each later step."""

from typing import Any

from django import forms

from core.forms import GovukForm, RecordsField
from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet
from tracker.when_forms import NowForm, WhenForm, text_field
from tracker.workflow import wanted

LONGEST_SUMMARY = 2_000


class AssuranceForm(NowForm):
    """What Review and Assurance found."""

    text = text_field("What you looked at and found", wanted.ASSURANCE)


class ApprovalForm(NowForm):
    """A decision of the Board."""

    text = text_field("Anything to add", rows=2)


class ReturnForm(NowForm):
    """Why a closure goes back."""

    reason = text_field(
        "Why it is returned, and what is needed before it comes again", wanted.WHY_RETURNED
    )


class SendBackForm(GovukForm):
    """One reason for several closures that go back."""

    reason = text_field(
        "Why they are returned, and what is needed before they come again", wanted.WHY_RETURNED
    )


class DeferralForm(NowForm):
    """Why a decision is put off."""

    reason = text_field("Why the decision is put off", wanted.WHY_PUT_OFF)


class SummaryForm(GovukForm):
    """What a public paper may say of a closure, and whether it may be used."""

    text = forms.CharField(
        label="Public summary",
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One or two sentences that anybody may read: no names, nothing sensitive.",
    )
    approved = forms.BooleanField(label="Approved for use in papers", required=False)
    # The summary that the writer saw.
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def now_says(self, text: str) -> None:
        """The writer has been told what it says now; the next save goes over it knowingly."""
        self.show_again(was=text)


class ProposalForm(NowForm):
    """What was done, what is different now, and which of the action's evidence shows it.

    Args:
        choices: the evidence attached to the action that the proposer may read.
    """

    did = text_field("What was done", wanted.DONE, rows=6)
    impact = text_field(
        "Its impact",
        wanted.IMPACT,
        rows=6,
        help_text="What is different now, and how you know.",
    )
    evidence = RecordsField(
        queryset=Evidence.objects.none(),
        error_messages={"required": wanted.EVIDENCE},
    )
    public_summary = forms.CharField(
        label="Public summary",
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a public paper may say. Governance approves it before it is used.",
    )

    def __init__(self, *args: Any, choices: EvidenceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["evidence"]
        field.queryset = choices

    def leave_out_the_day(self) -> None:
        """A change of what was proposed does not change when."""
        for name in WhenForm.base_fields:
            del self.fields[name]
