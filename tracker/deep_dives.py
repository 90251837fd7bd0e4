"""What upper rooms know of the deep dives into question areas: which Boards went into one, and
which is to.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspections.models import Framework

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class DeepDiveDay:
    """A Board with a deep dive.

    Args:
        held_on: its day.
        address: of what it had before it; "" where the reader may not open that.
    """

    held_on: dt.date
    address: str = ""


@dataclass(frozen=True)
class DeepDives:
    """The deep dives into one question area.

    Args:
        done: before the day, the latest first.
        next: the one on whose agenda it stands on the day or after it; None for none.
    """

    done: tuple[DeepDiveDay, ...] = ()
    next: DeepDiveDay | None = None

    @property
    def last(self) -> DeepDiveDay | None:
        return self.done[0] if self.done else None


# Framework, day, reader (None for a document) -> question area's key -> its deep dives.
Source = Callable[[Framework, dt.date, "User | None"], dict[int, DeepDives]]
_sources: list[Source] = []


def deep_dives_told_by(source: Source) -> None:
    """Let an upper room tell of deep dives (called from `ready`)."""
    if source not in _sources:
        _sources.append(source)


def deep_dives(framework: Framework, day: dt.date, user: "User | None") -> dict[int, DeepDives]:
    """The deep dives into each question area of a framework, by key; areas without any are left
    out.

    Args:
        framework: whose question areas.
        day: what is past and what is to come is seen from it.
        user: the reader, for the addresses; None for none.
    """
    found: dict[int, DeepDives] = {}
    for source in _sources:
        found.update(source(framework, day, user))
    return found
