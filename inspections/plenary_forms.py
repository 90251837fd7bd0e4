"""The forms of a plenary session: what is recorded of it, and what it wants improved."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet

from core.collisions import VersionedForm
from core.forms import DateField, ErrorLink, GovukForm
from core.rendering import GovukRenderer
from inspections.forms import QuestionField, question_choices
from inspections.models import ImprovementItem, Publication
from inspections.plenaries import Wanted
from people.models import Lead

_LONGEST = 10_000
_AT_ONCE = 5


class PlenaryForm(VersionedForm):
    """The session on receipt of a report.

    Args:
        publication: the report.
    """

    held_on = DateField(label="Day of the session")
    attended = forms.CharField(
        label="Who was there",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Names or posts, one a line.",
    )
    notes = forms.CharField(
        label="Notes",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What the report means for the force. Everybody who is signed in can read this.",
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        plenary = getattr(publication, "plenary", None)
        kwargs["initial"] = {"version": 0}
        if plenary is not None:
            kwargs["initial"] = {
                name: getattr(plenary, name) for name in ("version", "held_on", "attended", "notes")
            }
        super().__init__(*args, **kwargs)


class WantedForm(GovukForm):
    """One thing a session wants improved; left empty, it is none.

    Args:
        offered: choices of `questions` and `owners`, read once for all forms; and the `question`
            that each begins with.
        number: its place on the page.
    """

    text = forms.CharField(
        label="What is to be done",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    question = QuestionField("Choose a question area")
    owner = forms.ModelChoiceField(
        label="Owner", queryset=Lead.objects.none(), empty_label="Choose a post"
    )
    due_on = DateField(label="Due")

    def __init__(
        self,
        *args: Any,
        offered: dict[str, Any],
        number: int = 1,
        **kwargs: Any,
    ) -> None:
        self.number = number
        super().__init__(*args, **kwargs)
        area: Any = self.fields["question"]
        area.required, area.initial = True, offered["question"]
        area.offer(offered["questions"])
        owner: Any = self.fields["owner"]
        owner.queryset = Lead.objects.all()
        owner.choices = [("", "Choose a post"), *offered["owners"]]

    def error_links(self) -> list[ErrorLink]:
        return [
            ErrorLink(f"Improvement {self.number}: {link.text}", link.href)
            for link in super().error_links()
        ]

    @property
    def wanted(self) -> Wanted:
        """What was entered, as `plenaries.add_items` takes it."""
        return Wanted(**{name: self.cleaned_data[name] for name in self.fields})


class WantedForms(BaseFormSet[WantedForm]):
    """Several things a session wants improved, on one page.

    Args:
        publication: whose session it is; each form begins with its question area, unless that is of
            a version no longer in force, whose plans stay as they were.
    """

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        # Read once, not for each form.
        questions = question_choices()
        begins = str(publication.question_id)
        self.offered = {
            "question": publication.question_id if begins in dict(questions) else None,
            "questions": questions,
            "owners": [(each.pk, each.name) for each in Lead.objects.order_by("name")],
        }
        kwargs["prefix"] = "items"
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {"offered": self.offered, "number": (index or 0) + 1}

    def clean(self) -> None:
        if not any(form.has_changed() for form in self.forms):
            raise ValidationError("Write down at least one improvement")

    @property
    def wanted(self) -> list[Wanted]:
        """What was entered; forms that were left empty are none."""
        return [form.wanted for form in self.forms if form.has_changed()]

    def error_links(self) -> list[ErrorLink]:
        """What is wrong with them together, then in any of them, each leading to its field."""
        first = f"#{self.forms[0]['text'].id_for_label}" if self.forms else ""
        together = [ErrorLink(str(message), first) for message in self.non_form_errors()]
        return together + [link for form in self.forms for link in form.error_links()]


_FORM_SET: Any = forms.formset_factory(
    WantedForm,
    formset=WantedForms,
    extra=_AT_ONCE,
    max_num=_AT_ONCE,
    absolute_max=_AT_ONCE,
    renderer=GovukRenderer(),
)


def wanted_forms(data: Mapping[str, Any] | None, publication: Publication) -> Any:
    """The forms of the page, as they were sent; `data` is None for a page that is opened."""
    return _FORM_SET(data, publication=publication)


def items_of(publication: Publication) -> list[ImprovementItem]:
    """The improvement items that came from the session on a report, in the order of the plans."""
    found = ImprovementItem.objects.filter(plenary__publication=publication)
    return list(
        found.select_related("question__framework", "owner").order_by(
            "question__number", "due_on", "pk"
        )
    )
