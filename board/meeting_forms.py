"""Forms about meetings: one, a series, a change, a cancellation, a nomination, apologies."""

import datetime as dt
import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import Q

from board.choices import MeetingState
from board.models import Meeting
from board.nominations import DEPUTISES
from board.series import MOST, Occurrence, Rule, series
from core.collisions import VersionedForm
from core.dates import long_date, today
from core.forms import DATE_HINT, DateField, GovukForm
from people.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$", re.IGNORECASE)


class TimeField(forms.TimeField):
    """A time in one text field, as people write it: 14:00, 2.30pm, 10am."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 10:00 or 2:30pm")
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        """The time.

        Raises:
            ValidationError: no such time.
        """
        if value in EMPTY_VALUES or isinstance(value, dt.time):
            return value or None
        found = _TIME.match(" ".join(str(value).split()))
        if found and (found[2] or found[3]):
            hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
            if half and 1 <= hour <= 12:
                hour = hour % 12 + (12 if half == "pm" else 0)
                half = ""
            if not half and hour < 24 and minute < 60:
                return dt.time(hour, minute)
        raise ValidationError(f"“{value}” is not a time. Enter one like 10:00 or 2:30pm.")

    def prepare_value(self, value: Any) -> Any:
        """A time as 10:00; what somebody typed stays as it was typed."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


def people_with(*permissions: str) -> Any:
    """People who may sign in and hold one of these permissions by a role, by name."""
    held = Q()
    for permission in permissions:
        found = User.objects.with_perm(permission, backend=_BACKEND, include_superusers=False)
        held |= Q(pk__in=found.values("pk"))
    return User.objects.filter(held).order_by("name")


class _DetailsForm(GovukForm):
    """What a Board is like, whatever its day."""

    starts_at = TimeField(label="Starts at", initial=dt.time(10))
    ends_at = TimeField(label="Ends at", initial=dt.time(12))
    place = forms.CharField(
        max_length=200, required=False, help_text="A room, or that it is held online."
    )
    chair = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Not known yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chair = cast(forms.ModelChoiceField, self.fields["chair"])
        chairs = people_with("tracker.decide_closure")
        # A deputy takes the chair's place by a nomination, which says from when until when.
        chair.queryset = chairs
        if len(chairs) == 1:
            chair.initial = chairs[0]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        starts_at, ends_at = found.get("starts_at"), found.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "The end has to be after the start.")
        return found


class MeetingForm(_DetailsForm):
    """One Board."""

    held_on = DateField(label="Date of the Board")
    field_order = ("held_on",)


class ChangeForm(VersionedForm, MeetingForm):
    """A Board that is planned already.

    Args:
        meeting: as it is.
    """

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        names = ("held_on", "starts_at", "ends_at", "place", "chair", "version")
        kwargs["initial"] = {name: getattr(meeting, name) for name in names}
        super().__init__(*args, **kwargs)
        if meeting.chair is not None:
            # Whoever chairs it may have another role by now.
            chair: Any = self.fields["chair"]
            chair.queryset = (chair.queryset | User.objects.filter(pk=meeting.chair.pk)).order_by(
                "name"
            )


