"""What the filter panel and the chips show: plain data, so that templates only lay it out."""

from dataclasses import dataclass, field
from typing import Any

from core.listing.address import ListAddress
from core.listing.filters import Choices, Group, ListFilterSet


@dataclass(frozen=True)
class Chip:
    """A chosen filter: what it says, and the same list without it."""

    text: str
    href: str


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Control:
    """One filter of the panel.

    Args:
        look: "text", "day", "choices" (checkboxes) or "one" (a select).
        can_fold, folded: it stands behind its title; and until asked for only the title is seen.
        unset: what a select says when nothing is chosen.
    """

    name: str
    label: str
    look: str
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    can_fold: bool = False
    folded: bool = False
    unset: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.options) > 8

    @property
    def is_single(self) -> bool:
        """One checkbox that stands for itself."""
        return self.look == "choices" and len(self.options) == 1


@dataclass(frozen=True)
class Section:
    """A part of the panel; a folded one shows its title until it is opened."""

    title: str
    controls: tuple[Control, ...]
    can_fold: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Panel:
    """The filter panel.

    Args:
        sections: its parts.
        chosen: how many filter values are set.
        hidden: parameters its form keeps.
    """

    sections: tuple[Section, ...]
    chosen: int
    hidden: list[tuple[str, str]] = field(default_factory=list)
    counted: bool = False


def _control(filterset: ListFilterSet, name: str, counted: bool) -> Control:
    each = filterset.filters[name]
    value = filterset.chosen.get(name)
    if not isinstance(each, Choices):
        unread = filterset.unread.get(name, "")
        shown = each.field.prepare_value(value) if value is not None else unread
        return Control(
            name=name,
            label=filterset.label_of(name),
            look=each.look,
            hint=each.extra.get("help_text", ""),
            value=str(shown),
        )
    chosen = set(value) if isinstance(value, list) else {value}
    counts = filterset.count_choices(name) if counted else None
    options = tuple(
        Option(
            value=option,
            text=text,
            chosen=option in chosen,
            count=None if counts is None else counts.get(option, 0),
        )
        for option, text in each.extra["choices"]
    )
    return Control(
        name=name,
        label=filterset.label_of(name),
        look=each.look,
        hint=each.extra.get("help_text", ""),
        options=options,
        unset=each.unset,
        can_fold=each.folded,
        folded=each.folded and not counted and not any(option.chosen for option in options),
    )


def chips(filterset: ListFilterSet, address: ListAddress) -> list[Chip]:
    """Every chosen value with the address of the list without it."""
    found = []
    for name, chosen in filterset.chosen.items():
        if isinstance(chosen, list):
            found += [
                Chip(filterset.words_for(name, value), address.without(name, value))
                for value in chosen
            ]
        else:
            found.append(Chip(filterset.words_for(name, chosen), address.without(name)))
    return found


def panel(
    filterset: ListFilterSet, groups: tuple[Group, ...], address: ListAddress, *, counted: bool
) -> Panel:
    """The filter panel; `counted`: with how many rows each choice would leave, a query a filter."""
    sections = tuple(
        Section(
            group.title,
            tuple(_control(filterset, name, counted) for name in group.names),
            can_fold=group.folded,
            folded=group.folded and not any(name in filterset.chosen for name in group.names),
        )
        for group in groups
    )
    chosen: list[Any] = list(filterset.chosen.values())
    # A filter without a control here is kept as it is.
    controlled = [name for group in groups for name in group.names]
    return Panel(
        sections=sections,
        chosen=sum(len(value) if isinstance(value, list) else 1 for value in chosen),
        hidden=address.hidden((*controlled, "page", "view")),
        counted=counted,
    )
