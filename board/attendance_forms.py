"""The list of who came to a Board: one row for each person."""

from collections.abc import Sequence
from typing import Any

from django import forms

from board.attendance import Overwritten, Row
from board.choices import AttendanceState
from core.forms import ErrorLink, GovukForm
from core.numbers import keys_in

# Rows for people whom the terms of reference do not name.
FREE_ROWS = 3
_MOST = 100


class RowForm(GovukForm):
    """Somebody on the list."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # The post is one of the terms of reference, which is not typed here.
    fixed = forms.CharField(required=False, widget=forms.HiddenInput)
    post = forms.CharField(label="Post or role", required=False, max_length=150)
    name = forms.CharField(
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label="Attendance", required=False, choices=[("", "Not said"), *AttendanceState.choices]
    )
    represented_by = forms.CharField(
        label="Deputy",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each field stands in a column; what its row is about is part of its label.
        for field in self.fields.values():
            field.one_of_several = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        name, state, deputy = (found.get(each, "") for each in ("name", "state", "represented_by"))
        if {"name", "state", "represented_by"} & set(self.errors):
            return found
        if not name and (state or deputy) and not found.get("key"):
            self.add_error("name", f"Enter who{_of(found)} it is about, or leave the row empty")
        if name and not state:
            self.add_error("state", f"Say whether {name} came or sent apologies")
        if deputy and state == AttendanceState.PRESENT:
            self.add_error("represented_by", f"{name} came, so nobody came in their place")
        return found

    @property
    def cells(self) -> list[Any]:
        """The fields that stand in columns after the post."""
        return [self[name] for name in ("name", "state", "represented_by")]

    @property
    def row(self) -> Row:
        """The row as it was sent; a row without a name says nothing."""
        names = ("name", "post", "state", "represented_by", "key", "seen")
        # A free row that nobody touched holds nothing.
        name, post, state, deputy, key, seen = (self.cleaned_data.get(each, "") for each in names)
        return Row(
            name=name,
            post=post,
            state=state if name else "",
            represented_by=deputy if name else "",
            key=next(iter(keys_in([key])), None),
            seen=seen,
        )


def _of(found: dict[str, Any]) -> str:
    return f" (“{found['post']}”)" if found.get("post") else ""


class _ListFormSet(forms.BaseFormSet):
    """The rows; what is wrong is told for all of them together."""

    @property
    def rows(self) -> list[Row]:
        return [form.row for form in self.forms]

    def error_links(self) -> list[ErrorLink]:
        links = [ErrorLink(str(message)) for message in self.non_form_errors()]
        for form in self.forms:
            links += form.error_links()
        return links

    def tell_overwritten(self, overwritten: Overwritten) -> None:
        """Say which rows somebody else wrote; the next save goes over them knowingly."""
        for place, (who, mark) in overwritten.rows.items():
            form: Any = self.forms[place]
            form.add_error(
                "name",
                f"Somebody else has changed this row: it says {who} now. Save again to put yours "
                "in its place",
            )
            form.show_again(seen=mark)


_FORM_SET: Any = forms.formset_factory(
    RowForm, formset=_ListFormSet, extra=FREE_ROWS, absolute_max=_MOST, max_num=_MOST
)


def attendance_forms(data: Any, rows: Sequence[Row]) -> Any:
    """The form set: what was sent, else these rows and some free ones.

    Args:
        data: of the request; None shows the list.
        rows: as `board.attendance.offered` gives them.
    """
    initial = [
        {
            "key": row.key or "",
            "seen": row.mark if row.key else "",
            "fixed": "yes" if row.post else "",
            "post": row.post,
            "name": row.name,
            "state": row.state,
            "represented_by": row.represented_by,
        }
        for row in rows
    ]
    return _FORM_SET(data, initial=None if data else initial, prefix="row")
