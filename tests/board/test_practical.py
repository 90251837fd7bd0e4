"""What the page of a meeting tells of when, where and who, and what its reader may arrange."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from board.attendance import Row, record_attendance, send_apologies
from board.choices import MeetingState
from board.practical import links_of, practical_rows
from tests.factories import make_meeting, make_nomination

pytestmark = pytest.mark.django_db


def test_when_where_who_decides_and_who_comes_are_told(cast: SimpleNamespace) -> None:
    meeting = make_meeting(place="Room 1", chair=cast.chair)
    make_nomination(meeting, cast.deputy, whole_meeting=True)
    make_nomination(meeting, cast.executive, "2024-11-20", "2024-11-26")
    send_apologies(meeting, actor=cast.member, post="Director", represented_by="Bo Hall")
    record_attendance(meeting, actor=cast.support, rows=[Row("Ann Lee", state="present")])

    assert practical_rows(meeting) == [
        {"key": "When", "value": "Wednesday 27 November 2024, 10:00 to 12:00"},
        {"key": "Where", "value": "Room 1"},
        {"key": "Chair", "value": "Chair"},
        {
            "key": "Nominated deputy",
            "value": "Deputy decides everything: the chair is away",
        },
        {"key": "Present", "value": "Ann Lee"},
        {"key": "Apologies", "value": "Member (Director), represented by Bo Hall"},
    ]


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
    assert offered == ({"Let it take place"} if member == "governance" else set())
    meeting.state = MeetingState.CLOSED
    assert links_of(meeting, user) == []


def test_the_part_of_the_page_says_that_a_board_is_cancelled(cast: SimpleNamespace) -> None:
    meeting = make_meeting(state=MeetingState.CANCELLED, cancelled_reason="No room.")
    page = render_to_string(
        "board/includes/practical.html",
        {
            "meeting": meeting,
            "practical": practical_rows(meeting),
            "links": links_of(meeting, cast.governance),
        },
    )
    assert "This Board is cancelled" in page and "No room." in page
    assert '<a class="govuk-link" href="/board/2024-11-27/cancel/">Let it take place</a>' in page
