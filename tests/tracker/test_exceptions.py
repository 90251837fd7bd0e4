"""Which actions ask for attention and why, by hand, and against the counts of the position."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from people.models import User
from tests.factories import day, make_action, make_framework, make_user
from tracker import position
from tracker.choices import Kind, Register, Status
from tracker.exceptions import Reason, exceptional_actions
from tracker.models import Action, DueDate

pytestmark = pytest.mark.django_db
TODAY = day("2024-11-25")
# An action of which there is nothing to say: updated lately, due next year, on the portal.
QUIET: dict[str, Any] = {"updated": "2024-11-20", "due": "2025-06-30"}


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader")


def why(action: Action, user: User, as_at: str = "2024-11-25") -> dict[Reason, str]:
    """The reasons of one action, with their sentences."""
    found = {each.action: each.reasons for each in exceptional_actions(user, day(as_at))}
    return found.get(action, {})


def agree(action: Action, sequence: int, due_on: str, agreed_on: str = "2024-05-01") -> None:
    DueDate.objects.create(
        action=action,
        sequence=sequence,
        due_on=day(due_on),
        agreed_on=day(agreed_on),
        reason="The supplier is late.",
    )


def test_an_action_that_goes_well_is_no_exception(reader: User) -> None:
    make_action(**QUIET)
    assert exceptional_actions(reader, TODAY) == []


@pytest.mark.parametrize(
    ("fields", "reason", "sentence"),
    [
        (
            {"kind": Kind.CAUSE_OF_CONCERN, "received": "2024-10-30"},
            Reason.CAUSE_OF_CONCERN,
            "cause of concern, received 30 October 2024",
        ),
        (
            {"confidence": "Low"},
            Reason.LOW_CONFIDENCE,
            "low delivery confidence, stated on 20 November 2024",
        ),
        ({"due": "2024-11-01"}, Reason.OVERDUE, "overdue since 1 November 2024 (24 days)"),
        ({"due": "2024-11-24"}, Reason.OVERDUE, "overdue since 24 November 2024 (1 day)"),
        ({"due": "2024-11-25"}, Reason.DUE_SOON, "due 25 November 2024"),
        ({"due": "2024-12-25"}, Reason.DUE_SOON, "due 25 December 2024 (in 30 days)"),
        (
            {"updated": "2024-10-01"},
            Reason.STALE,
            "no update since 1 October 2024 (55 days)",
        ),
        (
            {"updated": None, "received": "2024-10-01"},
            Reason.STALE,
            "no update since it was received on 1 October 2024 (55 days)",
        ),
        ({"on_portal": False}, Reason.PORTAL, "not seen on HMICFRS’s portal yet"),
        (
            {"gone_since": "2024-11-18"},
            Reason.PORTAL,
            "gone from HMICFRS’s portal since 18 November 2024",
        ),
    ],
)
def test_each_reason_has_its_sentence(
    fields: dict[str, Any], reason: Reason, sentence: str, reader: User
) -> None:
    action = make_action(**{**QUIET, **fields})
    assert why(action, reader) == {reason: sentence}


@pytest.mark.parametrize(
    "fields",
    [
        {"confidence": "Medium"},
        {"due": None},
        {"due": "2024-12-26"},
        {"updated": "2024-10-26"},
        {"on_portal": False, "register": Register.SUPER_COMPLAINT},
        {"gone_since": "2024-11-26"},
    ],
    ids=["medium", "undated", "31 days", "updated 30 days ago", "super-complaint", "gone later"],
)
def test_what_is_just_not_a_reason(fields: dict[str, Any], reader: User) -> None:
    make_action(**{**QUIET, **fields})
    assert exceptional_actions(reader, TODAY) == []


def test_a_due_date_that_was_put_off_twice_has_slipped(reader: User) -> None:
    action = make_action(**{**QUIET, "due": "2024-06-30"})
    agree(action, 1, "2024-12-31")
    assert Reason.SLIPPED not in why(action, reader)
    agree(action, 2, "2025-03-31", agreed_on="2024-09-01")
    assert why(action, reader) == {Reason.SLIPPED: "due date moved 2 times, first 30 June 2024"}
    assert Reason.SLIPPED not in why(action, reader, "2024-08-31")


def test_the_first_date_of_an_action_issued_without_one_is_no_move(reader: User) -> None:
    action = make_action(**{**QUIET, "due": None})
    agree(action, 1, "2025-01-31")
    agree(action, 2, "2025-02-28")
    assert why(action, reader) == {}
    agree(action, 3, "2025-03-31")
    assert why(action, reader) == {Reason.SLIPPED: "due date moved 2 times, first 31 January 2025"}


def test_a_date_that_came_back_to_where_it_was_has_not_slipped(reader: User) -> None:
    action = make_action(**QUIET)
    agree(action, 1, "2025-09-30")
    agree(action, 2, "2025-06-30")
    assert why(action, reader) == {}


def test_reasons_come_in_their_order(reader: User) -> None:
    action = make_action(
        received="2024-01-01", due="2024-11-01", updated="2024-10-01", confidence="Low"
    )
    assert list(why(action, reader)) == [Reason.LOW_CONFIDENCE, Reason.OVERDUE, Reason.STALE]


def test_only_live_counted_actions_are_exceptions(reader: User) -> None:
    late: dict[str, Any] = {"due": "2024-11-01", "updated": "2024-11-20"}
    make_action(**late, status=Status.CLOSED, since="2024-11-10")
    make_action(**late, entered_in_error=True)
    make_action(**late, register=Register.INTERNAL)
    make_action(**late, received="2024-11-26")
    with_hmicfrs = make_action(**late, status=Status.WITH_HMICFRS, since="2024-11-10", level=3)
    assert [each.action for each in exceptional_actions(reader, TODAY)] == [with_hmicfrs]


def test_sensitive_actions_are_exceptions_to_those_who_may_read_them(cast: SimpleNamespace) -> None:
    action = make_action(**{**QUIET, "due": "2024-11-01"}, marking=Marking.SENSITIVE)
    assert why(action, cast.staff) == {}
    assert list(why(action, cast.chair)) == [Reason.OVERDUE]


def test_an_action_is_seen_as_it_was_on_the_day(reader: User) -> None:
    action = make_action(received="2024-01-01", due="2024-11-01", updated="2024-10-10")
    assert list(why(action, reader, "2024-10-16")) == [Reason.DUE_SOON]
    assert list(why(action, reader, "2024-11-08")) == [Reason.OVERDUE]
    assert list(why(action, reader)) == [Reason.OVERDUE, Reason.STALE]


COUNTED = {
    Reason.OVERDUE: "overdue",
    Reason.DUE_SOON: "due_soon",
    Reason.STALE: "stale",
    Reason.LOW_CONFIDENCE: "low_confidence",
}


def many_actions() -> None:
    """Every combination of due date, update, confidence and status that counts differently."""
    question = make_framework().questions.get(number=1)
    for due in (None, "2024-11-24", "2024-11-25", "2024-12-25", "2024-12-26"):
        for updated in (None, "2024-10-25", "2024-10-26"):
            for confidence in ("", "Low", "High"):
                fields: dict[str, Any] = {"due": due, "updated": updated, "confidence": confidence}
                make_action(**fields)
                make_action(**fields, question=question, register=Register.SUPER_COMPLAINT)
                make_action(**fields, status=Status.CLOSED, since="2024-11-20")


@pytest.mark.parametrize("as_at", ["2024-10-16", "2024-11-25", "2024-11-27", "2025-01-31"])
def test_there_are_as_many_as_the_position_counts_reason_by_reason(as_at: str) -> None:
    many_actions()
    chair = make_user("dcc", "board chair")
    found = exceptional_actions(chair, day(as_at))
    counts = position.exceptions(day(as_at))
    assert {
        name: sum(reason in each.reasons for each in found) for reason, name in COUNTED.items()
    } == {name: getattr(counts, name) for name in COUNTED.values()}
    assert all(getattr(counts, name) for name in ("stale", "low_confidence"))


def test_the_number_of_queries_does_not_grow_with_the_actions(reader: User) -> None:
    make_action(due="2024-11-01")

    def asked() -> int:
        user = User.objects.get(pk=reader.pk)
        with CaptureQueriesContext(connection) as queries:
            assert exceptional_actions(user, TODAY)
        return len(queries)

    before = asked()
    many_actions()
    assert asked() == before
    assert before <= 5
