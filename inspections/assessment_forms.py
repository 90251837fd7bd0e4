"""The forms of a question area: what the force says of itself, and its improvement plan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.collisions import Overtaken, VersionedForm
from core.dates import long_date, today
from core.forms import DateField, GovukForm
from core.rendering import GovukBoundField
from inspections.assessing import Said, SomeRefused
from inspections.choices import ImprovementState, Judgement
from inspections.models import Assessment, Characteristic, ImprovementItem
from people.models import Lead

# What the texts of these forms may hold: they stand in documents that are marked OFFICIAL.
_OFFICIAL_ONLY = "Nothing OFFICIAL-SENSITIVE."
_LONGEST = 5_000


@dataclass(frozen=True)
class Line:
    """A characteristic in the form, as its template shows it.

    Args:
        characteristic: which.
        said: what was said of it last.
        fields: to be shown, in their order.
        overtaken: what somebody else has said meanwhile.
    """

    characteristic: Characteristic
    said: Assessment | None
    fields: list[GovukBoundField]
    overtaken: Overtaken | None


class AssessmentForm(GovukForm):
    """All characteristics of a question area on one page: a judgement each, and why.

    Args:
        stands: each characteristic with what was said of it last.
    """

    made_on = DateField(label="Date of the judgements")

    def __init__(
        self,
        *args: Any,
        stands: Sequence[tuple[Characteristic, Assessment | None]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stands = list(stands)
        self.overtaken_by: dict[int, Overtaken] = {}
        self.initial["made_on"] = today()
        for characteristic, said in self.stands:
            for name, field in _fields_of(characteristic, said).items():
                self.fields[name] = self._prepared(name, field)
        self.order_fields([name for name in self.fields if name != "made_on"])

    def lines(self) -> list[Line]:
        """What the template shows, characteristic by characteristic."""
        return [
            Line(
                characteristic,
                said,
                [
                    self[name]  # type: ignore[misc]
                    for name in _names(characteristic)
                    if name in self.fields and not self.fields[name].widget.is_hidden
                ],
                self.overtaken_by.get(characteristic.pk),
            )
            for characteristic, said in self.stands
        ]

    def clean_made_on(self) -> dt.date:
        """The day, told once where it has not come yet.

        Raises:
            ValidationError: it has not.
        """
        day: dt.date = self.cleaned_data["made_on"]
        if day > today():
            raise ValidationError(
                f"{long_date(day)} has not come yet. Enter today or a day before it."
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Every judgement says why.

        Raises:
            ValidationError: never; errors stand beside their fields.
        """
        found = self.cleaned_data
        for characteristic, _ in self.stands:
            judgement, narrative, *_ = _names(characteristic)
            said = found.get(judgement)
            if said and said != Judgement.NOT_ASSESSED and found.get(narrative) == "":
                label = Judgement(said).label
                self.add_error(narrative, f"Say why {characteristic.code} is “{label}”")
        return found

    def said(self) -> dict[int, Said]:
        """What was entered, by the key of the characteristic."""
        found = self.cleaned_data
        entered = {}
        for characteristic, _ in self.stands:
            judgement, narrative, seen, confirm = _names(characteristic)
            entered[characteristic.pk] = Said(
                found[judgement], found[narrative], found[seen], found.get(confirm, False)
            )
        return entered

    def tell(self, refused: SomeRefused) -> None:
        """Say beside each characteristic what stands against it; all that was entered stays."""
        for characteristic, _ in self.stands:
            refusal = refused.refusals.get(characteristic.pk)
            if isinstance(refusal, Overtaken):
                self._tell_overtaken(characteristic, refusal)
            elif isinstance(refusal, ValidationError):
                self._tell_refused(characteristic, refusal)

    def _tell_overtaken(self, characteristic: Characteristic, overtaken: Overtaken) -> None:
        judgement, _, seen, _ = _names(characteristic)
        last = overtaken.changes[-1]
        self.add_error(
            judgement,
            f"{last.by} assessed {characteristic.code} at {last.when}, after you opened this. "
            "Nothing was saved yet. Compare, then save again to put yours after theirs.",
        )
        self.overtaken_by[characteristic.pk] = overtaken
        self.show_again(**{seen: overtaken.version})

    def _tell_refused(self, characteristic: Characteristic, refusal: ValidationError) -> None:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {}
        for name, messages in by_field.items():
            own = f"{name}_{characteristic.pk}"
            field = name if name == "made_on" else own if own in self.fields else None
            self.add_error(field, messages)


def _names(characteristic: Characteristic) -> list[str]:
    return [f"{part}_{characteristic.pk}" for part in ("judgement", "narrative", "seen", "confirm")]


def _fields_of(characteristic: Characteristic, said: Assessment | None) -> dict[str, forms.Field]:
    judgement, narrative, seen, confirm = _names(characteristic)
    fields: dict[str, forms.Field] = {
        judgement: forms.ChoiceField(
            label=f"Judgement of {characteristic.code}",
            choices=Judgement.choices,
            initial=said.judgement if said else Judgement.NOT_ASSESSED,
            widget=forms.RadioSelect,
        ),
        narrative: forms.CharField(
            label=f"Why, in one or two sentences ({characteristic.code})",
            required=False,
            initial=said.narrative if said else "",
            max_length=_LONGEST,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
        seen: forms.IntegerField(initial=said.pk if said else 0, widget=forms.HiddenInput),
    }
    # Asked for by the judgement, so it is not "optional".
    fields[narrative].one_of_several = True  # type: ignore[attr-defined]
    if said is not None and not said.confirmed:
        fields[confirm] = forms.BooleanField(
            label=f"I confirm that this still holds ({characteristic.code})", required=False
        )
    return fields


class ImprovementForm(VersionedForm):
    """What is to be done, by whom and by when.

    Args:
        item: the one that is changed; None for a new one.
    """

    text = forms.CharField(
        label="What is to be done",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_OFFICIAL_ONLY,
    )
    owner = forms.ModelChoiceField(Lead.objects.all(), label="Owner", empty_label="Choose a post")
    due_on = DateField(
        label="Due",
        required=False,
        help_text="Leave it empty where no date is set yet. For example, 31 March 2025.",
    )

    def __init__(self, *args: Any, item: ImprovementItem | None = None, **kwargs: Any) -> None:
        initial = {"version": 1}
        if item is not None:
            names = ("version", "text", "owner", "due_on")
            initial = {name: getattr(item, name) for name in names}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class ImprovementEndForm(GovukForm):
    """That an item is done or dropped, and what came of it."""

    state = forms.ChoiceField(
        label="What has become of it",
        choices=[
            (state.value, state.label)
            for state in (ImprovementState.DONE, ImprovementState.DROPPED)
        ],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label="What came of it, or why it was dropped",
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_OFFICIAL_ONLY,
    )
    ended_on = DateField(label="Date", initial=today)
