"""The position: every figure about actions, as at a date. Nothing else in the product counts
actions.

Each function asks the database a fixed number of times, whatever the number of actions or months.
Super-complaint actions and HMICFRS actions count; other registers and entries in error do not.
Markings do not matter here: a count names nobody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inspections.choices import LeadRole, Scope
from tracker.choices import COMPLETED_REASONS, Kind, Register, Stage, Status
from tracker.models import Action, Confidence, StatusPeriod
from tracker.movement import CHANGES
from tracker.queries import Part, ends, holds_on, stage_expression, stale_limit

if TYPE_CHECKING:
    from people.models import User
    from tracker.queries import ActionQuerySet


@dataclass(frozen=True)
class Row:
    """A row of the table: what it holds, and how many live actions there are of each scope.

    Args:
        label: the words of the paper (3.2), e.g. "Recommendation level 2".
        kind: the kind counted, None for the total.
        level: the activity level counted; None where the row has none.
        register: the register counted, None for the total.
        local, national: live actions.
    """

    label: str
    kind: str | None
    level: int | None
    register: str | None
    local: int
    national: int

    @property
    def total(self) -> int:
        return self.local + self.national

    @property
    def level_not_given(self) -> bool:
        return (
            self.level is None
            and self.register == Register.HMICFRS
            and self.kind != Kind.CAUSE_OF_CONCERN
        )


@dataclass(frozen=True)
class Table:
    """The table of live activity (paper 3.2): rows in the paper's order and their total."""

    as_at: dt.date
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        return Row(
            label="Total live activity",
            kind=None,
            level=None,
            register=None,
            local=sum(row.local for row in self.rows),
            national=sum(row.national for row in self.rows),
        )


@dataclass(frozen=True)
class Stages:
    """Live actions by stage, and how many of each were not on HMICFRS's portal (paper 3.3)."""

    as_at: dt.date
    in_progress: int
    local_closure: int
    with_hmicfrs: int
    in_progress_not_on_portal: int
    local_closure_not_on_portal: int
    with_hmicfrs_not_on_portal: int

    @property
    def live(self) -> int:
        return self.in_progress + self.local_closure + self.with_hmicfrs

    @property
    def not_on_portal(self) -> int:
        return (
            self.in_progress_not_on_portal
            + self.local_closure_not_on_portal
            + self.with_hmicfrs_not_on_portal
        )


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
class TrendPoint:
    """Live actions at the end of one day, in the three parts of the trend chart."""

    day: dt.date
    local: int
    national: int
    super_complaint: int

    @property
    def total(self) -> int:
        return self.local + self.national + self.super_complaint


@dataclass(frozen=True)
class PublicationCount:
    """How the actions of one publication stand: received by the day, still live, closed since."""

    publication_id: int
    received: int
    live: int
    closed: int
    last_closed_on: dt.date | None


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


# The rows of the paper's table: label, kind, level, register.
_ROWS: tuple[tuple[str, str, int | None, str], ...] = (
    ("Cause of concern", Kind.CAUSE_OF_CONCERN, None, Register.HMICFRS),
    *(
        (f"Recommendation level {n}", Kind.RECOMMENDATION, n, Register.HMICFRS)
        for n in (1, 2, 3, 4)
    ),
    *((f"AFI level {n}", Kind.AFI, n, Register.HMICFRS) for n in (1, 2, 3, 4)),
    ("Recommendation, level not given yet", Kind.RECOMMENDATION, None, Register.HMICFRS),
    ("AFI, level not given yet", Kind.AFI, None, Register.HMICFRS),
    (
        "Super-complaints (not on the portal)",
        Kind.RECOMMENDATION,
        None,
        Register.SUPER_COMPLAINT,
    ),
)


def _live_periods(as_at: dt.date):  # type: ignore[no-untyped-def]
    return StatusPeriod.objects.at(as_at).counted().exclude(status=Status.CLOSED)


