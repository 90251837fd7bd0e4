"""Forms for the agenda of a Board: items, notes, the deep dive, what arises."""

from typing import Any

from django import forms

from board.agenda import OPEN_SECTIONS
from board.rotation import Turn
from core.collisions import VersionedForm
from core.dates import long_date
from core.forms import DateField, GovukForm
from inspections.models import CoreQuestion
from people.models import User
from tracker.when_forms import text_field

BRIEFING = "Briefing note, which members read beforehand"


class ItemForm(GovukForm):
    """Something to put on an agenda by hand."""

    section = forms.ChoiceField(
        label="Part of the agenda",
        choices=[(section.value, section.label) for section in OPEN_SECTIONS],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label="Title", max_length=200)
    introduction = text_field(BRIEFING, rows=6)


class ItemWordsForm(VersionedForm):
    """The words of an item."""

    title = forms.CharField(label="Title", max_length=200)
    introduction = text_field(BRIEFING, rows=6)


class IntroductionForm(VersionedForm):
    """The briefing note on a part of the agenda, or on something that is on record."""

    introduction = text_field(BRIEFING, rows=6)


class NotesForm(VersionedForm):
    """What was said on an item."""

    notes = text_field("Notes", rows=10)


class RemovalForm(GovukForm):
    reason = text_field(
        "Why it is removed from the agenda", "Say why it is removed from the agenda", rows=3
    )


class DecisionReasonForm(GovukForm):
    """Why the Board returns a closure or puts its decision off."""

    text = text_field("Reason", "Give the reason", rows=5)


class SwapForm(GovukForm):
    """Which question area the deep dive is about."""

    question = forms.ModelChoiceField(
        label="Question area",
        queryset=CoreQuestion.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = text_field(
        "Why it comes before the one whose turn it is",
        rows=3,
        help_text="Not needed where it is the one whose turn it is.",
    )

    def __init__(self, *args: Any, turns: list[Turn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [turn.question.pk for turn in turns]
        field: Any = self.fields["question"]
        field.queryset = CoreQuestion.objects.filter(pk__in=keys)
        field.choices = [(turn.question.pk, _turn_words(turn)) for turn in turns]


def _turn_words(turn: Turn) -> str:
    last = f"last on {long_date(turn.last_done)}" if turn.last_done else "not done yet"
    return f"{turn.question}: {turn.question.text} ({last})"


class _ArisingFields(forms.Form):
    text = text_field("What is to be done", "Say what is to be done", rows=3)
    owner = forms.ModelChoiceField(
        label="Owner",
        queryset=User.objects.filter(is_active=True).order_by("name"),
        empty_label="Choose who",
    )
    due_on = DateField(label="Due date")


class ArisingForm(_ArisingFields, GovukForm):
    """Something that a Board asks of somebody."""


class ArisingChangeForm(_ArisingFields, VersionedForm):
    """The same, changed afterwards."""


class DoneForm(GovukForm):
    """That it is done."""

    outcome = text_field("What came of it", "Say what came of it", rows=4)
    on = DateField(label="Day it was done", required=False, help_text="Today unless you enter one")
