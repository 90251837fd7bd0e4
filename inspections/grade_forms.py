"""The form of the grades that a PEEL report gives."""

from typing import Any

from django import forms

from core.forms import GovukForm
from inspections.grading import Round
from inspections.models import CoreQuestion, Framework, Grade


class GradesForm(GovukForm):
    """A grade for each question of a framework.

    Args:
        graded: the round as it is recorded.
        framework: whose questions the report answers.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, graded: Round, framework: Framework, **kwargs: Any) -> None:
        self.questions: dict[str, CoreQuestion] = {
            f"question_{each.pk}": each for each in framework.questions.all()
        }
        self.scale = {str(each.pk): each for each in Grade.objects.all()}
        recorded = {f"question_{key}": grade.pk for key, grade in graded.grades.items()}
        super().__init__(*args, **{**kwargs, "initial": {"seen": graded.seen, **recorded}})
        choices = [("", "Not graded"), *((key, each.name) for key, each in self.scale.items())]
        for name, question in self.questions.items():
            field = forms.ChoiceField(
                label=f"{question.number}. {question.text}", choices=choices, required=False
            )
            self.fields[name] = self._prepared(name, field)

    @property
    def grades(self) -> dict[CoreQuestion, Grade | None]:
        """What was entered, as `grading.record_grades` takes it."""
        return {
            question: self.scale.get(self.cleaned_data[name])
            for name, question in self.questions.items()
        }