def table(as_at: dt.date) -> Table:
    """The table of live activity; rows of zero stay, "level not given yet" shows only when it is
    not.
    """
    counts = {
        (row["action__kind"], row["level"], row["action__register"], row["action__scope"]): row["n"]
        for row in _live_periods(as_at)
        .values("action__kind", "level", "action__register", "action__scope")
        .annotate(n=Count("pk"))
        .order_by()
    }
    rows = []
    for label, kind, level, register in _ROWS:
        row = Row(
            label=label,
            kind=kind,
            level=level,
            register=register,
            local=counts.get((kind, level, register, Scope.LOCAL), 0),
            national=counts.get((kind, level, register, Scope.NATIONAL), 0),
        )
        if row.total or not row.level_not_given:
            rows.append(row)
    return Table(as_at=as_at, rows=tuple(rows))


def _on_portal(as_at: dt.date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}portal_first_seen__lte": as_at}) & (
        Q(**{f"{prefix}portal_gone_since": None}) | Q(**{f"{prefix}portal_gone_since__gt": as_at})
    )


def stages(as_at: dt.date) -> Stages:
    """Live actions by stage."""
    counts: dict[str, tuple[int, int]] = {
        row["stage"]: (row["n"], row["n"] - row["seen"])
        for row in _live_periods(as_at)
        .annotate(stage=stage_expression("", "action__"))
        .values("stage")
        .annotate(n=Count("pk"), seen=Count("pk", filter=_on_portal(as_at, "action__")))
        .order_by()
    }
    nothing = (0, 0)
    in_progress = counts.get(Stage.IN_PROGRESS, nothing)
    local_closure = counts.get(Stage.LOCAL_CLOSURE, nothing)
    with_hmicfrs = counts.get(Stage.WITH_HMICFRS, nothing)
    return Stages(
        as_at=as_at,
        in_progress=in_progress[0],
        local_closure=local_closure[0],
        with_hmicfrs=with_hmicfrs[0],
        in_progress_not_on_portal=in_progress[1],
        local_closure_not_on_portal=local_closure[1],
        with_hmicfrs_not_on_portal=with_hmicfrs[1],
    )


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
            closed_not_on_portal=Count("pk", filter=CHANGES["closed"] & ~_on_portal(as_at)),
        )
    )
    return Movement(
        since=since,
        as_at=as_at,
        closed_and_reopened=closed_and_reopened(since, as_at).count(),
        **counts,
    )


def closed_and_reopened(since: dt.date, as_at: dt.date):  # type: ignore[no-untyped-def]
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


