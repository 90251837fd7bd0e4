"""What a Board has before it of one question area, and who reads which part of it."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.choices import MeetingState, Section
from board.deep_dive import DeepDive, deep_dive
from core.markings import Marking
from inspections.choices import LeadRole
from inspections.models import CoreQuestion, QuestionLead
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_evidence,
    make_framework,
    make_item,
    make_lead,
    make_meeting,
)
from tracker.charts import trend_svg, trend_words
from tracker.choices import Kind, Status
from tracker.models import Action, ActionEvidence, ProgressUpdate
from tracker.position import TrendPoint

BOARD = day("2024-11-27")
PAGE = "/board/2024-11-27/deep-dive/1/"
db = pytest.mark.django_db


@pytest.fixture
def question(db: None) -> CoreQuestion:
    return make_framework().questions.select_related("framework").get(number=1)


def closed_board(held_on: str, question: CoreQuestion | None = None) -> None:
    meeting = make_meeting(
        held_on, state=MeetingState.CLOSED, closed_at=timezone.now(), document={}
    )
    if question:
        make_item(meeting, Section.DEEP_DIVE, question=question)


def post(action: Action, made_on: str, text: str, **fields: Any) -> ProgressUpdate:
    return ProgressUpdate.objects.create(action=action, made_on=day(made_on), text=text, **fields)


def references(actions: list[Action]) -> list[str]:
    return [action.reference for action in actions]


@db
def test_the_position_of_the_area_on_the_day(question: CoreQuestion, cast: SimpleNamespace) -> None:
    make_action("A", question=question, due="2024-11-20", updated="2024-11-20", confidence="Low")
    make_action("B", question=question, due="2024-12-10", level=3, updated="2024-09-01")
    make_action(
        "C",
        question=question,
        kind=Kind.AFI,
        status=Status.CLOSURE_PROPOSED,
        since="2024-11-01",
        updated="2024-11-20",
        confidence="High",
    )
    make_action("ELSEWHERE", due="2024-11-20")
    dive = deep_dive(question, cast.chair, BOARD)
    assert dive.live == 3
    assert [(row.label, row.in_progress, row.local_closure) for row in dive.rows] == [
        ("Recommendation level 2", 1, 0),
        ("Recommendation level 3", 1, 0),
        ("AFI level 2", 0, 1),
    ]
    assert [(str(value), number) for value, number in dive.confidence] == [
        ("High", 1),
        ("Medium", 0),
        ("Low", 1),
        ("None", 1),
    ]
    assert (dive.overdue, dive.due_soon, dive.stale, dive.low) == (1, 1, 1, 1)
    assert references(dive.actions) == ["A", "B", "C"]
    assert dive.withheld == 0


@db
def test_the_leads_are_those_of_the_day(question: CoreQuestion, cast: SimpleNamespace) -> None:
    assert deep_dive(question, cast.chair, BOARD).executive_lead == ""
    for name, started_on, ended_on in (
        ("ACC Baker", "2023-06-01", "2024-11-28"),
        ("ACC Felton", "2024-11-28", None),
    ):
        QuestionLead.objects.create(
            question=question,
            role=LeadRole.EXECUTIVE,
            lead=make_lead(name),
            started_on=day(started_on),
            ended_on=day(ended_on) if ended_on else None,
        )
    assert deep_dive(question, cast.chair, BOARD).executive_lead == "ACC Baker"
    assert deep_dive(question, cast.chair, day("2024-11-28")).executive_lead == "ACC Felton"


@db
def test_what_closed_since_the_last_deep_dive_of_it(
    question: CoreQuestion, cast: SimpleNamespace
) -> None:
    for reference, closed_on in (("EARLY", "2024-05-15"), ("JUNE", "2024-06-20"), ("NOV", BOARD)):
        make_action(reference, question=question, status=Status.CLOSED, since=closed_on)
    make_action("ELSEWHERE", status=Status.CLOSED, since="2024-09-01")
    never = deep_dive(question, cast.chair, BOARD)
    assert (never.last_done, never.closed_since) == (None, day("2023-11-30"))
    assert references(never.closed) == ["NOV", "JUNE", "EARLY"]
    closed_board("2024-06-19", question)
    closed_board("2024-10-16")
    dive = deep_dive(question, cast.chair, BOARD)
    assert (dive.last_done, dive.closed_since) == (day("2024-06-19"), day("2024-06-19"))
    assert references(dive.closed) == ["NOV", "JUNE"]


@db
def test_updates_since_the_last_board_the_newest_first(
    question: CoreQuestion, cast: SimpleNamespace
) -> None:
    action = make_action(question=question)
    gone = make_action(question=question, status=Status.CLOSED, since="2024-11-20")
    post(action, "2024-10-16", "On the day of the Board before.")
    post(action, "2024-10-17", "First.")
    post(gone, "2024-11-19", "Second.")
    post(action, "2024-11-27", "Third.")
    post(action, "2024-11-28", "After.")
    post(make_action(), "2024-11-20", "Of another area.")
    dive = deep_dive(question, cast.chair, BOARD)
    assert dive.updates_since == day("2024-10-28")
    assert [each.text for each in dive.updates] == ["Third.", "Second."]
    closed_board("2024-10-16")
    dive = deep_dive(question, cast.chair, BOARD)
    assert dive.updates_since == day("2024-10-16")
    assert [each.text for each in dive.updates] == ["Third.", "Second.", "First."]


@db
def test_what_is_sensitive_is_listed_to_those_who_may_read_it(
    question: CoreQuestion, cast: SimpleNamespace
) -> None:
    shown = make_action("SHOWN", question=question)
    hidden = make_action("HIDDEN", question=question, marking=Marking.SENSITIVE)
    make_action(
        "ENDED",
        question=question,
        status=Status.CLOSED,
        since="2024-11-01",
        marking=Marking.SENSITIVE,
    )
    post(shown, "2024-11-20", "Open.")
    post(shown, "2024-11-21", "A name.", marking=Marking.SENSITIVE)
    post(hidden, "2024-11-22", "Of a hidden action.")
    for action in (shown, hidden):
        for marking in Marking.values:
            evidence = make_evidence(marking=marking)
            ActionEvidence.objects.create(action=action, evidence=evidence)

    def seen(dive: DeepDive) -> tuple[Any, ...]:
        return (
            dive.live,
            references(dive.actions),
            dive.withheld,
            references(dive.closed),
            [each.text for each in dive.updates],
            dive.evidence,
        )

    assert seen(deep_dive(question, cast.member, BOARD)) == (2, ["SHOWN"], 1, [], ["Open."], 1)
    assert seen(deep_dive(question, cast.chair, BOARD)) == (
        2,
        ["HIDDEN", "SHOWN"],
        0,
        ["ENDED"],
        ["Of a hidden action.", "A name.", "Open."],
        4,
    )


@db
def test_evidence_is_counted_once_and_of_live_actions(
    question: CoreQuestion, cast: SimpleNamespace
) -> None:
    first, second = make_action(question=question), make_action(question=question)
    ended = make_action(question=question, status=Status.CLOSED, since="2024-11-01")
    shared = make_evidence()
    ActionEvidence.objects.create(action=first, evidence=shared)
    ActionEvidence.objects.create(action=second, evidence=shared)
    ActionEvidence.objects.create(action=ended, evidence=make_evidence())
    ActionEvidence.objects.create(action=first, evidence=make_evidence(), removed_at=timezone.now())
    assert deep_dive(question, cast.chair, BOARD).evidence == 1


@db
def test_the_trend_ends_on_the_day_and_begins_a_year_before(
    question: CoreQuestion, cast: SimpleNamespace
) -> None:
    make_action(question=question, received="2023-12-15")
    make_action(question=question, received="2024-03-31")
    dive = deep_dive(question, cast.chair, BOARD)
    assert [point.day for point in dive.trend][:2] == [day("2023-11-30"), day("2023-12-31")]
    assert [point.day for point in dive.trend][-2:] == [day("2024-10-31"), BOARD]
    assert [point.total for point in dive.trend] == [0, 1, 1, 1, *[2] * 9]
    leap = deep_dive(question, cast.chair, day("2024-02-29"))
    assert (leap.trend[0].day, leap.trend[-1].day) == (day("2023-02-28"), day("2024-02-29"))
    assert len(leap.trend) == len(dive.trend) == 13


@db
def test_the_number_of_queries_does_not_grow(question: CoreQuestion, cast: SimpleNamespace) -> None:
    def asked() -> int:
        user = User.objects.get(pk=cast.member.pk)
        with CaptureQueriesContext(connection) as queries:
            deep_dive(question, user, BOARD)
        return len(queries)

    closed_board("2024-10-16", question)
    before = asked()
    for _ in range(8):
        action = make_action(question=question, due="2024-11-01")
        post(action, "2024-11-20", "Done.")
        ActionEvidence.objects.create(action=action, evidence=make_evidence())
        make_action(question=question, status=Status.CLOSED, since="2024-11-01")
    assert asked() == before


# The chart ---------------------------------------------------------------------------------------


def points(*totals: int) -> list[TrendPoint]:
    ends = [dt.date(2024, month + 1, 1) - dt.timedelta(days=1) for month in range(1, 12)]
    return [
        TrendPoint(day=end, local=0, national=total, super_complaint=0)
        for end, total in zip(ends, totals, strict=False)
    ]


def test_every_bar_has_its_number_and_its_month() -> None:
    svg = trend_svg(points(7, 123, 0))
    for text in (">7<", ">123<", ">0<", ">Jan<", ">2024<", ">Feb<", ">Mar<"):
        assert text in svg, text


def test_the_words_tell_ends_most_and_fewest() -> None:
    assert trend_words("PAF 6", points(30, 41, 24, 40)) == (
        "Live actions of PAF 6 at the end of each month: 30 on 31 January 2024, 40 on 30 April "
        "2024. The most were 41, on 29 February 2024; the fewest 24, on 31 March 2024."
    )
    assert trend_words("PAF 6", points(3, 3)).endswith("The number was the same throughout.")


# The page ----------------------------------------------------------------------------------------


@db
def test_the_page_tells_all_of_it(
    question: CoreQuestion, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_meeting()
    closed_board("2024-10-16", question)
    action = make_action("ST-1", question=question, received="2024-01-01")
    post(action, "2024-11-20", "The audit is done.")
    make_action("ST-2", question=question, status=Status.CLOSED, since="2024-11-05")
    make_action("ST-3", question=question, marking=Marking.SENSITIVE)
    text = " ".join(sign_in(cast.member).get(PAGE).content.decode().split())
    for words in (
        "How good is the force at thing 1?",
        "Last done on 16 October 2024",
        "Updates since 16 October 2024",
        "The audit is done.",
        "Closed since 16 October 2024",
        "ST-2</a>, 5 November 2024",
        "1 more is not listed, because you may not read it.",
        "The numbers behind the chart",
        "30 November 2023",
        "PAF 2: How good is the force at thing 2?",
    ):
        assert words in text, words
    assert "ST-3" not in text


@db
def test_there_is_no_page_of_an_area_that_the_framework_of_the_day_has_not(
    question: CoreQuestion, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_meeting()
    member = sign_in(cast.member)
    assert member.get(PAGE).status_code == 200
    assert member.get("/board/2024-11-27/deep-dive/9/").status_code == 404
    assert member.get("/board/2024-11-26/deep-dive/1/").status_code == 404


@db
def test_of_a_closed_board_the_agenda_tells_what_it_went_deep_into(
    question: CoreQuestion, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    closed_board("2024-10-16", question)
    response = sign_in(cast.member).get("/board/2024-10-16/deep-dive/1/")
    assert (response.status_code, response["Location"]) == (302, "/board/2024-10-16/#deep-dive")
