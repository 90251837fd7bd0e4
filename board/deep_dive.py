"""What a Board has before it when it goes deep into one PAF question area (paper 4.2)."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from board.models import Meeting
from board.rotation import last_done
from core.dates import month_ends
from evidence.models import Evidence
from inspections.choices import LeadRole
from inspections.models import CoreQuestion, QuestionLead
from tracker import position
from tracker.charts import trend_svg, trend_words
from tracker.models import Action, ActionEvidence, Confidence, ProgressUpdate

if TYPE_CHECKING:
    from people.models import User

# From when on updates are told to the first Board of all.
_FIRST_WINDOW = dt.timedelta(days=30)


@dataclass(frozen=True)
class DeepDive:
    """A question area on a day, for one reader.

    Counts are those of the position, whoever reads them; lists hold what the reader may read.

    Args:
        question: the area.
        as_at: the day.
        executive_lead, delivery_lead: names on that day, "" for none.
        live: its live actions.
        rows: these by row of the position's table, and by stage.
        confidence: each value of the scale, best first, and None for "not rated", with how many of
            the live actions it has; values without any are left out but for those of the scale.
        overdue, due_soon, stale, low: how many of the live actions.
        actions: the live actions, the earliest due first, `with_position`.
        last_done: the day of the last deep dive of it, None for never.
        closed_since: the day from which closed actions are told: the last deep dive, or else a year
            ago.
        closed: the actions closed since, the latest first, `with_position`.
        updates_since: the day of the Board before, or 30 days ago where there was none.
        updates: the progress updates since, the latest first.
        evidence: how many pieces of evidence are attached to the live actions now.
        trend: live actions at the end of each of the last twelve months, and on the day.
        chart: the trend as SVG.
        chart_words: the trend in words.
    """

    question: CoreQuestion
    as_at: dt.date
    executive_lead: str
    delivery_lead: str
    live: int
    rows: tuple[position.StagesOfRow, ...]
    confidence: tuple[tuple[Confidence | None, int], ...]
    overdue: int
    due_soon: int
    stale: int
    low: int
    actions: list[Action]
    last_done: dt.date | None
    closed_since: dt.date
    closed: list[Action]
    updates_since: dt.date
    updates: list[ProgressUpdate]
    evidence: int
    trend: list[position.TrendPoint]
    chart: str
    chart_words: str

    @property
    def withheld(self) -> int:
        """How many live actions the reader may not read."""
        return self.live - len(self.actions)


def deep_dive(question: CoreQuestion, user: "User", as_at: dt.date) -> DeepDive:
    """A question area on a day, as this person may read it; a fixed number of queries.

    Args:
        question: the area, with its framework.
        user: the reader.
        as_at: the day of the Board.
    """
    duties = QuestionLead.objects.on(as_at).filter(question=question)
    leads = {duty.role: duty.lead.name for duty in duties}
    counts = position.exceptions(as_at, question)
    trend = position.trend(month_ends(dt.date(as_at.year - 1, as_at.month, 1), as_at), question)
    done = last_done(question, as_at)
    closed_since = done or trend[0].day
    before = Meeting.objects.last_before(as_at)
    updates_since = before.held_on if before else as_at - _FIRST_WINDOW
    return DeepDive(
        question=question,
        as_at=as_at,
        executive_lead=leads.get(LeadRole.EXECUTIVE, ""),
        delivery_lead=leads.get(LeadRole.DELIVERY, ""),
        live=position.by_question(as_at).get(question.pk, 0),
        rows=position.stages_by_row(as_at, question),
        confidence=position.confidence_spread(as_at, question),
        overdue=counts.overdue,
        due_soon=counts.due_soon,
        stale=counts.stale,
        low=counts.low_confidence,
        actions=list(Action.objects.live_in_question(question, user, as_at)),
        last_done=done,
        closed_since=closed_since,
        closed=_closed(question, user, closed_since, as_at),
        updates_since=updates_since,
        updates=_updates(question, user, updates_since, as_at),
        evidence=_evidence(question, user, as_at),
        trend=trend,
        chart=trend_svg(trend),
        chart_words=trend_words(str(question), trend),
    )


def _closed(question: CoreQuestion, user: "User", since: dt.date, as_at: dt.date) -> list[Action]:
    moved = Action.objects.counted().filter(question=question).moved("closed", since, as_at)
    closed = Action.objects.visible_to(user).filter(pk__in=moved.values("pk"))
    return list(closed.with_position(as_at).order_by(F("closed_on").desc(), "reference"))


def _updates(
    question: CoreQuestion, user: "User", since: dt.date, as_at: dt.date
) -> list[ProgressUpdate]:
    """The updates of (since, as_at] that this person may read, of live and closed actions alike."""
    counted = Action.objects.counted().filter(question=question)
    return list(
        ProgressUpdate.objects.visible_to(user)
        .filter(action__in=counted, made_on__gt=since, made_on__lte=as_at)
        .select_related("action", "confidence", "recorded_by")
        .order_by("-made_on", "-pk")
    )


def _evidence(question: CoreQuestion, user: "User", as_at: dt.date) -> int:
    live = Action.objects.counted().visible_to(user).live(as_at).filter(question=question)
    attached = ActionEvidence.objects.filter(action__in=live, removed_at=None)
    return Evidence.objects.visible_to(user).filter(pk__in=attached.values("evidence")).count()
