"""The forms of a programme of inspections and of what stands on it."""

from typing import Any

from django import forms

from core.collisions import VersionedForm
from inspections.choices import InspectionStatus, Involvement
from inspections.models import Inspection, PlannedInspection, Programme

_YEAR = {"class": "govuk-input--width-4", "inputmode": "numeric"}


class ProgrammeForm(VersionedForm):
    """A programme that a body has published or proposed.

    Args:
        programme: that is to be changed; None for a new one.
    """

    title = forms.CharField(label="Title", max_length=200)
    body = forms.CharField(label="Of which body", max_length=120)
    note = forms.CharField(
        label="Where it stands",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example, that it is proposed, and when its consultation closed.",
    )

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"version": 0, "body": "HMICFRS"}
        if programme is not None:
            first = {
                name: getattr(programme, name) for name in ("version", "title", "body", "note")
            }
        super().__init__(*args, **{**kwargs, "initial": first})


class PlannedForm(VersionedForm):
    """A subject on a programme.

    Args:
        planned: that is to be changed; None for a new one.
        offered: the inspections that may have come of it.
    """

    title = forms.CharField(label="Subject", max_length=300)
    from_year = forms.IntegerField(
        label="From year", widget=forms.TextInput(attrs=_YEAR), help_text="For example, 2025"
    )
    to_year = forms.IntegerField(
        label="To year",
        widget=forms.TextInput(attrs=_YEAR),
        help_text="The same year again where it is one",
    )
    involvement = forms.ChoiceField(
        label="Involvement of the force", choices=Involvement.choices, widget=forms.RadioSelect
    )
    inspection = forms.ModelChoiceField(
        label="The inspection that came of it",
        queryset=Inspection.objects.none(),
        required=False,
        empty_label="None yet",
    )
    note = forms.CharField(label="Note", required=False, max_length=300)

    def __init__(
        self, *args: Any, offered: Any, planned: PlannedInspection | None = None, **kwargs: Any
    ) -> None:
        first: dict[str, Any] = {"version": 0, "involvement": Involvement.NOT_KNOWN}
        if planned is not None:
            first = {
                "version": planned.version,
                "title": planned.title,
                "from_year": planned.from_year,
                "to_year": planned.to_year,
                "involvement": planned.involvement,
                "inspection": planned.inspection_id,
                "note": planned.note,
            }
        super().__init__(*args, **{**kwargs, "initial": first})
        inspection: Any = self.fields["inspection"]
        inspection.queryset = offered.exclude(status=InspectionStatus.WITHDRAWN)
