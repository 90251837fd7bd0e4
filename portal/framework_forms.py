"""Sending a version of the framework."""

from typing import Any

from django import forms

from core.forms import DateField, GovukForm
from inspections.models import Framework
from inspections.versions import NAME_LENGTH, VERSION_LENGTH
from portal.frameworks.reading import Told

_ACCEPTED = ".json,.xlsx,.csv,application/json"


class FrameworkForm(GovukForm):
    """A file, and what a workbook does not say of its version."""

    upload = forms.FileField(
        label="File",
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
        help_text="A workbook (.xlsx) or a JSON file.",
        error_messages={"required": "Choose a file"},
    )
    version = forms.CharField(
        label="Version",
        required=False,
        max_length=VERSION_LENGTH,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        help_text="As HMICFRS calls it, such as 2023-25. A JSON file says it itself.",
    )
    in_force_from = DateField(
        label="In force from",
        required=False,
        help_text="For example, 1 April 2023. A JSON file says it itself.",
    )
    framework = forms.CharField(
        label="Name of the framework",
        required=False,
        max_length=NAME_LENGTH,
        help_text="A JSON file says it itself.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Framework.objects.first()
        if newest:
            self.fields["framework"].initial = newest.name

    @property
    def told(self) -> Told:
        """What was entered beside the file; the form is valid."""
        data = self.cleaned_data
        since = data["in_force_from"]
        return Told(
            framework=data["framework"],
            version=data["version"],
            in_force_from=since.isoformat() if since else "",
        )
