"""The forms by which governance reconciles: each asks for one thing."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.dates import today
from core.forms import DateField, GovukForm
from evidence.queries import EvidenceQuerySet
from people.models import User
from portal.models import Answer, PortalDifference
from portal.reconciliation.adopting import Document, Way, suggested_day, suggested_words
from portal.reconciliation.answers import seen_mark
from portal.reconciliation.matching import (
    LEAST,
    Alike,
    actions_like,
    records_like,
    records_only_there,
    without_reference,
)
from portal.reconciliation.owning import possible_owners
from tracker.models import Action
from tracker.outcome_forms import DocumentForm
from tracker.queries import ActionQuerySet
from tracker.when_forms import text_field

_WHY = "Say how it is known."
_LONGEST_NOTE = 2_000
_ANOTHER = ""


class SeenForm(GovukForm):
    """A form about a difference that knows which state of it was seen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def _owner() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        User.objects.none(),
        label="Owner",
        required=False,
        empty_label="Nobody",
        help_text="Who sees to it. They are told, and find it among their work.",
    )


def _offer_owners(form: forms.Form, differences: Sequence[PortalDifference]) -> None:
    """Offer those who may read the differences, and whoever owns one now."""
    offered = {each.pk for each in possible_owners(differences)}
    offered |= {each.owner_id for each in differences if each.owner_id}
    owner: Any = form.fields["owner"]
    owner.queryset = User.objects.filter(pk__in=offered).order_by("name", "username")


def _note(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label="Note",
        required=False,
        max_length=_LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        **kwargs,
    )


class OwnerForm(SeenForm):
    """Whose a difference is, and what is to be known of it."""

    owner = _owner()
    note = _note(help_text="For colleagues. It is not on the list for HMICFRS.")

    def __init__(self, *args: Any, difference: PortalDifference, **kwargs: Any) -> None:
        initial = {
            "owner": difference.owner_id,
            "note": difference.note,
            "seen": seen_mark(difference),
        }
        super().__init__(*args, initial=initial, **kwargs)
        _offer_owners(self, [difference])


class NoteForm(SeenForm):
    """What the owner of a difference has found out."""

    note = _note(help_text="For colleagues. It is not on the list for HMICFRS.")

    def __init__(self, *args: Any, difference: PortalDifference, **kwargs: Any) -> None:
        initial = {"note": difference.note, "seen": seen_mark(difference)}
        super().__init__(*args, initial=initial, **kwargs)


class AnswerForm(SeenForm):
    """What is decided about a difference, where nothing changes here at once."""

    said = forms.ChoiceField(
        label="Decision",
        choices=[
            (Answer.WAITING.value, "We wait for the portal: what we hold is right"),
            (Answer.ACCEPTED.value, "It is accepted until a date"),
            (Answer.OUR_ERROR.value, "It is our error, to be corrected here"),
            ("look", "Nothing is decided: it is still to be looked at"),
        ],
        widget=forms.RadioSelect,
    )
    until = DateField(
        label="Accepted until",
        required=False,
        help_text="Only where it is accepted. After that day it has to be looked at again.",
    )
    note = _note(help_text="Where it is accepted, say why.")

    def __init__(self, *args: Any, difference: PortalDifference, **kwargs: Any) -> None:
        initial = {
            "said": difference.answer if difference.answer in _GIVEN else None,
            "until": difference.accepted_until,
            "note": difference.note,
            "seen": seen_mark(difference),
        }
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def answer(self) -> str:
        said = self.cleaned_data["said"]
        return Answer.NONE.value if said == "look" else str(said)


_GIVEN = (Answer.WAITING, Answer.ACCEPTED, Answer.OUR_ERROR)


class AdoptForm(SeenForm):
    """Our record becomes what the portal says, and why."""

    text = forms.CharField(
        label="Why the portal’s value is adopted",
        max_length=100,
        help_text="It stays in the history of the action.",
    )

    def __init__(self, *args: Any, difference: PortalDifference, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, initial=_suggested(difference, way), **kwargs)


