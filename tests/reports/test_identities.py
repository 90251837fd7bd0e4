"""The sums that must agree before a report becomes a paper, and the actions behind it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from core.markings import Marking
from inspections.choices import Scope
from reports import figures
from reports.identities import checked_snapshot, culprits, identities
from tests.factories import day, make_action
from tests.reports.conftest import (
    AS_AT,
    SINCE,
    make_facts,
    make_group,
    make_movement,
    make_report,
    make_row,
    make_snapshot,
)
from tracker.choices import Kind, Register, Status
from tracker.models import StatusPeriod
from tracker.position import Stages, Table, TrendPoint, live


def trend(*totals: int) -> tuple[TrendPoint, ...]:
    """Points whose last has three local actions, as the snapshot's table has."""
    return tuple(TrendPoint(day("2024-01-31"), 3, total - 3, 0) for total in totals)


def test_figures_that_agree_have_no_problem() -> None:
    assert identities(make_snapshot()) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"table": Table(AS_AT, (make_row("AFI level 2", Kind.AFI, 2, 3, 3),))},
            "The table adds up to 6 live actions on 20 November 2024, not 7.",
        ),
        (
            {"stages": Stages(AS_AT, 4, 2, 2, 0, 0, 0)},
            "The stages add up to 8 live actions on 20 November 2024, not 7.",
        ),
        (
            {"movement": make_movement(closed=6)},
            "10 live on 31 October 2023, 2 new, 0 re-opened and 6 closed do not make 7.",
        ),
        ({"trend": trend(9, 7)}, "The trend begins with 9 live on 31 October 2023, not 10."),
        ({"trend": trend(10, 8)}, "The trend ends with 8 live on 20 November 2024, not 7."),
        (
            {"trend": (TrendPoint(SINCE, 5, 5, 0), TrendPoint(AS_AT, 4, 3, 0))},
            "The trend ends with 4 local actions, the table has 3.",
        ),
        (
            {"publications": (make_facts(make_group(1)),)},
            "The reports published since the last update brought one action, the movement has "
            "2 new.",
        ),
    ],
)
def test_each_disagreement_is_told(values: dict[str, Any], words: str) -> None:
    assert [problem.text for problem in identities(make_snapshot(**values))] == [words]


@pytest.mark.django_db
def test_a_local_super_complaint_counts_in_table_and_trend_alike() -> None:
    make_action(received="2024-01-10", register=Register.SUPER_COMPLAINT, scope=Scope.LOCAL)
    make_action(received="2024-01-10", scope=Scope.LOCAL)
    found = figures.snapshot(make_report())
    assert (found.table.total.local, found.trend[-1].local) == (2, 1)
    assert identities(found) == []


@pytest.mark.django_db
def test_figures_that_changed_while_they_were_counted_are_counted_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_action(received="2024-01-10")
    report = make_report()
    settled = figures.snapshot(report)
    moving = make_snapshot(movement=make_movement(closed=6))
    drawn = iter([moving, settled])
    monkeypatch.setattr("reports.identities.snapshot", lambda report: next(drawn))
    assert checked_snapshot(report) == (settled, [])


@pytest.mark.django_db
def test_an_action_that_fits_no_row_of_the_table_is_named(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_action("T-FITS", level=2)
    make_action("T-ASTRAY", register=Register.SUPER_COMPLAINT)
    only_hmicfrs = [row for row in live.ROWS if row[3] == Register.HMICFRS]
    monkeypatch.setattr(live, "ROWS", tuple(only_hmicfrs))
    found = figures.snapshot(make_report())
    assert identities(found)
    assert culprits(found, reader=cast.corporate).without_row == ("T-ASTRAY",)


def lift_the_rule_against_overlaps() -> None:
    """What the database refuses has to be made possible before it can be found."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What waits to be checked at the end has to be checked before a table may change.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE tracker_statusperiod DROP CONSTRAINT tracker_statusperiod_no_overlap"
            )
        else:
            cursor.execute("DROP TRIGGER tracker_statusperiod_no_overlap_insert")


@pytest.mark.django_db
def test_an_action_in_two_states_on_one_day_is_named(cast: SimpleNamespace) -> None:
    action = make_action("T-DOUBLE", received="2023-01-20")
    make_action("T-SINGLE", received="2023-01-20")
    lift_the_rule_against_overlaps()
    StatusPeriod.objects.create(
        action=action,
        sequence=2,
        status=Status.IN_PROGRESS,
        level=2,
        started_on=day("2023-02-01"),
        ended_on=day("2024-01-01"),
    )
    found = figures.snapshot(make_report())
    assert identities(found)
    assert culprits(found, reader=cast.corporate).in_two_states == ("T-DOUBLE",)


@pytest.mark.django_db
def test_actions_with_one_state_a_day_are_not_suspected(cast: SimpleNamespace) -> None:
    make_action(received="2023-01-10", status=Status.CLOSED, since="2024-01-10")
    found = culprits(figures.snapshot(make_report()), reader=cast.corporate)
    assert (found.without_row, found.in_two_states, found.hidden) == ((), (), 0)


@pytest.mark.django_db
def test_a_sensitive_action_is_only_counted_for_those_who_may_not_see_it(
    cast: SimpleNamespace,
) -> None:
    make_action("T-SECRET", marking=Marking.SENSITIVE)
    empty = make_snapshot(table=Table(AS_AT, ()))
    found = culprits(empty, reader=cast.corporate)
    assert (found.without_row, found.hidden) == ((), 1)
    assert culprits(empty, reader=cast.chair).without_row == ("T-SECRET",)
