"""What the page of a meeting tells of when, where and who, and what its reader may arrange."""

import datetime as dt
from types import SimpleNamespace

import pytest

from board.choices import MeetingState
from board.practical import Listed, links_of
from tests.factories import make_meeting

pytestmark = pytest.mark.django_db


ARRANGES = {
    "member": {"Send apologies", "Put it in my calendar"},
    "chair": {"Send apologies", "Put it in my calendar", "Nominate a deputy"},
    "support": {"Send apologies", "Put it in my calendar", "Attendance"},
    "governance": {
        "Send apologies",
        "Put it in my calendar",
        "Nominate a deputy",
        "Attendance",
        "Change date or place",
        "Cancel",
    },
    "staff": set(),
}


@pytest.mark.parametrize("member", ARRANGES)
def test_everybody_is_offered_what_is_theirs(cast: SimpleNamespace, member: str) -> None:
    meeting, user = make_meeting(), getattr(cast, member)
    assert {link.text for link in links_of(meeting, user)} == ARRANGES[member]

    meeting.held_on = meeting.held_on.replace(month=10)
    was = {link.text for link in links_of(meeting, user)}
    assert was == ARRANGES[member] - {"Send apologies", "Put it in my calendar"}

    meeting.state = MeetingState.CANCELLED
    offered = {link.text for link in links_of(meeting, user)}
    assert offered == ({"Reinstate"} if member == "governance" else set())
    meeting.state = MeetingState.CLOSED
    assert links_of(meeting, user) == []


def test_the_day_a_board_was_closed_is_that_of_the_force() -> None:
    """Half an hour before midnight in universal time, it is the next day in a British summer."""
    meeting = make_meeting("2025-06-18")
    meeting.compiled_at = dt.datetime(2025, 6, 10, 23, 30, tzinfo=dt.UTC)
    assert Listed(meeting).agenda == "Compiled on 11 June 2025"
    meeting.closed_at = dt.datetime(2025, 6, 18, 23, 30, tzinfo=dt.UTC)
    assert Listed(meeting).agenda == "Closed on 19 June 2025"
