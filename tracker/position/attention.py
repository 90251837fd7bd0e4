"""What asks for attention: exceptions, one person's workload, the tabs of the list (paper 4.2)."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Subquery
from django.db.models.functions import Coalesce

from tracker.choices import Status
from tracker.models import Action, Confidence
from tracker.queries import Part, stale_limit

if TYPE_CHECKING:
    from inspections.models import CoreQuestion
    from people.models import User
    from tracker.queries import ActionQuerySet


DUE_SOON_DAYS = 30


@dataclass(frozen=True)
class Exceptions:
    """Live actions that ask for attention on a day, each counted by its own test (paper 4.2)."""

    as_at: dt.date
    overdue: int
    due_soon: int
    stale: int
    low_confidence: int
    without_due_date: int


def exceptions(as_at: dt.date, question: "CoreQuestion | None" = None) -> Exceptions:
    """Live actions that are overdue, due within 30 days, stale, of the lowest confidence, or
    undated; of one question area if told. Which actions these are: `tracker.exceptions`.
    """
    live = Action.objects.counted().with_position(as_at)
    if question is not None:
        live = live.filter(question=question)
    return Exceptions(as_at=as_at, **_exception_counts(live, as_at))


def exceptions_by_question(as_at: dt.date) -> dict[int | None, Exceptions]:
    """The same for each PAF question area (primary key; None = not aligned), in one query; areas
    without an action are left out.
    """
    live = Action.objects.counted().with_position(as_at).annotate(**_heard_and_worst())
    rows = live.order_by().values(key=F("question")).annotate(**_exception_tests(as_at))
    tests = list(_exception_tests(as_at))
    return {
        row["key"]: Exceptions(as_at=as_at, **{test: row[test] for test in tests})
        for row in map(dict[str, Any], rows)
    }


def workload(user: "User", as_at: dt.date) -> dict[str, int]:
    """The live actions led by the posts a person holds: `live`, `overdue`, `due_soon`, `stale`,
    `without_expected` (no expected closure date).
    """
    mine = Action.objects.counted().visible_to(user).led_by(user, as_at).with_position(as_at)
    counts = _exception_counts(mine, as_at)
    live = mine.filter(~Q(status_at=Status.CLOSED)).with_forecast(as_at)
    all_of_them = live.aggregate(
        live=Count("pk"), without_expected=Count("pk", filter=Q(expected_closure_on=None))
    )
    return {**all_of_them, **{key: counts[key] for key in ("overdue", "due_soon", "stale")}}


def to_allocate(user: "User", as_at: dt.date) -> int:
    """How many actions that a person may read await allocation on a day."""
    waiting = Action.objects.counted().visible_to(user).with_parts(as_at, Part.PERIOD)
    return waiting.filter(Q(status_at=Status.AWAITING_ALLOCATION)).count()


def _exception_counts(actions: "ActionQuerySet", as_at: dt.date) -> dict[str, int]:
    """One query for the tests of `Exceptions`; `actions` carries `with_position(as_at)`."""
    counts: dict[str, int] = actions.annotate(**_heard_and_worst()).aggregate(
        **_exception_tests(as_at)
    )
    return counts


def _heard_and_worst() -> dict[str, Any]:
    """What the tests of `Exceptions` need of an action beside its position."""
    worst = Confidence.objects.order_by("-order").values("order")[:1]
    return {"heard_on": Coalesce("updated_on", "received_on"), "worst": Subquery(worst)}


def _exception_tests(as_at: dt.date) -> dict[str, Count]:
    live = ~Q(status_at=Status.CLOSED)
    soon = as_at + dt.timedelta(days=DUE_SOON_DAYS)
    return {
        "overdue": Count("pk", filter=live & Q(due_on__lt=as_at)),
        "due_soon": Count("pk", filter=live & Q(due_on__range=(as_at, soon))),
        "stale": Count("pk", filter=live & Q(heard_on__lt=stale_limit(as_at))),
        "low_confidence": Count("pk", filter=live & Q(confidence_at=F("worst"))),
        "without_due_date": Count("pk", filter=live & Q(due_on=None)),
    }


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
