"""Filters of a list: explicit, kept in the address, and forgiving of nonsense in it.

A value that cannot be read is left out, and the page says so: a list never fails because of its
address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django_filters.filters import Filter
from django_filters.filterset import FilterSet

from core.forms import DateField, GovukForm

MAX_SEARCH_LENGTH = 200
# More than anybody means: an address made to cost time.
MAX_VALUES = 200
Option = tuple[str, str]


class Words(Filter):
    """Text to look for."""

    field_class: type[forms.Field] = forms.CharField
    look = "text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_SEARCH_LENGTH)
        super().__init__(*args, **kwargs)


class Day(Filter):
    """A date, written in any of the ways people write one."""

    field_class: type[forms.Field] = DateField
    look = "day"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "")
        super().__init__(*args, **kwargs)


class Choices(Filter):
    """Any number of choices, of which one must hold.

    Args:
        options: (value in the address, words) pairs, or a function that gives them.
        folded: show the choices only when asked, or when one is chosen.
        unset: what a select says when nothing is chosen.
    """

    field_class: type[forms.Field] = forms.MultipleChoiceField
    look = "choices"

    def __init__(
        self,
        *args: Any,
        options: Iterable[Option] | Callable[[], Iterable[Option]],
        folded: bool = False,
        unset: str = "Any",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.folded = folded
        self.unset = unset

    def read_options(self) -> None:
        """Ask for the options now; they stay for the life of this filter."""
        self.extra["choices"] = list(self.options() if callable(self.options) else self.options)


class OneOf(Choices):
    """One choice out of some."""

    field_class: type[forms.Field] = forms.ChoiceField
    look = "one"


@dataclass(frozen=True)
class Group:
    """A part of the filter panel.

    Args:
        title: its heading.
        names: the filters in it.
        folded: only the title is seen, until it is opened or one of its filters is chosen.
    """

    title: str
    names: tuple[str, ...]
    folded: bool = False


class ListFilterSet(FilterSet):
    """Filters of a list page.

    Subclasses declare filters and say in `apply` what the chosen ones mean.

    Attributes:
        notes: sentences about values in the address that could not be used.
        unread: filter name -> the text that could not be used, for its field to show again.
        chosen: filter name -> value, of every filter that is set.
    """

    # Names that a list's address may hold beside filters.
    reserved: ClassVar[tuple[str, ...]] = (
        "sort",
        "page",
        "rows",
        "columns",
        "view",
        "export",
        "counts",
    )

    base_filters: ClassVar[dict[str, Filter]]
    data: Any

    class Meta:
        form = GovukForm

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, request: HttpRequest) -> None:
        super().__init__(data, queryset, request=request)
        for each in self.filters.values():
            if isinstance(each, Choices):
                each.read_options()
        self.notes: list[str] = []
        self.unread: dict[str, str] = {}
        self.data = self._readable(data)
        # What is left can be read, so the form has no errors.
        self.is_bound = True
        self.form.full_clean()
        self.chosen: dict[str, Any] = {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [])
        }
        self.check_together()

    def _readable(self, data: QueryDict) -> QueryDict:
        """The values that can be used; a note is made of every other."""
        kept = QueryDict(mutable=True)
        for name, values in data.lists():
            if name in self.reserved:
                continue
            if name not in self.filters:
                self.notes.append(
                    f"“{shortened(name)}” is not a filter of this list, so it was left out."
                )
                continue
            given = [value for value in values if value.strip()][:MAX_VALUES]
            if not isinstance(self.filters[name].field, forms.MultipleChoiceField):
                given = given[-1:]
            readable = [value for value in given if self._can_read(name, value)]
            if readable:
                kept.setlist(name, readable)
        return kept

    def _can_read(self, name: str, value: str) -> bool:
        field = self.filters[name].field
        label = self.label_of(name)
        try:
            field.clean([value] if isinstance(field, forms.MultipleChoiceField) else value)
        except ValidationError as error:
            if isinstance(field, forms.ChoiceField):
                why = f"“{shortened(value)}” is not one of the choices."
            else:
                why = " ".join(error.messages)
                self.unread[name] = value[:MAX_SEARCH_LENGTH]
            self.notes.append(f"{label}: {why} It was left out.")
            return False
        return True

    def label_of(self, name: str) -> str:
        """What a filter is called."""
        return str(self.filters[name].label)

    def check_together(self) -> None:
        """Say what is wrong between filters (a range that ends before it begins); a hook."""

    def drop(self, name: str, note: str) -> None:
        """Leave a chosen filter out after all, and say why."""
        self.chosen.pop(name, None)
        self.unread[name] = self.data.get(name, "")
        self.data.pop(name, None)
        self.notes.append(note)

    def check_range(self, first: str, last: str) -> None:
        """Note a range whose end is before its beginning, which nothing can be in."""
        both = first in self.chosen and last in self.chosen
        if both and self.chosen[first] > self.chosen[last]:
            self.notes.append(
                f"“{self.label_of(first)}” is after “{self.label_of(last)}”, so nothing is found."
            )

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """What is left of a queryset under these filters."""
        raise NotImplementedError

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.apply(queryset, self.chosen)

    def without(self, name: str) -> QuerySet[Any]:
        """What every other filter leaves."""
        return self.apply(
            self.queryset, {key: each for key, each in self.chosen.items() if key != name}
        )

    def count_choices(self, name: str) -> dict[str, int]:
        """How many rows each choice of a filter would leave (one query); a hook."""
        return {}

    def words_for(self, name: str, value: Any) -> str:
        """A chosen value as a chip and an export say it; a hook."""
        each = self.filters[name]
        if isinstance(each, Choices):
            options: dict[str, str] = dict(each.extra["choices"])
            return f"{self.label_of(name)}: {options.get(str(value), value)}"
        prepared = each.field.prepare_value(value)
        return f"{self.label_of(name)}: {prepared}"

    def in_words(self) -> list[str]:
        """Every chosen filter in words, for the head of an export."""
        return [
            self.words_for(name, value)
            for name, chosen in self.chosen.items()
            for value in (chosen if isinstance(chosen, list) else [chosen])
        ]


def shortened(text: str, length: int = 40) -> str:
    """Foreign text for a sentence: printable, and no longer than it is useful."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= length else f"{printable[: length - 1]}…"
