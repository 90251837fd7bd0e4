"""The forms of an inspection: its details, and how far it is."""

from typing import Any

from django import forms

from core.collisions import VersionedForm
from core.forms import GovukForm
from inspections.choices import InspectionStatus
from inspections.forms import QuestionField, question_choices
from inspections.models import Inspection
from people.models import Lead

_LONGEST = 10_000


class _ReviewFields(forms.Form):
    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="What is reviewed, for example “Quality of case files”.",
    )
    why = forms.CharField(
        label="Why, and what it is to look at",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say why it takes place, and what it is to look at"},
    )
    question = QuestionField("Several, or none")
    lead = forms.ModelChoiceField(
        label="Who leads it",
        queryset=Lead.objects.order_by("name"),
        required=False,
        empty_label="Not named yet",
    )
    expected = forms.CharField(
        label="When its report is expected",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        help_text="A date, or what is known: “early 2025”.",
    )


class ReviewForm(_ReviewFields, GovukForm):
    """An internal review that the Board commissions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices())


class ChangeInspectionForm(_ReviewFields, VersionedForm):
    """The details of an inspection that is recorded.

    Args:
        inspection: that is to be changed.
    """

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": inspection.version,
            "title": inspection.title,
            "why": inspection.why,
            "question": inspection.question_id,
            "lead": inspection.lead_id,
            "expected": inspection.expected,
        }
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices(inspection.question))
        if not inspection.is_internal:
            self.fields["why"].required = False


class InspectionStatusForm(GovukForm):
    """How far an inspection is; that it is published is told by its report, and that it is
    withdrawn by the agenda of the Board.
    """

    status = forms.ChoiceField(
        label="Status",
        choices=[
            (each.value, each.label)
            for each in InspectionStatus
            if each not in (InspectionStatus.PUBLISHED, InspectionStatus.WITHDRAWN)
        ],
        widget=forms.RadioSelect,
    )
