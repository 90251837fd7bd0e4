"""Decisions on closures, taken on the agenda page of a Board: the workflow's own steps, and that
they were taken there.
"""

from collections.abc import Callable

from django.db import transaction

from board.agenda import locked_item
from board.models import AgendaItem, Decision
from core.dates import long_date, today
from core.history import attribute
from people.models import User
from tracker import workflow
from tracker.models import Closure
from tracker.workflow import Refused, When

# What a Board decides -> the workflow's step, and what its text is called there.
_STEPS: dict[str, tuple[Callable[..., Closure], str]] = {
    "approve": (workflow.approve, "text"),
    "return": (workflow.send_back, "reason"),
    "defer": (workflow.defer, "reason"),
}


@transaction.atomic
def decide(
    item: AgendaItem, decision: str, *, actor: User, text: str = "", seen: str = ""
) -> Decision:
    """Approve, return or defer the closure of an item.

    Dated the day of the Board, or today where that is still to come: then the decision was taken
    before the meeting.

    Args:
        item: with a closure, on the agenda of a planned meeting.
        decision: "approve", "return" or "defer".
        text: what the decision adds, or the reason.
        seen: `workflow.seen_mark` of the page it was decided on.

    Raises:
        Refused: the workflow refuses it, the item is no closure or not on the agenda, the closure
            came to the Board after this meeting, or the meeting is closed or cancelled.
    """
    item = locked_item(item)
    if item.closure is None or item.removed_at is not None:
        raise Refused("This is no closure on the agenda.")
    take, text_name = _STEPS[decision]
    closure = take(
        item.closure, actor=actor, seen=seen, when=when_decided(item), **{text_name: text}
    )
    event = closure.events.order_by("pk").last()
    made, new = Decision.objects.get_or_create(event=event, defaults={"item": item})
    if new:
        attribute(made, actor, "Decided at the Board")
        made.save()
    return made


def when_decided(item: AgendaItem) -> When:
    """The day of a decision on an item.

    Raises:
        Refused: its closure came to the Board after this meeting.
    """
    meeting = item.meeting
    if meeting.held_on >= today():
        return When()
    assert item.closure is not None  # the caller looked
    if item.closure.step_since > meeting.held_on:
        raise Refused(
            f"This closure came to the Board on {long_date(item.closure.step_since)}, after this "
            "meeting. Take it off this agenda: the next Board decides it."
        )
    return When(meeting.held_on, f"Decided at the {meeting} and recorded afterwards.")
