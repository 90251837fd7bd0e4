"""Whose turn the deep dive is, against hand-written expectations."""

import datetime as dt

import pytest
from django.utils import timezone

from board.choices import MeetingState, Section
from board.models import Meeting
from board.rotation import rotation
from inspections.models import CoreQuestion, Framework
from tests.factories import day, make_framework, make_item, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework(db: None) -> Framework:
    return make_framework(questions=5)


def dive(held_on: str, question: CoreQuestion, *, closed: bool = True, **fields: object) -> Meeting:
    """A Board with one question area on its agenda."""
    meeting = make_meeting(held_on)
    make_item(meeting, Section.DEEP_DIVE, question=question, **fields)
    if closed:
        meeting.state = MeetingState.CLOSED
        meeting.closed_at = timezone.now()
        meeting.document = {}
        meeting.save()
    return meeting


def turns(on: str) -> list[tuple[int, dt.date | None]]:
    return [(turn.question.number, turn.last_done) for turn in rotation(day(on))]


def test_without_a_framework_there_is_no_rotation() -> None:
    assert rotation(day("2024-11-27")) == []


def test_before_the_first_deep_dive_it_goes_by_number(framework: Framework) -> None:
    assert turns("2024-11-27") == [(number, None) for number in (1, 2, 3, 4, 5)]


def test_never_done_comes_before_the_longest_not_done(framework: Framework) -> None:
    first, second, third, _, fifth = framework.questions.order_by("number")
    dive("2024-06-19", third)
    dive("2024-07-17", first)
    dive("2024-08-21", fifth)
    # Done again: its last time counts.
    dive("2024-09-18", third)
    dive("2024-10-16", second)
    assert turns("2024-11-27") == [
        (4, None),
        (1, day("2024-07-17")),
        (5, day("2024-08-21")),
        (3, day("2024-09-18")),
        (2, day("2024-10-16")),
    ]
    # As the Board of August saw it.
    assert [number for number, _ in turns("2024-08-21")] == [2, 4, 5, 3, 1]


def test_areas_done_on_one_day_take_turns_by_number(framework: Framework) -> None:
    meeting = dive("2024-10-16", framework.questions.get(number=4))
    make_item(meeting, Section.DEEP_DIVE, question=framework.questions.get(number=2), order=2)
    assert [number for number, _ in turns("2024-11-27")] == [1, 3, 5, 2, 4]


def test_a_deep_dive_counts_when_its_board_is_closed_and_it_stood_there(
    framework: Framework,
) -> None:
    first, second, third, *_ = framework.questions.order_by("number")
    dive("2024-10-16", first, closed=False)
    dive("2024-09-18", second, removed_at=timezone.now(), removed_reason="Put off.")
    called_off = dive("2024-08-21", third, closed=False)
    called_off.state = MeetingState.CANCELLED
    called_off.save()
    assert turns("2024-11-27") == [(number, None) for number in (1, 2, 3, 4, 5)]


def test_a_new_framework_begins_anew(framework: Framework) -> None:
    dive("2024-10-16", framework.questions.get(number=1))
    newer = make_framework("2025-27", questions=2)
    newer.in_force_from = day("2025-04-01")
    newer.save()
    assert turns("2025-03-31")[-1] == (1, day("2024-10-16"))
    assert turns("2025-04-01") == [(1, None), (2, None)]
    [first, _] = rotation(day("2025-04-01"))
    assert first.question.framework == newer
    assert first.words == "not done yet under PAF 2025-27, in force since 1 April 2025"


def test_a_turn_says_when_it_was_done(framework: Framework) -> None:
    dive("2024-10-16", framework.questions.get(number=1))
    assert rotation(day("2024-11-27"))[-1].words == "last done on 16 October 2024"
