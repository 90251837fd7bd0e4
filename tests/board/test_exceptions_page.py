"""The page of everything a Board has before it by exception: chosen, paged, exported, frozen."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from board.exceptions import as_rows, ranked
from board.models import Meeting
from core.markings import Marking
from people.models import User
from tests.board.test_ranking import BEFORE, BOARD, EXPECTED, QUIET, make_exceptions
from tests.factories import make_action, make_meeting

pytestmark = pytest.mark.django_db
PAGE = "/board/2024-11-27/exceptions/"


@pytest.fixture
def meeting(db: None) -> Meeting:
    make_meeting("2024-10-16")
    return make_meeting()


@pytest.fixture
def member(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.member)


def headings(response: Any) -> list[str]:
    return [row["title"] for row in response.context["rows"]]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_shows_all_of_them_in_their_places(meeting: Meeting, member: Client) -> None:
    make_exceptions()
    response = member.get(PAGE)
    assert headings(response) == [heading for heading, _, _ in EXPECTED]
    text = text_of(response)
    assert "11 exceptions" in text
    assert "Overdue since 31 March 2024 (239 days)" in text
    assert "Each reason adds points: cause of concern (6), low confidence (4), overdue (4)," in text
    assert "at the Board of 16 October 2024" in text


def test_reason_and_newness_are_chosen_in_the_address(meeting: Meeting, member: Client) -> None:
    make_exceptions()
    overdue = member.get(f"{PAGE}?reason=overdue")
    assert headings(overdue) == ["WORST", "LATE-2", "LATE-1", "OLD"]
    assert [row["place"] for row in overdue.context["rows"]] == [1, 4, 5, 7]
    assert "4 of 11 exceptions: Overdue" in text_of(overdue)
    assert headings(member.get(f"{PAGE}?new=yes")) == [
        heading for heading, _, new in EXPECTED if new
    ]
    both = member.get(f"{PAGE}?reason=overdue&new=yes")
    assert headings(both) == ["LATE-2", "LATE-1"]
    assert "Overdue, new since the Board of 16 October 2024" in text_of(both)


def test_each_link_says_how_many_it_leaves(meeting: Meeting, member: Client) -> None:
    make_exceptions()
    for choice in member.get(f"{PAGE}?new=yes").context["reasons"]:
        if choice["count"]:
            assert len(headings(member.get(choice["href"]))) == choice["count"], choice["text"]
    counts = {each["text"]: each["count"] for each in member.get(PAGE).context["reasons"]}
    assert (counts["All"], counts["Overdue"], counts["Cause of concern"]) == (11, 4, 1)


def test_nonsense_in_the_address_is_left_out_and_said(meeting: Meeting, member: Client) -> None:
    make_action("LATE", due="2024-11-01", updated="2024-11-20")
    response = member.get(f"{PAGE}?reason=giraffes&new=perhaps&export=doc")
    assert headings(response) == ["LATE"]
    assert "“giraffes” is not one of the reasons" in text_of(response)


def test_the_first_board_has_nothing_new(member: Client) -> None:
    make_meeting()
    make_action("LATE", due="2024-11-01", updated="2024-11-20")
    response = member.get(f"{PAGE}?new=yes")
    assert headings(response) == ["LATE"]
    assert "No earlier Board is recorded" in text_of(response)


def test_a_board_without_exceptions_says_so(meeting: Meeting, member: Client) -> None:
    assert "No exceptions" in text_of(member.get(PAGE))
    make_action("LATE", due="2024-11-01", updated="2024-11-20")
    assert "No exception fits" in text_of(member.get(f"{PAGE}?reason=portal"))


def test_what_is_shown_can_be_exported(meeting: Meeting, member: Client) -> None:
    make_exceptions()
    response = member.get(f"{PAGE}?reason=overdue&export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][:2] == ["Place", "Exception"]
    assert [line[:2] for line in lines[1:]] == [
        ["1", "WORST"],
        ["4", "LATE-2"],
        ["5", "LATE-1"],
        ["7", "OLD"],
    ]
    assert response["Content-Disposition"].endswith('"board-exceptions-2024-11-27.csv"')


def test_an_export_with_a_sensitive_row_is_marked(
    meeting: Meeting, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_action("HIDDEN", due="2024-11-01", marking=Marking.SENSITIVE)
    response = sign_in(cast.chair).get(f"{PAGE}?export=xlsx")
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert "official-sensitive" in response["Content-Disposition"]


def frozen(meeting: Meeting, cast: SimpleNamespace) -> None:
    rows = as_rows(ranked(cast.chair, BOARD, BEFORE))
    meeting.document = {"exceptions": {"all": rows, "ranking": "As it was ranked then."}}
    meeting.save()


def test_a_closed_board_shows_what_was_frozen(
    meeting: Meeting, member: Client, cast: SimpleNamespace
) -> None:
    make_exceptions()
    frozen(meeting, cast)
    make_action("AFTER", due="2024-11-01")
    text = text_of(member.get(PAGE))
    assert "11 exceptions" in text
    assert "AFTER" not in text
    assert "the list is as it was then" in text
    assert "As it was ranked then." in text
    assert headings(member.get(f"{PAGE}?reason=overdue&new=yes")) == ["LATE-2", "LATE-1"]


def test_what_was_frozen_shows_nobody_what_they_may_not_read(
    meeting: Meeting, member: Client, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_action("HIDDEN", **{**QUIET, "due": "2024-11-05"}, marking=Marking.SENSITIVE)
    make_action("SHOWN", **{**QUIET, "due": "2024-11-05"})
    frozen(meeting, cast)
    response = member.get(PAGE)
    assert headings(response) == ["SHOWN"]
    assert "1 more is left out, because you may not read its action." in text_of(response)
    assert headings(sign_in(cast.chair).get(PAGE)) == ["HIDDEN", "SHOWN"]


def test_a_sensitive_row_whose_action_is_found_no_longer_stays_hidden(
    meeting: Meeting, member: Client, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    hidden = make_action("HIDDEN", due="2024-11-05", marking=Marking.SENSITIVE)
    frozen(meeting, cast)
    hidden.reference = "RENAMED"
    hidden.save()
    assert headings(member.get(PAGE)) == []
    assert headings(sign_in(cast.chair).get(PAGE)) == ["HIDDEN"]


def test_a_document_that_kept_sentences_only_is_shown_with_them(
    meeting: Meeting, member: Client
) -> None:
    row = {
        "title": "ST-0001",
        "text": "See to it.",
        "href": "/actions/ST-0001/",
        "lead": "",
        "is_new": True,
        "reasons": ["overdue since 1 November 2024 (26 days)"],
    }
    meeting.document = {"exceptions": {"all": [row]}}
    meeting.save()
    text = text_of(member.get(PAGE))
    assert "Overdue since 1 November 2024 (26 days)" in text
    assert headings(member.get(f"{PAGE}?new=yes")) == ["ST-0001"]
    assert headings(member.get(f"{PAGE}?reason=overdue")) == []


def test_a_document_without_exceptions_is_shown_as_that(meeting: Meeting, member: Client) -> None:
    meeting.document = {}
    meeting.save()
    assert "No exceptions" in text_of(member.get(PAGE))


def test_what_a_closed_board_calls_new_does_not_move_with_other_boards(
    meeting: Meeting, member: Client, cast: SimpleNamespace
) -> None:
    make_exceptions()
    frozen(meeting, cast)
    assert meeting.document is not None
    meeting.document["exceptions"]["since"] = "16 October 2024"
    meeting.save()
    make_meeting("2024-11-12")
    text = text_of(member.get(f"{PAGE}?new=yes"))
    assert "New means not so at the Board of 16 October 2024." in text
    assert "new since the Board of 16 October 2024" in text and "12 November" not in text
    meeting.document["exceptions"]["since"] = ""
    meeting.save()
    assert "No earlier Board is recorded" in text_of(member.get(PAGE))


@pytest.mark.parametrize("closed", [False, True])
def test_many_exceptions_are_shown_page_by_page_and_exported_whole(
    meeting: Meeting, member: Client, cast: SimpleNamespace, closed: bool
) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            member.get(address)
        return len(caught)

    def fill(numbers: range) -> None:
        for number in numbers:
            make_action(f"LATE-{number:03}", due="2024-11-01", updated="2024-11-20")
        if closed:
            frozen(meeting, cast)

    fill(range(3))
    queries(PAGE)
    few = queries(PAGE)
    fill(range(3, 60))
    assert queries(PAGE) == few == queries(f"{PAGE}?page=2")

    first, second = member.get(PAGE), member.get(f"{PAGE}?reason=overdue&page=2")
    assert len(headings(first)) == 50
    assert [row["place"] for row in second.context["rows"]] == list(range(51, 61))
    assert "60 exceptions" in text_of(first) and 'aria-label="Page 2"' in text_of(first)
    exported = member.get(f"{PAGE}?page=2&export=csv")
    assert len(b"".join(exported.streaming_content).splitlines()) == 61  # type: ignore[attr-defined]