class AdoptWithDocumentForm(DocumentForm):
    """A step of the workflow is taken as the portal says: why, since when, and in which document
    HMICFRS says so.
    """

    text = text_field("Where and why HMICFRS says so", _WHY, rows=3)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("text",)

    def __init__(
        self,
        *args: Any,
        difference: PortalDifference,
        way: Way,
        choices: EvidenceQuerySet,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _suggested(difference, way)
        super().__init__(*args, choices=choices, needed=way.document == Document.NEEDED, **kwargs)


def _suggested(difference: PortalDifference, way: Way) -> dict[str, Any]:
    day, words = suggested_day(way), suggested_words(difference)
    return {
        "text": words,
        "on": day,
        "late_reason": words if day < today() else "",
        "seen": seen_mark(difference),
    }


class _LikeForm(SeenForm):
    """One whose text is nearly the same, or a reference; and how it is known.

    Attributes:
        found: what is offered, the most alike first, each with its name.
    """

    likely = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    reference = forms.CharField(
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    reason = forms.CharField(
        label="How it is known",
        max_length=100,
        help_text="It stays in the history of the action, for example “The same text”.",
    )

    def offer(self, found: list[Alike], names: dict[int, str]) -> None:
        """Offer these; only a reference is asked for where there are none."""
        self.found = [(names[each.key], each) for each in found]
        for name in ("likely", "reference"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]
        if not found:
            del self.fields["likely"]
            return
        likely: Any = self.fields["likely"]
        likely.choices = [
            *((str(each.key), f"{name}, {each.score}% alike") for name, each in self.found),
            (_ANOTHER, "Another one"),
        ]
        likely.help_text = f"Those whose text is at least {LEAST}% alike. Both texts are above."
        self.initial["likely"] = _ANOTHER

    def ask_for_one(self, words: str) -> None:
        """Say that one of them, or a reference, is needed."""
        self.add_error("likely" if "likely" in self.fields else "reference", words)


class OurActionForm(_LikeForm):
    """Which of our actions a record of the portal is.

    Args:
        actions: those that this person may read.
    """

    def __init__(
        self, *args: Any, difference: PortalDifference, actions: ActionQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"seen": seen_mark(difference)}, **kwargs)
        self.actions = without_reference(actions)
        record: Any = difference.record
        found = actions_like(record, actions)
        names = dict(
            self.actions.filter(pk__in=[each.key for each in found]).values_list("pk", "reference")
        )
        self.fields["likely"].label = "Which of our actions is it?"
        self.fields["reference"].label = (
            "Our reference" if not found else "Reference of another one"
        )
        self.fields["reference"].help_text = "For example ST-0058."
        self.offer(found, names)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, named = cleaned.get("likely"), (cleaned.get("reference") or "").strip()
        if chosen:
            cleaned["action"] = self.actions.filter(pk=chosen).first()
        elif not named:
            self.ask_for_one(
                "Choose one, or enter the reference of another one."
                if "likely" in self.fields
                else "Enter the reference of our action."
            )
        else:
            action = self.actions.by_references([named]).first()
            if action is None:
                self.add_error(
                    "reference",
                    f"There is no action {named} of HMICFRS that has no portal reference yet. "
                    "Check the reference; one that is wrong is corrected on the action’s page.",
                )
            cleaned["action"] = action
        return cleaned

    @property
    def action(self) -> Action:
        action: Action = self.cleaned_data["action"]
        return action


class PortalReferenceForm(_LikeForm):
    """What the portal calls one of our actions."""

    def __init__(self, *args: Any, difference: PortalDifference, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": seen_mark(difference)}, **kwargs)
        action: Any = difference.action
        self.names = {each.pk: each.reference for each in records_only_there()}
        self.fields["likely"].label = "Which record of the portal is it?"
        self.fields["reference"].label = "Portal reference"
        self.fields["reference"].help_text = "For example REC-21387."
        self.offer(records_like(action), self.names)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, named = cleaned.get("likely"), (cleaned.get("reference") or "").strip()
        if not chosen and not named:
            self.ask_for_one(
                "Choose one, or enter the portal reference."
                if "likely" in self.fields
                else "Enter the portal reference."
            )
        cleaned["named"] = self.names.get(int(chosen), "") if chosen else named
        return cleaned


class SeveralOwnerForm(GovukForm):
    """One owner for several differences."""

    owner = _owner()

    def __init__(self, *args: Any, differences: Sequence[PortalDifference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_owners(self, differences)
