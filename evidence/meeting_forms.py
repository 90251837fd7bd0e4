"""Forms about corporate meetings."""

from django import forms

from core.collisions import VersionedForm
from core.dates import today
from core.forms import DateField, GovukForm
from evidence.choices import Every, NothingKept
from people.models import User


class _MeetingFields(forms.Form):
    name = forms.CharField(max_length=120, help_text="For example, “Force Performance Board”.")
    every = forms.ChoiceField(
        label="How often it takes place",
        choices=Every.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Say how often it takes place"
        ),
    )
    first_on = DateField(
        label="A day on which it takes place",
        help_text="Its other days follow from this one: from 20 November 2024, every third "
        "Wednesday of the month. A day that is no working day goes to the next that is.",
    )


class MeetingForm(_MeetingFields, GovukForm):
    """A meeting for the list."""


class ChangeMeetingForm(_MeetingFields, VersionedForm):
    """What is known of a meeting."""

    field_order = ("name", "every", "first_on", "version")


class EndMeetingForm(GovukForm):
    """From when a meeting is no longer held."""

    ended_on = DateField(label="No longer held from", initial=today)


class RemindForm(GovukForm):
    """Who is reminded of a meeting."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label="Person", empty_label="Choose"
    )


class NothingForm(GovukForm):
    """Why nothing is kept from a day of a meeting."""

    why = forms.ChoiceField(
        label="Why nothing is kept",
        choices=NothingKept.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say why nothing is kept"),
    )
