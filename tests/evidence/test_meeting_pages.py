"""The list of corporate meetings: kept, changed, ended, and days from which nothing is kept."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.choices import Every, NothingKept
from evidence.meetings import change_meeting, end_meeting, remind, say_nothing_to_keep
from evidence.models import CorporateMeeting, DayWithout
from people.models import User
from tests.factories import day, make_corporate_meeting, make_evidence

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MEETINGS = reverse("evidence:meetings")


@pytest.fixture
def keeper(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


@pytest.fixture
def board(cast: SimpleNamespace) -> CorporateMeeting:
    """It takes place on 20 November 2024; staff are reminded."""
    return make_corporate_meeting("Board", reminded=[cast.staff])


def page(name: str, *keys: object) -> str:
    return reverse(f"evidence:{name}", args=keys)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_list_says_how_often_when_last_and_next_and_who_is_reminded(
    board: CorporateMeeting, staff: Client
) -> None:
    make_evidence(meeting=board, dated_on=day("2024-11-20"))
    text = text_of(staff, MEETINGS)
    assert "The third Wednesday of every month" in text
    assert '20 November 2024<span class="app-table__under"> 1 piece of evidence' in text
    assert "18 December 2024" in text
    assert 'data-label="Reminded">Staff<' in text
    assert "You are reminded of these" not in text


def test_the_list_begins_with_what_the_reader_is_reminded_of(
    board: CorporateMeeting, staff: Client
) -> None:
    text = text_of(staff, MEETINGS)
    assert "You are reminded of these" in text
    assert f"/evidence/add/?meeting={board.pk}&amp;date=2024-11-20" in text
    assert f"{page('nothing_to_keep', board.pk)}?date=2024-11-20" in text


def test_without_meetings_the_list_says_what_to_do(staff: Client, keeper: Client) -> None:
    assert "Governance lists the meetings" in text_of(staff, MEETINGS)
    assert page("meeting_add") in text_of(keeper, MEETINGS)


def test_a_longer_list_asks_the_database_no_more_often(
    board: CorporateMeeting, staff: Client, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        staff.get(MEETINGS)
    for _ in range(4):
        make_corporate_meeting(reminded=[cast.staff, cast.governance])
    with django_assert_num_queries(len(one)):
        staff.get(MEETINGS)


def test_a_meeting_is_added_and_somebody_is_reminded_of_it(
    keeper: Client, cast: SimpleNamespace
) -> None:
    sent = {"name": "Force Performance Board", "every": "month", "first_on": "20 November 2024"}
    response = keeper.post(page("meeting_add"), sent, follow=True)
    meeting = CorporateMeeting.objects.get()
    assert response.redirect_chain == [(meeting.get_absolute_url(), 302)]
    keeper.post(page("meeting_remind", meeting.pk), {"user": cast.staff.pk})
    keeper.post(page("meeting_remind", meeting.pk), {"user": cast.staff.pk})
    assert list(meeting.reminded.all()) == [cast.staff]
    meeting.refresh_from_db()
    latest = meeting.history.latest()
    assert (meeting.version, latest.history_change_reason) == (2, "Staff is reminded")
    assert [each.user for each in latest.reminded.all()] == [cast.staff]


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "board"}, "There is already a meeting of this name."),
        ({"every": "year"}, "Say how often it takes place"),
        ({"every": ""}, "Say how often it takes place"),
        ({"first_on": "31/02/2024"}, "31/02/2024"),
    ],
)
def test_what_cannot_be_added_says_why_and_stays_typed(
    board: CorporateMeeting, keeper: Client, different: dict[str, str], said: str
) -> None:
    sent = {"name": "New board", "every": "week", "first_on": "20.11.24", **different}
    text = keeper.post(page("meeting_add"), sent).content.decode()
    assert said in text
    assert f'value="{sent["first_on"]}"' in text
    assert CorporateMeeting.objects.count() == 1


def test_reminding_stops_after_it_was_asked(
    board: CorporateMeeting, keeper: Client, cast: SimpleNamespace
) -> None:
    address = page("stop_reminding", board.pk, cast.staff.pk)
    assert "Remind Staff of “Board” no more" in text_of(keeper, address)
    keeper.post(address)
    keeper.post(address)
    board.refresh_from_db()
    assert (list(board.reminded.all()), board.version) == ([], 2)


def test_the_second_of_two_who_change_a_name_is_told(
    board: CorporateMeeting, keeper: Client, cast: SimpleNamespace
) -> None:
    change_meeting(board, actor=cast.assurance, version=1, name="Performance Board")
    sent = {"name": "Force Board", "every": "week", "first_on": "17 January 2024", "version": "1"}
    text = keeper.post(page("meeting_change", board.pk), sent).content.decode()
    assert "Assurance changed this at" in text
    board.refresh_from_db()
    assert (board.name, board.every) == ("Performance Board", Every.MONTH)


def test_a_change_beside_that_of_somebody_else_undoes_nothing(
    board: CorporateMeeting, keeper: Client, cast: SimpleNamespace
) -> None:
    remind(board, actor=cast.assurance, user=cast.member)
    change_meeting(board, actor=cast.assurance, version=2, name="Performance Board")
    sent = {"name": "Board", "every": "week", "first_on": "17 January 2024", "version": "1"}
    keeper.post(page("meeting_change", board.pk), sent)
    board.refresh_from_db()
    assert (board.name, board.every) == ("Performance Board", Every.WEEK)
    assert set(board.reminded.all()) == {cast.staff, cast.member}


def test_a_meeting_that_ended_is_listed_apart(board: CorporateMeeting, keeper: Client) -> None:
    keeper.post(page("meeting_end", board.pk), {"ended_on": "1 November 2024"})
    assert "No longer held" in text_of(keeper, MEETINGS)
    text = text_of(keeper, board.get_absolute_url())
    assert "1 November 2024" in text
    assert "say that it is no longer held" not in text


def test_a_meeting_ends_once_and_not_before_it_began(
    board: CorporateMeeting, cast: SimpleNamespace
) -> None:
    with pytest.raises(ValidationError, match="cannot end before it began"):
        end_meeting(board, actor=cast.governance, ended_on=day("2023-01-01"))
    end_meeting(board, actor=cast.governance, ended_on=day("2024-11-01"))
    with pytest.raises(ValidationError, match="from 1 November 2024 already"):
        end_meeting(board, actor=cast.governance, ended_on=day("2024-11-02"))


def test_who_is_reminded_says_that_there_is_nothing_to_keep(
    board: CorporateMeeting, staff: Client
) -> None:
    address = f"{page('nothing_to_keep', board.pk)}?date=2024-11-20"
    assert "Nothing to keep from “Board” of 20 November 2024" in text_of(staff, address)
    for _ in range(2):
        response = staff.post(address, {"why": "not_held"}, follow=True)
        assert response.redirect_chain == [(MEETINGS, 302)]
    said = DayWithout.objects.get()
    assert (said.held_on, said.why) == (day("2024-11-20"), NothingKept.NOT_HELD)
    assert str(said.said_by) == "Staff"
    text = text_of(staff, board.get_absolute_url())
    assert 'It did not take place <span class="app-table__under">Said by Staff</span>' in text
    assert "You are reminded of these" not in text_of(staff, MEETINGS)


def test_nothing_is_said_of_a_day_that_does_not_fit(
    board: CorporateMeeting, staff: Client, cast: SimpleNamespace
) -> None:
    for wrong in ("2024-11-31", "tomorrow", "2024-12-18", "2024-11-21"):
        assert staff.get(f"{page('nothing_to_keep', board.pk)}?date={wrong}").status_code == 404
    with pytest.raises(ValidationError, match="It does not take place on 21 November 2024"):
        say_nothing_to_keep(
            board, actor=cast.staff, held_on=day("2024-11-21"), why=NothingKept.NOTHING_TO_KEEP
        )
    make_evidence(meeting=board, dated_on=day("2024-11-20"))
    with pytest.raises(ValidationError, match="kept already"):
        say_nothing_to_keep(
            board, actor=cast.staff, held_on=day("2024-11-20"), why=NothingKept.NOTHING_TO_KEEP
        )
    assert not DayWithout.objects.exists()


def test_others_say_nothing_of_it(board: CorporateMeeting, cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        say_nothing_to_keep(
            board, actor=cast.member, held_on=day("2024-11-20"), why=NothingKept.NOTHING_TO_KEEP
        )
