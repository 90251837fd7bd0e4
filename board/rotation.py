"""Whose turn it is for a deep dive."""

import datetime as dt
from dataclasses import dataclass

from board.choices import MeetingState
from board.models import AgendaItem
from inspections.models import CoreQuestion, Framework


@dataclass(frozen=True)
class Turn:
    question: CoreQuestion
    last_done: dt.date | None


def rotation(day: dt.date) -> list[Turn]:
    framework = Framework.objects.in_force(day)
    if framework is None:
        return []
    done = dict(
        AgendaItem.objects.standing()
        .filter(meeting__state=MeetingState.CLOSED)
        .exclude(question=None)
        .order_by("meeting__held_on")
        .values_list("question", "meeting__held_on")
    )
    turns = [Turn(question, done.get(question.pk)) for question in framework.questions.all()]
    return sorted(turns, key=lambda each: (each.last_done or dt.date.min, each.question.number))
