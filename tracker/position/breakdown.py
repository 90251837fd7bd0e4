"""Counts by register, publication, question area, type, lead and confidence."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q, QuerySet

from core.periods import holds_on
from inspections.choices import LeadRole
from tracker.choices import COUNTED_REGISTERS, Register, Status
from tracker.models import Action, Confidence, StatusPeriod
from tracker.position.live import live_periods

if TYPE_CHECKING:
    from inspections.models import CoreQuestion


@dataclass(frozen=True)
class PublicationCount:
    """How the actions of one publication stand: received by the day, still live, closed since."""

    publication_id: int
    received: int
    live: int
    closed: int
    last_closed_on: dt.date | None


@dataclass(frozen=True)
class RegisterCount:
    """How the actions of one register stand: received by the day, still live, closed since.

    Args:
        register: a `Register`.
        counted: whether it counts in the position.
    """

    register: Register
    received: int
    live: int

    @property
    def counted(self) -> bool:
        return self.register in COUNTED_REGISTERS

    @property
    def closed(self) -> int:
        return self.received - self.live


def by_register(as_at: dt.date) -> tuple[RegisterCount, ...]:
    """Every register on a day, those that count in the position first; what was entered in error
    is in none.
    """
    rows = (
        StatusPeriod.objects.at(as_at)
        .in_registers(Register.values)
        .values(register=F("action__register"))
        .annotate(received=Count("pk"), live=Count("pk", filter=~Q(status=Status.CLOSED)))
        .order_by()
    )
    counts = {row["register"]: (row["received"], row["live"]) for row in rows}
    return tuple(RegisterCount(each, *counts.get(each, (0, 0))) for each in Register)


def by_publication(
    as_at: dt.date,
    publications: Iterable[int] | None = None,
    *,
    registers: Collection[str] = COUNTED_REGISTERS,
) -> dict[int, PublicationCount]:
    """How the actions of each publication stand on a day.

    Args:
        as_at: the day.
        publications: primary keys; every publication with actions unless told.
        registers: of which registers; those that count in the position unless told.
    """
    periods = StatusPeriod.objects.at(as_at).in_registers(registers)
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


def by_question(as_at: dt.date) -> dict[int | None, int]:
    """Live actions by PAF question area (primary key; None = not aligned)."""
    return _live_by(as_at, "action__question")


def by_type(as_at: dt.date) -> dict[str, int]:
    """Live actions by the type of their publication."""
    return _live_by(as_at, "action__publication__type")


def _live_by(as_at: dt.date, field_path: str) -> dict[Any, int]:
    rows = live_periods(as_at).values(key=F(field_path)).annotate(n=Count("pk")).order_by()
    return {row["key"]: row["n"] for row in rows}


def by_lead(as_at: dt.date, role: LeadRole) -> dict[int | None, int]:
    """Live actions by their lead in a role on that day (key of the lead; None = no lead)."""
    led = Q(action__leads__role=role) & holds_on(as_at, "action__leads__")
    live = live_periods(as_at)
    rows = live.filter(led).values(lead=F("action__leads__lead")).annotate(n=Count("pk")).order_by()
    counts: dict[int | None, int] = {row["lead"]: row["n"] for row in rows}
    without = live.count() - sum(counts.values())
    if without:
        counts[None] = without
    return counts


def by_confidence(as_at: dt.date, question: "CoreQuestion | None" = None) -> dict[int | None, int]:
    """Live actions by delivery confidence (its order on the scale; None = never rated); of one
    question area if told.
    """
    actions = Action.objects.counted()
    rows = (
        (actions if question is None else actions.filter(question=question))
        .live(as_at)
        .with_position(as_at)
        .values(rated=F("confidence_at"))
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["rated"]: row["n"] for row in rows}


def confidence_spread(
    as_at: dt.date, question: "CoreQuestion | None" = None
) -> tuple[tuple[Confidence | None, int], ...]:
    """Each value of the scale, best first, with how many live actions have it; then None for those
    never rated, where there are any.
    """
    counts = by_confidence(as_at, question)
    scale = [(each, counts.get(each.order, 0)) for each in Confidence.objects.all()]
    return (*scale, *([(None, counts[None])] if counts.get(None) else []))


def grouped(records: QuerySet[Any], path: str) -> dict[Any, int]:
    """How many of these records there are for each value of a field or annotation, in one query."""
    rows = records.order_by().values(key=F(path)).annotate(n=Count("pk"))
    return {row["key"]: row["n"] for row in rows}
