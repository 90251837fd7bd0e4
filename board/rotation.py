"""Whose turn the deep dive is: one PAF question area a Board, in rotation (paper 4.2)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet
from django.urls import reverse

from board.choices import MeetingState
from board.models import AgendaItem
from core.dates import long_date
from inspections.models import CoreQuestion, Framework
from tracker.deep_dives import DeepDiveDay, DeepDives

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Turn:
    """A question area in the rotation, and the last Board that went into it."""

    question: CoreQuestion
    last_done: dt.date | None

    @property
    def words(self) -> str:
        """When it was done last; a question area of a new framework was never done."""
        if self.last_done:
            return f"last done on {long_date(self.last_done)}"
        framework = self.question.framework
        began = long_date(framework.in_force_from)
        return f"not done yet under PAF {framework.version}, in force since {began}"


def last_done(question: CoreQuestion, day: dt.date) -> dt.date | None:
    """The last Board before a day that went into a question area; None for none."""
    done = _done_before(day).filter(question=question)
    found: dt.date | None = done.aggregate(last=Max("meeting__held_on"))["last"]
    return found


def _done_before(day: dt.date) -> QuerySet[AgendaItem]:
    """What stood on the agendas of closed Boards before a day."""
    standing = AgendaItem.objects.standing()
    return standing.filter(meeting__state=MeetingState.CLOSED, meeting__held_on__lt=day)


def rotation(day: dt.date) -> list[Turn]:
    """The question areas in the order of their turns, for Boards on a day or after it.

    Those never done come first, then the longest not done; of the same, by number. One is done when
    it stood on the agenda of a Board before that day, and that Board is closed. They are the areas
    of the framework in force on the day: when the framework changes, those of the new version were
    never done, so the rotation begins anew.
    """
    framework = Framework.objects.in_force(day)
    if framework is None:
        return []
    of_framework = _done_before(day).filter(question__framework=framework).order_by()
    done = dict(of_framework.values_list("question").annotate(last=Max("meeting__held_on")))
    questions = framework.questions.select_related("framework").order_by("number")
    turns = [Turn(question, done.get(question.pk)) for question in questions]
    return sorted(turns, key=lambda turn: turn.last_done or dt.date.min)


def deep_dives_of(framework: Framework, day: dt.date, user: "User | None") -> dict[int, DeepDives]:
    """The Boards before a day that went into each question area, and the next that is to; in one
    query. The days are no secret; what was before the Board is for those who read packs.
    """
    may_read = user is not None and user.has_perm("board.read_pack")
    standing = AgendaItem.objects.deep_dives().filter(question__framework=framework)
    rows = (
        standing.exclude(meeting__state=MeetingState.CANCELLED)
        .order_by("meeting__held_on")
        .values_list("question", "question__number", "meeting__held_on", "meeting__state")
        .distinct()
    )
    done: dict[int, list[DeepDiveDay]] = defaultdict(list)
    planned: dict[int, DeepDiveDay] = {}
    for question, number, held_on, state in rows:
        address = reverse("board:deep_dive", args=[held_on.isoformat(), number])
        found = DeepDiveDay(held_on, address if may_read else "")
        if state == MeetingState.CLOSED and held_on < day:
            done[question].insert(0, found)
        elif held_on >= day:
            planned.setdefault(question, found)
    return {
        question: DeepDives(tuple(done[question]), planned.get(question))
        for question in {*done, *planned}
    }
