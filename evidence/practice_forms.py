"""Forms of the register of good practice."""

import re
from typing import Any

from django import forms
from django.conf import settings

from core.collisions import VersionedForm
from core.dates import today
from core.forms import DateField, GovukForm, RecordsField
from core.markings import Marking
from evidence.models import Evidence
from inspections.models import Publication
from people.models import Lead, User

_LONGEST_TEXT = 5_000
# The number of a piece of evidence, or an address that ends in it.
_NUMBER = re.compile(r"(?:.*/evidence/)?(\d{1,9})/?\s*$")
_ORIGINS = ("evidence", "publication", "other_force")
_ONE_ORIGIN = "Say where it comes from: evidence, a publication or another force."
_ONLY_ONE = "Say one of evidence, publication and force, and leave the others empty."


class _PracticeFields(forms.Form):
    title = forms.CharField(max_length=200, help_text="In a few words.")
    what = forms.CharField(
        label="What it is",
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="What is done, and how it is known to work.",
    )
    evidence = forms.CharField(
        label="From evidence",
        required=False,
        max_length=200,
        help_text="Fill in one of these three. For evidence, its address, or the number there: 12 "
        "of /evidence/12/.",
    )
    publication = forms.ModelChoiceField(
        Publication.objects.order_by("title"),
        label="Or from a publication",
        required=False,
        empty_label="None",
    )
    other_force = forms.CharField(
        label="Or from another force",
        required=False,
        max_length=120,
        help_text="The name of the force.",
    )
    could_use = RecordsField(
        queryset=Lead.objects.order_by("name"), label="Who could use it", required=False
    )
    marking = forms.ChoiceField(
        choices=Marking.choices,
        initial=settings.DEFAULT_MARKING,
        widget=forms.RadioSelect,
        help_text="OFFICIAL-SENSITIVE practice is read only by who records it, and those who may "
        "read all evidence. Say nothing here that only sensitive evidence says, unless it is "
        "marked so.",
    )


class _OneOrigin(forms.Form):
    """What both forms ask of where a practice comes from.

    Args:
        reader: may read the evidence it comes from.
        kept: the evidence that the register names already; that stays as it is.
    """

    def __init__(
        self, *args: Any, reader: User, kept: Evidence | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reader, self.kept = reader, kept

    def origin(self) -> Evidence | None:
        """The evidence that its field names now, to be shown by its title."""
        return self._named(str(self["evidence"].value() or ""))

    def _named(self, text: str) -> Evidence | None:
        match = _NUMBER.match(text)
        if match and self.kept is not None and int(match[1]) == self.kept.pk:
            return self.kept
        readable = Evidence.objects.visible_to(self.reader).current()
        return readable.filter(pk=int(match[1])).first() if match else None

    def clean_evidence(self) -> Evidence | None:
        text = self.cleaned_data["evidence"]
        if not text:
            return None
        found = self._named(text)
        if found is None:
            raise forms.ValidationError(
                "There is no such evidence that you may read. Copy the address of its page."
            )
        return found

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in _ORIGINS if found.get(name)]
        if len(given) > 1:
            self.add_error(given[1], _ONLY_ONE)
        elif not given and not set(_ORIGINS) & set(self.errors):
            self.add_error("evidence", _ONE_ORIGIN)
        return found


class PracticeForm(_OneOrigin, _PracticeFields, GovukForm):
    """A good practice for the register."""


class ChangePracticeForm(_OneOrigin, _PracticeFields, VersionedForm):
    """What the register says of a good practice."""

    field_order = (*_PracticeFields.base_fields, "version")


class TakeUpForm(GovukForm):
    """Who took a practice up, and when.

    Args:
        leads: those that may be chosen.
    """

    lead = forms.ModelChoiceField(Lead.objects.none(), label="Who took it up", empty_label="Choose")
    taken_up_on = DateField(label="Taken up on", initial=today)
    note = forms.CharField(
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="How it is used, and what came of it.",
    )

    def __init__(self, *args: Any, leads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.queryset = leads
        if len(leads) == 1:
            lead.initial = leads[0]
