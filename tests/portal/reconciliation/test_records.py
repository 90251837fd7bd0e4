"""Taking an export: what is kept of it, and that nothing of an action changes but its presence."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import Outcome, PortalRecord, PortalStatus
from portal.reconciliation.records import (
    GONE_SINCE,
    Taken,
    gone_with,
    judge_row,
    latest_day,
    take,
)
from tests.factories import day, make_action, make_export, make_record
from tests.portal.reconciliation.conftest import DAY, row
from tracker.choices import Register
from tracker.models import Action, PortalPresence, StatusPeriod
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


def taken(*rows: Any, on: str = DAY, **options: Any) -> Taken:
    return take(rows, day=day(on), spreadsheet_import=make_export(on), actor=None, **options)


def test_a_record_is_kept_as_the_export_says_it() -> None:
    assert taken(row(level=3, due_on=day("2025-03-31"))) == Taken(1, 0, 0, 0)
    record = PortalRecord.objects.get()
    assert (record.level, record.due_on, record.status) == (3, day("2025-03-31"), "open")
    assert (record.first_seen_on, record.last_seen_on) == (day(DAY), day(DAY))
    [history] = record.history.all()
    assert history.history_change_reason.startswith("Portal’s export of 20 November 2024")


def test_the_same_export_twice_changes_nothing() -> None:
    taken(row("REC-1"), row("REC-2"))
    before = PortalRecord.history.count()
    assert taken(row("REC-2"), row("rec-1")) == Taken(0, 0, 2, 0)
    assert PortalRecord.history.count() == before


def test_a_later_export_changes_what_it_says_otherwise_and_leaves_history() -> None:
    taken(row(status_on=day("2024-01-01")))
    later = row(status=PortalStatus.CLOSED, closed_on=day("2024-11-21"))
    assert taken(later, on="2024-11-22") == Taken(0, 1, 0, 0)
    record = PortalRecord.objects.get()
    assert (record.status, record.closed_on, record.status_on) == (
        "closed",
        day("2024-11-21"),
        None,
    )
    assert (record.first_seen_on, record.last_seen_on) == (day(DAY), day("2024-11-22"))
    assert [each.history_type for each in record.history.order_by("pk")] == ["+", "~"]


def test_a_record_that_an_export_lacks_is_gone_until_it_comes_back() -> None:
    taken(row("REC-1"), row("REC-2"))
    assert taken(row("REC-1"), on="2024-11-22").gone == 1
    assert PortalRecord.objects.get(reference="REC-2").gone_since == day("2024-11-22")
    assert taken(row("REC-1"), on="2024-11-23").gone == 0
    assert taken(row("REC-1"), row("REC-2"), on="2024-11-24") == Taken(0, 1, 1, 0)
    assert PortalRecord.objects.get(reference="REC-2").gone_since is None


def test_a_record_whose_row_cannot_be_read_is_not_gone() -> None:
    taken(row("REC-1"), row("REC-2"))
    assert taken(row("REC-1"), on="2024-11-22", unread=["rec-2 "]).gone == 0
    assert PortalRecord.objects.get(reference="REC-2").gone_since is None


@pytest.mark.parametrize(
    ("rows", "on", "words"),
    [
        ([row()], "2024-11-19", "one of 20 November 2024 was taken already"),
        ([row()], "2024-11-26", "26 November 2024 has not come yet"),
        ([], "2024-11-22", "There is no record in this export"),
        ([row("REC-1"), row("rec-1")], "2024-11-22", "two rows of rec-1"),
    ],
)
def test_what_cannot_be_an_export_is_refused_and_nothing_changes(
    rows: list[Any], on: str, words: str
) -> None:
    taken(row())
    before = PortalRecord.history.count()
    with pytest.raises(Refused, match=words):
        taken(*rows, on=on)
    assert PortalRecord.history.count() == before
    assert latest_day() == day(DAY)


def test_what_a_row_would_change_is_told_field_by_field() -> None:
    assert judge_row(row(), None) == (Outcome.NEW, [])
    taken(row(level=2))
    record = PortalRecord.objects.get()
    assert judge_row(row(), record) == (Outcome.UNCHANGED, [])
    assert judge_row(row(level=3, status=PortalStatus.CLOSED), record) == (
        Outcome.CHANGED,
        [("level", 2, 3), ("status", "open", "closed")],
    )
    record.gone_since = day("2024-11-22")
    assert judge_row(row(), record) == (
        Outcome.CHANGED,
        [(GONE_SINCE, day("2024-11-22"), None)],
    )


def test_an_empty_cell_erases_no_title_and_no_text() -> None:
    taken(row())
    record = PortalRecord.objects.get()
    empty = row(publication=None, published_on=None, text=None, scope=None)
    assert judge_row(empty, record) == (Outcome.UNCHANGED, [])
    assert judge_row(row(level=None), record) == (Outcome.CHANGED, [("level", 2, None)])


def test_which_records_would_be_gone_is_told_before() -> None:
    taken(row("REC-1"), row("REC-2"))
    assert [str(each) for each in gone_with(["rec-1"])] == ["REC-2"]


def test_presence_begins_and_ends_with_the_exports_day() -> None:
    action = make_action(portal_reference="rec-1", on_portal=False)
    taken(row("REC-1"), row("REC-2"))
    presence = action.portal_presences.get()
    assert (presence.started_on, presence.ended_on, presence.assumed) == (day(DAY), None, False)
    taken(row("REC-2"), on="2024-11-22")
    presence.refresh_from_db()
    assert presence.ended_on == day("2024-11-22")
    taken(row("REC-1"), row("REC-2"), on="2024-11-24")
    assert [each.started_on for each in action.portal_presences.order_by("started_on")] == [
        day(DAY),
        day("2024-11-24"),
    ]
    assert presence.history.count() == 2


def test_presence_that_is_known_already_stays_as_it_is() -> None:
    action = make_action(portal_reference="REC-1", received="2023-01-11")
    taken(row("REC-1"))
    assert action.portal_presences.get().started_on == day("2023-01-11")


def test_what_was_recorded_of_a_later_day_is_not_undone_by_an_older_export() -> None:
    ended = make_action(portal_reference="REC-1", gone_since="2024-11-23")
    begun = make_action(portal_reference="REC-9", on_portal=False)
    PortalPresence.objects.create(action=begun, started_on=day("2024-11-24"))
    make_record("REC-9", "2024-11-01")
    taken(row("REC-1"))
    assert ended.portal_presences.get().ended_on == day("2024-11-23")
    assert begun.portal_presences.get().ended_on is None


@pytest.mark.parametrize(
    "fields", [{"register": Register.SUPER_COMPLAINT}, {"entered_in_error": True}]
)
def test_presence_is_of_hmicfrss_actions(fields: dict[str, Any]) -> None:
    action = make_action(portal_reference="REC-1", on_portal=False, **fields)
    taken(row("REC-1"))
    assert not action.portal_presences.exists()


def test_nothing_else_of_an_action_changes() -> None:
    make_action(portal_reference="REC-1")
    before = list(Action.objects.values()), list(StatusPeriod.objects.values())
    taken(row("REC-1", status=PortalStatus.CLOSED, level=4, due_on=day("2030-01-01"), text="X"))
    taken(row("REC-2"), on="2024-11-22")
    assert (list(Action.objects.values()), list(StatusPeriod.objects.values())) == before


def test_the_number_of_queries_does_not_grow_with_the_export() -> None:
    def asked(number: int, on: str) -> int:
        for each in range(number):
            make_action(portal_reference=f"{on}-{each}", on_portal=False)
        spreadsheet_import = make_export(on)
        rows = [row(f"{on}-{each}") for each in range(number)]
        with CaptureQueriesContext(connection) as queries:
            take(rows, day=day(on), spreadsheet_import=spreadsheet_import, actor=None)
        return len(queries)

    # The first has no export before it whose records go.
    asked(3, "2024-11-01")
    assert asked(3, "2024-11-02") == asked(30, "2024-11-03")
