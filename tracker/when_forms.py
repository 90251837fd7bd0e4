"""What forms of a step share: a text of some sentences, and the day it took effect."""

from typing import Any

from django import forms

from core.dates import today
from core.forms import DateField, GovukForm
from tracker.workflow import When

LONGEST = 10_000


def text_field(label: str, missing: str = "", rows: int = 5, **kwargs: Any) -> forms.CharField:
    """A text of some sentences.

    Args:
        label: above the field.
        missing: what to say where it is left out; without one it may be.
        rows: how many lines are shown.
        kwargs: as for any field.
    """
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        required=bool(missing),
        error_messages={"required": missing} if missing else None,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class WhenForm(GovukForm):
    """Something that took effect on a day, which may be before it is recorded."""

    on = DateField(label="Day it took effect", initial=today)
    late_reason = text_field(
        "Why it is recorded later",
        rows=2,
        help_text="Only where the day is before today. It is shown beside the day.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = [name for name in WhenForm.base_fields if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def when(self) -> When:
        return When(self.cleaned_data["on"], self.cleaned_data["late_reason"])

    @property
    def said(self) -> dict[str, Any]:
        """What was entered, by field, without the day."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in WhenForm.base_fields
        }


class NowForm(WhenForm):
    """A step that nearly always happens today: the day is left empty and folded away."""

    on = DateField(label="Day it happened", required=False)