class SeriesForm(_DetailsForm):
    """A monthly series: from it follow the dates that are shown before anything is planned."""

    first_day = DateField(label="Date of the first Board")
    rule = forms.ChoiceField(
        label="The others are on",
        choices=Rule.choices,
        initial=Rule.WEEKDAY,
        widget=forms.RadioSelect,
    )
    months = forms.IntegerField(
        label="How many Boards",
        required=False,
        min_value=2,
        max_value=MOST,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        help_text="For example, 12. Leave it empty where you enter the last day instead.",
    )
    until = DateField(label="Or the last day there may be one", required=False)
    moved = forms.BooleanField(
        label="Move a date on a weekend or bank holiday to the next working day",
        required=False,
        initial=True,
    )
    field_order = ("first_day", "rule", "months", "until", "moved")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("months", "until"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def clean_first_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["first_day"]
        if day < today():
            raise ValidationError(f"{long_date(day)} has passed. Enter today or later.")
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        months, until, first = (found.get(name) for name in ("months", "until", "first_day"))
        if months is None and until is None and not {"months", "until"} & set(self.errors):
            self.add_error("months", "Enter how many Boards, or the last day there may be one.")
        if months is not None and until is not None:
            self.add_error("until", "Enter how many Boards or the last day, not both.")
        elif until is not None and first is not None and until <= first:
            self.add_error("until", "The last day has to be after the first Board.")
        return found

    @property
    def days(self) -> list[Occurrence]:
        """The dates that follow; the form is valid."""
        said = self.cleaned_data
        return series(
            said["first_day"],
            said["rule"],
            months=said["months"],
            until=said["until"],
            moved=said["moved"],
        )

    @property
    def details(self) -> dict[str, Any]:
        """What the Boards have in common, as `plan_series` takes it."""
        return {name: self.cleaned_data[name] for name in _DetailsForm.base_fields}


class DaysForm(GovukForm):
    """The dates of a series, each to be changed or left out before they are planned.

    Args:
        days: the dates that follow from the rule, when they are shown first.
    """

    def __init__(self, *args: Any, days: list[Occurrence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = dict(Meeting.objects.values_list("held_on", "state"))
        for number, each in enumerate(days):
            field = DateField(
                label=f"Board {number + 1}",
                required=False,
                initial=each.day,
                help_text=_remark(each, taken),
            )
            field.one_of_several = True  # type: ignore[attr-defined]
            self.fields[f"day_{number}"] = self._prepared(f"day_{number}", field)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        taken = dict(Meeting.objects.values_list("held_on", "state"))
        seen: dict[dt.date, str] = {}
        for name, day in list(found.items()):
            if day is None:
                continue
            if day in seen:
                label = str(self.fields[seen[day]].label)
                self.add_error(name, f"{long_date(day)} is the date of {label} already.")
            elif day in taken:
                self.add_error(name, _taken(day, taken[day]))
            elif day < today():
                self.add_error(name, f"{long_date(day)} has passed. Enter today or later.")
            seen.setdefault(day, name)
        if not seen and not self.errors:
            self.add_error(None, "Every date is left out. Enter at least one.")
        return found

    @property
    def days(self) -> list[dt.date]:
        """The dates that were not left out, in their order; the form is valid."""
        return sorted(day for day in self.cleaned_data.values() if day is not None)


def _remark(each: Occurrence, taken: dict[dt.date, str]) -> str:
    if each.day in taken:
        return f"{each.words}. {_taken(each.day, taken[each.day])}"
    return each.words


def _taken(day: dt.date, state: str) -> str:
    was = "that was cancelled " if state == MeetingState.CANCELLED else ""
    return f"There is a Board {was}on {long_date(day)} already: choose another day or leave it out."


class CancelForm(GovukForm):
    """Why a Board does not take place."""

    reason = forms.CharField(
        label="Why it does not take place",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Members read it in the list of Boards.",
    )


class NominationForm(GovukForm):
    """Who decides in the chair's place, what, and on which days.

    Args:
        meeting: the Board.
    """

    deputy = forms.ModelChoiceField(User.objects.none(), empty_label="Choose")
    whole_meeting = forms.TypedChoiceField(
        label="What they decide",
        choices=[
            ("no", "Only where the chair may not decide: a conflict of interest"),
            ("yes", "Everything: the chair is away"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    first_day = DateField(label="First day")
    last_day = DateField(
        label="Last day",
        help_text=f"The day of the Board lies between the two. {DATE_HINT}.",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy = cast(forms.ModelChoiceField, self.fields["deputy"])
        deputy.queryset = people_with(DEPUTISES).exclude(pk=meeting.chair_id)
        day = max(meeting.held_on, today())
        self.fields["first_day"].initial = self.fields["last_day"].initial = day


class ApologiesForm(GovukForm):
    """That somebody cannot come, and who comes instead.

    Args:
        posts: as the terms of reference name them.
    """

    post = forms.ChoiceField(label="Your place on the Board", required=False)
    represented_by = forms.CharField(
        label="Who comes in your place",
        required=False,
        max_length=150,
        help_text="A deputy whom you have briefed and who may decide on your behalf.",
    )

    def __init__(self, *args: Any, posts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = cast(forms.ChoiceField, self.fields["post"])
        post.choices = [("", "None of these"), *((each, each) for each in posts)]
        if not posts:
            del self.fields["post"]