def trend(days: Sequence[dt.date]) -> list[TrendPoint]:
    """Live actions at the end of each of these days, in one query."""
    if not days:
        return []
    columns = {f"day_{n}": Count("pk", filter=holds_on(day)) for n, day in enumerate(days)}
    groups = (
        StatusPeriod.objects.counted()
        .exclude(status=Status.CLOSED)
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


def by_publication(
    as_at: dt.date, publications: Iterable[int] | None = None
) -> dict[int, PublicationCount]:
    """How the actions of each publication stand on a day.

    Args:
        as_at: the day.
        publications: primary keys; every publication with actions unless told.
    """
    periods = StatusPeriod.objects.at(as_at).counted()
    if publications is not None:
        periods = periods.filter(action__publication__in=list(publications))
    closed = Q(status=Status.CLOSED)
    rows = (
        periods.values(publication=F("action__publication"))
        .annotate(
            received=Count("pk"),
            live=Count("pk", filter=~closed),
            closed=Count("pk", filter=closed),
            last_closed_on=Max("started_on", filter=closed),
        )
        .order_by()
    )
    return {
        row["publication"]: PublicationCount(
            publication_id=row["publication"],
            received=row["received"],
            live=row["live"],
            closed=row["closed"],
            last_closed_on=row["last_closed_on"],
        )
        for row in rows
    }


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


def by_question(as_at: dt.date) -> dict[int | None, int]:
    """Live actions by PAF question area (primary key; None = not aligned)."""
    return _live_by(as_at, "action__question")


def by_type(as_at: dt.date) -> dict[str, int]:
    """Live actions by the type of their publication."""
    return _live_by(as_at, "action__publication__type")


def _live_by(as_at: dt.date, field_path: str) -> dict[Any, int]:
    rows = _live_periods(as_at).values(key=F(field_path)).annotate(n=Count("pk")).order_by()
    return {row["key"]: row["n"] for row in rows}


def by_lead(as_at: dt.date, role: LeadRole) -> dict[int | None, int]:
    """Live actions by their lead in a role on that day (key of the lead; None = no lead)."""
    led = Q(action__leads__role=role) & holds_on(as_at, "action__leads__")
    live = _live_periods(as_at)
    rows = live.filter(led).values(lead=F("action__leads__lead")).annotate(n=Count("pk")).order_by()
    counts: dict[int | None, int] = {row["lead"]: row["n"] for row in rows}
    without = live.count() - sum(counts.values())
    if without:
        counts[None] = without
    return counts


def by_confidence(as_at: dt.date) -> dict[int | None, int]:
    """Live actions by delivery confidence (its order on the scale; None = never rated)."""
    rows = (
        Action.objects.counted()
        .live(as_at)
        .with_position(as_at)
        .values(rated=F("confidence_at"))
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["rated"]: row["n"] for row in rows}


@dataclass(frozen=True)
class Exceptions:
    """Live actions that ask for attention on a day, each counted by its own test (paper 4.2)."""

    as_at: dt.date
    overdue: int
    due_soon: int
    stale: int
    low_confidence: int
    without_due_date: int


DUE_SOON_DAYS = 30


def exceptions(as_at: dt.date) -> Exceptions:
    """Live actions that are overdue, due within 30 days, stale, of the lowest confidence, or
    undated.
    """
    live = Action.objects.counted().with_position(as_at)
    return Exceptions(as_at=as_at, **_exception_counts(live, as_at))


def workload(user: "User", as_at: dt.date) -> dict[str, int]:
    """The live actions led by the posts a person holds: `live`, `overdue`, `due_soon`, `stale`."""
    mine = Action.objects.counted().visible_to(user).led_by(user, as_at).with_position(as_at)
    counts = _exception_counts(mine, as_at)
    live = mine.filter(~Q(status_at=Status.CLOSED)).count()
    return {"live": live, **{key: counts[key] for key in ("overdue", "due_soon", "stale")}}


def _exception_counts(actions: "ActionQuerySet", as_at: dt.date) -> dict[str, int]:
    """One query for the tests of `Exceptions`; `actions` carries `with_position(as_at)`."""
    live = ~Q(status_at=Status.CLOSED)
    soon = as_at + dt.timedelta(days=DUE_SOON_DAYS)
    worst = Confidence.objects.order_by("-order").values("order")[:1]
    counts: dict[str, int] = actions.annotate(
        heard_on=Coalesce("updated_on", "received_on"), worst=Subquery(worst)
    ).aggregate(
        overdue=Count("pk", filter=live & Q(due_on__lt=as_at)),
        due_soon=Count("pk", filter=live & Q(due_on__range=(as_at, soon))),
        stale=Count("pk", filter=live & Q(heard_on__lt=stale_limit(as_at))),
        low_confidence=Count("pk", filter=live & Q(confidence_at=F("worst"))),
        without_due_date=Count("pk", filter=live & Q(due_on=None)),
    )
    return counts


def month_before(day: dt.date) -> dt.date:
    """The end of the month before a day's, the usual start of "what has moved lately"."""
    return day.replace(day=1) - dt.timedelta(days=1)


def list_tabs(actions: "ActionQuerySet", user: "User", as_at: dt.date) -> dict[str, int]:
    """The counts above the action list, in one query.

    Args:
        actions: those the reader may see.
        user: the reader, for "mine".
        as_at: the day.

    Returns:
        `live`, `mine`, `overdue`, `stale` (all of them live), `closed` and `all`.
    """
    live = ~Q(status_at=Status.CLOSED)
    counts: dict[str, int] = (
        actions.counted()
        .with_parts(as_at, Part.PERIOD, Part.DATES)
        .annotate(heard_on=Coalesce("updated_on", "received_on"))
        .aggregate(
            live=Count("pk", filter=live),
            mine=Count("pk", filter=live & Q(pk__in=Action.objects.led_by(user, as_at))),
            overdue=Count("pk", filter=live & Q(due_on__lt=as_at)),
            stale=Count("pk", filter=live & Q(heard_on__lt=stale_limit(as_at))),
            closed=Count("pk", filter=~live),
            all=Count("pk"),
        )
    )
    return counts


def grouped(records: QuerySet[Any], path: str) -> dict[Any, int]:
    """How many of these records there are for each value of a field or annotation, in one query."""
    rows = records.order_by().values(key=F(path)).annotate(n=Count("pk"))
    return {row["key"]: row["n"] for row in rows}
