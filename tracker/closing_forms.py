"""The form of a step of a closure: one text, whose need the chosen step decides."""

from django import forms

from core.forms import GovukForm


class StepForm(GovukForm):
    """What is said with a step: the finding of an assurance, the reason of a return."""

    text = forms.CharField(
        label="What you found, or your reason",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Needed to assure, return or defer; an approval may say something or nothing.",
    )
