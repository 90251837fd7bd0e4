"""What is told of a Board by mail: two working days before it, and what it has asked of whom."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.agenda import compile_agenda
from board.choices import MeetingState, Section
from board.digest import asked_by_board, before_board
from board.models import Nomination
from core.markings import Marking
from people import roles
from people.digests import topics
from people.mail_settings import change_setting
from people.models import MailFrequency, User
from tests.factories import (
    day,
    make_action,
    make_arising,
    make_closure,
    make_framework,
    make_item,
    make_meeting,
    make_user,
)
from tests.people.mails import got, send_on, sent_on
from tests.tracker.closures import a_cast, assured, led_action, take_over
from tracker.digest import named

pytestmark = pytest.mark.django_db
MONDAY = "2024-11-25"
TODAY = day(MONDAY)


@pytest.fixture
def team(media: Path) -> SimpleNamespace:
    people = a_cast()
    people.member = make_user("member", roles.BOARD_MEMBER)
    people.support = make_user("support", roles.EXECUTIVE_SUPPORT)
    return people


def nominate(meeting: Any, deputy: User, **fields: Any) -> Nomination:
    until = meeting.held_on + dt.timedelta(days=1)
    values = {"started_on": TODAY, "ended_on": until, "whole_meeting": True, **fields}
    return Nomination.objects.create(meeting=meeting, deputy=deputy, **values)


def texts(user: User, on: dt.date = TODAY) -> list[str]:
    return [line.text for part in before_board(user, on) for line in part.lines]


# Before a Board ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held_on", "first"),
    [
        ("2024-11-27", "2024-11-25"),  # Wednesday -> Monday
        ("2024-11-25", "2024-11-21"),  # Monday -> Thursday
        ("2024-08-28", "2024-08-23"),  # a holiday on the Monday -> before the weekend
        ("2024-08-27", "2024-08-22"),
        ("2024-12-27", "2024-12-23"),
        ("2025-01-03", "2024-12-31"),
    ],
)
def test_the_list_comes_two_working_days_before(
    settings: Any, team: SimpleNamespace, held_on: str, first: str
) -> None:
    make_meeting(held_on)
    sent = []
    for number in range(9, -1, -1):
        text = (day(held_on) - dt.timedelta(days=number)).isoformat()
        if "Board on" in sent_on(settings, text, team.chair):
            sent.append(text)
    # A Board at the beginning of a week still stands when everything is listed.
    weeks = {day(each).isocalendar().week for each in sent}
    assert sent[0] == first and len(sent) == len(weeks)


def test_the_chair_is_told_when_where_what_to_decide_and_the_deep_dive(
    settings: Any, team: SimpleNamespace
) -> None:
    meeting = make_meeting(place="Conference room 1", starts_at=dt.time(9, 30))
    question = make_framework().questions.get(number=2)
    make_item(meeting, Section.DEEP_DIVE, question=question, title="Deep dive")
    closures = [assured(led_action(), team) for _ in range(2)]
    site = "https://start.example.police.uk"

    text = sent_on(settings, MONDAY, team.chair)
    assert "\n\nBoard on 27 November: 2 closures to decide\n\n" in text
    head, _, rest = text.partition("Board on Wednesday 27 November 2024\n")
    lines = rest.partition("\n\n")[0].split("\n")
    assert head.endswith("NEW\n\n")
    assert lines[0] == "- From 09:30 to 12:00, Conference room 1"
    for number, closure in enumerate(closures):
        assert lines[1 + 2 * number].startswith(f"- For your decision: {closure.action} “")
        assert lines[2 + 2 * number] == f"  {site}/closures/{closure.pk}/"
    assert lines[5:] == [
        "- Deep dive: PAF 2: How good is the force at thing 2?",
        f"  {site}/board/2024-11-27/",
        "- The agenda",
        f"  {site}/board/2024-11-27/",
    ]
    # The queue that waits for the chair holds the same closures: they are told once.
    assert text.count(f"{site}/closures/{closures[0].pk}/") == 1
    assert sent_on(settings, "2024-11-26", team.chair) == ""


def test_what_comes_late_or_changes_is_told_before_the_board(
    settings: Any, team: SimpleNamespace
) -> None:
    meeting = make_meeting(place="Room 1")
    assert "No closure awaits your decision" in sent_on(settings, MONDAY, team.chair)
    meeting.place = "Room 2"
    meeting.save()
    late = assured(led_action(), team)
    text = sent_on(settings, "2024-11-26", team.chair)
    assert "Room 2" in text and f"For your decision: {late.action}" in text
    assert "The agenda" not in text


def test_a_nominated_deputy_gets_the_list_of_what_they_decide(
    settings: Any, team: SimpleNamespace
) -> None:
    meeting = make_meeting(chair=team.chair)
    conflict = led_action()
    take_over(conflict, team.chair)
    assured(conflict, team)
    assert texts(team.deputy) == []
    nominate(meeting, team.deputy, whole_meeting=False)
    assert f"For your decision: {conflict}" in sent_on(settings, MONDAY, team.deputy)
    assert "No closure awaits your decision" in got(team.chair)[0]


def test_a_deputy_nominated_for_the_day_alone_gets_the_list_of_that_day(
    team: SimpleNamespace,
) -> None:
    closure = assured(led_action(), team)
    meeting = make_meeting("2024-11-27", chair=team.chair)
    compile_agenda(meeting, actor=None)
    nominate(meeting, team.deputy, started_on=meeting.held_on, ended_on=day("2024-11-28"))
    assert f"For your decision: {named(closure.action)}" in texts(team.deputy)
    # The chair is away, and reads.
    assert "The pack can be read" in texts(team.chair)
    assert not [text for text in texts(team.chair) if "decision" in text]


def test_a_nomination_that_is_over_or_for_another_board_counts_for_nothing(
    team: SimpleNamespace,
) -> None:
    meeting, other = make_meeting(), make_meeting("2024-12-18")
    nominate(other, team.deputy)
    nominate(meeting, team.deputy, started_on=day("2024-11-20"), ended_on=day("2024-11-26"))
    assert texts(team.deputy) == []


def test_the_list_goes_to_who_chairs_this_board(team: SimpleNamespace) -> None:
    other = make_user("other-chair", roles.CHAIR)
    meeting = make_meeting()
    assert texts(team.chair) and texts(other)
    meeting.chair = other
    meeting.save()
    assert texts(team.chair) == [] and texts(other)


def test_everybody_who_reads_it_is_told_that_the_pack_can_be_read_once_it_can(
    settings: Any, team: SimpleNamespace
) -> None:
    meeting = make_meeting(place="Room 1")
    send_on(settings, MONDAY)
    assert got(team.member) == got(team.support) == []
    meeting.compiled_at = timezone.now()
    meeting.save()
    send_on(settings, "2024-11-26")
    for user in (team.member, team.support, team.governance, team.assurance):
        (text,) = got(user)
        assert "\n\nBoard on 27 November: the pack can be read\n\n" in text
        assert "The pack can be read\n  https://start.example.police.uk/board/2024-11-27/" in text
        assert "decision" not in text
    assert got(team.delivery) == []


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.CLOSED])
def test_a_board_that_does_not_take_place_or_is_over_is_not_told(
    team: SimpleNamespace, state: str
) -> None:
    frozen: dict[str, Any] = {"closed_at": timezone.now(), "document": {"title": "Board"}}
    make_meeting(state=state, **(frozen if state == MeetingState.CLOSED else {}))
    assert texts(team.chair) == []


def test_a_sensitive_closure_stands_on_the_list_by_reference_alone(team: SimpleNamespace) -> None:
    make_meeting()
    action = assured(led_action(marking=Marking.SENSITIVE, text="Covert matters."), team).action
    assert f"For your decision: {action} (OFFICIAL-SENSITIVE)" in texts(team.chair)
    assert "Covert" not in str(before_board(team.chair, TODAY))


# Asked by the Board -----------------------------------------------------------------------------


def test_owners_are_told_what_the_board_asked_of_them_and_again_when_it_is_due_and_overdue(
    settings: Any, team: SimpleNamespace
) -> None:
    item = make_item(make_meeting("2024-10-16"))
    make_arising(item, team.delivery, text="Done.", done_on=TODAY, done_by=team.delivery)
    make_arising(item, team.member, text="Theirs.", due_on=day("2024-11-20"))
    assert sent_on(settings, MONDAY, team.delivery) == ""

    asked = make_arising(
        item, team.delivery, text="Write to\nthe college.", due_on=day("2024-12-06")
    )
    text = sent_on(settings, "2024-11-26", team.delivery)
    assert "\n\nAsked of you by the Board: 1 action\n\n" in text
    # Who may not read the Board's pages may read what it asks of them.
    told = (
        "- Write to the college. ({} on 6 December 2024)\n"
        f"  https://start.example.police.uk/board/arising/{asked.pk}/\n"
    )
    assert told.format("due") in text and "Theirs" not in text
    assert sent_on(settings, "2024-11-28", team.delivery) == ""
    assert told.format("due") in sent_on(settings, "2024-11-29", team.delivery)
    assert "STILL WAITING" in sent_on(settings, "2024-12-02", team.delivery)
    assert sent_on(settings, "2024-12-06", team.delivery) == ""
    assert told.format("was due") in sent_on(settings, "2024-12-09", team.delivery)


def test_the_owner_opens_what_the_mail_leads_to(
    team: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_arising(make_item(make_meeting("2024-10-16")), team.delivery, text="Write.")
    ((line,),) = [part.lines for part in asked_by_board(team.delivery, TODAY)]
    assert "Write." in sign_in(team.delivery).get(line.address).content.decode()


def test_a_chair_who_wants_a_mail_once_a_week_gets_the_list_of_a_board_on_its_day(
    settings: Any, team: SimpleNamespace
) -> None:
    make_meeting("2024-11-28", chair=team.chair)
    wanted = [topic.key for topic in topics()]
    change_setting(team.chair, frequency=MailFrequency.WEEKLY, wanted=wanted)
    days = ("2024-11-25", "2024-11-26", "2024-11-27", "2024-11-28")
    told = ["Board on" in sent_on(settings, text, team.chair) for text in days]
    assert told == [False, True, False, False]


def test_what_was_asked_on_a_sensitive_closure_is_told_by_reference_alone(
    team: SimpleNamespace,
) -> None:
    action = make_action(marking=Marking.SENSITIVE)
    item = make_item(
        make_meeting("2024-10-16"), Section.CLOSURES, closure=make_closure(action), title="Covert"
    )
    make_arising(item, team.member, text="Tell the covert unit.", due_on=TODAY)
    ((line,),) = [part.lines for part in asked_by_board(team.member, TODAY)]
    assert line.text == f"{action} (OFFICIAL-SENSITIVE) (due on 25 November 2024)"


def test_the_number_of_questions_does_not_grow(team: SimpleNamespace) -> None:
    meeting = make_meeting(chair=team.chair)
    nominate(meeting, team.deputy)

    def fill() -> None:
        item = make_item(meeting)
        make_arising(item, team.chair, due_on=TODAY)
        make_arising(make_item(meeting), team.member, due_on=TODAY)
        assured(led_action(), team)

    def questions(name: str) -> int:
        user = User.objects.get(pk=getattr(team, name).pk)
        with CaptureQueriesContext(connection) as caught:
            before_board(user, TODAY)
            asked_by_board(user, TODAY)
        return len(caught)

    fill()
    names = list(vars(team))
    few = {name: questions(name) for name in names}
    for _ in range(3):
        fill()
    assert {name: questions(name) for name in names} == few
