"""The day on which a status took effect was recorded wrongly: it is put right, with its reason.

Figures of past dates follow; papers that were issued are snapshots and do not. The rows as they
were stay in the history (domain glossary, "how time works").
"""

import datetime as dt
from collections.abc import Sequence
from itertools import product
from typing import Any

from django.db import transaction

from core.dates import long_date, today
from core.history import attribute
from people.models import User
from tracker.choices import Status
from tracker.models import Action, StatusPeriod
from tracker.workflow import wanted
from tracker.workflow.cases import Verb
from tracker.workflow.closure_days import part_of_closure
from tracker.workflow.moves import Refused, asked, locked, said


@transaction.atomic
def correct_day(
    action: Action, sequence: int, *, actor: User, day: dt.date, reason: str
) -> StatusPeriod:
    """Correct the day on which a status period of an action began.

    The period before ends with it. The first period begins on the day the action was received:
    what else began with that day, leads and presence on the portal, moves along.

    Args:
        sequence: of the period.
        day: the right one, from the start of the period before to the end of this one.
        reason: how it is known.

    Raises:
        Refused: the day does not fit, no reason is given, or the person may not.
        StatusPeriod.DoesNotExist: there is no such period.
    """
    action = locked(action)
    asked(Verb.CORRECT_DAY, action, actor)
    periods = list(action.periods.all())
    at = next((at for at, each in enumerate(periods) if each.sequence == sequence), None)
    if at is None:
        raise StatusPeriod.DoesNotExist
    period, before = periods[at], periods[at - 1] if at else None
    reason = said(reason, wanted.WHY_CORRECTED, "reason")
    old = period.started_on
    if day == old:
        raise Refused(f"{long_date(day)} is the day that is recorded already.", "day")
    _check_fits(period, before, day)
    words = f"Day corrected, it was {long_date(old)}: {reason}"
    period.started_on = day
    period.late_reason = " ".join(part for part in (period.late_reason, words) if part)
    if before is not None:
        before.ended_on = day
    _check_family(action, periods, old, day)
    part = part_of_closure(action, periods, period)
    if part:
        part.check(day)
    # The one that shrinks comes first, so that the two never overlap.
    pair = [each for each in (before, period) if each is not None]
    for each in pair if day < old else reversed(pair):
        attribute(each, actor, words)
        each.full_clean(exclude={"recorded_by"})
        each.save()
    if before is None:
        _move_what_began_with_it(action, old, day, actor, words)
    if part:
        part.move(day, actor, words)
    return period


def _check_fits(period: StatusPeriod, before: StatusPeriod | None, day: dt.date) -> None:
    if day > today():
        raise Refused(f"{long_date(day)} has not come yet. Enter today or an earlier day.", "day")
    if before is not None and day < before.started_on:
        raise Refused(
            f"{long_date(day)} is too early: it became “{before.get_status_display().lower()}” on "
            f"{long_date(before.started_on)}. Correct that day first, if it is wrong.",
            "day",
        )
    if period.ended_on is not None and day > period.ended_on:
        raise Refused(
            f"{long_date(day)} is too late: this status ended on {long_date(period.ended_on)}. "
            "Correct that day first, if it is wrong.",
            "day",
        )
    if before is None:
        _check_receipt(period.action, day)


def _check_receipt(action: Action, day: dt.date) -> None:
    published = action.publication.first_possible_day
    if day < published:
        raise Refused(
            f"{long_date(day)} is too early: the publication is of {long_date(published)}.", "day"
        )
    issued = action.due_dates.filter(sequence=0).first()
    if issued is not None and issued.due_on < day:
        raise Refused(
            f"{long_date(day)} is too late: the action was due on {long_date(issued.due_on)}, as "
            "issued.",
            "day",
        )


def _check_family(action: Action, now: Sequence[StatusPeriod], old: dt.date, day: dt.date) -> None:
    """Between the two days no cause of concern is closed while a recommendation of it is live.

    Args:
        now: the periods of the action as they will be.
        old, day: the day as it was and as it will be.
    """
    pairs: list[tuple[Action, Sequence[StatusPeriod], Action, Sequence[StatusPeriod]]] = [
        (action, now, child, list(child.periods.all()))
        for child in action.children.filter(entered_in_error=False)
    ]
    if action.parent is not None:
        pairs.append((action.parent, list(action.parent.periods.all()), action, now))
    for cause, of_cause, child, of_child in pairs:
        for closed, live in product(_spans(of_cause, closed=True), _spans(of_child, closed=False)):
            if max(closed[0], live[0], min(old, day)) < min(closed[1], live[1], max(old, day)):
                raise Refused(
                    f"With {long_date(day)} the cause of concern {cause} would have been closed "
                    f"while its recommendation {child} was live. Correct the days of the other "
                    "one first.",
                    "day",
                )


def _spans(periods: Sequence[StatusPeriod], *, closed: bool) -> list[tuple[dt.date, dt.date]]:
    """From when until when an action was closed, or live."""
    return [
        (period.started_on, period.ended_on or dt.date.max)
        for period in periods
        if (period.status == Status.CLOSED) == closed
    ]


def _move_what_began_with_it(
    action: Action, old: dt.date, day: dt.date, actor: User, words: str
) -> None:
    """Leads, presence and the issued due date that count from the day of receipt."""
    rows: list[Any] = [
        *action.leads.filter(started_on=old),
        *action.portal_presences.filter(started_on=old, assumed=True),
    ]
    for row in rows:
        # One that ended on that very day held for no day: it stays as it is.
        if row.ended_on is None or row.ended_on > max(old, day):
            row.started_on = day
            attribute(row, actor, words)
            row.full_clean()
            row.save()
    for due in action.due_dates.filter(sequence=0, agreed_on=old):
        due.agreed_on = day
        attribute(due, actor, words)
        due.full_clean(exclude={"recorded_by"})
        due.save()
