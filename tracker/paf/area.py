"""One question area in full: who leads it, how it stands, what the force says of itself and shows
for it, and what it will improve.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.dates import month_ends
from evidence.coverage import Cover, Coverage, coverage
from inspections.assessing import may_assess
from inspections.choices import Judgement
from inspections.models import Assessment, Characteristic, CoreQuestion, QuestionLead, TopicArea
from tracker import position
from tracker.charts import trend_svg, trend_words
from tracker.deep_dives import DeepDives, deep_dives
from tracker.improvement import PlanItem, plan_of
from tracker.models import Action, Confidence
from tracker.paf.overview import Tally, lacks_evidence, tallied

if TYPE_CHECKING:
    from people.models import User

_MOST_URGENT = 10


@dataclass(frozen=True)
class CharacteristicStands:
    """What the force says of a characteristic of good, and what shows it.

    Args:
        cover: the characteristic and its evidence.
        said: what was said of it last; None for nothing.
    """

    cover: Cover
    said: Assessment | None

    @property
    def characteristic(self) -> Characteristic:
        return self.cover.characteristic

    @property
    def judgement(self) -> Judgement:
        return Judgement(self.said.judgement) if self.said else Judgement.NOT_ASSESSED

    @property
    def lacks_evidence(self) -> bool:
        """Whether it is said to be met, wholly or partly, and nothing shows it now."""
        return lacks_evidence(self.judgement, self.cover.standing)

    @property
    def to_confirm(self) -> bool:
        """Whether what is said was carried over and is to be confirmed."""
        return self.said is not None and not self.said.confirmed


@dataclass(frozen=True)
class TopicStands:
    """A topic area with its characteristics, in their order."""

    topic: TopicArea
    characteristics: tuple[CharacteristicStands, ...]


@dataclass(frozen=True)
class Area:
    """A question area on a day, for one reader.

    Counts are the same for everybody; lists hold what the reader may read.

    Args:
        question: the area, with its framework.
        as_at: the day.
        tally: its numbers.
        leads: who has led it, those of the day first.
        confidence: each value of the scale with how many live actions have it.
        trend, chart, chart_words: live actions month by month over a year.
        topics: what is said and shown, characteristic by characteristic.
        plan: its improvement plan.
        deep_dives: which Boards went into it, and the next.
        actions: its live actions that the reader may read, the earliest due first.
        may_assess: whether the reader may assess it and keep its plan.
    """

    question: CoreQuestion
    as_at: dt.date
    tally: Tally
    leads: list[QuestionLead]
    confidence: tuple[tuple[Confidence | None, int], ...]
    trend: list[position.TrendPoint]
    chart: str
    chart_words: str
    topics: tuple[TopicStands, ...]
    plan: list[PlanItem]
    deep_dives: DeepDives
    actions: list[Action]
    may_assess: bool

    @property
    def most_urgent(self) -> list[Action]:
        """The first of its live actions that the reader may read, as many as one looks through."""
        return self.actions[:_MOST_URGENT]

    @property
    def was_live(self) -> bool:
        """Whether any action was live on a day of the trend."""
        return any(point.total for point in self.trend)

    @property
    def withheld(self) -> int:
        """How many live actions the reader may not read."""
        return self.tally.live - len(self.actions)

    @property
    def gaps_first(self) -> list[CharacteristicStands]:
        """Those without evidence first, then those with stale evidence only, then the rest."""
        every = [each for topic in self.topics for each in topic.characteristics]
        return sorted(every, key=lambda each: each.cover.standing)


def area(question: CoreQuestion, user: "User", as_at: dt.date) -> Area:
    """A question area on a day, as this person may read it; a fixed number of queries.

    Args:
        question: the area, with its framework.
        user: the reader.
        as_at: the day.
    """
    covered = coverage(question.framework, as_at)[question.number]
    holding = Assessment.objects.holding(question.framework, as_at)
    counts = position.exceptions(as_at, question)
    allowed = may_assess(question, user)
    plan = plan_of(question, user, as_at, may_assess=allowed)
    trend = position.trend(month_ends(dt.date(as_at.year - 1, as_at.month, 1), as_at), question)
    dives = deep_dives(question.framework, as_at, user)
    return Area(
        question=question,
        as_at=as_at,
        tally=Tally(
            live=position.by_question(as_at).get(question.pk, 0),
            overdue=counts.overdue,
            low_confidence=counts.low_confidence,
            **tallied(covered, holding),
            open_items=sum(not each.item.ended_on for each in plan),
            overdue_items=sum(each.overdue for each in plan),
        ),
        leads=list(question.leads.latest_first()),
        confidence=position.confidence_spread(as_at, question),
        trend=trend,
        chart=trend_svg(trend),
        chart_words=trend_words(str(question), trend),
        topics=topics_in(covered, holding),
        plan=plan,
        deep_dives=dives.get(question.pk, DeepDives()),
        actions=list(Action.objects.live_in_question(question, user, as_at)),
        may_assess=allowed,
    )


def topics_of(question: CoreQuestion, as_at: dt.date) -> tuple[TopicStands, ...]:
    """The topic areas of a question area with what is said and shown of their characteristics; a
    fixed number of queries.
    """
    covered = coverage(question.framework, as_at)[question.number]
    return topics_in(covered, Assessment.objects.holding(question.framework, as_at))


def topics_in(covered: Coverage, holding: dict[int, Assessment]) -> tuple[TopicStands, ...]:
    topics: dict[TopicArea, list[CharacteristicStands]] = {}
    for cover in covered.covers:
        stands = CharacteristicStands(cover, holding.get(cover.characteristic.pk))
        topics.setdefault(cover.characteristic.topic, []).append(stands)
    return tuple(TopicStands(topic, tuple(every)) for topic, every in topics.items())
