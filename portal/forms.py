"""Choosing a workbook."""

from django import forms
from django.conf import settings

from core.forms import GovukForm


class UploadForm(GovukForm):
    """The force's list. What is in it is checked by `portal.imports.receive`, not by its name."""

    workbook = forms.FileField(
        label="The force’s list",
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
        error_messages={"required": "Choose the workbook that holds the list"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        megabytes = settings.SPREADSHEET_MAX_BYTES / 1024 / 1024
        self.fields["workbook"].help_text = (
            f"An Excel workbook (.xlsx) of up to {megabytes:.0f} MB. You see what would change "
            "before anything is changed."
        )
