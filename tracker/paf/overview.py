"""All question areas of a framework side by side: what the Deputy Chief Constable reads in three
minutes.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from evidence.coverage import Coverage, Standing, coverage
from inspections.choices import Judgement
from inspections.models import Assessment, CoreQuestion, Framework, ImprovementItem
from inspections.queries import questions_with_leads
from tracker import position
from tracker.deep_dives import DeepDives, deep_dives

if TYPE_CHECKING:
    from people.models import User

# What claims the standard of good, or part of it, and so needs evidence.
_CLAIMS = (Judgement.MEETS, Judgement.PARTLY)


@dataclass(frozen=True)
class Tally:
    """The numbers of a question area, or of all of them.

    Args:
        live, overdue, low_confidence: its live actions, and those of them.
        meets, partly, does_not, not_assessed: its characteristics by what was said of them last.
        without_evidence: assessed as meeting the standard or part of it, with nothing that shows it
            now.
        to_confirm: whose judgement was carried over and is to be confirmed.
        fresh, due, stale, none: its characteristics by the freshest evidence for them.
        open_items, overdue_items: of its improvement plan.
    """

    live: int = 0
    overdue: int = 0
    low_confidence: int = 0
    meets: int = 0
    partly: int = 0
    does_not: int = 0
    not_assessed: int = 0
    without_evidence: int = 0
    to_confirm: int = 0
    fresh: int = 0
    due: int = 0
    stale: int = 0
    none: int = 0
    open_items: int = 0
    overdue_items: int = 0

    @property
    def assessed(self) -> int:
        return self.meets + self.partly + self.does_not

    @property
    def characteristics(self) -> int:
        return self.assessed + self.not_assessed

    @property
    def covered(self) -> int:
        """Characteristics with evidence that is not stale."""
        return self.fresh + self.due


def total_of(tallies: Iterable[Tally]) -> Tally:
    """Each number summed."""
    every = list(tallies)
    return Tally(
        **{each.name: sum(getattr(tally, each.name) for tally in every) for each in fields(Tally)}
    )


@dataclass(frozen=True)
class QuestionStands:
    """How a question area stands on a day.

    Args:
        question: with its leads of the day.
        tally: its numbers.
        deep_dives: the last and the next.
        assessed_on: the day of its latest judgement; None without any.
    """

    question: CoreQuestion
    tally: Tally
    deep_dives: DeepDives
    assessed_on: dt.date | None = None


@dataclass(frozen=True)
class Overview:
    """The question areas of a framework on a day.

    Args:
        framework: whose.
        as_at: the day.
        rows: one for each question area, by number.
        total: of all of them.
        unaligned: live actions of no question area.
        elsewhere: live actions of a question area of another version.
    """

    framework: Framework
    as_at: dt.date
    rows: tuple[QuestionStands, ...]
    total: Tally
    unaligned: int
    elsewhere: int

    @property
    def behind_claims(self) -> list[QuestionStands]:
        """The question areas with characteristics said to be met that no evidence shows now."""
        return [row for row in self.rows if row.tally.without_evidence]


def overview(framework: Framework, as_at: dt.date, user: "User | None") -> Overview:
    """How every question area of a framework stands on a day; a fixed number of queries.

    Counts are the same for everybody.

    Args:
        framework: one version of the PAF.
        as_at: the day.
        user: the reader, for the addresses of deep dives; None for a document.
    """
    live = position.by_question(as_at)
    exceptions = position.exceptions_by_question(as_at)
    covered = coverage(framework, as_at)
    holding = Assessment.objects.holding(framework, as_at)
    items = _items(framework, as_at)
    dives = deep_dives(framework, as_at, user)
    rows = []
    for question in questions_with_leads(framework, as_at):
        found = exceptions.get(question.pk)
        tally = Tally(
            live=live.get(question.pk, 0),
            overdue=found.overdue if found else 0,
            low_confidence=found.low_confidence if found else 0,
            **tallied(covered[question.number], holding),
            **items.get(question.pk, {}),
        )
        rows.append(
            QuestionStands(
                question,
                tally,
                dives.get(question.pk, DeepDives()),
                _assessed_on(covered[question.number], holding),
            )
        )
    total = total_of(row.tally for row in rows)
    unaligned = live.get(None, 0)
    elsewhere = sum(live.values()) - unaligned - total.live
    return Overview(framework, as_at, tuple(rows), total, unaligned, elsewhere)


def _assessed_on(covered: Coverage, holding: dict[int, Assessment]) -> dt.date | None:
    said = (holding.get(cover.characteristic.pk) for cover in covered.covers)
    days = [each.made_on for each in said if each and each.judgement != Judgement.NOT_ASSESSED]
    return max(days, default=None)


def tallied(covered: Coverage, holding: dict[int, Assessment]) -> dict[str, int]:
    """What is counted of characteristics, by the names of a `Tally`."""
    counts = dict.fromkeys([*Judgement.values, "fresh", "due", "stale", "none"], 0)
    counts["without_evidence"] = counts["to_confirm"] = 0
    for cover in covered.covers:
        said = holding.get(cover.characteristic.pk)
        judgement = said.judgement if said else Judgement.NOT_ASSESSED
        counts[judgement] += 1
        freshest = "fresh" if cover.fresh else "due" if cover.due else ""
        counts[freshest or ("stale" if cover.stale else "none")] += 1
        counts["without_evidence"] += lacks_evidence(judgement, cover.standing)
        counts["to_confirm"] += said is not None and not said.confirmed
    return counts


def lacks_evidence(judgement: str, standing: Standing) -> bool:
    """Whether a judgement claims the standard, or part of it, without evidence that holds now."""
    return judgement in _CLAIMS and standing != Standing.COVERED


def _items(framework: Framework, as_at: dt.date) -> dict[int, dict[str, int]]:
    """Question area -> the open and overdue items of its improvement plan, in one query."""
    rows = (
        ImprovementItem.objects.open_on(as_at)
        .filter(question__framework=framework)
        .order_by()
        .values("question")
        .annotate(open_items=Count("pk"), overdue_items=Count("pk", filter=Q(due_on__lt=as_at)))
    )
    counted = ("open_items", "overdue_items")
    return {
        row["question"]: {name: row[name] for name in counted} for row in map(dict[str, Any], rows)
    }
