"""What is told of the portal elsewhere: the committee report, exceptions, the action's page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from people.models import User
from portal.models import Answer, DifferenceKind, PortalStatus
from reports.figures import snapshot
from reports.wording import table_intro
from tests.factories import day, make_action, make_difference, make_export, make_report, make_user
from tests.portal.reconciliation.conftest import Export, row
from tracker.choices import Status
from tracker.exceptions import Reason, exceptional_actions
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
QUIET: dict[str, Any] = {"updated": "2024-11-20", "due": "2025-06-30"}


def told(action: Action, as_at: str = "2024-11-25") -> str:
    """The exception about the portal; "" for none."""
    reader = User.objects.filter(username="reader").first() or make_user("reader")
    found = {each.action: each.reasons for each in exceptional_actions(reader, day(as_at))}
    return found.get(action, {}).get(Reason.PORTAL, "")


def test_the_report_says_nothing_of_differences_before_any_export() -> None:
    figures = snapshot(make_report())
    assert figures.portal is None
    assert "may differ from what the portal shows. Super-complaints" in table_intro(figures)


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        (0, "No differences with the portal were open, by its export of 20 November 2024."),
        (1, "One difference with the portal was open, by its export of 20 November 2024."),
        (12, "12 differences with the portal were open, by its export of 20 November 2024."),
    ],
)
def test_the_report_says_how_many_differences_were_open(differences: int, words: str) -> None:
    make_export()
    for _ in range(differences):
        make_difference()
    make_difference(closed_on=day("2024-11-20"))
    make_difference(opened_on=day("2024-11-21"))
    assert words in table_intro(snapshot(make_report()))


def test_an_older_export_is_named_with_the_day_of_the_position() -> None:
    make_export("2024-11-01")
    make_difference(opened_on=day("2024-11-01"), closed_on=day("2024-11-22"))
    assert (
        "One difference with the portal was open at 20 November 2024, by its export of "
        "1 November 2024." in table_intro(snapshot(make_report()))
    )


def test_before_any_export_only_presence_is_an_exception() -> None:
    assert told(make_action(on_portal=False, **QUIET)) == "not seen on HMICFRS’s portal yet"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"kind": DifferenceKind.STATUS, "ours": "With HMICFRS", "theirs": "Closed"},
            "HMICFRS’s portal says “Closed”, we say “With HMICFRS”",
        ),
        (
            {"kind": DifferenceKind.LEVEL, "ours": "2", "theirs": "3"},
            "activity level 3 on HMICFRS’s portal, 2 here",
        ),
        (
            {"kind": DifferenceKind.DUE, "ours": "Not given", "theirs": "31 March 2025"},
            "due date as issued 31 March 2025 on HMICFRS’s portal, not given here",
        ),
        ({"kind": DifferenceKind.TEXT}, "its text differs from that on HMICFRS’s portal"),
        (
            {"kind": DifferenceKind.ONLY_HERE, "theirs": ""},
            "not on HMICFRS’s portal, found on 20 November 2024",
        ),
        (
            {"kind": DifferenceKind.GONE, "theirs": ""},
            "gone from HMICFRS’s portal since 20 November 2024",
        ),
    ],
)
def test_each_kind_of_difference_is_an_exception(fields: dict[str, Any], sentence: str) -> None:
    make_export()
    action = make_action(**QUIET)
    make_difference(action, **fields)
    assert told(action) == sentence


def test_once_there_are_exports_differences_tell_and_presence_no_longer() -> None:
    make_export()
    assert told(make_action(on_portal=False, received="2024-11-21", **QUIET)) == ""


def test_an_exception_is_of_the_day() -> None:
    make_export()
    action = make_action(**QUIET)
    make_difference(action, closed_on=day("2024-11-23"))
    assert [bool(told(action, on)) for on in ("2024-11-19", "2024-11-22", "2024-11-23")] == [
        False,
        True,
        False,
    ]


def test_what_is_accepted_for_now_is_no_exception() -> None:
    make_export()
    action = make_action(**QUIET)
    accepted = make_difference(
        action, answer=Answer.ACCEPTED, accepted_until=day("2024-11-24"), note="Known."
    )
    assert told(action) != ""
    accepted.accepted_until = day("2024-11-25")
    accepted.save()
    assert told(action) == ""


def test_the_page_of_an_action_tells_what_the_portal_says(export: Export, sign_in: SignIn) -> None:
    action = make_action(
        portal_reference="rec-1", text="The force should see to it.", status=Status.IN_PROGRESS
    )
    reader = sign_in(make_user("reader"))
    assert "On HMICFRS’s portal</h2>" not in reader.get(action.get_absolute_url()).content.decode()
    export(row(status=PortalStatus.CLOSED, status_on=day("2024-11-18")))
    page = " ".join(reader.get(action.get_absolute_url()).content.decode().split())
    assert "Closed since 18 November 2024" in page
    assert "HMICFRS’s portal says “Closed”, we say “In progress”" in page
    past = reader.get(f"{action.get_absolute_url()}?as_at=2024-11-20").content.decode()
    assert "On HMICFRS’s portal</h2>" not in past
