"""The forms of monitoring: a scheme with its stages, and the stage the force is at."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.collisions import VersionedForm
from core.forms import DateField, GovukForm
from inspections.choices import Precision
from inspections.models import MonitoringPeriod, MonitoringStage

_LONGEST_NAME, _MOST_STAGES = 100, 12
_PRECISIONS = [
    (each.value, each.label) for each in (Precision.DAY, Precision.MONTH, Precision.YEAR)
]


class SchemeForm(GovukForm):
    """A scheme by which HMICFRS watches forces, with its stages."""

    name = forms.CharField(label="Name of the scheme", max_length=_LONGEST_NAME)
    stages = forms.CharField(
        label="Stages",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line, the lightest first. What a stage means stands after a colon: "
        "“Scan: routine monitoring of every force”.",
    )
    note = forms.CharField(
        label="How it works",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_stages(self) -> list[tuple[str, str]]:
        """Name and meaning of each stage."""
        lines = [line.strip() for line in self.cleaned_data["stages"].splitlines()]
        parts = [line.partition(":") for line in lines if line]
        found = [(name.strip(), meaning.strip()) for name, _, meaning in parts]
        if len(found) > _MOST_STAGES:
            raise ValidationError(f"Enter {_MOST_STAGES} stages or fewer")
        for name, _ in found:
            if not name or len(name) > _LONGEST_NAME:
                raise ValidationError(
                    f"Begin each line with the name of a stage, of {_LONGEST_NAME} characters or "
                    "fewer"
                )
        return found


class _SinceFields(forms.Form):
    since = DateField(
        label="Since when",
        help_text="Where only the month or the year is known, any day in it. For example, "
        "1 September 2023.",
    )
    precision = forms.ChoiceField(
        label="What is known of the date", choices=_PRECISIONS, widget=forms.RadioSelect
    )
    note = forms.CharField(label="Why", required=False, max_length=300)


class StageForm(_SinceFields, GovukForm):
    """The stage the force has come to."""

    stage = forms.ModelChoiceField(
        label="Stage",
        queryset=MonitoringStage.objects.select_related("scheme").order_by("scheme", "order"),
        empty_label="Choose a stage",
    )
    field_order = ("stage", "since", "precision", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"precision": Precision.DAY}})


class CorrectStageForm(_SinceFields, VersionedForm):
    """Since when the force is, or was, at a stage.

    Args:
        period: that is to be corrected.
    """

    def __init__(self, *args: Any, period: MonitoringPeriod, **kwargs: Any) -> None:
        first = {
            "version": period.version,
            "since": period.started_on,
            "precision": period.precision,
            "note": period.note,
        }
        super().__init__(*args, **{**kwargs, "initial": first})
