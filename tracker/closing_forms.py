"""The forms of a closure: its proposal, and each later step."""

from typing import Any

from django import forms

from core.forms import GovukForm
from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet

_LONGEST = 10_000


class StepForm(GovukForm):
    """What is said with a step; which step was chosen decides whether anything must be."""

    text = forms.CharField(
        label="What you found, or your reason",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Needed to assure, return or defer; an approval may say something or nothing.",
    )


class ProposalForm(GovukForm):
    """What was done, what is different now, and which of the action's evidence shows it.

    Args:
        choices: the evidence attached to the action that the proposer may read.
    """

    did = forms.CharField(
        label="What was done",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    impact = forms.CharField(
        label="Its impact",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What is different now, and how you know.",
    )
    evidence = forms.ModelMultipleChoiceField(
        queryset=Evidence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one piece of evidence: nothing closes without any."
        },
    )
    public_summary = forms.CharField(
        label="Public summary",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a public paper may say. Governance approves it before it is used.",
    )

    def __init__(self, *args: Any, choices: EvidenceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["evidence"]
        field.queryset = choices
