"""Saying what the parts of a question area became in the next version of the framework."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms import GovukForm
from inspections.mapping import MUCH_ALIKE, FrameworkMapping, Mapped, Suggestion, suggestions

_LONGEST = 200
_SEEN = "seen-"


class MappingForm(GovukForm):
    """A question area with its topic areas and characteristics: for each, codes of the new version.

    Args:
        mapping: of the two versions.
        number: of the old question area.
        fill: where nothing is said, begin with what reads much alike; a person checks and saves.
    """

    def __init__(
        self, *args: Any, mapping: FrameworkMapping, number: int, fill: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = mapping.of_question(number)
        self.likely = suggestions([each.part for each in self.parts], mapping.targets)
        # What stands there, by code; replaced by what somebody else has said meanwhile.
        self.seen = {each.part.code: each.words for each in self.parts}
        if self.is_bound:
            self.seen = {code: self.data.get(_SEEN + code, "") for code in self.seen}
        for each in self.parts:
            code = each.part.code
            self.fields[code] = forms.CharField(
                label=f"{code} {each.part.text}",
                required=False,
                max_length=_LONGEST,
                initial=each.words or (self._much_alike(code) if fill else ""),
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-20", "autocomplete": "off"}
                ),
            )

    def _much_alike(self, code: str) -> str:
        likest = self.likely[code][:1]
        return ", ".join(each.part.code for each in likest if each.score >= MUCH_ALIKE)

    @property
    def said(self) -> dict[str, str]:
        """What is written for each part; the form is valid."""
        return dict(self.cleaned_data)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For each part its field, what stood there, and what it reads like."""
        return [self._row(each) for each in self.parts]

    def _row(self, each: Mapped) -> dict[str, Any]:
        code = each.part.code
        likely: list[Suggestion] = self.likely[code]
        return {
            "mapped": each,
            "field": self[code],
            "seen_name": _SEEN + code,
            "seen": self.seen[code],
            "likely": likely,
        }

    def told(self, errors: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Show what is wrong beside its field; what somebody else said counts as seen from now."""
        for code, sentence in errors.items():
            self.add_error(code, sentence)
        self.seen = {**self.seen, **now}
