"""Choosing what a piece of evidence stands for within a question area."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django import forms

from core.forms import GovukForm
from core.numbers import keys_in
from evidence.choices import Strength
from inspections.models import Characteristic, TopicArea


class StandsForForm(GovukForm):
    """A box for each characteristic of a question area, and how far the evidence proves it.

    Args:
        characteristics: of the area, in order, with their topic areas.
        holding: primary key of a characteristic -> the strength that is on record.
    """

    # What the reader saw ticked: only that is taken off.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        characteristics: Iterable[Characteristic],
        holding: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.characteristics = list(characteristics)
        self.initial["shown"] = ",".join(str(pk) for pk in sorted(holding))
        for each in self.characteristics:
            ticked, how = self._names(each)
            self.fields[ticked] = forms.BooleanField(label=str(each), required=False)
            self.fields[how] = forms.ChoiceField(
                choices=Strength.choices, widget=forms.RadioSelect, required=False
            )
            self.initial[ticked] = each.pk in holding
            self.initial[how] = holding.get(each.pk, Strength.SUPPORTS)

    @staticmethod
    def _names(characteristic: Characteristic) -> tuple[str, str]:
        return f"stands_{characteristic.pk}", f"strength_{characteristic.pk}"

    def topics(self) -> Iterator[tuple[TopicArea, list[dict[str, Any]]]]:
        """Each topic area with its characteristics and their fields."""
        for topic, characteristics in groupby(self.characteristics, key=lambda each: each.topic):
            rows = []
            for each in characteristics:
                ticked, how = self._names(each)
                rows.append({"characteristic": each, "ticked": self[ticked], "how": self[how]})
            yield topic, rows

    @property
    def chosen(self) -> dict[Characteristic, str]:
        """What was ticked, each with how far it is proved; of a form that is valid."""
        said = self.cleaned_data
        pairs = ((each, self._names(each)) for each in self.characteristics)
        return {
            each: said[how] or Strength.SUPPORTS for each, (ticked, how) in pairs if said[ticked]
        }

    @property
    def was_shown(self) -> list[int]:
        """Primary keys of the characteristics that the reader saw ticked."""
        return [int(key) for key in keys_in(self.cleaned_data["shown"].split(","))]


class SureForm(GovukForm):
    """Nothing but yes."""
