"""The form for several new actions: what is the same for all of them, and one part for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import Truncator

from core.dates import today
from core.forms import DateField, ErrorLink, GovukForm
from core.markings import Marking
from core.rendering import GovukRenderer
from inspections.choices import Scope
from inspections.forms import QuestionField, question_choices
from inspections.models import Publication
from tracker.choices import Kind, Level, Register, register_for
from tracker.models import Action
from tracker.new_actions import Fault, NewAction, causes_of
from tracker.workflow import When

MOST_AT_ONCE = 20
# What each action may have for itself, else as said for all.
_SHARED = ("scope", "question", "due_on", "marking")
_SHARED_NAMES = ("received", "late_reason", *_SHARED)
# Without any of these a part of the form was left empty; kind and cause may be filled in by us.
_TELLING = ("text", "level", "portal_reference", *_SHARED)
_PREFIX = "action"
_LONGEST = 10_000


class SharedForm(GovukForm):
    """What is the same for all the actions that are recorded together.

    Args:
        publication: that they come from.
    """

    received = DateField(label="Date received", initial=today)
    late_reason = forms.CharField(
        label="Recorded later because",
        required=False,
        max_length=400,
        help_text="Needed only where they were received before today.",
    )
    scope = forms.ChoiceField(choices=Scope.choices, widget=forms.RadioSelect)
    question = QuestionField("None, or different for each")
    due_on = DateField(label="Due date as issued", required=False)
    marking = forms.ChoiceField(
        choices=Marking.choices, initial=Marking.OFFICIAL, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "scope": publication.scope,
            "question": publication.question_id,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.offer(question_choices(publication.question))

    @property
    def when(self) -> When:
        """The day they were received, as `record_actions` takes it."""
        return When(self.cleaned_data["received"], self.cleaned_data["late_reason"])


class ActionForm(GovukForm):
    """One of the actions.

    Args:
        publication: that it comes from.
        causes: of concern of the publication that are recorded.
        questions: the question areas to choose from.
        place, count: the place of this part of the form, from 0, and how many there are.
    """

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="What it requires",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The words of the report.",
    )
    level = forms.TypedChoiceField(
        label="Activity level",
        required=False,
        choices=[("", "Not given yet"), *Level.choices],
        coerce=int,
        empty_value=None,
        help_text="A cause of concern has none. Activity level 1 is closed on the day received.",
    )
    cause = forms.ChoiceField(label="Belongs to the cause of concern", required=False)
    portal_reference = forms.CharField(
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        help_text="Where it is on HMICFRS’s monitoring portal.",
    )
    scope = forms.ChoiceField(required=False, choices=[("", "As above"), *Scope.choices])
    question = QuestionField("As above")
    due_on = DateField(label="Due date as issued", required=False)
    marking = forms.ChoiceField(required=False, choices=[("", "As above"), *Marking.choices])

    def __init__(
        self,
        *args: Any,
        publication: Publication,
        causes: list[Action],
        questions: list[tuple[str, str]],
        place: int,
        count: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        question: Any = self.fields["question"]
        question.offer(questions)
        register = register_for(publication.type)
        if register == Register.HMICFRS:
            cause: Any = self.fields["cause"]
            cause.choices = _cause_choices(causes, place, count)
            if len(cause.choices) == 1:
                del self.fields["cause"]
        else:
            for name in ("level", "cause", "portal_reference"):
                del self.fields[name]
        if register == Register.SUPER_COMPLAINT:
            del self.fields["kind"]

    @property
    def number(self) -> int:
        return self.place + 1

    def has_changed(self) -> bool:
        """Whether there is anything in it: what we fill in ourselves does not count."""
        return any(self[name].data for name in _TELLING if name in self.fields)

    @property
    def main_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in _SHARED]

    @property
    def own_fields(self) -> list[Any]:
        """Those that need an answer only where it is not the one for all."""
        return [self[name] for name in _SHARED]

    @property
    def has_own(self) -> bool:
        return any(field.value() or field.errors for field in self.own_fields)

    def error_links(self) -> list[ErrorLink]:
        return [
            ErrorLink(f"Action {self.number}: {link.text}", link.href)
            for link in super().error_links()
        ]


def in_short(action: Action) -> str:
    """An action as a choice: its reference, and how it begins."""
    return f"{action}: {Truncator(action.text).chars(70)}"


def _cause_choices(causes: list[Action], place: int, count: int) -> list[tuple[str, str]]:
    here = [(f"row-{n}", f"Action {n + 1} on this page") for n in range(count) if n != place]
    there = [(str(each.pk), in_short(each)) for each in causes]
    return [("", "None"), *here, *there]


class _ActionFormSet(BaseFormSet):
    """The parts of the form. All may be left empty; how many there are is what was sent."""

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        # Read once, not for each part.
        self.common = {
            "publication": publication,
            "causes": causes_of(publication),
            "questions": question_choices(publication.question),
        }
        kwargs["prefix"] = _PREFIX
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        place = index or 0
        return {**self.common, "place": place, "count": self.total_form_count()}

    def error_links(self) -> list[ErrorLink]:
        """What is wrong in any part, each line leading to its field; and with them together."""
        together = [ErrorLink(str(message)) for message in self.non_form_errors()]
        return together + [link for form in self.forms for link in form.error_links()]


_FORM_SET: Any = forms.formset_factory(
    ActionForm,
    formset=_ActionFormSet,
    max_num=MOST_AT_ONCE,
    absolute_max=MOST_AT_ONCE,
    renderer=GovukRenderer(),
)


def action_forms(
    data: Mapping[str, Any] | None,
    publication: Publication,
    begun: Mapping[str, Any] | None = None,
) -> Any:
    """One part to begin with, or those that were sent.

    Args:
        begun: what the first part begins with, by field; only where nothing was sent.
    """
    if data is not None or not begun:
        return _FORM_SET(data, publication=publication)
    parts = _FORM_SET(publication=publication, initial=[begun])
    parts.extra = 1
    return parts


def one_more(data: Any, publication: Publication) -> tuple[SharedForm, Any]:
    """The form as it was sent, not judged, with one part more than it had.

    What follows a cause of concern is mostly a recommendation that belongs to it, so the new part
    begins as one.
    """
    shared = SharedForm(
        publication=publication, initial={name: data.get(name, "") for name in _SHARED_NAMES}
    )
    sent = action_forms(data, publication)
    typed = [
        {name: data.get(form.add_prefix(name), "") for name in (*form.fields, "cause")}
        for form in sent.forms
    ]
    if len(typed) < MOST_AT_ONCE:
        typed.append(_following(typed))
    again = _FORM_SET(publication=publication, initial=typed)
    again.extra = len(typed)
    return shared, again


def _following(typed: list[dict[str, str]]) -> dict[str, str]:
    last = typed[-1] if typed else {}
    if last.get("kind") == Kind.CAUSE_OF_CONCERN:
        return {"kind": Kind.RECOMMENDATION, "cause": f"row-{len(typed) - 1}"}
    return {"kind": last.get("kind", ""), "cause": last.get("cause", "")}


def entered(shared: SharedForm, parts: Any) -> list[tuple[ActionForm, NewAction]]:
    """The actions that were filled in, each with its part of the form; both are valid.

    An action that belongs to one on the page that was left empty gets an error.
    """
    filled = [form for form in parts.forms if form.has_changed()]
    places = {f"row-{form.place}": place for place, form in enumerate(filled)}
    causes = {str(each.pk): each for each in parts.common["causes"]}
    found = []
    for form in filled:
        values = form.cleaned_data
        named = values.get("cause", "")
        cause = places.get(named, causes.get(named))
        if named and cause is None:
            form.add_error("cause", "That action on this page is empty. Choose another.")
        own: dict[str, Any] = {name: values[name] or shared.cleaned_data[name] for name in _SHARED}
        new = NewAction(
            kind=values.get("kind", Kind.RECOMMENDATION),
            text=values["text"],
            level=values.get("level"),
            portal_reference=values.get("portal_reference", ""),
            cause=cause,
            **own,
        )
        found.append((form, new))
    return found


def tell_faults(shared: SharedForm, filled: list[ActionForm], faults: Iterable[Fault]) -> None:
    """Say what is wrong with an action where it was entered: for itself, or for all."""
    for fault in faults:
        form = filled[fault.place]
        if fault.field in _SHARED and not form.cleaned_data.get(fault.field):
            if not shared.has_error(fault.field):
                shared.add_error(fault.field, fault.text)
        else:
            form.add_error(fault.field if fault.field in form.fields else None, fault.text)
