"""The snapshot: one drawing of every figure, in a fixed number of questions to the database."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.choices import LeadRole, PublicationType, Scope
from inspections.models import QuestionLead
from reports.figures import PublicationFacts, Snapshot, snapshot, trend_days
from reports.identities import identities
from tests.factories import day, make_action, make_framework, make_lead, make_publication
from tests.reports.conftest import SINCE, make_report
from tracker.choices import Register, Status

pytestmark = pytest.mark.django_db


def test_the_trend_begins_on_the_first_day_and_ends_on_the_last() -> None:
    days = trend_days(day("2024-09-12"), day("2024-11-20"))
    assert days == [day("2024-09-12"), day("2024-09-30"), day("2024-10-31"), day("2024-11-20")]


def test_a_first_day_that_is_a_month_end_stands_once() -> None:
    assert trend_days(day("2024-09-30"), day("2024-10-31")) == [
        day("2024-09-30"),
        day("2024-10-31"),
    ]


def test_only_publications_that_brought_actions_in_the_window_are_in_it() -> None:
    new = make_publication("New", published_on=day("2024-02-01"))
    make_action(publication=new, received="2024-02-02")
    make_action(publication=make_publication("Old"), received="2023-01-11")
    assert [facts.title for facts in snapshot(make_report()).publications] == ["New"]


def test_publications_stand_by_date_with_those_before_the_window_last() -> None:
    for title, published in (("C", "2024-05-01"), ("A", "2023-03-01"), ("B", "2024-01-01")):
        publication = make_publication(title, published_on=day(published))
        make_action(publication=publication, received="2024-06-01")
    found = snapshot(make_report()).publications
    assert [(facts.title, facts.before_window) for facts in found] == [
        ("B", False),
        ("C", False),
        ("A", True),
    ]


def test_section_six_sums_to_new_with_older_publications_in_it() -> None:
    make_action(publication=make_publication(published_on=day("2020-01-01")), received="2024-06-01")
    found = snapshot(make_report())
    assert sum(facts.new for facts in found.publications) == found.movement.new == 1
    assert identities(found) == []


def facts_of(received: str = "2024-02-02", **fields: Any) -> PublicationFacts:
    publication = make_publication(published_on=day("2024-02-01"), **fields)
    make_action(publication=publication, received=received)
    return snapshot(make_report()).publications[0]


def test_described_as_wins_over_the_type() -> None:
    facts = facts_of(type=PublicationType.SPOTLIGHT, described_as="National thematic inspection")
    assert facts.described_as == "National thematic inspection"


def test_a_super_complaint_described_in_other_words_is_introduced_by_them() -> None:
    facts = facts_of(type=PublicationType.SUPER_COMPLAINT, described_as="Joint answer")
    assert not facts.super_complaint_response


@pytest.mark.parametrize(
    ("published", "kept"), [("2024-12-10", True), ("2024-11-22", True), ("2024-12-11", False)]
)
def test_a_response_counts_up_to_the_day_of_the_meeting(published: str, kept: bool) -> None:
    facts = facts_of(response_published_on=day(published))
    assert bool(facts.response_published_on) is kept


def test_a_publication_without_area_or_lead_has_neither() -> None:
    facts = facts_of(scope=Scope.LOCAL)
    assert (facts.question, facts.executive_lead) == (None, "")
    assert facts.is_local


def test_the_framework_comes_with_the_leads_of_the_position_date() -> None:
    question = make_framework(questions=1).questions.get()
    for lead, start, end in (("Old", "2020-01-01", "2024-01-01"), ("New", "2024-01-01", None)):
        QuestionLead.objects.create(
            question=question,
            role=LeadRole.EXECUTIVE,
            lead=make_lead(lead),
            started_on=day(start),
            ended_on=day(end) if end else None,
        )
    framework = snapshot(make_report()).framework
    assert framework is not None
    assert [(q.executive_lead, q.delivery_lead) for q in framework.questions] == [("New", "")]
    assert framework.questions[0].topics[0].characteristics == ("The force does this well.",)


def test_without_a_framework_there_is_none() -> None:
    assert snapshot(make_report()).framework is None


def test_last_closed_is_the_latest_of_those_received_in_the_window() -> None:
    publication = make_publication(published_on=day("2023-12-01"))
    for received, closed in (
        ("2023-12-02", "2024-02-01"),
        ("2023-12-02", "2024-06-19"),
        ("2023-10-01", "2024-09-09"),
    ):
        make_action(publication=publication, received=received, status="closed", since=closed)
    facts = snapshot(make_report()).publications[0]
    assert (facts.new, facts.live, facts.completed) == (2, 0, 2)
    assert facts.last_closed_on == day("2024-06-19")


def test_a_snapshot_is_plain_values_that_json_can_keep() -> None:
    make_framework()
    make_action(received="2024-02-02")
    kept = json.dumps(dataclasses.asdict(snapshot(make_report())), cls=DjangoJSONEncoder)
    assert json.loads(kept)["movement"]["new"] == 1


def questions_asked(draw: Callable[[], Snapshot]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        draw()
    return len(asked)


def test_the_number_of_queries_grows_with_neither_actions_nor_months() -> None:
    make_framework(questions=1)
    make_action(received="2024-11-02")
    short = make_report(previous_as_at=day("2024-10-31"))
    few = questions_asked(lambda: snapshot(short))
    make_framework("2021-22", questions=4)
    for n in range(12):
        publication = make_publication(published_on=SINCE + dt.timedelta(days=20 * n))
        make_action(publication=publication, received=SINCE + dt.timedelta(days=20 * n + 1))
        make_action(register=Register.SUPER_COMPLAINT, received="2023-01-01", status=Status.CLOSED)
    long = make_report(committee="Other", previous_as_at=day("2022-10-31"))
    assert questions_asked(lambda: snapshot(long)) == few
