"""The sums that every report must satisfy before it can become a paper."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from core.dates import long_date
from core.numbers import counted
from people.models import User
from reports.figures import Snapshot, snapshot
from reports.models import CommitteeReport
from tracker.choices import Register, Status
from tracker.models import Action, StatusPeriod


@dataclass(frozen=True)
class Problem:
    """Two figures of a snapshot that should agree and do not: no paper is made until they do."""

    text: str


def identities(snapshot: Snapshot) -> list[Problem]:
    """What does not add up in a snapshot; empty when all is well."""
    return [Problem(text) for text in _disagreements(snapshot)]


def checked_snapshot(report: CommitteeReport) -> tuple[Snapshot, list[Problem]]:
    """The figures of a report, and what does not add up in them.

    Its counts are asked for one after another: figures that disagree are drawn once more before
    anybody is told, because records may have changed in between.
    """
    figures = snapshot(report)
    if identities(figures):
        figures = snapshot(report)
    return figures, identities(figures)


def _disagreements(snapshot: Snapshot) -> Iterator[str]:
    total, movement, trend = snapshot.table.total, snapshot.movement, snapshot.trend
    first, last = trend[0], trend[-1]
    day, since = long_date(snapshot.as_at), long_date(snapshot.since)
    if total.total != movement.closing:
        yield f"The table adds up to {total.total} live actions on {day}, not {movement.closing}."
    if snapshot.stages.live != movement.closing:
        yield (
            f"The stages add up to {snapshot.stages.live} live actions on {day}, "
            f"not {movement.closing}."
        )
    if not movement.adds_up:
        yield (
            f"{movement.opening} live on {since}, {movement.new} new, {movement.reopened} "
            f"re-opened and {movement.closed} closed do not make {movement.closing}."
        )
    if first.total != movement.opening:
        yield f"The trend begins with {first.total} live on {since}, not {movement.opening}."
    if last.total != movement.closing:
        yield f"The trend ends with {last.total} live on {day}, not {movement.closing}."
    # Super-complaints are a part of the chart by themselves, whatever their scope.
    local = sum(row.local for row in snapshot.table.rows if row.register == Register.HMICFRS)
    if last.local != local:
        yield f"The trend ends with {last.local} local actions, the table has {local}."
    received = sum(publication.new for publication in snapshot.publications)
    if received != movement.new:
        yield (
            f"The reports published since the last update brought "
            f"{counted(received, 'action')}, "
            f"the movement has {movement.new} new."
        )


@dataclass(frozen=True)
class Culprits:
    """The actions that keep a snapshot from adding up.

    Args:
        without_row: live, of a kind, level and register that the table has no row for.
        in_two_states: with more than one status on the first or the last day of the window.
        hidden: how many more the reader may not see.
    """

    without_row: tuple[str, ...]
    in_two_states: tuple[str, ...]
    hidden: int


def culprits(snapshot: Snapshot, *, reader: User) -> Culprits:
    """Look for the actions behind a disagreement (asked only when there is one)."""
    astray = _without_row(snapshot)
    double = _in_two_states(snapshot.since) | _in_two_states(snapshot.as_at)
    seen = set(
        Action.objects.visible_to(reader)
        .filter(reference__in=astray | double)
        .values_list("reference", flat=True)
    )
    return Culprits(
        without_row=tuple(sorted(astray & seen)),
        in_two_states=tuple(sorted(double & seen)),
        hidden=len((astray | double) - seen),
    )


def _without_row(snapshot: Snapshot) -> set[str]:
    rows = {(row.kind, row.level, row.register) for row in snapshot.table.rows}
    live = StatusPeriod.objects.at(snapshot.as_at).counted().exclude(status=Status.CLOSED)
    found = live.values_list("action__reference", "action__kind", "level", "action__register")
    return {reference for reference, *place in found if tuple(place) not in rows}


def _in_two_states(day: dt.date) -> set[str]:
    found = (
        StatusPeriod.objects.at(day)
        .counted()
        .values("action__reference")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by()
    )
    return {row["action__reference"] for row in found}
