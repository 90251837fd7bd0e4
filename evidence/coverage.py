"""How well a question area is covered: how many pieces of evidence stand for each characteristic of
good, how fresh they are, and which characteristics have none.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Count, Q

from evidence.choices import Freshness, Strength
from evidence.freshness import freshness_is
from evidence.models import CharacteristicEvidence
from inspections.models import Characteristic, CoreQuestion, Framework


class Standing(IntEnum):
    """How a characteristic is covered, the worst first."""

    NONE = 0
    STALE = 1
    COVERED = 2

    @property
    def label(self) -> str:
        return {0: "No evidence", 1: "Only stale evidence", 2: "Covered"}[self.value]


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
    fresh: int = 0
    due: int = 0
    stale: int = 0
    demonstrating: int = 0
    to_confirm: int = 0

    @property
    def total(self) -> int:
        return self.fresh + self.due + self.stale

    @property
    def standing(self) -> Standing:
        """Covered by something that is not stale; only by what is; or not at all."""
        if self.fresh or self.due:
            return Standing.COVERED
        return Standing.STALE if self.stale else Standing.NONE


@dataclass(frozen=True)
class Totals:
    """How many characteristics are covered by evidence that is not stale, only by stale evidence,
    and by none.
    """

    covered: int = 0
    stale: int = 0
    none: int = 0

    @property
    def total(self) -> int:
        return self.covered + self.stale + self.none

    @property
    def gaps(self) -> int:
        """How many are not covered by anything that still holds."""
        return self.stale + self.none


@dataclass(frozen=True)
class Coverage:
    """The characteristics of a question area, in their order, with what stands for each.

    Args:
        question: the area.
        covers: one for every characteristic.
    """

    question: CoreQuestion
    covers: tuple[Cover, ...]

    @property
    def totals(self) -> Totals:
        return totals_of(self.covers)

    @property
    def gaps_first(self) -> tuple[Cover, ...]:
        """Without any evidence first, then with stale evidence only, then the rest; each in the
        order of the framework.
        """
        return tuple(sorted(self.covers, key=lambda cover: cover.standing))


def totals_of(covers: Iterable[Cover]) -> Totals:
    """How many of these characteristics are covered, and how."""
    standings = [cover.standing for cover in covers]
    return Totals(
        covered=standings.count(Standing.COVERED),
        stale=standings.count(Standing.STALE),
        none=standings.count(Standing.NONE),
    )


def coverage(framework: Framework, day: dt.date) -> dict[int, Coverage]:
    """How every question area of a framework is covered.

    Counted is evidence that is linked to a characteristic and not withdrawn, whoever may read it.

    Args:
        framework: whose characteristics.
        day: on which freshness is judged.

    Returns:
        Number of the question -> its coverage, in the order of the questions; a fixed number of
        queries.
    """
    counts = _counts(framework, day)
    covers: dict[int, list[Cover]] = {}
    for each in Characteristic.objects.in_order(framework):
        of_question = covers.setdefault(each.topic.question_id, [])
        of_question.append(Cover(each, **counts.get(each.pk, {})))
    return {
        question.number: Coverage(question, tuple(covers.get(question.pk, ())))
        for question in framework.questions.order_by("number")
    }


def _counts(framework: Framework, day: dt.date) -> dict[int, dict[str, int]]:
    """Characteristic (primary key) -> what is counted of it, by the names of a `Cover`."""

    def how_many(condition: Q) -> Count:
        return Count("pk", filter=condition)

    counted = {
        **{state.value: how_many(freshness_is(state, day, "evidence__")) for state in Freshness},
        "demonstrating": how_many(Q(strength=Strength.DEMONSTRATES)),
        "to_confirm": how_many(Q(confirmed=False)),
    }
    links = CharacteristicEvidence.objects.holding().filter(
        characteristic__topic__question__framework=framework
    )
    rows = links.order_by().values("characteristic").annotate(**counted)
    return {
        key: dict(zip(counted, numbers, strict=True))
        for key, *numbers in rows.values_list("characteristic", *counted)
    }
