"""The forms of an inspection: its details, and how far it is."""

from typing import Any

from django import forms

from core.collisions import VersionedForm
from core.forms import GovukForm
from inspections.choices import (
    OUTSIDE_TYPES,
    InspectionStatus,
    Involvement,
    PhaseKind,
    PublicationType,
    Scope,
)
from inspections.forms import QuestionField, question_choices
from inspections.models import Inspection
from people.models import Lead

_LONGEST = 10_000
# A super-complaint is answered, not carried out as an inspection.
_NOT_INSPECTED = (PublicationType.SUPER_COMPLAINT,)
_STATUSES = [
    (each.value, each.label)
    for each in InspectionStatus
    if each not in (InspectionStatus.PUBLISHED, InspectionStatus.WITHDRAWN)
]


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


class _OutsideFields(forms.Form):
    """What is told of an inspection by others, beside what is told of a review."""

    body = forms.CharField(
        label="Carried out by",
        max_length=120,
        help_text="For example, HMICFRS, the College of Policing, or internal audit.",
    )
    scope = forms.ChoiceField(
        label="Scope",
        choices=Scope.choices,
        widget=forms.RadioSelect,
        help_text="Local: about this force only. National: about all forces.",
    )
    involvement = forms.ChoiceField(
        label="Involvement of the force", choices=Involvement.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="What else is known",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InspectionForm(_OutsideFields, GovukForm):
    """An inspection by HMICFRS or another body that is known of."""

    title = forms.CharField(label="Title", max_length=300)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            ("", "Choose a kind"),
            *((each, each.label) for each in OUTSIDE_TYPES if each not in _NOT_INSPECTED),
        ],
        help_text="Internal reviews are commissioned on the agenda of the Board.",
    )
    status = forms.ChoiceField(label="How far it is", choices=_STATUSES, widget=forms.RadioSelect)
    question = QuestionField("Several, or none")
    lead = forms.ModelChoiceField(
        label="Who leads it in the force",
        queryset=Lead.objects.order_by("name"),
        required=False,
        empty_label="Not named yet",
    )
    field_order = ("title", "kind", "body", "scope", "status", "involvement", "question", "lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "body": "HMICFRS",
            "status": InspectionStatus.PROPOSED,
            "involvement": Involvement.NOT_KNOWN,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices())


class ChangeInspectionForm(_ReviewFields, _OutsideFields, VersionedForm):
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
            "body": inspection.body,
            "scope": inspection.scope,
            "involvement": inspection.involvement,
            "note": inspection.note,
        }
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices(inspection.question))
        if inspection.is_internal:
            for name in ("body", "scope", "involvement"):
                del self.fields[name]
        else:
            self.fields["why"].required = False
        if any(each.kind == PhaseKind.REPORT for each in inspection.phases.all()):
            # Its dates say it.
            del self.fields["expected"]


class InspectionStatusForm(GovukForm):
    """How far an inspection is; that it is published is told by its report, and that it is
    withdrawn by the agenda of the Board.
    """

    status = forms.ChoiceField(
        label="Status",
        choices=_STATUSES,
        widget=forms.RadioSelect,
    )
