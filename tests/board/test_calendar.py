"""Boards in calendars, read back as a calendar reads them."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from board.calendar import make_feed, reader_of
from board.choices import Section
from board.meetings import cancel_meeting, change_meeting, plan_meeting, reinstate_meeting
from board.models import CalendarFeed, Meeting
from people import roles
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_item, make_meeting

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def meeting(cast: SimpleNamespace) -> Meeting:
    return plan_meeting(actor=cast.governance, held_on=day("2024-11-27"), place="Room 1, HQ")


def read(client: Client, path: str) -> tuple[Any, list[Any]]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    calendar: Any = Calendar.from_ical(response.content)
    return calendar, list(calendar.walk("VEVENT"))


def feed_of(user: User) -> str:
    return f"/board/feed/{make_feed(user)}.ics"


# One meeting --------------------------------------------------------------------------------------


def test_a_board_is_put_in_a_calendar(
    cast: SimpleNamespace, sign_in: SignIn, meeting: Meeting
) -> None:
    client = sign_in(cast.member)
    calendar, (event,) = read(client, "/board/2024-11-27/meeting.ics")

    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert str(event["SUMMARY"]) == "GAIN Board"
    assert str(event["LOCATION"]) == "Room 1, HQ"
    assert event["DTSTART"].dt == dt.datetime(2024, 11, 27, 10, tzinfo=LONDON)
    assert event["DTEND"].dt == dt.datetime(2024, 11, 27, 12, tzinfo=LONDON)
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert str(event["URL"]) == "http://testserver/board/2024-11-27/"
    assert str(event["STATUS"]) == "CONFIRMED" and event["SEQUENCE"] == 0
    disposition = client.get("/board/2024-11-27/meeting.ics")["Content-Disposition"]
    assert disposition == 'attachment; filename="board-2024-11-27.ics"'


def test_summer_time_is_that_of_the_force(cast: SimpleNamespace, sign_in: SignIn) -> None:
    make_meeting("2025-06-18")
    _, (event,) = read(sign_in(cast.member), "/board/2025-06-18/meeting.ics")
    assert event["DTSTART"].dt.astimezone(dt.UTC).hour == 9


def test_a_board_that_is_moved_cancelled_and_held_after_all_stays_one_event(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    feed, client = feed_of(cast.member), Client()
    states = [read(client, feed)[1][0]]
    moved = change_meeting(
        meeting, actor=cast.governance, version=meeting.version, held_on=day("2024-12-04")
    )
    states.append(read(client, feed)[1][0])
    cancel_meeting(moved, actor=cast.governance, reason="A secret reason.")
    states.append(read(client, feed)[1][0])
    reinstate_meeting(moved, actor=cast.governance)
    states.append(read(client, feed)[1][0])

    assert len({str(each["UID"]) for each in states}) == 1
    sequences = [each["SEQUENCE"] for each in states]
    assert sequences == sorted(set(sequences))
    stamps = [each["DTSTAMP"].dt for each in states]
    assert stamps == sorted(stamps) and stamps[0].tzinfo is not None
    assert states[1]["DTSTART"].dt.date() == day("2024-12-04")
    told = [(str(each["STATUS"]), str(each["SUMMARY"])) for each in states]
    assert told == [
        ("CONFIRMED", "GAIN Board"),
        ("CONFIRMED", "GAIN Board"),
        ("CANCELLED", "Cancelled: GAIN Board"),
        ("CONFIRMED", "GAIN Board"),
    ]


def test_a_calendar_that_nobody_changed_is_the_same_each_time(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    feed = feed_of(cast.member)
    assert Client().get(feed).content == Client().get(feed).content


# The feed -----------------------------------------------------------------------------------------


def test_the_feed_holds_the_boards_to_come_and_of_the_last_year(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    for held_on in ("2023-11-23", "2024-10-16", "2025-01-15"):
        make_meeting(held_on)
    _, events = read(Client(), feed_of(cast.member))
    assert [each["DTSTART"].dt.date().isoformat() for each in events] == [
        "2024-10-16",
        "2024-11-27",
        "2025-01-15",
    ]
    assert len({str(each["UID"]) for each in events}) == 3


def test_nothing_of_an_agenda_or_a_reason_is_in_the_feed(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    make_item(meeting, Section.OTHER, title="Secret matter", introduction="Secret words")
    cancel_meeting(meeting, actor=cast.governance, reason="Secret reason")
    text = Client().get(feed_of(cast.member)).content.decode().lower()
    assert "begin:vevent" in text and "secret" not in text and "chair" not in text


def test_the_feed_asks_the_database_as_often_for_many_as_for_one(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    feed = feed_of(cast.member)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(Client(), feed)
        return len(caught)

    queries()
    for_one = queries()
    for held_on in ("2024-10-16", "2025-01-15", "2025-02-19"):
        make_meeting(held_on)
    assert queries() == for_one


def test_a_wrong_secret_opens_nothing(cast: SimpleNamespace, meeting: Meeting) -> None:
    feed = feed_of(cast.member)
    stored = CalendarFeed.objects.get().sha256
    for secret in ("nonsense", "x" * 500, stored, feed[12:-5]):
        assert Client().get(f"/board/feed/{secret}.ics").status_code == 404
    assert stored not in feed


@pytest.mark.parametrize("why", ["left", "no longer on the Board", "ended", "made anew"])
def test_a_feed_ends_with_the_right_to_read_it(
    cast: SimpleNamespace, meeting: Meeting, sign_in: SignIn, why: str
) -> None:
    feed = feed_of(cast.member)
    assert Client().get(feed).status_code == 200
    if why == "left":
        cast.member.is_active = False
        cast.member.save()
    if why == "no longer on the Board":
        cast.member.take_roles(roles.CORPORATE_SERVICES)
    if why == "ended":
        page = sent(sign_in(cast.member), "/board/calendar/", do="end")
        assert "The address of your calendar has ended." in page
        assert CalendarFeed.history.count() == 2
    if why == "made anew":
        sent(sign_in(cast.member), "/board/calendar/", do="make")
    assert Client().get(feed).status_code == 404


def test_the_address_is_shown_once(
    cast: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    client = sign_in(cast.member)
    assert "Make an address" in shown(client, "/board/calendar/")

    page = sent(client, "/board/calendar/", do="make")
    found = re.search(r"http://testserver(/board/feed/[\w-]{43}\.ics)", page)
    assert found is not None and "it is not shown again" in page
    assert len(read(Client(), found[1])[1]) == 1

    again = shown(client, "/board/calendar/")
    assert "/board/feed/" not in again and "Make a new address" in again
    assert "It was shown once." in again


@pytest.mark.django_db(transaction=True)
def test_a_first_address_that_is_asked_for_many_times_at_once_is_one(
    cast: SimpleNamespace,
) -> None:
    def make(number: int) -> str:
        try:
            return make_feed(cast.member)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        secrets = set(pool.map(make, range(6)))
    assert len(secrets) == 6
    assert [secret for secret in secrets if reader_of(secret)] != []
    assert CalendarFeed.objects.count() == 1
