"""The track of an action: the steps of its route, with who took each and when, as at a day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.dates import long_date
from tracker.choices import COMPLETED_REASONS, ClosureEventKind, ClosureStep, Status
from tracker.models import ClosureEvent, StatusPeriod
from tracker.routes import Route, RouteStep

# What a closure waits for after each kind of event.
_WAITS_AFTER: dict[str, str] = {
    ClosureEventKind.PROPOSED: ClosureStep.TO_ASSURE,
    ClosureEventKind.COMPLETED: ClosureStep.TO_ASSURE,
    ClosureEventKind.CHANGED: ClosureStep.TO_ASSURE,
    ClosureEventKind.ASSURED: ClosureStep.FOR_BOARD,
    ClosureEventKind.DEFERRED: ClosureStep.FOR_BOARD,
    ClosureEventKind.APPROVED: ClosureStep.LETTER_AWAITED,
    ClosureEventKind.LETTER_FILED: ClosureStep.TO_UPLOAD,
}
# The events by which a step is known to be done.
_DONE_BY: dict[str, tuple[str, ...]] = {
    "Proposed": (ClosureEventKind.PROPOSED, ClosureEventKind.COMPLETED),
    "Assured": (ClosureEventKind.ASSURED,),
    "Board decision": (ClosureEventKind.APPROVED,),
    "Letter signed": (ClosureEventKind.LETTER_FILED,),
}
_NOT_RECORDED = "not recorded"
# Without a route the way is not known: only where the action stands.
_NO_ROUTE = (
    RouteStep("Received", (Status.AWAITING_ALLOCATION,)),
    RouteStep("In progress", (Status.IN_PROGRESS,)),
    RouteStep("Closed", ()),
)


def track(
    route: Route | None, periods: Sequence[StatusPeriod], events: Sequence[ClosureEvent] = ()
) -> list[dict[str, Any]]:
    """The steps of the way to closing, as `components/status_track.html` wants them.

    Args:
        route: how the action may close; None while its level is not given.
        periods: its status periods up to the day, first to last.
        events: of its latest closure, up to the day, first to last.
    """
    current = periods[-1]
    steps = route.steps if route else _NO_ROUTE
    if current.status == Status.CLOSED and current.close_reason not in COMPLETED_REASONS:
        # It ended in another way: what would have come next was never done.
        steps = tuple(step for step in steps if _taken(step, periods, events))
    waiting = _waiting(current, events)
    reached = next(
        (place for place, step in enumerate(steps) if waiting in step.waiting), len(steps) - 1
    )
    shown = []
    for place, step in enumerate(steps):
        done = place < reached or current.status == Status.CLOSED
        if not done and place > reached:
            shown.append({"title": step.title, "state": "to-come", "who": step.who, "when": ""})
        elif done:
            shown.append({"title": step.title, "state": "done", **_done(step, periods, events)})
        else:
            since = _since(current, events)
            shown.append(
                {
                    "title": step.title,
                    "state": "current",
                    "who": step.who,
                    "when": f"since {long_date(since)}",
                }
            )
    return shown


def _taken(
    step: RouteStep, periods: Sequence[StatusPeriod], events: Sequence[ClosureEvent]
) -> bool:
    return _done(step, periods, events)["when"] != _NOT_RECORDED


def _waiting(current: StatusPeriod, events: Sequence[ClosureEvent]) -> str:
    """What the action waits for: a closure step while one is proposed, else its status."""
    if current.status != Status.CLOSURE_PROPOSED:
        return str(current.status)
    steps = [_WAITS_AFTER[event.kind] for event in events if event.kind in _WAITS_AFTER]
    return steps[-1] if steps else ClosureStep.TO_COMPLETE


def _since(current: StatusPeriod, events: Sequence[ClosureEvent]) -> dt.date:
    if current.status != Status.CLOSURE_PROPOSED:
        return current.started_on
    moved = [event.happened_on for event in events if event.kind in _WAITS_AFTER]
    return moved[-1] if moved else current.started_on


def _done(
    step: RouteStep, periods: Sequence[StatusPeriod], events: Sequence[ClosureEvent]
) -> dict[str, str]:
    """Who took a step and when, as far as that is recorded."""
    for event in reversed(events):
        if event.kind in _DONE_BY.get(step.title, ()):
            # The Chief Constable signs it; on record is who filed it.
            signed = event.kind == ClosureEventKind.LETTER_FILED
            who = step.who if signed else str(event.recorded_by or "")
            return {"who": who, "when": long_date(event.happened_on)}
    if step.title == "Received":
        return {"who": "", "when": long_date(periods[0].started_on)}
    statuses = {
        "In progress": (Status.IN_PROGRESS,),
        "Proposed": (Status.CLOSURE_PROPOSED,),
        "With HMICFRS": (Status.WITH_HMICFRS,),
        "Closed": (Status.CLOSED,),
        "Closed by HMICFRS": (Status.CLOSED,),
    }.get(step.title, ())
    starts = [each.started_on for each in periods if each.status in statuses]
    return {"who": "", "when": long_date(starts[-1]) if starts else _NOT_RECORDED}
