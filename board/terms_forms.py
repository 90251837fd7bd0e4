"""Forms with which governance writes the terms of reference."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from board.models import TermsOfReference
from board.terms import CONTENT, FIELDS, state_of
from core.collisions import VersionedForm
from core.dates import today
from core.forms import DateField, GovukForm

_LONGEST = 10_000
_NUMBER = RegexValidator(r"^[0-9]+(\.[0-9]+)*$", "Enter a number such as 1.1 or 2.0.")
_ONE_A_LINE = "One on each line."


def number_field() -> forms.CharField:
    return forms.CharField(
        label="Version number",
        max_length=10,
        validators=[_NUMBER],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        help_text="For example, 1.1 for a small change or 2.0 for new terms.",
    )


class LinesField(forms.CharField):
    """Sentences, one on each line: a list of them."""

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _LONGEST)
        kwargs.setdefault("help_text", _ONE_A_LINE)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> Any:
        """The lines that are not empty."""
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        return [line for line in lines if line]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class BeginForm(GovukForm):
    """The number of a new version."""

    number = number_field()


class DraftForm(VersionedForm):
    """What a draft says. `version` is the state its writer saw, `number` that of the terms.

    Args:
        terms: the draft as it is.
    """

    number = number_field()
    status = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the document control: why this version is written.",
    )
    purpose_opening = forms.CharField(
        label="Purpose: how it opens",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    purpose = LinesField(label="Purpose: what follows", required=False, rows=6)
    core_activities = LinesField(label="Core activities", required=False, rows=14)
    members = LinesField(
        required=False, rows=10, help_text=f"The posts, not the people. {_ONE_A_LINE}"
    )
    deputies = forms.CharField(
        required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    frequency = forms.CharField(label="How often it meets", required=False, max_length=100)
    agenda_by = forms.CharField(label="Agenda compiled by", required=False, max_length=100)
    notes_by = forms.CharField(label="Notes taken by", required=False, max_length=100)

    def __init__(self, *args: Any, terms: TermsOfReference, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": state_of(terms),
            "number": terms.version,
            **{name: getattr(terms, name) for name in ("status", *CONTENT)},
        }
        super().__init__(*args, **kwargs)

    @property
    def said(self) -> dict[str, Any]:
        """What the draft shall say, by field of the terms."""
        return {name: self.cleaned_data[_NAMES.get(name, name)] for name in FIELDS}


# Fields of the terms that are called otherwise in the form.
_NAMES = {"version": "number"}


class ApprovalForm(GovukForm):
    """The day the Board approved a version, and what the document control says of it."""

    on = DateField(label="Approved on", initial=today)
    status = forms.CharField(
        label="What the document control says",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
