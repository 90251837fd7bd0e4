"""What each role is told of actions and closures by mail, and what never stands in one."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from people.digests import Part
from people.models import LeadHolder, MailDigest, User
from tests.factories import day, make_due_request, make_user
from tests.people.mails import got, send_on, sent_on
from tests.tracker.closures import a_cast, approved, assured, led_action, proposed
from tracker import position, workflow
from tracker.choices import Status
from tracker.digest import asked, own
from tracker.models import Action, ProgressUpdate
from tracker.work import SHOWN

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = "2024-11-25", "2024-11-26"
TODAY = day(MONDAY)


@pytest.fixture
def team(media: Path) -> SimpleNamespace:
    return a_cast()


def headings(parts: list[Part]) -> list[str]:
    return [part.heading for part in parts]


def told(parts: list[Part]) -> list[str]:
    return [line.text for part in parts for line in part.lines]


def test_leads_are_told_what_is_overdue_due_soon_and_stale(
    settings: Any, team: SimpleNamespace
) -> None:
    late = led_action(due="2024-11-01", updated="2024-11-20")
    soon = led_action(due="2024-12-20", updated="2024-11-20")
    stale = led_action(due="2025-06-01", updated="2024-10-01")
    led_action(due="2024-11-01", status=Status.CLOSED)

    text = sent_on(settings, MONDAY, team.delivery)
    assert text.index("Overdue") < text.index("Due within 30 days") < text.index("Not updated for")
    number = late.text.rpartition(" ")[2]
    assert (
        f"- {late} “Chief constables should see to thing {number}”: due 1 November 2024, "
        f"24 days ago\n  https://start.example.police.uk/actions/{late}/due-date/\n"
    ) in text
    assert f"- {soon} “" in text and ": due 20 December 2024\n" in text
    assert f"- {stale} “" in text and ": last update 1 October 2024\n" in text
    assert "expected closure" not in text
    assert len(got(team.executive)) == 1
    assert [got(user) for user in (team.chair, team.governance, team.assurance)] == [[], [], []]


def test_there_are_as_many_lines_as_the_position_counts(team: SimpleNamespace) -> None:
    for number in range(SHOWN + 3):
        led_action(due=f"2024-10-{number + 1:02}", updated="2024-11-20")
    (part,) = own(team.delivery, TODAY)
    assert len(part.lines) == position.workload(team.delivery, TODAY)["overdue"] == SHOWN + 3
    assert part.address == "/actions/?lead=me&overdue=yes"


def test_an_action_is_told_again_when_it_changes_and_not_before(
    settings: Any, team: SimpleNamespace
) -> None:
    action = led_action(due=TUESDAY, updated="2024-11-20")
    assert "due 26 November 2024" in sent_on(settings, MONDAY, team.delivery)
    assert sent_on(settings, TUESDAY, team.delivery) == ""
    assert "due 26 November 2024, 1 day ago" in sent_on(settings, "2024-11-27", team.delivery)
    ProgressUpdate.objects.create(action=action, made_on=day("2024-11-27"), text="Under way.")
    assert sent_on(settings, "2024-11-28", team.delivery) == ""


def test_each_role_is_told_which_closures_wait_for_it(settings: Any, team: SimpleNamespace) -> None:
    fresh = {"updated": "2024-11-24"}
    to_assure = proposed(led_action(**fresh), team).action
    for_board = assured(led_action(**fresh), team).action
    letter = approved(led_action(**fresh), team).action
    to_allocate = led_action(status=Status.AWAITING_ALLOCATION, **fresh)
    doubtful = led_action(**fresh)
    workflow.claim_error(doubtful, actor=team.governance, reason="It repeats another.")
    asked_for = led_action(**fresh)
    make_due_request(asked_for, team.delivery)

    send_on(settings, MONDAY)
    expected = {
        "assurance": {to_assure, doubtful},
        "chair": {for_board},
        "governance": {letter, to_allocate},
        "executive": {asked_for},
    }
    every = Action.objects.all()
    for who, actions in expected.items():
        (text,) = got(getattr(team, who))
        assert {action for action in every if action.reference in text} == actions, who
    assert got(team.delivery) == got(team.deputy) == []
    assert "Lead asks for 31 March 2025: The trainer is away." in got(team.executive)[0]
    assert "Officer says: It repeats another." in got(team.assurance)[0]


def test_a_returned_closure_is_told_first_with_its_reason(
    settings: Any, team: SimpleNamespace
) -> None:
    closure = proposed(led_action(updated="2024-11-24"), team)
    workflow.send_back(closure, actor=team.assurance, reason="Too few\ncases.")
    text = sent_on(settings, MONDAY, team.delivery)
    assert "Closures returned to you" in text
    assert "returned by Assurer on 25 November 2024: Too few cases." in text
    assert f"https://start.example.police.uk/actions/{closure.action}/propose-closure/" in text
    make_due_request(led_action(), team.delivery)
    assert headings(asked(team.executive, TODAY)) == [
        "Closures returned to you",
        "Due dates to agree or decline",
    ]


def test_who_is_named_to_nothing_gets_nothing(settings: Any, cast: SimpleNamespace) -> None:
    led_action(due="2024-11-01")
    send_on(settings, MONDAY)
    assert mail.outbox == []


def test_a_post_that_was_given_up_tells_its_holder_no_more(
    settings: Any, team: SimpleNamespace
) -> None:
    led_action(due="2024-11-01", updated="2024-11-20")
    LeadHolder.objects.filter(user=team.delivery).update(ended_on=TODAY)
    send_on(settings, MONDAY)
    assert got(team.delivery) == [] and len(got(team.executive)) == 1


def test_words_of_what_is_sensitive_stand_in_no_mail(settings: Any, team: SimpleNamespace) -> None:
    def sensitive(**fields: Any) -> Action:
        return led_action(marking=Marking.SENSITIVE, text="The covert unit must stop.", **fields)

    late = sensitive(due="2024-11-01")
    returned = proposed(sensitive(), team)
    workflow.send_back(returned, actor=team.assurance, reason="Secret grounds.")
    waiting = proposed(sensitive(), team).action
    before_board = assured(sensitive(), team).action
    doubtful = sensitive()
    workflow.claim_error(doubtful, actor=team.governance, reason="Secret doubts.")
    asked_for = sensitive()
    request = make_due_request(asked_for, team.delivery, reason="Secret delay.")
    to_allocate = sensitive(status=Status.AWAITING_ALLOCATION)

    send_on(settings, MONDAY)
    send_on(settings, TUESDAY)
    everything = "".join(f"{message.subject}{message.body}" for message in mail.outbox)
    kept = "".join(str(each.lines) for each in MailDigest.objects.all())
    for word in ("covert", "Secret", "secret", returned.did, request.reason):
        assert word not in everything and word not in kept, word
    for action in (late, returned.action, waiting, before_board, doubtful, asked_for, to_allocate):
        assert f"- {action} (OFFICIAL-SENSITIVE)\n" in everything, action


def test_who_may_not_read_an_action_is_not_told_of_it(team: SimpleNamespace) -> None:
    action = proposed(led_action(marking=Marking.SENSITIVE, due="2024-11-01"), team).action
    outside = make_user("outside")
    assert action.reference in "".join(told(own(team.delivery, TODAY)))
    assert own(outside, TODAY) == asked(outside, TODAY) == []


def test_long_texts_are_cut(team: SimpleNamespace) -> None:
    led_action(text=f"Look into\n{'this ' * 100}", due="2024-11-01", updated="2024-11-20")
    (line,) = told(own(team.delivery, TODAY))
    assert "“Look into this this" in line and "…”: due 1 November 2024" in line
    assert len(line) < 150


def test_the_number_of_questions_does_not_grow_with_the_work(team: SimpleNamespace) -> None:
    def fill() -> None:
        assured(led_action(due="2024-11-01"), team)
        workflow.send_back(proposed(led_action(), team), actor=team.assurance, reason="No.")
        make_due_request(led_action(due="2024-12-01"), team.delivery)
        led_action(status=Status.AWAITING_ALLOCATION)

    def questions(name: str) -> int:
        user = User.objects.get(pk=getattr(team, name).pk)
        with CaptureQueriesContext(connection) as caught:
            own(user, TODAY)
            asked(user, TODAY)
        return len(caught)

    fill()
    names = list(vars(team))
    few = {name: questions(name) for name in names}
    for _ in range(3):
        fill()
    assert {name: questions(name) for name in names} == few
