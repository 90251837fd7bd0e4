"""The calendar of inspections: on its page for a reader, and as a feed read back."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from inspections.choices import InspectionStatus, PhaseKind, PublicationType, ResponseRule
from inspections.models import Inspection, InspectionFeed
from people.feeds import make_feed
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import (
    day,
    make_expectation,
    make_inspection,
    make_meeting,
    make_phase,
    make_publication,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def inspection(db: None) -> Inspection:
    return make_inspection(
        "PEEL", kind=PublicationType.PEEL, body="HMICFRS", why="", commissioned_on=None
    )


def events(user: User) -> list[Any]:
    response = Client().get(f"/inspections/feed/{make_feed(InspectionFeed, user)}.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    calendar: Any = Calendar.from_ical(response.content)
    return list(calendar.walk("VEVENT"))


def test_the_page_tells_months_and_what_is_not_known_to_the_month(
    cast: SimpleNamespace, sign_in: SignIn, inspection: Inspection
) -> None:
    make_phase(inspection, "2024-12-02", ends_on=day("2024-12-08"), precision="week")
    make_phase(
        inspection,
        "2025-01-01",
        kind=PhaseKind.REPORT,
        ends_on=day("2025-12-31"),
        precision="year",
        words="early 2025",
    )
    make_expectation(inspection, due_on=day("2024-12-20"))
    make_publication(
        "Custody",
        published_on=day("2024-10-25"),
        response_rule=ResponseRule.SECTION_55,
        response_due_on=day("2024-12-19"),
    )
    make_meeting("2024-11-27")
    page = shown(sign_in(cast.staff), "/inspections/calendar/")
    places = [
        page.index(words)
        for words in (
            "November 2024</h2>",
            "Nothing is recorded for this month.",
            "December 2024</h2>",
            "Week beginning 2 December 2024",
            "19 December 2024",
            "20 December 2024",
            "PEEL: Send the statement.",
            "January 2025</h2>",
            "Not known to the month yet",
            "Early 2025",
        )
    ]
    assert places == sorted(places)
    assert "27 November 2024" not in page
    assert "27 November 2024" in shown(sign_in(cast.member), "/inspections/calendar/")


def test_the_months_that_are_shown_are_in_the_address(
    cast: SimpleNamespace, sign_in: SignIn, inspection: Inspection
) -> None:
    make_phase(inspection, "2024-12-02")
    client = sign_in(cast.staff)
    page = shown(client, "/inspections/calendar/?from=2024-12&show=month")
    assert "December 2024</h2>" in page and "January 2025</h2>" not in page
    assert "?from=2025-01&amp;show=month" in page and "?from=2024-11&amp;show=month" in page
    for nonsense in ("?from=2024-13", "?from=x", "?from=0001-01", "?from=9999-12&show=x"):
        assert "November 2024</h2>" in shown(client, f"/inspections/calendar/{nonsense}")


def test_withdrawn_inspections_and_what_is_done_are_in_no_calendar(
    cast: SimpleNamespace, sign_in: SignIn, inspection: Inspection
) -> None:
    make_phase(make_inspection("Off", status=InspectionStatus.WITHDRAWN), "2024-12-02")
    make_expectation(inspection, due_on=day("2024-12-20"), met_on=day("2024-11-20"))
    page = shown(sign_in(cast.member), "/inspections/calendar/")
    assert "Off</a>" not in page and "Send the statement." not in page
    assert events(cast.member) == []


def test_the_feed_holds_days_weeks_and_months_and_never_what_is_expected_in_words(
    cast: SimpleNamespace, inspection: Inspection
) -> None:
    make_phase(inspection, "2024-12-02", ends_on=day("2024-12-08"), precision="week")
    make_phase(inspection, "2025-01-01", ends_on=day("2025-12-31"), precision="year")
    make_expectation(inspection, text="A secret text")
    make_publication(
        "Custody",
        published_on=day("2024-10-25"),
        response_rule=ResponseRule.SECTION_55,
        response_due_on=day("2024-12-19"),
    )
    told = [
        (str(each["SUMMARY"]), each["DTSTART"].dt, each["DTEND"].dt) for each in events(cast.staff)
    ]
    assert told == [
        ("Fieldwork: PEEL", day("2024-12-02"), day("2024-12-09")),
        ("Expected of the force: PEEL", day("2024-12-09"), day("2024-12-10")),
        ("Response due: Custody", day("2024-12-19"), day("2024-12-20")),
    ]


def test_an_answered_duty_stays_marked_and_an_open_end_is_told_by_its_beginning(
    cast: SimpleNamespace, sign_in: SignIn, inspection: Inspection
) -> None:
    make_phase(inspection, "2024-12-02", ends_on=None)
    make_publication(
        "Custody",
        published_on=day("2024-10-25"),
        response_rule=ResponseRule.SECTION_55,
        response_due_on=day("2024-12-19"),
        response_published_on=day("2024-11-22"),
    )
    page = shown(sign_in(cast.staff), "/inspections/calendar/")
    assert "19 December 2024" in page and "Published 22 November 2024" in page
    assert [str(each["SUMMARY"]) for each in events(cast.staff)] == [
        "Fieldwork from 2 December 2024: PEEL",
        "Response due: Custody (published 22 November 2024)",
    ]


def test_the_feed_tells_only_what_its_owner_may_see(cast: SimpleNamespace) -> None:
    review = make_inspection("A secret review", status=InspectionStatus.PROPOSED)
    make_phase(review), make_expectation(review)
    assert events(cast.staff) == []
    assert len(events(cast.member)) == 2


def test_an_event_stays_the_same_when_its_dates_change(
    cast: SimpleNamespace, inspection: Inspection
) -> None:
    phase = make_phase(inspection)
    (before,) = events(cast.staff)
    phase.starts_on = phase.ends_on = day("2024-12-03")
    phase.save()
    (after,) = events(cast.staff)
    assert str(before["UID"]) == str(after["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == day("2024-12-03")


def test_a_feed_ends_with_its_owner_s_account(cast: SimpleNamespace, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    page = sent(client, "/inspections/calendar/address/", do="make")
    assert "it is not shown again" in page
    secret = page.partition("/inspections/feed/")[2].partition("<")[0]
    assert Client().get(f"/inspections/feed/{secret}").status_code == 200
    assert "/inspections/feed/" not in shown(client, "/inspections/calendar/address/")
    cast.staff.is_active = False
    cast.staff.save()
    assert Client().get(f"/inspections/feed/{secret}").status_code == 404
    assert Client().get("/inspections/feed/nonsense.ics").status_code == 404


def test_calendar_and_feed_ask_as_often_for_many_as_for_one(
    cast: SimpleNamespace, sign_in: SignIn, inspection: Inspection
) -> None:
    client, feed = sign_in(cast.member), make_feed(InspectionFeed, cast.member)

    def queries(where: str, reader: Client) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert reader.get(where).status_code == 200
        return len(caught)

    def both() -> tuple[int, int]:
        page = queries("/inspections/calendar/", client)
        return page, queries(f"/inspections/feed/{feed}.ics", Client())

    make_phase(inspection), make_expectation(inspection)
    both()
    for_one = both()
    for number in range(3, 9):
        make_phase(inspection, f"2024-12-0{number}")
        make_expectation(inspection, text=f"Thing {number}")
    assert both() == for_one
