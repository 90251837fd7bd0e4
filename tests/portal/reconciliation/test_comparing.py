"""Comparing: which actions and records are, and when a difference opens and closes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from portal.models import Answer, DifferenceKind, PortalDifference, PortalStatus
from portal.reconciliation import answers
from portal.reconciliation.comparing import Compared, compare
from portal.reconciliation.exports_taken import at_each_export, brought_by, lag_at
from tests.factories import day, make_action, make_export, make_record
from tests.portal.reconciliation.conftest import DAY, Export, open_kinds, row, the_difference
from tracker import workflow
from tracker.choices import Kind, Register, Status
from tracker.models import Action

pytestmark = pytest.mark.django_db
TEXT = "The force should see to it."
CLOSED: dict[str, Any] = {"status": Status.CLOSED, "since": "2024-06-01"}


def an_action(reference: str = "REC-1", **fields: Any) -> Action:
    """An action that says what `row` says."""
    return make_action(portal_reference=reference, **{"text": TEXT, **fields})


def test_before_any_export_there_is_nothing_to_compare() -> None:
    make_action(on_portal=False)
    assert compare(actor=None) is None
    assert not PortalDifference.objects.exists()


def test_records_and_actions_meet_by_reference_whatever_the_letter_case(export: Export) -> None:
    an_action("rec-1")
    export(row("REC-1"))
    assert open_kinds() == []


def test_what_is_only_there_and_only_here(export: Export) -> None:
    action = make_action(on_portal=False)
    export(row("REC-7"))
    there, here = PortalDifference.objects.order_by("-kind")
    assert (there.kind, there.action, str(there.record)) == ("only_there", None, "REC-7")
    assert (here.kind, here.action, here.record) == ("only_here", action, None)
    assert (here.ours, here.theirs) == (action.reference, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"register": Register.SUPER_COMPLAINT},
        {"register": Register.OTHER_BODY},
        {"register": Register.INTERNAL},
        {"entered_in_error": True},
        {"received": "2024-11-21"},
    ],
)
def test_what_is_not_hmicfrss_or_came_later_is_left_out(
    export: Export, fields: dict[str, Any]
) -> None:
    make_action(on_portal=False, **fields)
    an_action()
    export(row())
    assert open_kinds() == []


def test_an_action_received_on_the_day_of_the_export_is_compared(export: Export) -> None:
    make_action(on_portal=False, received=DAY)
    export(row(), row("REC-2"))
    assert sorted(open_kinds()) == ["only_here", "only_there", "only_there"]


def test_a_record_of_an_action_that_came_after_the_export_is_not_only_there(
    export: Export,
) -> None:
    an_action(received="2024-11-22")
    export(row())
    assert open_kinds() == []


def test_a_record_of_an_entry_in_error_is_only_there(export: Export) -> None:
    an_action(entered_in_error=True)
    export(row())
    assert open_kinds() == ["only_there"]


def test_what_was_seen_there_before_is_gone(export: Export) -> None:
    an_action("REC-1", received="2023-01-11")
    export(row("REC-2"))
    assert sorted(open_kinds()) == ["gone", "only_there"]


def test_what_an_earlier_export_had_is_gone_and_closes_when_it_comes_back(export: Export) -> None:
    an_action("REC-1", on_portal=False)
    an_action("REC-2")
    export(row("REC-1"), row("REC-2"))
    assert open_kinds() == []
    export(row("REC-2"), on="2024-11-22")
    assert open_kinds() == ["gone"]
    back = export(row("REC-1"), row("REC-2"), on="2024-11-24")
    found = the_difference()
    assert (found.opened_on, found.closed_on, found.closed_by) == (
        day("2024-11-22"),
        day("2024-11-24"),
        back,
    )


def test_a_closed_action_that_the_portal_no_longer_shows_stays_closed(export: Export) -> None:
    action = an_action("REC-1", **CLOSED)
    export(row("REC-2"))
    assert workflow.open_period(action).status == Status.CLOSED


def test_several_fields_of_one_action_are_several_differences(export: Export) -> None:
    an_action(due="2025-01-31")
    export(row(status=PortalStatus.CLOSED, level=3, text="Another text."))
    assert open_kinds() == ["status", "level", "due", "text"]


def test_a_cause_of_concern_has_no_level_on_either_side(export: Export) -> None:
    an_action(kind=Kind.CAUSE_OF_CONCERN)
    export(row(kind=Kind.CAUSE_OF_CONCERN, level=None))
    assert open_kinds() == []


def test_the_due_date_compared_is_the_one_as_issued(export: Export) -> None:
    action = an_action(due="2024-12-31")
    action.due_dates.create(sequence=1, due_on=day("2025-06-30"), reason="Agreed.")
    export(row(due_on=day("2024-12-31")))
    assert open_kinds() == []
    export(row(due_on=day("2025-06-30")), on="2024-11-22")
    assert (the_difference().ours, the_difference().theirs) == ("31 December 2024", "30 June 2025")


def test_a_status_that_changed_here_after_the_export_is_no_difference(export: Export) -> None:
    an_action(status=Status.CLOSED, since="2024-11-21")
    export(row())
    assert open_kinds() == []
    # The next export can know it.
    export(row(), on="2024-11-22")
    assert open_kinds() == ["status"]


def test_a_difference_closes_with_the_export_that_no_longer_shows_it(export: Export) -> None:
    an_action(**CLOSED)
    first = export(row())
    assert (the_difference().opened_on, the_difference().opened_by) == (day(DAY), first)
    later = export(row(status=PortalStatus.CLOSED), on="2024-11-22")
    found = the_difference()
    assert (found.closed_on, found.closed_by) == (day("2024-11-22"), later)
    assert [each.history_type for each in found.history.order_by("pk")] == ["+", "~"]


def test_a_difference_closes_on_the_day_something_changes_here(
    export: Export, governor: User
) -> None:
    action = an_action(**CLOSED)
    export(row())
    workflow.reopen(action, actor=governor, reason="HMICFRS wrote.")
    assert compare(actor=governor) == Compared(opened=0, closed=1, open=0)
    found = the_difference()
    assert (found.closed_on, found.closed_by) == (day("2024-11-25"), None)


def test_the_same_thing_differing_again_is_a_new_difference(export: Export) -> None:
    an_action(**CLOSED)
    export(row())
    export(row(status=PortalStatus.CLOSED), on="2024-11-21")
    export(row(), on="2024-11-22")
    assert [each.closed_on for each in PortalDifference.objects.order_by("pk")] == [
        day("2024-11-21"),
        None,
    ]


def test_what_opens_because_something_changed_here_opens_today(export: Export) -> None:
    action = an_action()
    export(row())
    action.text = "Put otherwise."
    action.save()
    compare(actor=None)
    found = the_difference()
    assert (found.kind, found.opened_on, found.opened_by) == ("text", day("2024-11-25"), None)


def test_an_open_difference_says_what_both_sides_say_now(export: Export, governor: User) -> None:
    an_action()
    export(row(level=3))
    answers.give(the_difference(), actor=governor, owner=governor, note="Asked.")
    answers.answer(the_difference(), actor=governor, said=Answer.WAITING, note="Asked.")
    export(row(level=4), on="2024-11-22")
    found = the_difference()
    assert (found.ours, found.theirs, found.opened_on) == ("2", "4", day(DAY))
    # The portal says something else: that has not been answered.
    assert (found.answer, found.answered_by) == ("", None)
    assert (found.owner, found.note) == (governor, "Asked.")


def test_comparing_again_changes_nothing_and_leaves_no_trace(export: Export) -> None:
    an_action(**CLOSED)
    make_action(on_portal=False)
    export(row(), row("REC-2"))
    before = PortalDifference.history.count()
    assert compare(actor=None) == Compared(opened=0, closed=0, open=3)
    assert PortalDifference.history.count() == before


def test_the_command_compares(export: Export, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("compare_with_portal")
    assert "No export" in capsys.readouterr().out
    make_record("REC-1")
    call_command("compare_with_portal")
    call_command("compare_with_portal")
    assert capsys.readouterr().out.splitlines() == [
        "Differences: 1 open; 1 came, 0 went.",
        "Differences: 1 open; 0 came, 0 went.",
    ]


def test_how_many_were_open_is_known_for_every_day(export: Export, governor: User) -> None:
    an_action(**CLOSED)
    assert lag_at(day(DAY)) is None
    export(row(), row("REC-2"), on="2024-11-18")
    export(row(status=PortalStatus.CLOSED), row("REC-2"), on="2024-11-22")
    assert lag_at(day("2024-11-17")) is None
    counted = {
        text: (lag.export_on, lag.differences)
        for text in ("2024-11-18", "2024-11-21", "2024-11-22", "2024-11-25")
        if (lag := lag_at(day(text)))
    }
    assert counted == {
        "2024-11-18": (day("2024-11-18"), 2),
        "2024-11-21": (day("2024-11-18"), 2),
        "2024-11-22": (day("2024-11-22"), 1),
        "2024-11-25": (day("2024-11-22"), 1),
    }
    assert [(each.day, each.total) for each in at_each_export(governor)] == [
        (day("2024-11-18"), 2),
        (day("2024-11-22"), 1),
    ]


def test_what_was_settled_before_an_export_was_taken_is_not_counted_at_it(
    export: Export, governor: User
) -> None:
    first = an_action(**CLOSED)
    an_action("REC-2", **CLOSED)
    earlier = export(row(), row("REC-2"), row("REC-3"), on="2024-11-18")
    # On 25 November one is settled here; then an export of the day before is taken in.
    workflow.reopen(first, actor=governor, reason="By letter.")
    compare(actor=governor)
    later = export(row(), row("REC-2"), row("REC-4"), on="2024-11-24")
    open_now = PortalDifference.objects.filter(closed_on=None).count()
    assert open_now == 2
    points = [(each.day, each.total) for each in at_each_export(governor)]
    assert points == [(day("2024-11-18"), 3), (day("2024-11-24"), open_now)]
    assert brought_by(earlier) == (3, 0)
    assert brought_by(later) == (1, 1)
    # What comes or goes here afterwards changes no point.
    workflow.reopen(Action.objects.get(portal_reference="REC-2"), actor=governor, reason="Letter.")
    compare(actor=governor)
    assert [(each.day, each.total) for each in at_each_export(governor)] == points
    # The report asks what was there on a day.
    lag = lag_at(day("2024-11-24"))
    assert lag is not None
    assert lag.differences == PortalDifference.objects.open_at(day("2024-11-24")).count()


def test_an_export_that_was_undone_is_none(export: Export) -> None:
    taken = export(row())
    taken.state, taken.undone_at = "undone", taken.applied_at
    taken.save()
    assert lag_at(day(DAY)) is None


def test_the_number_of_queries_does_not_grow(export: Export) -> None:
    export(row("REC-0"))

    def asked(number: int, name: str) -> int:
        for each in range(number):
            an_action(f"{name}-{each}", **CLOSED)
            make_record(f"{name}-{each}", text=TEXT)
        with CaptureQueriesContext(connection) as queries:
            compare(actor=None)
        return len(queries)

    assert asked(2, "FEW") == asked(20, "MANY")


@pytest.mark.django_db(transaction=True)
def test_ten_comparisons_at_once_open_a_difference_once() -> None:
    make_export()
    an_action(**CLOSED)
    make_record("REC-1", text=TEXT)

    def once(number: int) -> Compared | None:
        try:
            return compare(actor=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        found = [each for each in pool.map(once, range(10)) if each]
    assert sum(each.opened for each in found) == 1
    assert the_difference().kind == DifferenceKind.STATUS


def test_what_is_accepted_is_looked_at_again_after_its_date(
    export: Export, governor: User, settings: Any
) -> None:
    an_action(**CLOSED)
    export(row())
    answers.answer(
        the_difference(),
        actor=governor,
        said=Answer.ACCEPTED,
        note="HMICFRS knows.",
        until=day("2024-12-31"),
    )
    assert the_difference().answer_words == "Accepted until 31 December 2024"
    settings.TODAY = day("2024-12-31")
    assert the_difference().answer_words == "Accepted until 31 December 2024"
    settings.TODAY = day("2025-01-01")
    assert "Look at it again" in the_difference().answer_words
