"""Boards are planned, one or many, moved, cancelled and held after all."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.choices import MeetingState, Section
from board.meetings import cancel_meeting, change_meeting, locked, plan_meeting, plan_series
from board.models import AgendaItem, Meeting
from core.collisions import Overtaken
from people import roles
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_framework, make_item, make_meeting, make_nomination, make_user
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def officer(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


def closed(meeting: Meeting, by: User) -> Meeting:
    meeting.state, meeting.closed_at, meeting.closed_by = (
        MeetingState.CLOSED,
        timezone.now(),
        by,
    )
    meeting.document = {"title": "As it was"}
    meeting.save()
    return meeting


DETAILS = {"starts_at": "10am", "ends_at": "12.30", "place": "Room 1", "chair": ""}


# Planning -----------------------------------------------------------------------------------------


def test_a_board_is_planned_on_the_page(cast: SimpleNamespace, officer: Client) -> None:
    values = {**DETAILS, "held_on": "27.11.24", "chair": str(cast.chair.pk)}

    page = sent(officer, "/board/plan/", **values)

    assert "The Board of 27 November 2024 is planned." in page
    assert "Wednesday, 10:00 to 12:30" in page
    meeting = Meeting.objects.get()
    assert (meeting.held_on, meeting.place, meeting.chair) == (
        day("2024-11-27"),
        "Room 1",
        cast.chair,
    )
    row = meeting.history.get()
    assert (row.history_user, row.history_change_reason) == (cast.governance, "Planned")


def test_the_one_chair_there_is_stands_in_the_form(cast: SimpleNamespace, officer: Client) -> None:
    assert f'<option value="{cast.chair.pk}" selected>Chair</option>' in shown(
        officer, "/board/plan/"
    )
    make_user("second", roles.CHAIR)
    assert "selected>Not known yet" in shown(officer, "/board/plan/")


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("25:00", "“25:00” is not a time. Enter one like 10:00 or 2:30pm."),
        ("13pm", "“13pm” is not a time."),
        ("noon", "“noon” is not a time."),
        ("10", "“10” is not a time."),
        ("9:00", "The end has to be after the start."),
    ],
)
def test_a_time_that_is_none_is_told_and_nothing_is_lost(
    officer: Client, time: str, said: str
) -> None:
    page = sent(officer, "/board/plan/", **{**DETAILS, "held_on": "27.11.24", "ends_at": time})

    assert said in page
    assert f'value="{time}"' in page and 'value="27.11.24"' in page
    assert not Meeting.objects.exists()


def test_two_boards_on_one_day_are_refused(officer: Client) -> None:
    make_meeting()
    page = sent(officer, "/board/plan/", **{**DETAILS, "held_on": "27.11.24"})
    assert "There is a Board on 27 November 2024 already." in page
    assert Meeting.objects.count() == 1


def test_a_weekend_is_named(officer: Client) -> None:
    page = sent(officer, "/board/plan/", **{**DETAILS, "held_on": "30.11.24"})
    assert "Saturday 30 November 2024 is a weekend." in page


def test_a_board_that_ends_before_it_starts_is_refused_by_the_record_too() -> None:
    with pytest.raises(ValidationError, match="The end has to be after the start"):
        plan_meeting(
            actor=None,
            held_on=day("2024-11-27"),
            starts_at=dt.time(12),
            ends_at=dt.time(10),
        )


# A series -----------------------------------------------------------------------------------------

SERIES = {**DETAILS, "first_day": "28.11.24", "rule": "date", "months": "3", "moved": "on"}


def test_a_series_is_shown_before_anything_is_planned(officer: Client) -> None:
    make_meeting("2025-01-28")

    page = sent(officer, "/board/series/", **SERIES)

    assert "Nothing is planned yet. These are the dates for day 28 of the month." in page
    assert 'value="28 November 2024"' in page
    assert "Monday, moved from Saturday 28 December 2024, a weekend" in page
    assert "There is a Board on 28 January 2025 already: choose another day or leave it out" in page
    assert Meeting.objects.count() == 1


def test_days_off_are_named_where_they_stay(officer: Client) -> None:
    values = {name: value for name, value in SERIES.items() if name != "moved"}
    page = sent(officer, "/board/series/", **values)
    assert "One date falls on a weekend or bank holiday: Saturday 28 December 2024." in page


def test_dates_are_changed_and_left_out_before_they_are_planned(
    cast: SimpleNamespace, officer: Client
) -> None:
    days = {"day_0": "28 November 2024", "day_1": "", "day_2": "30.1.25"}

    page = sent(officer, "/board/series/", **SERIES, **days, do="save")

    assert "2 meetings are planned." in page
    found = Meeting.objects.order_by("held_on")
    assert [each.held_on.isoformat() for each in found] == ["2024-11-28", "2025-01-30"]
    assert {each.place for each in found} == {"Room 1"}


def test_a_series_that_cannot_be_is_told_date_by_date_and_plans_nothing(officer: Client) -> None:
    make_meeting("2024-12-18", state=MeetingState.CANCELLED)
    days = {"day_0": "28 November 2024", "day_1": "18.12.24", "day_2": "28/11/2024"}

    page = sent(officer, "/board/series/", **SERIES, **days, do="save")

    assert "There is a Board that was cancelled on 18 December 2024 already" in page
    assert "28 November 2024 is the date of Board 1 already." in page
    assert 'value="18.12.24"' in page
    assert Meeting.objects.count() == 1


def test_every_date_left_out_is_told(officer: Client) -> None:
    days = {"day_0": "", "day_1": "", "day_2": ""}
    page = sent(officer, "/board/series/", **SERIES, **days, do="save")
    assert "Every date is left out. Enter at least one." in page


def test_the_rule_is_changed_with_everything_still_there(officer: Client) -> None:
    page = sent(officer, "/board/series/", **SERIES, do="change")
    assert "Show the dates" in page and 'value="28.11.24"' in page and 'value="Room 1"' in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"months": ""}, "Enter how many Boards, or the last day there may be one."),
        ({"until": "28.2.25"}, "Enter how many Boards or the last day, not both."),
        ({"months": "", "until": "28.11.24"}, "The last day has to be after the first Board."),
        ({"first_day": "1.11.24"}, "1 November 2024 has passed. Enter today or later."),
        ({"months": "400"}, "How many Boards must be 36 or less"),
    ],
)
def test_a_series_without_sense_is_told(officer: Client, values: dict[str, str], said: str) -> None:
    assert said in sent(officer, "/board/series/", **{**SERIES, **values})


def test_a_series_is_planned_whole_or_not_at_all(cast: SimpleNamespace) -> None:
    make_meeting("2024-12-18")
    with pytest.raises(ValidationError):
        plan_series(actor=cast.governance, days=[day("2024-11-20"), day("2024-12-18")])
    assert [each.held_on for each in Meeting.objects.all()] == [day("2024-12-18")]


# Changes ------------------------------------------------------------------------------------------


def test_a_board_that_is_moved_keeps_its_agenda_and_has_another_address(
    cast: SimpleNamespace, officer: Client
) -> None:
    meeting = make_meeting(compiled_at=timezone.now())
    item = make_item(meeting, title="Custody times")
    values = {**DETAILS, "held_on": "4.12.24", "version": str(meeting.version)}

    page = sent(officer, "/board/2024-11-27/change/", **values)

    assert "The Board is moved to 4 December 2024." in page
    assert officer.get("/board/2024-11-27/")["Location"] == "/board/2024-12-04/"
    assert officer.get("/board/2024-12-04/").status_code == 200
    moved = Meeting.objects.get()
    assert list(moved.items.all()) == [item] and moved.compiled_at is not None
    assert moved.history.first().history_change_reason == "Moved from 27 November 2024"


def test_a_deputy_whom_a_move_leaves_behind_is_named(
    cast: SimpleNamespace, officer: Client
) -> None:
    meeting = make_meeting()
    make_nomination(meeting, cast.deputy)
    values = {**DETAILS, "held_on": "4.12.24", "version": str(meeting.version)}

    page = sent(officer, "/board/2024-11-27/change/", **values)

    assert "Deputy’s nomination does not cover 4 December 2024. Nominate again." in page
    assert "None nominated" in page


def test_two_who_change_one_board_are_told_of_each_other(
    cast: SimpleNamespace, officer: Client
) -> None:
    meeting = make_meeting(place="Room 1")
    version = meeting.version
    change_meeting(meeting, actor=cast.governance, version=version, place="Room 2")

    with pytest.raises(Overtaken):
        change_meeting(meeting, actor=cast.governance, version=version, place="Room 3")
    values = {**DETAILS, "held_on": "27.11.24", "place": "Room 3", "version": str(version)}
    page = sent(officer, "/board/2024-11-27/change/", **values)

    assert "was “Room 1”, is now “Room 2”" in page and 'value="Room 3"' in page
    assert Meeting.objects.get().place == "Room 2"


def test_a_board_that_was_not_changed_leaves_no_history(cast: SimpleNamespace) -> None:
    meeting = plan_meeting(actor=None, held_on=day("2024-11-27"), place="Room 1")
    change_meeting(meeting, actor=cast.governance, version=meeting.version, place="Room 1")
    assert meeting.history.count() == 1


def test_a_closed_board_is_not_changed(cast: SimpleNamespace, officer: Client) -> None:
    meeting = closed(make_meeting("2024-10-16"), cast.governance)
    for step in (
        lambda: change_meeting(meeting, actor=cast.governance, version=meeting.version, place="X"),
        lambda: cancel_meeting(meeting, actor=cast.governance, reason="No."),
    ):
        with pytest.raises(Refused, match="This Board is closed: what it was"):
            step()
    for step_path in ("change", "cancel", "attendance", "deputy"):
        page = shown(officer, f"/board/2024-10-16/{step_path}/")
        assert "This Board is closed" in page
        assert "<form" not in page.partition("<main")[2]


# Cancelling ---------------------------------------------------------------------------------------


def test_a_board_is_cancelled_with_its_reason_and_held_after_all(
    cast: SimpleNamespace, officer: Client
) -> None:
    make_meeting()
    page = sent(officer, "/board/2024-11-27/cancel/", reason=" ", do="cancel")
    assert "Say why it does not take place" in page

    page = sent(officer, "/board/2024-11-27/cancel/", reason="No room.", do="cancel")
    assert "The Board of 27 November 2024 is cancelled." in page
    assert "Does not take place" in page and "No room." in page
    assert Meeting.objects.next_after(day("2024-11-25")) is None
    again = sent(officer, "/board/2024-11-27/cancel/", reason="No room.", do="cancel")
    assert "Reinstate" in again
    assert Meeting.objects.get().state == MeetingState.CANCELLED

    page = sent(officer, "/board/2024-11-27/cancel/", do="reinstate")
    assert "The Board of 27 November 2024 takes place after all." in page
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.cancelled_reason) == (MeetingState.PLANNED, "")


def test_of_two_who_let_a_board_take_place_the_later_is_told(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_meeting(state=MeetingState.CANCELLED, cancelled_reason="No room.")

    def overtaken(meeting: Meeting) -> Meeting:
        Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.PLANNED)
        return locked(meeting)

    monkeypatch.setattr("board.meetings.locked", overtaken)
    page = sent(officer, "/board/2024-11-27/cancel/", do="reinstate")
    assert "This Board is not cancelled." in page
    assert "takes place after all" not in page


def test_a_cancelled_board_is_not_changed(cast: SimpleNamespace) -> None:
    meeting = make_meeting(state=MeetingState.CANCELLED)
    with pytest.raises(Refused, match="takes place after all"):
        change_meeting(meeting, actor=cast.governance, version=meeting.version, place="X")


# The list and the home page -----------------------------------------------------------------------


def test_the_list_tells_what_comes_and_what_was(cast: SimpleNamespace, sign_in: SignIn) -> None:
    question = make_framework().questions.get(number=2)
    coming = make_meeting(place="Room 1", chair=cast.chair, compiled_at=timezone.now())
    make_item(coming, Section.DEEP_DIVE, question=question)
    make_nomination(coming, cast.deputy, whole_meeting=True)
    closed(make_meeting("2024-10-16"), cast.governance)

    page = shown(sign_in(cast.member), "/board/")
    first, _, second = page.partition("Past meetings")

    for said in ("27 November 2024", "Room 1", "decides everything", "Compiled on"):
        assert said in first
    assert "PAF 2: How good is the force at thing 2?" in first
    assert "Send apologies" in first and "Change date or place" not in page
    assert "16 October 2024" in second and "Closed on" in second
    assert "Plan a meeting" not in page


def test_an_empty_list_says_what_to_do(
    cast: SimpleNamespace, officer: Client, sign_in: SignIn
) -> None:
    assert "A series is planned in one step." in shown(officer, "/board/")
    page = shown(sign_in(cast.member), "/board/")
    assert "Governance plans the meetings of the Board." in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    cast: SimpleNamespace, officer: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(officer, "/board/")
        return len(caught)

    question = make_framework().questions.get(number=1)

    def one(held_on: str) -> None:
        meeting = make_meeting(held_on, chair=cast.chair)
        make_nomination(meeting, cast.deputy, held_on, held_on)
        make_item(meeting, Section.DEEP_DIVE, question=question)

    one("2024-11-27")
    queries()
    for_one = queries()
    for held_on in ("2024-12-18", "2025-01-15", "2024-10-16"):
        one(held_on)

    assert queries() == for_one


def test_the_home_page_tells_everybody_when_the_next_board_is(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    assert "Next GAIN Board" not in shown(sign_in(cast.staff), "/")
    make_meeting("2024-11-26", state=MeetingState.CANCELLED)
    make_meeting("2024-12-18")
    meeting = make_meeting()
    for_staff = shown(sign_in(cast.staff), "/")
    assert "Next GAIN Board" in for_staff and "27 November 2024" in for_staff
    assert "/board/2024-11-27/" not in for_staff and "Deep dive" not in for_staff

    question = make_framework().questions.get(number=2)
    item = make_item(meeting, Section.DEEP_DIVE, question=question)
    page = shown(sign_in(cast.member), "/")
    assert '<a class="govuk-link" href="/board/2024-11-27/">27 November 2024</a>' in page
    assert "Deep dive: PAF 2: How good is the force at thing 2?" in page
    AgendaItem.objects.filter(pk=item.pk).update(removed_at=timezone.now())
    assert "Deep dive" not in shown(sign_in(cast.member), "/")


def test_the_board_has_the_name_the_force_gives_it(
    cast: SimpleNamespace, officer: Client, settings: object
) -> None:
    settings.BOARD_NAME = "Inspection Board"  # type: ignore[attr-defined]
    make_meeting()
    assert "<h1" in shown(officer, "/board/") and "Inspection Board" in shown(officer, "/board/")
    assert "Next Inspection Board" in shown(officer, "/")
