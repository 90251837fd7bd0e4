"""The standing reminder: on which days meetings take place, and who is reminded of which."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from evidence import digest
from evidence.choices import Every, NothingKept
from evidence.meetings import say_nothing_to_keep
from evidence.models import CorporateMeeting
from evidence.reminders import days_of, next_day, to_keep, when_words
from tests.factories import day, make_corporate_meeting, make_evidence
from tracker.reminded import meetings_to_keep

MONDAY = day("2024-11-25")


def meeting(every: str, first_on: str, ended_on: str = "") -> CorporateMeeting:
    return CorporateMeeting(
        name="Board",
        every=every,
        first_on=day(first_on),
        ended_on=day(ended_on) if ended_on else None,
    )


def days(found: CorporateMeeting, since: str, until: str) -> list[str]:
    return [each.isoformat() for each in days_of(found, day(since), day(until))]


# Days of a meeting


@pytest.mark.parametrize(
    ("every", "first_on", "words", "expected"),
    [
        (Every.WEEK, "2024-01-04", "Every Thursday", ["11-07", "11-14", "11-21", "11-28"]),
        (Every.FORTNIGHT, "2023-01-10", "Every second Tuesday", ["11-12", "11-26"]),
        (Every.MONTH, "2023-01-18", "The third Wednesday of every month", ["11-20"]),
        (Every.MONTH, "2023-03-29", "The last Wednesday of every month", ["11-27"]),
        (Every.QUARTER, "2023-02-23", "The fourth Thursday of every third month", ["11-28"]),
        (Every.QUARTER, "2023-01-26", "The fourth Thursday of every third month", []),
    ],
)
def test_days_follow_from_the_first(
    every: str, first_on: str, words: str, expected: list[str]
) -> None:
    found = meeting(every, first_on)
    assert when_words(found) == words
    assert days(found, "2024-11-01", "2024-11-30") == [f"2024-{each}" for each in expected]


def test_a_day_that_is_no_working_day_goes_to_the_next_that_is() -> None:
    # Good Friday and Easter Monday of 2024 are bank holidays.
    assert days(meeting(Every.WEEK, "2024-03-08"), "2024-03-25", "2024-04-05") == [
        "2024-04-02",
        "2024-04-05",
    ]


def test_there_is_no_day_before_the_first_and_none_from_the_end_on() -> None:
    found = meeting(Every.WEEK, "2024-11-07", ended_on="2024-11-21")
    assert days(found, "2024-10-01", "2024-12-31") == ["2024-11-07", "2024-11-14"]
    assert next_day(found, day("2024-11-01")) == day("2024-11-07")
    assert next_day(found, day("2024-11-15")) is None


# Who is reminded of what


def reminded_of(user: Any, on: str = "2024-11-25") -> list[str]:
    return [f"{each.meeting} {each.day}" for each in to_keep(user, day(on))]


@pytest.fixture
def board(cast: SimpleNamespace) -> CorporateMeeting:
    """It takes place on 20 November 2024; staff are reminded."""
    return make_corporate_meeting("Board", reminded=[cast.staff])


@pytest.mark.parametrize(
    ("on", "reminded"),
    [
        ("2024-11-20", False),
        ("2024-11-21", True),
        ("2024-12-04", True),
        ("2024-12-05", False),
    ],
)
def test_the_reminder_begins_on_the_day_after_and_ends_after_two_weeks(
    board: CorporateMeeting, cast: SimpleNamespace, on: str, reminded: bool
) -> None:
    assert reminded_of(cast.staff, on) == (["Board 2024-11-20"] if reminded else [])


def test_only_those_named_are_reminded(board: CorporateMeeting, cast: SimpleNamespace) -> None:
    assert reminded_of(cast.governance) == []


@pytest.mark.parametrize(
    ("dated_on", "answered"),
    [("2024-11-19", False), ("2024-11-20", True), ("2024-11-22", True), ("2024-12-18", False)],
)
def test_evidence_of_the_meeting_answers_until_it_takes_place_again(
    board: CorporateMeeting, cast: SimpleNamespace, dated_on: str, answered: bool
) -> None:
    make_evidence(meeting=board, dated_on=day(dated_on))
    assert (reminded_of(cast.staff) == []) == answered


def test_sensitive_evidence_answers_too(board: CorporateMeeting, cast: SimpleNamespace) -> None:
    make_evidence(meeting=board, dated_on=day("2024-11-20"), marking=Marking.SENSITIVE)
    assert reminded_of(cast.staff) == []


def test_what_was_withdrawn_and_evidence_of_another_meeting_do_not_answer(
    board: CorporateMeeting, cast: SimpleNamespace
) -> None:
    make_evidence(meeting=make_corporate_meeting(), dated_on=day("2024-11-20"))
    make_evidence(
        meeting=board,
        dated_on=day("2024-11-20"),
        withdrawn_at="2024-11-21T10:00:00Z",
        withdrawn_reason="A draft.",
    )
    assert reminded_of(cast.staff) == ["Board 2024-11-20"]


def test_saying_that_there_is_nothing_to_keep_answers(
    board: CorporateMeeting, cast: SimpleNamespace
) -> None:
    say_nothing_to_keep(
        board, actor=cast.staff, held_on=day("2024-11-20"), why=NothingKept.NOT_HELD
    )
    assert reminded_of(cast.staff) == []


def test_more_meetings_ask_the_database_no_more_often(
    board: CorporateMeeting, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        to_keep(cast.staff, MONDAY)
    for _ in range(5):
        make_corporate_meeting(reminded=[cast.staff], every=Every.WEEK)
    with django_assert_num_queries(len(one)):
        assert len(to_keep(cast.staff, MONDAY)) == 11


# Where it is told


def test_the_mail_tells_each_day_once_and_leads_to_where_it_is_answered(
    board: CorporateMeeting, cast: SimpleNamespace
) -> None:
    (part,) = digest.meetings(cast.staff, MONDAY)
    assert part.heading == "Meetings that took place: keep what they showed"
    assert part.subject is not None
    assert part.subject(1) == "1 meeting to keep evidence from"
    (line,) = part.lines
    assert line.text == ("Board, 20 November 2024: add evidence, or say there is nothing to keep")
    assert line.address == board.get_absolute_url()
    assert line.key == f"meeting:{board.pk}:2024-11-20"
    assert digest.meetings(cast.governance, MONDAY) == []


def test_my_work_shows_the_same(board: CorporateMeeting, cast: SimpleNamespace) -> None:
    pile = meetings_to_keep(cast.staff)
    assert (pile.count, pile.href) == (1, "/evidence/meetings/")
    (item,) = pile.items
    assert (item.about, item.text) == ("Board", "What it showed on 20 November 2024")
    assert item.href == f"/evidence/add/?meeting={board.pk}&date=2024-11-20"
    assert meetings_to_keep(cast.governance).count == 0
