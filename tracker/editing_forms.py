"""The form in which governance corrects the record of an action."""

import datetime as dt
from typing import Any

from django import forms

from core.collisions import VersionedModelForm
from core.forms import DateField
from inspections.forms import QuestionField, question_choices
from tracker.choices import Kind, Register
from tracker.editing import SAME_ROUTES, DueAsIssued, due_as_issued
from tracker.models import Action
from tracker.new_action_forms import in_short
from tracker.new_actions import causes_of

_BESIDE = ("due_on", "due_seen", "reason")


class RecordForm(VersionedModelForm):
    """What can be wrong in the record of an action, and why it is corrected."""

    due_on = DateField(
        label="Due date as issued",
        required=False,
        help_text="Only if it was recorded wrongly: a later date is agreed with the executive "
        "lead. For example, 20 November 2024.",
    )
    due_seen = forms.DateField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it is corrected",
        max_length=100,
        help_text="It stays in the history of the action.",
    )

    question = QuestionField("None")

    class Meta:
        model = Action
        fields = ("kind", "text", "parent", "portal_reference", "scope", "question", "marking")
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6}),
            "portal_reference": forms.TextInput(attrs={"class": "govuk-input--width-20"}),
            "scope": forms.RadioSelect,
            "marking": forms.RadioSelect,
        }
        labels = {
            "text": "What it requires",
            "parent": "Belongs to the cause of concern",
        }
        help_texts = {"portal_reference": "What HMICFRS’s monitoring portal calls it."}

    def __init__(self, *args: Any, instance: Action, **kwargs: Any) -> None:
        due = due_as_issued(instance)
        kwargs["initial"] = {"version": instance.version, "due_on": due, "due_seen": due}
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["text"].max_length = 10_000  # type: ignore[attr-defined]
        for name in ("scope", "marking"):
            self._without_blank(name)
        question: Any = self.fields["question"]
        question.offer(question_choices(instance.question))
        self._offer_kind_and_family(instance)
        if instance.register != Register.HMICFRS:
            del self.fields["portal_reference"]

    def _without_blank(self, name: str) -> None:
        field: Any = self.fields[name]
        field.choices = [choice for choice in field.choices if choice[0]]

    def _offer_kind_and_family(self, action: Action) -> None:
        if action.kind in SAME_ROUTES and action.register != Register.SUPER_COMPLAINT:
            kind: Any = self.fields["kind"]
            kind.choices = [(kind, kind.label) for kind in SAME_ROUTES]
        else:
            del self.fields["kind"]
        causes = causes_of(action.publication)
        if action.kind == Kind.RECOMMENDATION and causes:
            parent: Any = self.fields["parent"]
            parent.queryset = Action.objects.filter(pk__in=[each.pk for each in causes])
            parent.empty_label = "None"
            parent.label_from_instance = in_short
        else:
            del self.fields["parent"]

    @property
    def fields_entered(self) -> dict[str, Any]:
        """What the record shall say, by field of the action."""
        return {name: value for name, value in self.changes.items() if name not in _BESIDE}

    @property
    def due(self) -> DueAsIssued:
        return DueAsIssued(self.cleaned_data["due_seen"], self.cleaned_data["due_on"])

    def show_due_now(self, now: dt.date | None) -> None:
        """Show again the due date as issued as it is now, where the writer left it."""
        left = {"due_on": now} if self.due.right == self.due.seen else {}
        self.show_again(due_seen=now, **left)
