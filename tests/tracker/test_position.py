"""The position counts what the paper counts, as at any date."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.choices import LeadRole, Scope
from tests.factories import (
    day,
    make_action,
    make_framework,
    make_lead,
    make_publication,
    make_user,
)
from tracker import position
from tracker.choices import Kind, Register, Status

pytestmark = pytest.mark.django_db
TODAY = day("2024-11-20")


def row(label: str, as_at: str = "2024-11-20") -> position.Row:
    return {each.label: each for each in position.table(day(as_at)).rows}[label]


def test_an_empty_database_has_a_table_of_zeros() -> None:
    table = position.table(TODAY)
    assert len(table.rows) == 10
    assert table.total.total == 0


def test_an_action_counts_from_the_day_it_is_received() -> None:
    make_action(received="2024-03-05", level=2)
    assert row("Recommendation level 2", "2024-03-04").total == 0
    assert row("Recommendation level 2", "2024-03-05").total == 1


def test_an_action_stops_counting_on_the_day_it_closes() -> None:
    make_action(received="2024-03-05", status=Status.CLOSED, since="2024-06-01", level=3)
    assert row("Recommendation level 3", "2024-05-31").total == 1
    assert row("Recommendation level 3", "2024-06-01").total == 0


def test_local_and_national_are_counted_apart() -> None:
    make_action(kind=Kind.AFI, scope=Scope.LOCAL, level=3)
    make_action(kind=Kind.AFI, scope=Scope.NATIONAL, level=3)
    counted = row("AFI level 3")
    assert (counted.local, counted.national, counted.total) == (1, 1, 2)


def test_a_level_not_given_yet_has_a_row_only_while_there_is_such_an_action() -> None:
    assert "AFI, level not given yet" not in {r.label for r in position.table(TODAY).rows}
    make_action(kind=Kind.AFI, level=None)
    assert row("AFI, level not given yet").national == 1


def test_actions_of_other_bodies_and_internal_reviews_are_not_counted() -> None:
    make_action(register=Register.OTHER_BODY)
    make_action(register=Register.INTERNAL)
    assert position.table(TODAY).total.total == 0


def test_an_entry_in_error_leaves_every_date() -> None:
    make_action(entered_in_error=True)
    assert position.table(TODAY).total.total == 0
    assert position.movement(day("2020-01-01"), TODAY).new == 0


@pytest.mark.parametrize(
    ("status", "level", "register", "stage"),
    [
        (Status.AWAITING_ALLOCATION, 2, Register.HMICFRS, "in_progress"),
        (Status.IN_PROGRESS, 2, Register.HMICFRS, "in_progress"),
        (Status.CLOSURE_PROPOSED, 2, Register.HMICFRS, "local_closure"),
        (Status.CLOSURE_PROPOSED, 3, Register.HMICFRS, "in_progress"),
        (Status.CLOSURE_PROPOSED, None, Register.SUPER_COMPLAINT, "local_closure"),
        (Status.WITH_HMICFRS, 3, Register.HMICFRS, "with_hmicfrs"),
    ],
)
def test_each_status_is_seen_through_its_stage(
    status: str, level: int | None, register: str, stage: str
) -> None:
    make_action(
        received="2024-01-01", since="2024-02-01", status=status, level=level, register=register
    )
    stages = position.stages(TODAY)
    assert getattr(stages, stage) == 1
    assert stages.live == 1


def test_live_actions_not_on_the_portal_are_counted_within_their_stage() -> None:
    make_action(on_portal=False)
    make_action(on_portal=True)
    make_action(gone_since="2024-11-20")
    stages = position.stages(TODAY)
    assert stages.in_progress_not_on_portal == 2
    assert stages.not_on_portal == 2


def test_a_movement_compares_its_two_ends() -> None:
    make_action(received="2023-01-01")
    make_action(received="2023-01-01", status=Status.CLOSED, since="2024-01-01")
    make_action(received="2024-01-01")
    make_action(received="2024-01-01", status=Status.CLOSED, since="2024-02-01", on_portal=False)
    moved = position.movement(day("2023-10-31"), TODAY)
    assert (moved.opening, moved.new, moved.reopened, moved.closed, moved.closing) == (
        2,
        2,
        0,
        2,
        2,
    )
    assert moved.closed_not_on_portal == 1
    assert moved.adds_up


def test_a_level_1_action_is_new_and_closed_on_the_day_it_is_received() -> None:
    make_action(received="2024-01-01", status=Status.CLOSED, level=1)
    moved = position.movement(day("2023-10-31"), TODAY)
    assert (moved.new, moved.closed, moved.closing) == (1, 1, 0)


def test_a_movement_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="must start before it ends"):
        position.movement(TODAY, day("2023-10-31"))


def test_actions_of_a_publication_are_counted_by_how_they_stand() -> None:
    publication = make_publication()
    make_action(publication=publication)
    make_action(publication=publication, status=Status.CLOSED, since="2024-06-19")
    make_action()
    counts = position.by_publication(TODAY, [publication.pk])
    assert list(counts) == [publication.pk]
    count = counts[publication.pk]
    assert (count.received, count.live, count.closed) == (2, 1, 1)
    assert count.last_closed_on == day("2024-06-19")


def test_what_was_received_in_a_window_sums_to_new() -> None:
    publication = make_publication()
    make_action(publication=publication, received="2024-05-01", level=2)
    make_action(publication=publication, received="2024-05-01", level=2)
    make_action(publication=publication, received="2024-05-01", level=2, kind=Kind.AFI)
    make_action(publication=publication, received="2023-05-01", level=2)
    groups = position.received_by_publication(day("2023-10-31"), TODAY)
    assert [(g.kind, g.level, g.count, g.live) for g in groups] == [
        (Kind.RECOMMENDATION, 2, 2, 2),
        (Kind.AFI, 2, 1, 1),
    ]
    assert sum(g.count for g in groups) == position.movement(day("2023-10-31"), TODAY).new


def test_live_actions_are_counted_by_question_area_and_those_without_one_too() -> None:
    framework = make_framework()
    question = framework.questions.get(number=1)
    make_action(question=question)
    make_action()
    assert position.by_question(TODAY) == {question.pk: 1, None: 1}


def test_live_actions_are_counted_by_the_lead_of_the_day() -> None:
    make_action(executive="ACC Baker", received="2024-01-01")
    make_action(received="2024-01-01")
    baker = make_lead("ACC Baker")
    assert position.by_lead(TODAY, LeadRole.EXECUTIVE) == {baker.pk: 1, None: 1}
    assert position.by_lead(TODAY, LeadRole.DELIVERY) == {None: 2}


def test_confidence_is_that_of_the_last_rated_update_by_the_day() -> None:
    make_action(confidence="Low", updated="2024-11-01", received="2024-01-01")
    make_action(received="2024-01-01")
    assert position.by_confidence(TODAY) == {3: 1, None: 1}
    assert position.by_confidence(day("2024-10-31")) == {None: 2}


def test_live_actions_are_counted_by_the_type_of_their_publication() -> None:
    make_action()
    assert position.by_type(TODAY) == {"national_thematic": 1}


def test_a_trend_without_days_asks_nothing() -> None:
    assert position.trend([]) == []


def test_the_number_of_queries_does_not_grow_with_actions_or_months() -> None:
    def asked(months: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            position.table(TODAY)
            position.stages(TODAY)
            position.movement(day("2023-10-31"), TODAY)
            position.trend([day("2023-10-31")] * months)
            position.by_publication(TODAY)
        return len(queries)

    before = asked(2)
    for _ in range(20):
        make_action()
    assert asked(24) == before


def test_exceptions_count_what_asks_for_attention() -> None:
    make_action(received="2024-01-01", due="2024-11-19", updated="2024-11-01")
    make_action(received="2024-01-01", due="2024-11-20", updated="2024-11-01")
    make_action(received="2024-01-01", due="2024-12-21", updated="2024-10-01")
    make_action(received="2024-01-01", confidence="Low", updated="2024-11-01")
    make_action(received="2024-01-01", due="2024-01-02", status=Status.CLOSED, since="2024-02-01")
    found = position.exceptions(TODAY)
    assert found.overdue == 1
    assert found.due_soon == 1
    assert found.stale == 1
    assert found.low_confidence == 1
    assert found.without_due_date == 1


def test_a_new_action_is_not_stale_before_its_first_month_is_over() -> None:
    make_action(received="2024-11-01")
    assert position.exceptions(TODAY).stale == 0
    assert position.exceptions(day("2024-12-02")).stale == 1


def test_my_workload_counts_only_actions_led_by_posts_i_hold() -> None:
    user = make_user("helen")
    make_lead("Head of Crime", holder=user)
    make_action(delivery="Head of Crime", received="2024-01-01", due="2024-11-01")
    make_action(delivery="Head of Finance", received="2024-01-01", due="2024-11-01")
    assert position.workload(user, TODAY) == {
        "live": 1,
        "overdue": 1,
        "due_soon": 0,
        "stale": 1,
        "without_expected": 1,
    }


def test_stages_are_counted_by_row_of_the_table_and_add_up_to_it() -> None:
    make_action(level=2)
    make_action(level=2, status=Status.CLOSURE_PROPOSED, since="2024-02-01")
    make_action(level=3, status=Status.CLOSURE_PROPOSED, since="2024-02-01")
    make_action(level=3, status=Status.WITH_HMICFRS, since="2024-02-01")
    make_action(register=Register.SUPER_COMPLAINT, status=Status.CLOSED, since="2024-02-01")
    make_action(kind=Kind.CAUSE_OF_CONCERN)
    rows = position.stages_by_row(TODAY)
    assert [(r.label, r.in_progress, r.local_closure, r.with_hmicfrs, r.total) for r in rows] == [
        ("Cause of concern", 1, 0, 0, 1),
        ("Recommendation level 2", 1, 1, 0, 2),
        ("Recommendation level 3", 1, 0, 1, 2),
    ]
    table = {each.label: each.total for each in position.table(TODAY).rows if each.total}
    assert {each.label: each.total for each in rows} == table
    stages = position.stages(TODAY)
    assert sum(each.in_progress for each in rows) == stages.in_progress
    assert sum(each.local_closure for each in rows) == stages.local_closure
    assert sum(each.with_hmicfrs for each in rows) == stages.with_hmicfrs


def test_the_counts_of_one_question_area_are_of_its_actions_only() -> None:
    first, second = make_framework().questions.order_by("number")
    late: dict[str, Any] = {
        "due": "2024-11-01",
        "confidence": "Low",
        "received": "2024-01-01",
    }
    make_action(question=first, **late)
    make_action(question=second, **late)
    make_action(question=second, **late)
    make_action(**late)
    for question, number in ((first, 1), (second, 2)):
        found = position.exceptions(TODAY, question)
        assert (found.overdue, found.stale, found.low_confidence) == (number, number, number)
        assert position.by_confidence(TODAY, question) == {3: number}
        assert [row.total for row in position.stages_by_row(TODAY, question)] == [number]
        points = position.trend([day("2023-12-31"), TODAY], question)
        assert [point.total for point in points] == [0, number]
    assert position.exceptions(TODAY).overdue == 4
