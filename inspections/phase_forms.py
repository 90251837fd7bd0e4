"""The forms of the parts of an inspection, and of what is expected of the force for it."""

from typing import Any

from django import forms

from core.collisions import VersionedForm
from core.forms import DateField
from inspections.choices import PhaseKind, Precision
from inspections.models import Expectation, InspectionPhase
from people.models import Lead


class PhaseForm(VersionedForm):
    """When a part of an inspection takes place.

    Args:
        phase: that is to be changed; None for a new one.
    """

    kind = forms.ChoiceField(
        label="What takes place", choices=[("", "Choose one"), *PhaseKind.choices]
    )
    precision = forms.ChoiceField(
        label="What is known of the date", choices=Precision.choices, widget=forms.RadioSelect
    )
    starts_on = DateField(
        label="First day",
        help_text="Where only a week, month, season or year is known, any day in it. For example, "
        "20 November 2024.",
    )
    ends_on = DateField(
        label="Last day",
        required=False,
        help_text="Leave it empty where it is over in the same day, week, month, season or year.",
    )
    open_ended = forms.BooleanField(
        label="It goes on, and it is not known until when", required=False
    )
    words = forms.CharField(
        label="As it is known",
        required=False,
        max_length=100,
        help_text="Where dates say too much or too little: “early 2025”. Shown instead of them.",
    )
    note = forms.CharField(label="Note", required=False, max_length=300)

    def __init__(self, *args: Any, phase: InspectionPhase | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"version": 0, "precision": Precision.DAY}
        if phase is not None:
            single = phase.precision == Precision.DAY and phase.ends_on == phase.starts_on
            first = {
                "version": phase.version,
                "kind": phase.kind,
                "precision": phase.precision,
                "starts_on": phase.starts_on,
                "ends_on": None if single else phase.ends_on,
                "open_ended": phase.ends_on is None,
                "words": phase.words,
                "note": phase.note,
            }
        super().__init__(*args, **{**kwargs, "initial": first})

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if entered.get("open_ended") and entered.get("ends_on"):
            self.add_error("ends_on", "Leave the last day empty where it is not known")
        return entered


class ExpectationForm(VersionedForm):
    """What is expected of the force, by when, and who sees to it.

    Args:
        expected: that is to be changed; None for a new one.
    """

    text = forms.CharField(
        label="What is expected",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example, “Send the Force Management Statement”. No personal data: everybody "
        "who is signed in can read this.",
    )
    due_on = DateField(label="By when", required=False)
    lead = forms.ModelChoiceField(
        label="Who sees to it",
        queryset=Lead.objects.order_by("name"),
        required=False,
        empty_label="Not named yet",
    )
    met_on = DateField(
        label="Done on", required=False, help_text="Leave it empty while it is still to be done."
    )

    def __init__(self, *args: Any, expected: Expectation | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"version": 0}
        if expected is not None:
            first = {
                "version": expected.version,
                "text": expected.text,
                "due_on": expected.due_on,
                "lead": expected.lead_id,
                "met_on": expected.met_on,
            }
        super().__init__(*args, **{**kwargs, "initial": first})
