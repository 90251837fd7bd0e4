"""What may be chosen in a column of the list, as this installation has it."""

from dataclasses import dataclass

from inspections.models import Publication
from people.models import Lead
from portal.lists.start_list import START_LIST

# Names of what may not be here yet.
_OTHERS = ("publication", "executive", "delivery")


@dataclass(frozen=True)
class Choice:
    """The drop-down list of a column.

    Args:
        values: what is in it.
        meanings: each of them as people read it.
        others: whether something else may be entered.
    """

    values: tuple[str | int, ...]
    meanings: tuple[str, ...]
    others: bool = False


def choices() -> dict[str, Choice]:
    """Field of `START_LIST` -> what may be chosen in it, for the columns that offer something."""
    found = {}
    for column in START_LIST.columns:
        if column.field in _OTHERS:
            offered = _names(column.field)
        else:
            offered = column.choices() if column.choices else []
        if offered:
            found[column.field] = Choice(
                tuple(_value(word) for word, _ in offered),
                tuple(meaning for _, meaning in offered),
                others=column.field in _OTHERS,
            )
    return found


def _names(field: str) -> list[tuple[str, str]]:
    """What is offered of names, any of which may be typed: chief officers lead, others deliver."""
    if field == "publication":
        titles = Publication.objects.order_by("title").values_list("title", flat=True).distinct()
        return [(title, title) for title in titles]
    leads = Lead.objects.filter(chief_officer=field == "executive").order_by("name")
    return [(name, name) for name in leads.values_list("name", flat=True)]


def _value(word: str) -> str | int:
    """A number as Excel has it: there, 2 is not the text “2”."""
    return int(word) if word.isascii() and word.isdigit() else word
