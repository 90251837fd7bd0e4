"""Which day of a closure a status period tells: its proposal, its upload, or its end.

A correction of the one moves the other, as long as the steps of the closure stay in order.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.dates import long_date
from core.history import attribute
from people.models import User
from tracker.choices import ClosureEventKind, Status
from tracker.models import Action, Closure, ClosureEvent, StatusPeriod
from tracker.workflow.moves import Refused

_UNDER_WAY = (Status.CLOSURE_PROPOSED, Status.WITH_HMICFRS)
# Steps whose order counts; what else is on record may come at any time.
_IN_ORDER = (
    ClosureEventKind.PROPOSED,
    ClosureEventKind.COMPLETED,
    ClosureEventKind.ASSURED,
    ClosureEventKind.RETURNED,
    ClosureEventKind.APPROVED,
    ClosureEventKind.LETTER_FILED,
    ClosureEventKind.UPLOADED,
    ClosureEventKind.VERIFIED,
    ClosureEventKind.NOT_VERIFIED,
    ClosureEventKind.ENDED,
)
_PROPOSALS = (ClosureEventKind.PROPOSED,)
_UPLOADS = (ClosureEventKind.UPLOADED,)
# Steps by which a closure may end.
ENDS = (
    ClosureEventKind.RETURNED,
    ClosureEventKind.APPROVED,
    ClosureEventKind.LETTER_FILED,
    ClosureEventKind.VERIFIED,
    ClosureEventKind.NOT_VERIFIED,
    ClosureEventKind.ENDED,
)


@dataclass
class ClosureDay:
    """A day that a status period shares with its closure.

    Args:
        closure: the closure.
        field: its field that holds the day: `proposed_on`, `uploaded_on` or `ended_on`.
        event: the step of that day; None where the closure was carried over and it is not known.
    """

    closure: Closure
    field: str
    event: ClosureEvent | None

    def check(self, day: dt.date) -> None:
        """Ask whether the steps stay in order with another day.

        Raises:
            Refused: they do not.
        """
        steps = list(self.closure.events.filter(kind__in=_IN_ORDER).order_by("pk"))
        at = steps.index(self.event) if self.event else -1
        for step in steps[:at] if self.event else []:
            if step.happened_on > day:
                raise self._refusal(day, "early", step)
        for step in steps[at + 1 :]:
            if step.happened_on < day:
                raise self._refusal(day, "late", step)
        signed = self.closure.letter.signed if self.closure.letter else None
        if self.field == "ended_on" and signed and signed.signed_on > day:
            raise Refused(
                f"{long_date(day)} is too early: the letter was signed on "
                f"{long_date(signed.signed_on)}.",
                "day",
            )

    def _refusal(self, day: dt.date, how: str, step: ClosureEvent) -> Refused:
        what = step.get_kind_display().lower()
        return Refused(
            f"{long_date(day)} is too {how}: its closure has “{what}” on "
            f"{long_date(step.happened_on)}, and its steps stay in order.",
            "day",
        )

    def move(self, day: dt.date, actor: User, words: str) -> None:
        """Let the closure and its step have the other day."""
        closure, old = self.closure, getattr(self.closure, self.field)
        setattr(closure, self.field, day)
        if closure.step_since == old:
            closure.step_since = day
        attribute(closure, actor, words)
        closure.full_clean()
        closure.save()
        if self.event:
            self.event.happened_on = day
            self.event.late_reason = " ".join(filter(None, (self.event.late_reason, words)))
            attribute(self.event, actor, words)
            self.event.full_clean(exclude={"recorded_by"})
            self.event.save()


def part_of_closure(
    action: Action, periods: Sequence[StatusPeriod], period: StatusPeriod
) -> ClosureDay | None:
    """The day of a closure that a period tells; None where it tells none.

    Args:
        action: the action.
        periods: all of its periods, in order.
        period: one of them.
    """
    begun = [
        at for at, each in enumerate(periods) if each.status in _UNDER_WAY and _begins(periods, at)
    ]
    at = periods.index(period)
    for start, closure in zip(begun, action.closures.order_by("pk"), strict=False):
        end = next(
            (place for place in range(start, len(periods)) if _ends(periods, place)), len(periods)
        )
        if at == start:
            return ClosureDay(closure, "proposed_on", _event(closure, _PROPOSALS))
        if start < at < end and period.status == Status.WITH_HMICFRS:
            return ClosureDay(closure, "uploaded_on", _event(closure, _UPLOADS))
        if at == end:
            return ClosureDay(closure, "ended_on", _event(closure, ENDS))
    return None


def _begins(periods: Sequence[StatusPeriod], at: int) -> bool:
    return at == 0 or periods[at - 1].status not in _UNDER_WAY


def _ends(periods: Sequence[StatusPeriod], at: int) -> bool:
    return periods[at].status not in _UNDER_WAY


def _event(closure: Closure, kinds: Sequence[str]) -> ClosureEvent | None:
    """The last step of these kinds."""
    return closure.events.filter(kind__in=kinds).order_by("pk").last()
