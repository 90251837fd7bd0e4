"""Who came to a Board, who sent apologies, and who came in whose place."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from board.attendance import (
    Overwritten,
    Row,
    mark_of,
    offered,
    record_attendance,
    send_apologies,
    take_back_apologies,
)
from board.choices import AttendanceState, MeetingState
from board.models import Attendance, Meeting
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import make_meeting, make_terms, make_user
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = "/board/2024-11-27/attendance/"
APOLOGIES = "/board/2024-11-27/apologies/"


@pytest.fixture
def meeting(cast: SimpleNamespace) -> Meeting:
    make_terms("1.0", approved="2023-06-21")
    return make_meeting()


@pytest.fixture
def support(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.support)


def rows(*filled: dict[str, str], free: int = 0) -> dict[str, Any]:
    """The form set as a browser sends it."""
    data = {"row-TOTAL_FORMS": str(len(filled) + free), "row-INITIAL_FORMS": "0"}
    empty = {"key": "", "seen": "", "fixed": "", "post": "", "name": "", "state": ""}
    for place, row in enumerate([*filled, *({} for _ in range(free))]):
        for name, value in {**empty, "represented_by": "", **row}.items():
            data[f"row-{place}-{name}"] = value
    return data


def came(name: str, **more: str) -> dict[str, str]:
    return {"name": name, "state": "present", **more}


def told(meeting: Meeting) -> list[tuple[str, str, str, str]]:
    return list(meeting.attendance.values_list("post", "name", "state", "represented_by"))


# The list -----------------------------------------------------------------------------------------


def test_the_posts_of_the_terms_of_reference_are_offered_and_people_suggested(
    cast: SimpleNamespace, support: Client, meeting: Meeting
) -> None:
    page = shown(support, PAGE)

    assert "Deputy Chief Constable (Chair)" in page and "Assistant Chief Constables" in page
    assert '<option value="Chair"></option>' in page
    assert '<option value="Staff"></option>' not in page
    assert page.count('name="row-4-name"') == 1 and 'name="row-5-name"' not in page


def test_who_came_is_kept_with_deputies_and_guests(
    cast: SimpleNamespace, support: Client, meeting: Meeting
) -> None:
    away = {
        "post": "Assistant Chief Constables",
        "name": "ACC Baker",
        "state": "apologies",
        "represented_by": "Supt Lee",
    }
    data = rows(
        came("Chair", post="Deputy Chief Constable (Chair)"),
        away,
        came("Ann Guest", post="Auditor"),
        free=2,
    )

    page = sent(support, PAGE, **data)

    assert "Attendance at the Board of 27 November 2024 is saved." in page
    assert told(meeting) == [
        ("Deputy Chief Constable (Chair)", "Chair", "present", ""),
        ("Assistant Chief Constables", "ACC Baker", "apologies", "Supt Lee"),
        ("Auditor", "Ann Guest", "present", ""),
    ]
    users = dict(meeting.attendance.values_list("name", "user"))
    assert users == {"Chair": cast.chair.pk, "ACC Baker": None, "Ann Guest": None}
    assert sent(support, PAGE, **data) and len(told(meeting)) == 3


def test_rows_stand_in_the_order_of_the_terms_of_reference(meeting: Meeting) -> None:
    for post, name in (
        ("Auditor", "Ann Guest"),
        ("Assistant Chief Constables", "ACC Felton"),
        ("Assistant Chief Constables", "ACC Baker"),
    ):
        Attendance.objects.create(meeting=meeting, post=post, name=name, state="present")

    assert [(row.post, row.name) for row in offered(meeting)] == [
        ("Deputy Chief Constable (Chair)", ""),
        ("Assistant Chief Constables", "ACC Felton"),
        ("Assistant Chief Constables", "ACC Baker"),
        ("Auditor", "Ann Guest"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "Ann Lee"}, "Say whether Ann Lee came or sent apologies"),
        ({"post": "Auditor", "state": "present"}, "Enter who (“Auditor”) it is about"),
        (came("Ann Lee", represented_by="Bo Hall"), "Ann Lee came, so nobody came in their place"),
        (came("A" * 151), "Name must be 150 characters or fewer"),
    ],
)
def test_a_row_without_sense_is_told_and_nothing_is_lost(
    support: Client, meeting: Meeting, row: dict[str, str], said: str
) -> None:
    page = sent(support, PAGE, **rows(came("Bo Hall"), row))

    assert said in page and "<title>Error: Attendance" in page
    assert 'value="Bo Hall"' in page
    assert told(meeting) == []


def test_somebody_twice_on_the_list_is_told(support: Client, meeting: Meeting) -> None:
    page = sent(support, PAGE, **rows(came("Ann Lee"), came("ann lee")))
    assert "ann lee is on the list twice. Leave one of the rows empty." in page
    assert told(meeting) == []


def test_a_row_is_changed_and_taken_off(
    cast: SimpleNamespace, support: Client, meeting: Meeting
) -> None:
    record_attendance(
        meeting,
        actor=cast.support,
        rows=[Row("Ann Lee", state="present"), Row("Bo Hall", state="present")],
    )
    ann, bo = meeting.attendance.order_by("name")
    data = rows(
        {"key": str(ann.pk), "seen": mark_of(ann), "name": "", "state": "present"},
        {**came("Ann Lee"), "key": str(bo.pk), "seen": mark_of(bo)},
    )

    sent(support, PAGE, **data)

    assert told(meeting) == [("", "Ann Lee", "present", "")]
    assert meeting.attendance.get().pk == bo.pk


def test_what_somebody_else_wrote_meanwhile_is_not_undone(
    cast: SimpleNamespace, support: Client, meeting: Meeting
) -> None:
    record_attendance(meeting, actor=cast.support, rows=[Row("Ann Lee", state="present")])
    ann = meeting.attendance.get()
    seen = {"key": str(ann.pk), "seen": mark_of(ann), "name": "Ann Lee"}
    send_apologies(meeting, actor=cast.member)
    ann.state = AttendanceState.APOLOGIES
    ann.save()

    # A row that the writer left alone keeps what is there now, and so does one they never saw.
    sent(support, PAGE, **rows({**seen, "state": "present"}, came("Bo Hall")))
    assert [row[1:3] for row in told(meeting)] == [
        ("Ann Lee", "apologies"),
        ("Member", "apologies"),
        ("Bo Hall", "present"),
    ]

    # A row that both changed is told once; saved again, it goes over what is there.
    changed = {**seen, "state": "present", "post": "Guest"}
    page = sent(support, PAGE, **rows(changed))
    assert "Somebody else has changed this row: it says Ann Lee: Apologies now." in page
    ann.refresh_from_db()
    assert ann.state == "apologies"
    sent(support, PAGE, **rows({**changed, "seen": mark_of(ann)}))
    ann.refresh_from_db()
    assert (ann.state, ann.post) == ("present", "Guest")


def test_a_clash_writes_nothing_at_all(cast: SimpleNamespace, meeting: Meeting) -> None:
    record_attendance(meeting, actor=cast.support, rows=[Row("Ann Lee", state="present")])
    ann = meeting.attendance.get()
    old = Row("Ann Lee", state="apologies", key=ann.pk, seen="something else")
    with pytest.raises(Overwritten):
        record_attendance(meeting, actor=cast.support, rows=[Row("Bo Hall", state="present"), old])
    assert told(meeting) == [("", "Ann Lee", "present", "")]


def test_more_rows_are_asked_for(support: Client, meeting: Meeting) -> None:
    page = sent(support, PAGE, **rows(came("Ann Lee")), more="yes")
    assert 'value="Ann Lee"' in page and "<h1" in page and "Attendance at the Board" in page


# Apologies ----------------------------------------------------------------------------------------


def test_a_member_says_that_they_cannot_come_and_who_comes_instead(
    cast: SimpleNamespace, sign_in: SignIn, meeting: Meeting
) -> None:
    member = sign_in(cast.member)
    values = {"post": "Assistant Chief Constables", "represented_by": "Supt Lee", "do": "send"}

    page = sent(member, APOLOGIES, **values)

    assert "Your apologies are on record. Supt Lee comes in your place." in page
    assert told(meeting) == [("Assistant Chief Constables", "Member", "apologies", "Supt Lee")]
    assert meeting.attendance.get().user == cast.member
    sent(member, APOLOGIES, **{**values, "represented_by": ""})
    assert [row[3] for row in told(meeting)] == [""]

    page = sent(member, APOLOGIES, do="take_back")
    assert "Your apologies are withdrawn: you are expected at the Board." in page
    assert told(meeting) == []
    assert "No apologies of yours are on record." in sent(member, APOLOGIES, do="take_back")


def test_apologies_take_the_row_that_support_wrote(cast: SimpleNamespace, meeting: Meeting) -> None:
    make_user("twin", name="Member")
    record_attendance(meeting, actor=cast.support, rows=[Row("Member", state="present")])
    assert meeting.attendance.get().user is None  # two people are called so

    send_apologies(meeting, actor=cast.member, represented_by="Supt Lee")

    row = meeting.attendance.get()
    assert (row.user, row.state) == (cast.member, "apologies")


def test_two_people_of_one_name_both_send_apologies(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    twin = make_user("twin", name="Member")
    send_apologies(meeting, actor=cast.member)
    send_apologies(meeting, actor=twin)
    assert [row[1] for row in told(meeting)] == ["Member", "Member (twin)"]


@pytest.mark.parametrize("held_on", ["2024-10-16", "2024-11-27"])
def test_apologies_come_too_late_for_a_board_that_was_held_or_cancelled(
    cast: SimpleNamespace, sign_in: SignIn, held_on: str
) -> None:
    state = MeetingState.CANCELLED if held_on == "2024-11-27" else MeetingState.PLANNED
    meeting = make_meeting(held_on, state=state)
    for step in (send_apologies, take_back_apologies):
        with pytest.raises(Refused):
            step(meeting, actor=cast.member)
    page = shown(sign_in(cast.member), f"/board/{held_on}/apologies/")
    assert "<form" not in page.partition("<main")[2]
    assert ("is cancelled" in page) == (state == MeetingState.CANCELLED)
