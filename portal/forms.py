"""Choosing a spreadsheet."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.conf import settings

from core.dates import parse_date, today
from core.forms import DateField, GovukForm
from people.models import User
from portal.models import Purpose
from portal.reconciliation.records import check_day
from portal.views.found import may_take_in
from tracker.workflow import Refused

_DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(\d\d)[-_. ]?(\d\d)(?!\d)")
_ACCEPTED = ".xlsx,.csv,.txt,.zip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(GovukForm):
    """A spreadsheet and what it is. What is in it is checked by `portal.imports.receiving`.

    Args:
        user: who uploads it: not everyone takes in everything.
    """

    purpose = forms.ChoiceField(
        label="What is in it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is in the spreadsheet"},
    )
    workbook = forms.FileField(
        label="Spreadsheet",
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": "Choose a spreadsheet"},
    )
    as_at = DateField(
        label="Day of the portal’s export",
        required=False,
        help_text="Only for what HMICFRS’s portal holds. Empty: the day in the file’s name, else "
        "today.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = [each for each in Purpose if may_take_in(user, each)]
        purpose: Any = self.fields["purpose"]
        purpose.choices = [(each.value, each.label) for each in purposes]
        if self.initial.get("purpose") not in purposes:
            self.initial["purpose"] = purposes[0]
        self.only = purposes[0] if len(purposes) == 1 else None
        if self.only:
            del self.fields["purpose"]
        if self.only == Purpose.EXPORT:
            self.fields["workbook"].label = "Export of HMICFRS’s portal"
            self.fields["as_at"].help_text = "Empty: the day in the file’s name, else today."
        megabytes = settings.SPREADSHEET_MAX_BYTES / 1024 / 1024
        self.fields["workbook"].help_text = (
            f"An Excel workbook (.xlsx) or a text file (.csv) of up to {megabytes:.0f} MB, in any "
            "layout. You see what would change before anything is changed."
        )
        if Purpose.EVIDENCE in purposes:
            of_store = settings.EVIDENCE_STORE_MAX_BYTES / 1024 / 1024
            self.fields["workbook"].help_text += (
                f" Evidence comes as a ZIP file of up to {of_store:.0f} MB with the files and "
                "“index.xlsx”."
            )

    def clean(self) -> dict[str, Any]:
        """Gives a list no day, and an export the one of its name where none is entered."""
        data: dict[str, Any] = super().clean() or {}
        data = {**data, "purpose": self.only or data.get("purpose")}
        if data["purpose"] != Purpose.EXPORT:
            # Whatever is typed there is of no list.
            self.errors.pop("as_at", None)
            return {**data, "as_at": None}
        if "workbook" in data and not data.get("as_at") and "as_at" not in self.errors:
            data["as_at"] = day_of_export(Purpose.EXPORT, data["workbook"].name)
        if data.get("as_at"):
            try:
                check_day(data["as_at"])
            except Refused as refusal:
                self.add_error("as_at", str(refusal))
        return data


def day_of_export(purpose: str, name: str) -> dt.date | None:
    """The day that a file's contents are of, where nobody says: that of its name, else today; None
    where it is no export.
    """
    return (day_in_name(name) or today()) if purpose == Purpose.EXPORT else None


def day_in_name(name: str) -> dt.date | None:
    """The day that a file's name tells, as in “portal-2024-11-20.xlsx”."""
    match = _DAY_IN_NAME.search(name)
    if match is None:
        return None
    try:
        return parse_date("-".join(match.groups()))
    except ValueError:
        return None
