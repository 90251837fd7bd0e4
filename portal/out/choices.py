"""What may be chosen in a column of the list, as this installation has it."""

from dataclasses import dataclass

from inspections.models import Publication
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
        offered = _titles() if column.field == "publication" else []
        if column.choices is not None:
            offered = column.choices()
        if offered:
            found[column.field] = Choice(
                tuple(_value(word) for word, _ in offered),
                tuple(meaning for _, meaning in offered),
                others=column.field in _OTHERS,
            )
    return found


def _titles() -> list[tuple[str, str]]:
    titles = Publication.objects.order_by("title").values_list("title", flat=True).distinct()
    return [(title, title) for title in titles]


def _value(word: str) -> str | int:
    """A number as Excel has it: there, 2 is not the text “2”."""
    return int(word) if word.isascii() and word.isdigit() else word
