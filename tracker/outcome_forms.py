"""Forms of what HMICFRS says of an action, and of the ends that are not the force's own closure."""

from typing import Any

from django import forms

from core.forms import DateField, GovukForm
from core.kinds import ACCEPT
from core.numbers import mid_sentence
from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet
from tracker.choices import Kind, Level, Register
from tracker.models import Action
from tracker.queries import ActionQuerySet
from tracker.routes import route_of
from tracker.when_forms import WhenForm, text_field
from tracker.workflow import wanted

# The ways in which a document is given.
_DOCUMENT = ("document", "upload", "link")


class DocumentForm(WhenForm):
    """Something that HMICFRS says in a document: kept already, a new file, or a link.

    Args:
        choices: the evidence attached to the action that the writer may read.
        needed: the document has to be there.
    """

    document = forms.ModelChoiceField(
        label="HMICFRS’s document",
        queryset=Evidence.objects.none(),
        required=False,
        empty_label="None of those attached to this action",
    )
    upload = forms.FileField(
        label="Or its file",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    link = forms.URLField(
        label="Or a link to it", required=False, max_length=500, assume_scheme="https"
    )

    def __init__(
        self, *args: Any, choices: EvidenceQuerySet, needed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["document"]
        field.queryset = choices
        for name in _DOCUMENT:
            self.fields[name].one_of_several = needed  # type: ignore[attr-defined]
        field.help_text = (
            "Only HMICFRS decides this, so its own words are kept."
            if needed
            else "Leave all three empty where there is none."
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in _DOCUMENT if cleaned.get(name)]
        if len(given) > 1:
            self.add_error(given[1], "Choose one document: kept here already, a file, or a link.")
        return cleaned


class VerificationForm(DocumentForm):
    """What HMICFRS found of what the force had certified."""

    verified = forms.TypedChoiceField(
        label="What HMICFRS says",
        choices=[("yes", "Verified: it closes"), ("no", "Not verified: it is in progress again")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    text = text_field("What HMICFRS found", wanted.FOUND_BY_HMICFRS)
    field_order = ("verified", "text")


class OutcomeForm(DocumentForm):
    """What HMICFRS decided after fieldwork of its own."""

    closed = forms.TypedChoiceField(
        label="What HMICFRS decided",
        choices=[("yes", "It closes"), ("no", "It stays open")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    text = text_field("What HMICFRS found", wanted.FOUND_BY_HMICFRS)
    field_order = ("closed", "text")


def _levels() -> list[tuple[int, str]]:
    """Each level with what it means."""
    found = []
    for level in Level.values:
        route = route_of(Kind.RECOMMENDATION, Register.HMICFRS, level)
        assert route is not None  # every level has one
        found.append((level, f"{level}: {mid_sentence(route.title)}. {route.words}"))
    return found


class LevelForm(DocumentForm):
    """The activity level that HMICFRS gives."""

    level = forms.TypedChoiceField(
        label="Activity level", choices=_levels, widget=forms.RadioSelect, coerce=int
    )
    text = text_field("Where HMICFRS gives this level", wanted.LEVEL, rows=2)
    field_order = ("level", "text")


class SupersedeForm(DocumentForm):
    """What took the place of an action.

    Args:
        actions: those that may have.
    """

    text = text_field("What took its place, and who says so", wanted.IN_ITS_PLACE, rows=3)
    by = forms.CharField(
        label="Reference of the action that took its place",
        required=False,
        max_length=30,
        help_text="For example ST-0058. Leave it empty where that is not recorded here.",
    )
    field_order = ("text", "by")

    def __init__(self, *args: Any, actions: ActionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def clean_by(self) -> Action | None:
        reference = self.cleaned_data["by"].strip()
        if not reference:
            return None
        found: Action | None = self.actions.by_references([reference]).first()
        if found is None:
            raise forms.ValidationError(f"There is no action {reference}. Check the reference.")
        return found


class WithdrawalForm(DocumentForm):
    """Why HMICFRS withdraws an action."""

    text = text_field("Why HMICFRS withdraws it", wanted.WHY_WITHDRAWN, rows=3)
    field_order = ("text",)


class NotAcceptedForm(WhenForm):
    """Why the force does not accept an action."""

    reason = text_field("Reason, as it will be published", wanted.WHY_NOT_ACCEPTED)


class ReopeningForm(DocumentForm):
    """Why an action is live again."""

    reason = text_field("Why it is re-opened, and who says so", wanted.WHY_REOPENED, rows=3)
    field_order = ("reason",)


class ErrorClaimForm(GovukForm):
    """Why an action should not be here."""

    reason = text_field("What the error is", wanted.ERROR, rows=3)


class ErrorAnswerForm(GovukForm):
    """Whether an action was entered in error."""

    confirmed = forms.TypedChoiceField(
        label="Was it entered in error?",
        choices=[
            ("yes", "Yes: it leaves every figure of every date"),
            ("no", "No: it stays as it is"),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )


class CorrectionForm(GovukForm):
    """The right day of a status, and how it is known."""

    day = DateField(label="The right day")
    reason = text_field("How it is known", wanted.WHY_CORRECTED, rows=3)
