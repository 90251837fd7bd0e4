"""The status periods an action arrives with in a force's first list."""

import datetime as dt
from dataclasses import dataclass

from tracker.choices import CloseReason, Status


@dataclass(frozen=True, slots=True)
class Step:
    """A status period to be recorded.

    Args:
        status: what the action is in.
        level: its activity level, None where it has none.
        started_on, ended_on: the period `[started_on, ended_on)`; the last one is open.
        close_reason, original_wording: why it closed, and how the list put it; empty unless closed.
        assumed: nobody told; stages in between are not known.
    """

    status: Status
    level: int | None
    started_on: dt.date
    ended_on: dt.date | None = None
    close_reason: CloseReason | str = ""
    original_wording: str = ""
    assumed: bool = False


def first_periods(
    *,
    received: dt.date,
    stage: Status,
    stage_date: dt.date,
    level: int | None,
    closed_on: dt.date | None = None,
    close_reason: CloseReason | str = "",
    original_wording: str = "",
) -> list[Step]:
    """The status periods of an action that arrives with the first load of a force's list.

    An action in progress waited for allocation until its stage date; any other was in progress
    until then, as far as is known (`assumed`); a closed one until it closed. At level 1 it closes
    on the day it is received. What a list does not tell (earlier stages) is not made up.

    Args:
        received: the day the first period starts.
        stage: the status the action arrives in.
        stage_date: since when it has been in it.
        level: activity level, held by every period.
        closed_on, close_reason, original_wording: of a closed action.

    Raises:
        ValueError: a closed action has no day or no reason, or a day lies before `received`.
    """
    if stage == Status.CLOSED:
        if closed_on is None or not close_reason:
            raise ValueError("A closed action needs a closing date and a reason.")
        reached = received if level == 1 else closed_on
    else:
        reached = stage_date
    if reached < received:
        raise ValueError("An action cannot reach its stage before it is received.")
    last = Step(stage, level, reached, None, close_reason, original_wording)
    if reached == received:
        return [last]
    if stage == Status.IN_PROGRESS:
        return [Step(Status.AWAITING_ALLOCATION, level, received, reached), last]
    return [Step(Status.IN_PROGRESS, level, received, reached, assumed=True), last]
