"""Choosing what an inspection pack is to hold."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import GovukForm, RecordsField
from evidence.packs.choosing import Wanted
from inspections.models import CoreQuestion, Framework
from people.models import User
from tracker.models import Action

_NOTHING = "Choose a question area, or enter the reference of an action."


class _QuestionAreas(RecordsField):
    def label_from_instance(self, question: CoreQuestion) -> str:
        return f"PAF {question.number}: {question.text}"


class PackForm(GovukForm):
    """Question areas of the framework in force, actions by their references, and what to leave out.

    Args:
        reader: whose pack it is to be.
    """

    question = _QuestionAreas(
        label="Question areas",
        queryset=CoreQuestion.objects.none(),
        required=False,
        help_text="Everything that stands for one of their characteristics.",
    )
    action = forms.CharField(
        label="Actions",
        required=False,
        max_length=2_000,
        help_text="References with commas between them, for example ST-0045, ST-0067. Everything "
        "that is attached to them now.",
    )
    only_demonstrating = forms.BooleanField(
        label="For question areas, only what demonstrates a characteristic", required=False
    )
    without_stale = forms.BooleanField(label="Without stale evidence", required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        for name in ("question", "action"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]
        framework = Framework.objects.in_force()
        if framework is not None:
            field: Any = self.fields["question"]
            field.queryset = framework.questions.order_by("number")

    def clean_action(self) -> tuple[str, ...]:
        """The actions that are named, by their references as they are written here.

        Raises:
            ValidationError: there is none of a reference that this person may read.
        """
        named = list(filter(None, re.split(r"[,;\s]+", self.cleaned_data["action"])))
        readable = Action.objects.visible_to(self.reader).by_references(named)
        found = {each.reference.lower(): each.reference for each in readable}
        unknown = [each for each in named if each.lower() not in found]
        if unknown:
            raise ValidationError(f"There is no action {unknown[0]} that you may read.")
        return tuple(dict.fromkeys(found[each.lower()] for each in named))

    def clean(self) -> dict[str, Any]:
        """What was chosen.

        Raises:
            ValidationError: nothing was.
        """
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("question") or cleaned.get("action")
        if not chosen and not self.errors:
            self.add_error("question", _NOTHING)
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was chosen, of a form that is valid."""
        said = self.cleaned_data
        return Wanted(
            questions=tuple(question.pk for question in said["question"]),
            actions=said["action"],
            only_demonstrating=said["only_demonstrating"],
            without_stale=said["without_stale"],
        )

    @property
    def words(self) -> list[str]:
        """The same as people say it."""
        return [str(question) for question in self.cleaned_data["question"]] + list(
            self.cleaned_data["action"]
        )

    @property
    def sent_again(self) -> list[tuple[str, str]]:
        """Every field with what was chosen, for the form that has the pack built."""
        said = self.cleaned_data
        pairs = [("question", str(question.pk)) for question in said["question"]]
        pairs += [("action", ", ".join(said["action"]))]
        ticks = ("only_demonstrating", "without_stale")
        return pairs + [(name, "on") for name in ticks if said[name]]
