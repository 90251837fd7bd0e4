"""Posting updates: who may, what is asked, and that nothing posted is ever changed."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.markings import Marking
from people.models import LeadDelegate, User
from tests.factories import day, make_delegate, make_lead, make_user
from tests.tracker.closures import a_cast, led_action
from tests.tracker.test_action_page import words
from tracker import position
from tracker.choices import Status
from tracker.models import Action, Confidence, ProgressUpdate
from tracker.updates import post_update
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = day("2024-11-25")


@pytest.fixture
def team(db: None) -> SimpleNamespace:
    return a_cast()


def rating(name: str) -> Confidence:
    return Confidence.objects.get(name=name)


def post(action: Action, actor: User, **fields: Any) -> ProgressUpdate:
    values = {"text": "Training is booked.", "marking": Marking.OFFICIAL, **fields}
    return post_update(action, actor=actor, **values)


def delegate(lead: str, user: User, since: str, until: str | None = None) -> LeadDelegate:
    return make_delegate(make_lead(lead), user, since, until)


def address(action: Action) -> str:
    return f"{action.get_absolute_url()}update/"


# Who may ----------------------------------------------------------------------------------------


def test_both_leads_post_and_are_named(team: SimpleNamespace) -> None:
    action = led_action()
    for person in (team.delivery, team.executive):
        update = post(action, person, text=f"Said by {person}.")
        assert (update.recorded_by, update.made_on) == (person, TODAY)
    assert action.updates.count() == 2


def test_somebody_named_by_a_lead_posts_while_that_lasts(team: SimpleNamespace) -> None:
    action, staff = led_action(), make_user("staff-officer")
    delegate("Head of Crime", staff, "2024-11-01", "2024-11-26")
    assert post(action, staff).recorded_by == staff

    LeadDelegate.objects.all().delete()
    delegate("Head of Crime", staff, "2024-11-01", "2024-11-25")
    with pytest.raises(Refused, match="people named to post for them, post updates"):
        post(action, staff)


@pytest.mark.parametrize("who", ["assurance", "governance", "chair"])
def test_nobody_else_posts(team: SimpleNamespace, sign_in: SignIn, who: str) -> None:
    action = led_action()
    person = getattr(team, who)
    with pytest.raises(Refused, match="Only those who lead this action"):
        post(action, person)
    assert sign_in(person).get(address(action)).status_code == 403
    assert "Post an update" not in words(sign_in(person).get(action.get_absolute_url()))


def test_a_lead_without_the_role_is_told_whom_to_ask(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    holder = make_user("holder")
    make_lead("Head of Custody", holder)
    action = led_action(delivery="Head of Custody")
    with pytest.raises(Refused, match="Ask your administrator"):
        post(action, holder)
    page = words(sign_in(holder).get(address(action)))
    assert "Ask your administrator" in page
    assert "What has happened" not in page


def test_a_closed_action_and_an_entry_in_error_take_no_update(team: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="This action is closed"):
        post(led_action(status=Status.CLOSED), team.delivery)
    with pytest.raises(Refused, match="entered in error"):
        post(led_action(entered_in_error=True), team.delivery)


# What is asked ----------------------------------------------------------------------------------


def test_one_line_of_text_is_enough(team: SimpleNamespace, sign_in: SignIn) -> None:
    action = led_action()
    post(action, team.delivery, confidence=rating("High"), expected_closure_on=day("2025-03-31"))
    lead = sign_in(team.delivery)
    form = lead.get(address(action)).context["form"]

    sent = {
        "text": "The second course is done.",
        "confidence": form.initial["confidence"].pk,
        "expected_closure_on": form["expected_closure_on"].value(),
        "marking": form.initial["marking"],
    }
    page = words(lead.post(address(action), sent, follow=True))

    assert f"The update of {action} is posted." in page
    assert "The second course is done." in page
    latest = action.updates.first()
    assert latest is not None
    assert (latest.confidence, latest.expected_closure_on) == (rating("High"), day("2025-03-31"))


def test_a_change_of_confidence_needs_its_reason_and_nothing_typed_is_lost(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    post(action, team.delivery, confidence=rating("High"))
    lead = sign_in(team.delivery)
    sent = {
        "text": "Two trainers have left.",
        "confidence": rating("Medium").pk,
        "expected_closure_on": "31.3.25",
        "marking": "OFFICIAL",
    }

    page = lead.post(address(action), sent).content.decode()
    assert "Say why the confidence changes from High to Medium." in page
    assert "Two trainers have left." in page
    assert "31.3.25" in page
    assert action.updates.count() == 1

    lead.post(address(action), {**sent, "confidence_reason": "No trainers."})
    latest = action.updates.first()
    assert latest is not None
    assert latest.confidence_reason == "No trainers."


def test_the_lowest_confidence_always_has_a_reason_and_the_last_one_is_offered(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    with pytest.raises(ValidationError, match="Say why the confidence is low"):
        post(action, team.delivery, confidence=rating("Low"))
    post(action, team.delivery, confidence=rating("Low"), confidence_reason="No money.")
    with pytest.raises(ValidationError, match="Say why the confidence is low"):
        post(action, team.delivery, text="Still none.", confidence=rating("Low"))
    assert "No money." in sign_in(team.delivery).get(address(action)).content.decode()


def test_a_sensitive_reason_is_not_repeated_to_who_may_not_read_it(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action, staff = led_action(), make_user("staff-officer")
    delegate("Head of Crime", staff, "2024-11-01")
    post(
        action,
        team.delivery,
        confidence=rating("Low"),
        confidence_reason="A named officer.",
        marking=Marking.SENSITIVE,
    )
    assert "A named officer." not in sign_in(staff).get(address(action)).content.decode()
    assert "A named officer." in sign_in(team.delivery).get(address(action)).content.decode()


def test_an_expected_closure_that_has_passed_is_refused_and_not_offered_again(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    with pytest.raises(ValidationError, match="24 November 2024 has passed"):
        post(action, team.delivery, expected_closure_on=day("2024-11-24"))
    assert post(action, team.delivery, expected_closure_on=TODAY).expected_closure_on == TODAY
    ProgressUpdate.objects.create(
        action=action, text="Old.", made_on=TODAY, expected_closure_on=day("2024-10-01")
    )
    page = sign_in(team.delivery).get(address(action)).content.decode()
    assert "The last one stated, 1 October 2024, has passed" in page


def test_the_same_update_sent_twice_is_taken_once(team: SimpleNamespace) -> None:
    action = led_action()
    assert post(action, team.delivery) == post(action, team.delivery)
    assert action.updates.count() == 1
    post(action, team.executive)
    assert action.updates.count() == 2


# What it does -----------------------------------------------------------------------------------


def test_an_update_ends_staleness(team: SimpleNamespace, sign_in: SignIn) -> None:
    action = led_action(received="2024-01-01")
    lead = sign_in(team.delivery)
    assert position.workload(team.delivery, TODAY)["stale"] == 1
    assert "Not updated for" in words(lead.get(action.get_absolute_url()))

    lead.post(address(action), {"text": "Done so far.", "marking": "OFFICIAL"})

    assert position.workload(team.delivery, TODAY)["stale"] == 0
    page = words(lead.get(action.get_absolute_url()))
    assert "Not updated for" not in page
    assert "Last update 25 November 2024" in page


def test_an_update_is_on_the_audit_trail_without_its_words(team: SimpleNamespace) -> None:
    update = post(led_action(), team.delivery, text="A secret.", marking=Marking.SENSITIVE)
    trail = ProgressUpdate.history.get(id=update.pk)
    assert (trail.history_user, trail.history_change_reason) == (team.delivery, "Update posted")
