"""The forms with which governance allocates actions and records due dates agreed elsewhere."""

from typing import Any

from django import forms

from core.dates import today
from core.forms import DateField, GovukForm
from inspections.forms import QuestionField, question_choices
from people.models import Lead
from tracker.leading import leads_of
from tracker.models import Action
from tracker.when_forms import WhenForm

_AS_IT_IS = "Leave as it is"


class AllocationForm(WhenForm):
    """Question area, leads, and the day from which that holds.

    Args:
        action: the one action it is about, whose leads and area it starts with; None for several.
    """

    question = QuestionField(_AS_IT_IS)
    executive = forms.ModelChoiceField(
        Lead.objects.filter(chief_officer=True),
        label="Executive lead",
        required=False,
        empty_label=_AS_IT_IS,
        help_text="At Chief Officer level.",
    )
    delivery = forms.ModelChoiceField(
        Lead.objects.all(),
        label="Delivery lead",
        required=False,
        empty_label=_AS_IT_IS,
        help_text="A senior officer or member of staff.",
    )
    on = DateField(label="Takes effect on", initial=today)

    def __init__(self, *args: Any, action: Action | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if action is not None:
            initial = {each.role: each.lead_id for each in leads_of(action)}
            initial["question"] = action.question_id
        super().__init__(*args, initial=initial, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices(action.question if action else None))


class SeveralForm(AllocationForm):
    """The same for several actions, with a reason."""

    reason = forms.CharField(
        label="Reason",
        max_length=100,
        help_text="Kept in the history of each action, for example “New Head of Custody”.",
    )


class AgreedDateForm(GovukForm):
    """One due date for several actions that was agreed elsewhere."""

    due_on = DateField(label="New due date")
    agreed_by = forms.CharField(
        label="Who agreed it",
        max_length=150,
        help_text="For example “ACC Baker” or “GAIN Board of 27 November 2024”.",
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the date changes. It is kept with each action, and committees read it.",
    )
