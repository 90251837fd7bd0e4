"""The page of one action, as at a day: what had not happened by then is not told."""

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.history import attribute
from core.markings import Marking
from inspections.choices import LeadRole
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_framework,
    make_lead,
    make_publication,
)
from tracker.choices import Kind, Register, Status
from tracker.models import ActionLead, Closure, Confidence, DueDate, ProgressUpdate

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


def words(response: Any) -> str:
    """The main part of a page as a reader hears it, in one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(client: Client, reference: str = "ST-0001", as_at: str = "") -> str:
    response = client.get(f"/actions/{reference}/", {"as_at": as_at} if as_at else {})
    assert response.status_code == 200
    return words(response)


def steps(client: Client, as_at: str = "") -> list[tuple[str, str, str]]:
    response = client.get("/actions/ST-0001/", {"as_at": as_at} if as_at else {})
    return [(step["title"], step["state"], step["when"]) for step in response.context["track"]]


# Finding it -------------------------------------------------------------------------------------


def test_a_reference_is_found_in_capitals_or_not(staff: Client) -> None:
    make_action("Ab-0001", text="The only one.")
    for reference in ("Ab-0001", "AB-0001", "ab-0001"):
        assert "The only one." in page(staff, reference)


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/actions/?q=custody&sort=due", "?q=custody&amp;sort=due"),
        ("http://testserver/actions/", ""),
        ("http://testserver/publications/?q=custody", ""),
        ("https://example.com/actions/?q=custody", ""),
    ],
)
def test_the_way_back_is_the_list_as_it_was_left(staff: Client, came_from: str, back: str) -> None:
    make_action("ST-0001")
    text = staff.get("/actions/ST-0001/", headers={"referer": came_from}).content.decode()
    assert f'<a class="govuk-back-link" href="/actions/{back}">Actions</a>' in text


def test_an_unknown_reference_is_not_found(staff: Client) -> None:
    assert staff.get("/actions/ST-9999/").status_code == 404


def test_a_sensitive_action_is_not_found_by_those_who_may_not_know_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_action("ST-0001", marking=Marking.SENSITIVE)
    assert sign_in(cast.staff).get("/actions/ST-0001/").status_code == 404
    assert "OFFICIAL-SENSITIVE" in page(sign_in(cast.chair))


# What it says -----------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_by_whom_and_who_leads(staff: Client) -> None:
    make_action(
        "ST-0001",
        text="Chief constables should listen to victims.",
        publication=make_publication("Report on rape", published_on=day("2023-01-10")),
        question=make_framework().questions.get(number=2),
        executive="ACC Baker",
        delivery="Head of Crime",
        portal_reference="REC-18681",
    )
    text = page(staff)
    assert "Chief constables should listen to victims." in text
    assert "From Report on rape , national thematic inspection, 10 January 2023." in text
    assert "Aligned to PAF 2: How good is the force at thing 2?" in text
    assert "ACC Baker executive lead Head of Crime delivery lead" in text
    assert "On the portal as REC-18681, first seen 11 January 2023" in text
    assert "684 days old" not in text
    assert "685 days old, counted from publication" in text


def test_a_publication_known_by_its_month_shows_no_day(staff: Client) -> None:
    make_action(
        "ST-0001",
        publication=make_publication(published_on=day("2023-12-01"), date_precision="month"),
    )
    assert "national thematic inspection, December 2023." in page(staff)


def test_an_action_without_leads_dates_or_updates_says_so(staff: Client) -> None:
    make_action("ST-0001", on_portal=False)
    text = page(staff)
    for sentence in (
        "No executive lead",
        "No delivery lead",
        "Not rated",
        "No due date",
        "No expected closure date",
        "No update had been made by this day.",
        "Not aligned to a PAF area.",
        "Not on the portal, and without a reference there",
        "Nobody has led this action.",
        "No due date has been set.",
    ):
        assert sentence in text


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"level": 1}, "No follow-up."),
        ({"level": 2}, "Local closure."),
        ({"level": 3}, "Self-certification."),
        ({"level": 4}, "HMICFRS only."),
        ({"kind": Kind.CAUSE_OF_CONCERN}, "Cause of concern."),
        ({"register": Register.SUPER_COMPLAINT}, "Local tracking."),
        ({"level": None}, "Not known yet."),
    ],
)
def test_the_way_to_closing_is_told_in_words(
    staff: Client, fields: dict[str, Any], title: str
) -> None:
    make_action("ST-0001", **fields)
    assert f"How it may close {title}" in page(staff)


def test_a_closed_action_says_when_and_why(staff: Client) -> None:
    make_action("ST-0001", status=Status.CLOSED, since="2024-06-01")
    text = page(staff)
    assert "How it closed Closed on 1 June 2024: Completed (local closure)." in text
    assert "Overdue" not in text


def test_overdue_and_not_updated_are_told_with_their_days(staff: Client) -> None:
    make_action("ST-0001", due="2024-11-24", updated="2024-10-01")
    text = page(staff)
    assert "Due 24 November 2024 Overdue by 1 day" in text
    assert "Not updated for 55 days" in text


def test_an_action_entered_in_error_says_that_it_counts_nowhere(staff: Client) -> None:
    make_action("ST-0001", entered_in_error=True)
    assert "Entered in error: this action counts in no figure." in page(staff)


def test_a_closure_that_was_carried_over_says_what_is_missing(staff: Client) -> None:
    action = make_action("ST-0001", status=Status.CLOSURE_PROPOSED, since="2024-10-01")
    Closure.objects.create(action=action, carried_over=True, proposed_on=day("2024-10-01"))
    assert "This closure was carried over" in page(staff)
    assert "carried over" not in page(staff, as_at="2024-09-30")


def test_an_action_that_left_the_portal_says_when(staff: Client) -> None:
    make_action("ST-0001", portal_reference="REC-1", gone_since="2024-06-01")
    assert "Gone from the portal since 1 June 2024" in page(staff)
    assert "On the portal as REC-1" in page(staff, as_at="2024-05-31")


def test_confidence_comes_with_its_day_and_reason(staff: Client) -> None:
    action = make_action("ST-0001")
    ProgressUpdate.objects.create(
        action=action,
        made_on=day("2024-09-18"),
        text="Some gaps remain.",
        confidence=Confidence.objects.get(name="Low"),
        confidence_reason="The records are thin.",
        expected_closure_on=day("2025-03-31"),
    )
    text = page(staff)
    assert "▼ Low set on 18 September 2024" in text
    assert "Reason: The records are thin." in text
    assert "Expected to close 31 March 2025" in text
    assert "Some gaps remain." in text


# The track --------------------------------------------------------------------------------------


def test_the_track_shows_how_far_an_action_has_come(staff: Client) -> None:
    make_action("ST-0001", level=3, status=Status.WITH_HMICFRS, since="2024-06-01")
    assert steps(staff) == [
        ("Received", "done", "11 January 2023"),
        ("In progress", "done", "11 January 2023"),
        ("Proposed", "done", "not recorded"),
        ("Assured", "done", "not recorded"),
        ("Board decision", "done", "not recorded"),
        ("Letter signed", "done", "not recorded"),
        ("With HMICFRS", "current", "since 1 June 2024"),
        ("Closed", "to-come", ""),
    ]
    assert steps(staff, "2024-05-31")[1] == ("In progress", "current", "since 11 January 2023")


def test_an_action_that_awaits_allocation_has_only_been_received(staff: Client) -> None:
    make_action("ST-0001", status=Status.AWAITING_ALLOCATION)
    assert [state for _, state, _ in steps(staff)] == ["current", *["to-come"] * 6]


def test_every_step_of_a_closed_action_is_done(staff: Client) -> None:
    make_action("ST-0001", level=1, status=Status.CLOSED)
    assert steps(staff) == [
        ("Received", "done", "11 January 2023"),
        ("Closed", "done", "11 January 2023"),
    ]


def test_an_action_without_a_level_has_the_steps_that_every_one_has(staff: Client) -> None:
    make_action("ST-0001", level=None)
    assert [title for title, _, _ in steps(staff)] == ["Received", "In progress", "Closed"]


# As at ------------------------------------------------------------------------------------------


def test_a_day_before_it_was_received_says_so(staff: Client) -> None:
    make_action("ST-0001", received="2023-01-11")
    text = page(staff, as_at="2023-01-10")
    assert "Not received yet on 10 January 2023" in text
    assert "ST-0001 was received on 11 January 2023" in text
    assert "What is asked" not in text


def test_nothing_that_came_after_the_day_is_told(staff: Client) -> None:
    action = make_action(
        "ST-0001", due="2024-01-31", status=Status.CLOSED, since="2024-10-01", updated="2023-05-01"
    )
    ActionLead.objects.create(
        action=action,
        role=LeadRole.EXECUTIVE,
        lead=make_lead("ACC Old"),
        started_on=day("2023-01-11"),
        ended_on=day("2024-08-01"),
    )
    ActionLead.objects.create(
        action=action,
        role=LeadRole.EXECUTIVE,
        lead=make_lead("ACC New"),
        started_on=day("2024-08-01"),
    )
    DueDate.objects.create(
        action=action,
        sequence=1,
        due_on=day("2024-12-31"),
        agreed_on=day("2024-08-01"),
        agreed_by="ACC New",
        reason="The system comes later.",
    )
    ProgressUpdate.objects.create(action=action, made_on=day("2024-09-01"), text="Finished.")

    now = page(staff)
    assert "Due 31 December 2024" in now
    assert "Due date changed 1 time, 335 days later; as issued it was 31 January 2024" in now
    assert "agreed on 1 August 2024 by ACC New: The system comes later." in now
    assert "Executive lead: ACC Old, from 11 January 2023 until 1 August 2024" in now
    assert "Finished." in now

    then = page(staff, as_at="2024-02-01")
    assert "Due 31 January 2024 Overdue by 1 day" in then
    assert "ACC Old executive lead" in then
    assert "Executive lead: ACC Old, from 11 January 2023 Due date" in then
    for later in ("ACC New", "31 December 2024", "Finished.", "Closed on", "1 October 2024"):
        assert later not in then


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("31.02.2024", "is not a real date"),
        ("soon", "Enter a date like"),
        ("2024-11-26", "26 November 2024 has not come yet, so today is shown."),
    ],
)
def test_a_day_that_cannot_be_used_shows_today_and_says_so(
    staff: Client, text: str, note: str
) -> None:
    make_action("ST-0001")
    assert note in page(staff, as_at=text)


def test_the_history_ends_with_what_holds_now(staff: Client) -> None:
    make_action("ST-0001", status=Status.WITH_HMICFRS, since="2024-06-01", level=3)
    assert "With HMICFRS 3 1 June 2024 now — In progress 3 11 January 2023 1 June 2024 —" in page(
        staff
    )


def test_the_words_of_the_list_stand_beside_the_reason_they_mean(staff: Client) -> None:
    action = make_action("ST-0001", status=Status.CLOSED)
    period = action.periods.get()
    period.original_wording = "Closed by the force; accepted by HMICFRS."
    period.save()
    assert "As the list put it: “Closed by the force; accepted by HMICFRS.”" in page(staff)


# The trail --------------------------------------------------------------------------------------


def test_edits_say_who_changed_what_and_why(staff: Client, cast: SimpleNamespace) -> None:
    action = make_action("ST-0001", scope="national")
    action.scope = "local"
    action.portal_reference = "REC-1"
    attribute(action, cast.governance, "Corrected")
    action.save()
    text = page(staff)
    assert "Edited by Governance on" in text
    assert "Corrected" in text
    assert "Scope: national became local" in text
    assert "Portal reference: nothing became REC-1" in text
    assert "Recorded by the system on" in text


def test_edits_made_after_the_day_are_not_told(staff: Client) -> None:
    make_action("ST-0001")
    assert "Recorded by" in page(staff)
    assert "No change to the record had been made by this day." in page(staff, as_at="2024-11-20")


# Family -----------------------------------------------------------------------------------------


def test_a_cause_of_concern_lists_its_recommendations_and_they_lead_back(staff: Client) -> None:
    cause = make_action("ST-0001", kind=Kind.CAUSE_OF_CONCERN, text="Custody is not safe.")
    make_action("ST-0002", parent=cause, text="Check every cell.")
    make_action("ST-0003", parent=cause, marking=Marking.SENSITIVE)
    make_action("ST-0004", parent=cause, received="2024-11-01")
    text = page(staff, as_at="2024-10-01")
    assert "ST-0002 In progress Check every cell." in text
    assert "ST-0003" not in text
    assert "ST-0004" not in text
    assert "This recommendation belongs to ST-0001 : Custody is not safe." in page(staff, "ST-0002")


def test_a_parent_that_may_not_be_seen_is_not_named(staff: Client) -> None:
    cause = make_action("ST-0009", kind=Kind.CAUSE_OF_CONCERN, marking=Marking.SENSITIVE)
    make_action("ST-0001", parent=cause)
    assert "ST-0009" not in page(staff)


def test_sensitive_updates_are_read_by_those_who_may(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    action = make_action("ST-0001", delivery="Head of Crime")
    ProgressUpdate.objects.create(
        action=action,
        made_on=day("2024-11-01"),
        text="A source told us.",
        marking=Marking.SENSITIVE,
    )
    reads = {
        name for name in vars(cast) if "A source told us." in page(sign_in(getattr(cast, name)))
    }
    assert reads == {"delivery", "assurance", "governance", "chair", "deputy"}


def test_what_an_action_said_while_it_was_sensitive_stays_with_those_who_might_read_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action("ST-0001", text="Plain at first.")
    for text, marking in (
        ("A source told us.", Marking.SENSITIVE),
        ("Plain again.", Marking.OFFICIAL),
        ("Plainer still.", Marking.OFFICIAL),
    ):
        action.text, action.marking = text, marking
        attribute(action, cast.governance, "The source was named")
        action.save()
    told = page(sign_in(cast.staff))
    assert "A source told us." not in told
    assert told.count("what was changed is marked OFFICIAL-SENSITIVE") == 2
    assert "Plain again. became Plainer still." in told
    assert "A source told us. became Plain again." in page(sign_in(cast.governance))


def test_the_rating_of_a_sensitive_update_is_told_as_lists_count_it_without_its_words(
    staff: Client,
) -> None:
    ProgressUpdate.objects.create(
        action=make_action("ST-0001"),
        made_on=day("2024-11-01"),
        text="A source told us.",
        confidence=Confidence.objects.get(name="Low"),
        confidence_reason="The source is unsure.",
        marking=Marking.SENSITIVE,
    )
    text = page(staff)
    assert "Low confidence" in text
    assert "marked OFFICIAL-SENSITIVE, and you may not read it" in text
    assert "Last update 1 November 2024" in text
    assert "source" not in text


def test_the_page_asks_as_often_for_a_long_history_as_for_a_short_one(staff: Client) -> None:
    action = make_action("ST-0001")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(staff)
        return len(captured)

    queries()
    few = queries()
    for number in range(20):
        ProgressUpdate.objects.create(action=action, made_on=day("2024-01-01"), text=f"{number}")
        action.text = f"Do thing {number}."
        action.save()
    assert queries() == few
