"""What stands first before a Board, against hand-written expectations."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from board.exceptions import BoardException, in_order, ranked
from core.markings import Marking
from inspections.choices import ResponseRule
from people.models import User
from tests.factories import day, make_action, make_lead, make_publication
from tracker.choices import Kind
from tracker.exceptions import Reason
from tracker.models import DueDate

BOARD, BEFORE = day("2024-11-27"), day("2024-10-16")
# Nothing to say of it: updated lately, due next year, on the portal.
QUIET: dict[str, Any] = {"updated": "2024-11-20", "due": "2025-06-30"}
db = pytest.mark.django_db


def make_clock(title: str, due_on: str, **fields: Any) -> Any:
    fields.setdefault("published_on", day(due_on) - dt.timedelta(days=55))
    return make_publication(
        title, response_rule=ResponseRule.SECTION_55, response_due_on=day(due_on), **fields
    )


def make_exceptions() -> None:
    """One of each kind, and some of the same points."""
    make_action("QUIET", **QUIET)
    # Low (4) + overdue (4) + stale (2), all of them at the Board before already.
    make_action(
        "WORST",
        due="2024-03-31",
        updated="2024-09-01",
        confidence="Low",
        executive="ACC Baker",
    )
    # Cause of concern (6), known.
    make_action("CAUSE", **{**QUIET, "due": None}, kind=Kind.CAUSE_OF_CONCERN)
    # Overdue (4), known; overdue (4), new since; low (4), new since, due later.
    make_action("OLD", **{**QUIET, "due": "2024-10-01"})
    make_action("LATE-1", **{**QUIET, "due": "2024-11-05"})
    make_action("LATE-2", **{**QUIET, "due": "2024-11-04"})
    make_action("LOW", **QUIET, confidence="Low")
    # Slipped twice (3), agreed before the last Board.
    slipped = make_action("SLIPPED", **{**QUIET, "due": "2024-06-30"})
    for sequence, due_on in ((1, "2024-12-31"), (2, "2025-03-31")):
        DueDate.objects.create(
            action=slipped,
            sequence=sequence,
            due_on=day(due_on),
            agreed_on=day("2024-05-01"),
            reason="The supplier is late.",
        )
    # A response due within 14 days (6), new; one missed long ago, which is none.
    make_clock("Antisocial behaviour", "2024-12-04", executive_lead=make_lead("ACC Felton"))
    make_clock("Vetting", "2024-06-24")
    # Due within 30 days (2), new; stale (2), new; not on the portal (1).
    make_action("SOON", **{**QUIET, "due": "2024-12-20"})
    make_action("STALE", **{**QUIET, "updated": "2024-10-10"})
    make_action("PORTAL", **QUIET, on_portal=False, received="2024-11-01")


EXPECTED = [
    ("WORST", 10, False),
    ("Antisocial behaviour", 6, True),
    ("CAUSE", 6, False),
    ("LATE-2", 4, True),
    ("LATE-1", 4, True),
    ("LOW", 4, True),
    ("OLD", 4, False),
    ("SLIPPED", 3, False),
    ("SOON", 2, True),
    ("STALE", 2, True),
    ("PORTAL", 1, True),
]


@db
def test_the_ranking_is_the_one_written_by_hand(cast: SimpleNamespace) -> None:
    make_exceptions()
    found = ranked(cast.chair, BOARD, BEFORE)
    assert [(each.heading, each.points, each.is_new) for each in found] == EXPECTED


@db
def test_an_exception_says_why_who_leads_and_where_it_is(cast: SimpleNamespace) -> None:
    make_exceptions()
    found = {each.heading: each for each in ranked(cast.chair, BOARD, BEFORE)}
    worst = found["WORST"]
    assert worst.reasons == (
        "low delivery confidence, stated on 1 September 2024",
        "overdue since 31 March 2024 (241 days)",
        "no update since 1 September 2024 (87 days)",
    )
    assert (worst.lead, worst.href, worst.publication) == ("ACC Baker", "/actions/WORST/", None)
    assert worst.action.reference == "WORST"
    clock = found["Antisocial behaviour"]
    assert clock.reasons == ("response due 4 December 2024 (in 7 days)",)
    assert (clock.lead, clock.action) == ("ACC Felton", None)
    assert clock.href == f"/publications/{clock.publication.slug}/"
    assert "Vetting" not in found


@db
@pytest.mark.parametrize(
    ("due_on", "fields", "listed"),
    [
        ("2024-12-11", {}, True),
        ("2024-12-12", {}, False),
        ("2024-11-27", {}, True),
        ("2024-09-26", {}, True),
        ("2024-09-25", {}, False),
        ("2024-12-04", {"response_published_on": day("2024-11-27")}, False),
        ("2024-12-04", {"response_published_on": day("2024-11-28")}, True),
        ("2024-12-04", {"published_on": day("2024-11-28")}, False),
    ],
    ids=[
        "14 days",
        "15 days",
        "that day",
        "missed lately",
        "missed long ago",
        "answered",
        "answered later",
        "not published yet",
    ],
)
def test_a_clock_is_an_exception_in_its_last_14_days_and_after(
    due_on: str, fields: dict[str, Any], listed: bool, cast: SimpleNamespace
) -> None:
    make_clock("Kennels", due_on, **fields)
    assert [each.heading for each in ranked(cast.chair, BOARD, None)] == ["Kennels"] * listed


@db
def test_an_exception_is_new_for_the_reason_it_did_not_have_before(cast: SimpleNamespace) -> None:
    make_action("WORSE", received="2024-01-01", due="2024-10-01", updated="2024-10-10")
    [found] = ranked(cast.chair, BOARD, BEFORE)
    assert found.kinds == (Reason.OVERDUE, Reason.STALE)
    assert found.new_kinds == {Reason.STALE}


@db
def test_without_an_earlier_board_nothing_is_told_as_new(cast: SimpleNamespace) -> None:
    make_action("LATE", **{**QUIET, "due": "2024-11-05"})
    [found] = ranked(cast.chair, BOARD, None)
    assert not found.is_new


@db
def test_a_reader_is_told_of_what_they_may_read_only(cast: SimpleNamespace) -> None:
    make_action("HIDDEN", **{**QUIET, "due": "2024-11-05"}, marking=Marking.SENSITIVE)
    assert [each.heading for each in ranked(cast.chair, BOARD, BEFORE)] == ["HIDDEN"]
    assert ranked(cast.member, BOARD, BEFORE) == []
    assert ranked(cast.support, BOARD, BEFORE) == []


def made(key: int, kinds: set[Reason], new: bool, due: int | None) -> BoardException:
    chosen = tuple(reason for reason in Reason if reason in kinds)
    return BoardException(
        heading=f"ST-{key % 3}",
        text="",
        href="",
        action=None,
        publication=None,
        lead="",
        due_on=None if due is None else day("2024-01-01").replace(day=due),
        marking=Marking.OFFICIAL,
        kinds=chosen,
        reasons=tuple(map(str, chosen)),
        known=not new,
        new_kinds=frozenset(chosen[:1] if new else ()),
        key=f"action {key}",
    )


lists_and_shuffled = st.lists(
    st.builds(
        made,
        st.integers(0, 20),
        st.sets(st.sampled_from(list(Reason)), min_size=1),
        st.booleans(),
        st.none() | st.integers(1, 3),
    ),
    unique_by=lambda each: each.key,
    max_size=8,
).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found)))


@given(lists_and_shuffled)
def test_any_two_exceptions_have_an_order_which_does_not_depend_on_how_they_came(
    both: tuple[list[BoardException], list[BoardException]],
) -> None:
    found, shuffled = both
    ordered = in_order(found)
    assert in_order(shuffled) == ordered
    assert in_order(ordered) == ordered
    assert sorted(each.key for each in ordered) == sorted(each.key for each in found)
    assert len({each.place for each in found}) == len(found)
    points = [each.points for each in ordered]
    assert points == sorted(points, reverse=True)


@db
def test_the_number_of_queries_does_not_grow_with_the_exceptions(cast: SimpleNamespace) -> None:
    def asked() -> int:
        user = User.objects.get(pk=cast.chair.pk)
        with CaptureQueriesContext(connection) as queries:
            ranked(user, BOARD, BEFORE)
        return len(queries)

    make_exceptions()
    before = asked()
    for number in range(10):
        make_action(due="2024-11-01")
        make_clock(f"Report {number}", "2024-12-04")
    assert asked() == before
    assert before <= 10
