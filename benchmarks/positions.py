"""The position, its movement and its trend beside the same questions written as SQL by hand."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks.clock import Result, side_by_side
from core.dates import month_ends
from tracker import position

AS_AT = dt.date(2024, 11, 20)
SINCE = dt.date(2023, 10, 31)
_HOLDS = "{p}.started_on <= %s AND ({p}.ended_on IS NULL OR {p}.ended_on > %s)"
_COUNTED = "a.register IN ('hmicfrs', 'super_complaint') AND NOT a.entered_in_error"


def _ask(sql: str, *values: dt.date) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _table() -> list[Any]:
    return _ask(
        f"""SELECT a.kind, p.level, a.register, a.scope, COUNT(*)
        FROM tracker_statusperiod p JOIN tracker_action a ON a.id = p.action_id
        WHERE {_HOLDS.format(p="p")} AND p.status <> 'closed' AND {_COUNTED}
        GROUP BY a.kind, p.level, a.register, a.scope""",
        AS_AT,
        AS_AT,
    )


def _movement() -> tuple[int, ...]:
    live = "{p}.id IS NOT NULL AND {p}.status <> 'closed'"
    opening, closing = live.format(p="o"), live.format(p="c")
    closed = f"c.status = 'closed' AND (o.id IS NULL OR {opening})"
    ends = f"""tracker_action a
        LEFT JOIN tracker_statusperiod o ON o.action_id = a.id AND {_HOLDS.format(p="o")}
        LEFT JOIN tracker_statusperiod c ON c.action_id = a.id AND {_HOLDS.format(p="c")}
        WHERE {_COUNTED}"""
    days = (SINCE, SINCE, AS_AT, AS_AT)
    seen = (
        f"a.id IN (SELECT s.action_id FROM tracker_portalpresence s WHERE {_HOLDS.format(p='s')})"
    )
    [figures] = _ask(
        f"""SELECT COUNT(*) FILTER (WHERE {opening}),
            COUNT(*) FILTER (WHERE o.id IS NULL AND c.id IS NOT NULL),
            COUNT(*) FILTER (WHERE o.status = 'closed' AND {closing}),
            COUNT(*) FILTER (WHERE {closed}),
            COUNT(*) FILTER (WHERE {closing}),
            COUNT(*) FILTER (WHERE {closed} AND NOT {seen})
        FROM {ends}""",
        AS_AT,
        AS_AT,
        *days,
    )
    [apart] = _ask(
        f"""SELECT COUNT(*) FROM {ends} AND {closing} AND NOT COALESCE(o.status = 'closed', FALSE)
            AND a.id IN (
                SELECT action_id FROM tracker_statusperiod WHERE status = 'closed'
                AND started_on > %s AND ended_on <= %s AND ended_on > started_on)""",
        *days,
        SINCE,
        AS_AT,
    )
    return (*figures, *apart)


def _trend(days: list[dt.date]) -> list[Any]:
    columns = ", ".join(f"COUNT(*) FILTER (WHERE {_HOLDS.format(p='p')})" for _ in days)
    return _ask(
        f"""SELECT a.register, a.scope, {columns}
        FROM tracker_statusperiod p JOIN tracker_action a ON a.id = p.action_id
        WHERE p.status <> 'closed' AND p.started_on <= %s AND {_COUNTED}
        GROUP BY a.register, a.scope""",
        *(day for each in days for day in (each, each)),
        max(days),
    )


def compare(actions: int, turns: int) -> Iterator[Result]:
    """Table, movement over a year, trend over 24 months."""
    months = month_ends(dt.date(2022, 12, 1), AS_AT)[-24:]
    table = sum(row[-1] for row in _table())
    assert table == position.table(AS_AT).total.total, "the SQL by hand counts something else"
    moved = position.movement(SINCE, AS_AT)
    assert _movement() == (
        moved.opening,
        moved.new,
        moved.reopened,
        moved.closed,
        moved.closing,
        moved.closed_not_on_portal,
        moved.closed_and_reopened,
    )
    for words, ours, theirs in (
        ("the table", lambda: position.table(AS_AT), _table),
        ("movement over a year", lambda: position.movement(SINCE, AS_AT), _movement),
        ("trend over 24 months", lambda: position.trend(months), lambda: _trend(months)),
    ):
        yield Result(
            f"{words}, {actions:,} actions × 5 periods",
            *side_by_side(ours, theirs, turns),
            "the same SQL by hand",
            "1.2",
        )
