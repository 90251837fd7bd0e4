"""How well a question area is covered: how many pieces of evidence stand for each characteristic of
good, how fresh they are, and which characteristics have none.
"""

import datetime as dt
from dataclasses import dataclass

from inspections.models import Characteristic, CoreQuestion, Framework


@dataclass(frozen=True)
class Cover:
    """What stands for one characteristic on a day. Counted for everybody alike: markings do not
    change a number, only what may be read behind it.

    Args:
        characteristic: with its topic area and question.
        fresh, due, stale: how many current pieces of evidence, by freshness.
        demonstrating: how many of them demonstrate it; the others support it.
        to_confirm: how many of them were carried over and are to be confirmed.
    """

    characteristic: Characteristic
    fresh: int
    due: int
    stale: int
    demonstrating: int
    to_confirm: int

    @property
    def total(self) -> int:
        return self.fresh + self.due + self.stale


@dataclass(frozen=True)
class Coverage:
    """The characteristics of a question area, in their order, with what stands for each.

    Args:
        question: the area.
        covers: one for every characteristic.
    """

    question: CoreQuestion
    covers: tuple[Cover, ...]


def coverage(framework: Framework, day: dt.date) -> dict[int, Coverage]:
    """Every question area of a framework (by number) on a day; a fixed number of queries."""
    raise NotImplementedError
