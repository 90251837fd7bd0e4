"""Between two days, and at many: movement, what was received, trend (paper 3.3, section 6)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q

from core.periods import holds_on
from inspections.choices import Scope
from tracker.choices import COMPLETED_REASONS, Register, Status
from tracker.models import Action, StatusPeriod
from tracker.movement import CHANGES
from tracker.queries import ends, on_portal_on

if TYPE_CHECKING:
    from inspections.models import CoreQuestion
    from tracker.queries import ActionQuerySet


@dataclass(frozen=True)
class Movement:
    """What became of the live actions between two days (paper 3.3).

    Compares the two end states, so that opening + new + reopened - closed = closing.
    `closed_and_reopened` are actions live at the end that were closed for a while in between: they
    are in none of the other figures and are listed apart.
    """

    since: dt.date
    as_at: dt.date
    opening: int
    new: int
    reopened: int
    closed: int
    closing: int
    closed_not_on_portal: int
    closed_and_reopened: int

    @property
    def adds_up(self) -> bool:
        return self.opening + self.new + self.reopened - self.closed == self.closing


@dataclass(frozen=True)
class ReceivedGroup:
    """Actions of one publication received in a window, of one kind, level and register.

    `completed` are those closed because the work was done (or verified), out of `count - live`.
    """

    publication_id: int
    kind: str
    level: int | None
    register: str
    count: int
    live: int = field(default=0)
    completed: int = field(default=0)
    last_closed_on: dt.date | None = field(default=None)


@dataclass(frozen=True)
class TrendPoint:
    """Live actions at the end of one day, in the three parts of the trend chart."""

    day: dt.date
    local: int
    national: int
    super_complaint: int

    @property
    def total(self) -> int:
        return self.local + self.national + self.super_complaint


def movement(since: dt.date, as_at: dt.date) -> Movement:
    """Compare the live actions at the end of `since` with those at the end of `as_at`.

    Raises:
        ValueError: `since` is after `as_at`.
    """
    if since > as_at:
        raise ValueError("The window of a movement must start before it ends.")
    counts = (
        Action.objects.counted()
        .annotate(**ends(since, as_at))
        .aggregate(
            **{change: Count("pk", filter=condition) for change, condition in CHANGES.items()},
            closed_not_on_portal=Count("pk", filter=CHANGES["closed"] & ~on_portal_on(as_at)),
        )
    )
    return Movement(
        since=since,
        as_at=as_at,
        closed_and_reopened=closed_and_reopened(since, as_at).count(),
        **counts,
    )


def closed_and_reopened(since: dt.date, as_at: dt.date) -> "ActionQuerySet":
    """Actions live at both ends (or new) that were closed for a while within the window."""
    closed_within = StatusPeriod.objects.filter(
        status=Status.CLOSED,
        started_on__gt=since,
        ended_on__lte=as_at,
        # Closed and re-opened within one day was never closed at the end of one.
        ended_on__gt=F("started_on"),
    )
    return (
        Action.objects.counted()
        .alias(**ends(since, as_at))
        .filter(CHANGES["closing"] & ~CHANGES["reopened"], pk__in=closed_within.values("action"))
    )


def received_by_publication(since: dt.date, as_at: dt.date) -> list[ReceivedGroup]:
    """Actions received in (since, as_at] by publication, kind, level, register: sums to *new*."""
    rows = (
        Action.objects.counted()
        .annotate(**ends(since, as_at))
        .filter(CHANGES["new"])
        .values("publication", "kind", "register", given=F("closing_period__level"))
        .annotate(
            n=Count("pk"),
            still=Count("pk", filter=CHANGES["closing"]),
            done=Count("pk", filter=Q(closing_period__close_reason__in=COMPLETED_REASONS)),
            last=Max("closing_period__started_on", filter=CHANGES["closed"]),
        )
        .order_by("publication", "-kind", "given")
    )
    return [
        ReceivedGroup(
            publication_id=row["publication"],
            kind=row["kind"],
            level=row["given"],
            register=row["register"],
            count=row["n"],
            live=row["still"],
            completed=row["done"],
            last_closed_on=row["last"],
        )
        for row in rows
    ]


def trend(days: Sequence[dt.date], question: "CoreQuestion | None" = None) -> list[TrendPoint]:
    """Live actions at the end of each of these days, in one query; of one question area if told."""
    if not days:
        return []
    periods = StatusPeriod.objects.counted()
    if question is not None:
        periods = periods.filter(action__question=question)
    columns = {f"day_{n}": Count("pk", filter=holds_on(day)) for n, day in enumerate(days)}
    groups = (
        periods.exclude(status=Status.CLOSED)
        .filter(started_on__lte=max(days))
        .values("action__register", "action__scope")
        .annotate(**columns)
        .order_by()
    )
    parts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in map(dict[str, Any], groups):
        part = (
            "super_complaint"
            if group["action__register"] == Register.SUPER_COMPLAINT
            else group["action__scope"]
        )
        for n in range(len(days)):
            parts[n][part] += group[f"day_{n}"]
    return [
        TrendPoint(
            day=day,
            local=parts[n][Scope.LOCAL],
            national=parts[n][Scope.NATIONAL],
            super_complaint=parts[n]["super_complaint"],
        )
        for n, day in enumerate(days)
    ]
