"""The forms of daily work: an update, another due date and its answer."""

from typing import Any

from django import forms
from django.conf import settings

from core.dates import long_date, today
from core.forms import DATE_HINT, DateField, GovukForm
from core.markings import Marking
from people.models import User
from tracker.dossier import may_read_sensitive
from tracker.models import Action, Confidence
from tracker.updates import expected_now, last_rated

_LONGEST = 5_000


class ConfidenceField(forms.ModelChoiceField):
    """The scale as radio buttons, each value with its symbol and meaning."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.symbol} {obj.name}: {obj.meaning}"


class UpdateForm(GovukForm):
    """An update. It starts with what was stated last, so that one line of text is enough.

    Args:
        action: the action.
        reader: who fills it in; what was marked sensitive is repeated only to who may read it.
    """

    text = forms.CharField(
        label="What has happened",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Since the last update. One line is enough.",
    )
    confidence = ConfidenceField(
        Confidence.objects.all(),
        label="Delivery confidence",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text="How sure you are that the action will be done by its due date.",
    )
    confidence_reason = forms.CharField(
        label="Why this confidence",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when the confidence changes, and whenever it is the lowest: the Board "
        "reads it.",
    )
    expected_closure_on = DateField(label="Expected closure date", required=False)
    marking = forms.ChoiceField(
        choices=Marking.choices,
        initial=settings.DEFAULT_MARKING,
        widget=forms.RadioSelect,
        help_text="An OFFICIAL-SENSITIVE update is read only by those who lead the action, those "
        "who check and decide closures, and members of the Board while it is on their agenda.",
    )

    def __init__(self, *args: Any, action: Action, reader: User, **kwargs: Any) -> None:
        rated, expected = last_rated(action), expected_now(action)
        initial: dict[str, Any] = {"marking": action.marking}
        if rated is not None:
            initial["confidence"] = rated.confidence
            readable = rated.marking != Marking.SENSITIVE or may_read_sensitive(action, reader)
            if rated.confidence == Confidence.objects.last() and readable:
                initial["confidence_reason"] = rated.confidence_reason
        if expected and expected >= today():
            initial["expected_closure_on"] = expected
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["expected_closure_on"].help_text = (
            f"The last one stated, {long_date(expected)}, has passed. {DATE_HINT}."
            if expected and expected < today()
            else f"When you expect the action to be closed. {DATE_HINT}."
        )


class DueDateForm(GovukForm):
    """Another due date, and why."""

    due_on = DateField(label="New due date")
    reason = forms.CharField(
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What has changed, and what will be done by the new date. It is kept with the "
        "action, and committees read it.",
    )


class AnswerForm(GovukForm):
    """What the executive lead says to a request for another due date."""

    text = forms.CharField(
        label="Your answer",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed to decline; you may add something when you agree.",
    )
