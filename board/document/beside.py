"""Closures beside the agenda of a Board: decided between meetings, or on their way."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from board.choices import MeetingState
from board.document.closures import DECISIONS, by_the_board, decided_part, deciders
from board.document.withheld import Document, withheld
from board.models import Meeting
from core.dates import long_date
from core.markings import Marking
from people.models import User
from tracker.choices import ClosureEventKind, ClosureStep
from tracker.models import Action, Closure, ClosureEvent

# Without a Board before it, a Board is told what was decided in so many days.
_FIRST_WINDOW = dt.timedelta(days=31)
# Somebody may decide while a Board is being closed; what it has told is known by its document.
_WHILE_CLOSING = dt.timedelta(hours=1)


def decided_between(
    meeting: Meeting, before: Meeting | None, here: Collection[int], reader: User
) -> list[Document]:
    """Decisions that no Board has told yet: taken, or recorded, after the Board before and up to
    this one, on closures that are not on its agenda.

    Args:
        before: the Board before.
        here: keys of the closures on the agenda.
        reader: who reads.
    """
    begun = before.held_on if before else meeting.held_on - _FIRST_WINDOW
    fresh, told = Q(happened_on__gt=begun), []
    if before is not None and before.closed_at is not None:
        fresh |= Q(recorded_at__gt=before.closed_at - _WHILE_CLOSING)
        told = (before.document or {}).get("told", [])
    events = (
        ClosureEvent.objects.filter(
            fresh,
            Q(board_decision=None) | Q(board_decision__item__meeting__state=MeetingState.CANCELLED),
            kind__in=DECISIONS,
            happened_on__lte=meeting.held_on,
            closure__action__entered_in_error=False,
        )
        .exclude(closure__in=here)
        .exclude(pk__in=told)
        .select_related("closure__action__publication", "recorded_by")
        .order_by("happened_on", "pk")
    )
    able = deciders()
    found = [event for event in events if by_the_board(event, able)]
    readable = _readable(reader, {event.closure.action_id for event in found})
    return [
        part if event.closure.action_id in readable else withheld(part)
        for event in found
        for part in [decided_part(event)]
    ]


def _readable(reader: User, actions: Collection[int]) -> set[int]:
    visible = Action.objects.visible_to(reader).filter(pk__in=actions)
    return set(visible.values_list("pk", flat=True))


# A step of a closure -> what the closure waits for after it.
_AFTER: dict[str, ClosureStep] = {
    ClosureEventKind.PROPOSED: ClosureStep.TO_ASSURE,
    ClosureEventKind.COMPLETED: ClosureStep.TO_ASSURE,
    ClosureEventKind.ASSURED: ClosureStep.FOR_BOARD,
    ClosureEventKind.APPROVED: ClosureStep.LETTER_AWAITED,
    ClosureEventKind.LETTER_FILED: ClosureStep.TO_UPLOAD,
    ClosureEventKind.UPLOADED: ClosureStep.WITH_HMICFRS,
}
_WORDS = {ClosureStep.FOR_BOARD: "For the Board, not on this agenda"}


def on_the_way_part(meeting: Meeting, here: Collection[int], reader: User) -> list[Document]:
    """The closures under way on the day of a Board that are not on its agenda: not assured yet, or
    decided and waiting for their letter.

    Args:
        here: keys of the closures on its agenda.
        reader: who reads.
    """
    day = meeting.as_at
    found = (
        Closure.objects.filter(proposed_on__lte=day, action__entered_in_error=False)
        .filter(Q(ended_on=None) | Q(ended_on__gt=day))
        .exclude(pk__in=here)
        .select_related("action")
        .prefetch_related("events")
        .order_by("action__reference")
    )
    rows = [(closure, *step_on(closure, day)) for closure in found]
    rows = [row for row in rows if row[1] != ClosureStep.WITH_HMICFRS]
    rows.sort(key=lambda row: list(ClosureStep).index(row[1]))
    readable = _readable(reader, {closure.action_id for closure, _, _ in rows})
    parts = []
    for closure, step, since in rows:
        part = {
            "title": closure.action.reference,
            "reference": closure.action.reference,
            "text": closure.action.text,
            "href": closure.get_absolute_url(),
            "waits": _WORDS.get(step, step.label),
            "since": long_date(since),
            "sensitive": closure.action.marking == Marking.SENSITIVE,
        }
        parts.append(part if closure.action_id in readable else withheld(part))
    return parts


def step_on(closure: Closure, day: dt.date) -> tuple[ClosureStep, dt.date]:
    """What a closure waited for at the end of a day, and since when. Reads `events`, prefetched or
    not. One that came with the force's first list has no step before it was completed.
    """
    steps: list[Any] = [each for each in closure.events.all() if each.kind in _AFTER]
    taken = [each for each in steps if each.happened_on <= day]
    if taken:
        return _AFTER[taken[-1].kind], taken[-1].happened_on
    now = ClosureStep(closure.step)
    return (ClosureStep.TO_COMPLETE if steps else now), closure.proposed_on
