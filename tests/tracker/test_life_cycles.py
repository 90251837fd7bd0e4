"""Whole lives of actions, with the position checked as at each date."""

import datetime as dt
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories import day, make_action
from tests.tracker.closures import (
    a_cast,
    approved,
    assured,
    attach,
    led_action,
    on,
    signed,
    status_of,
)
from tracker import position, workflow
from tracker.choices import CloseReason, ClosureOutcome, ClosureStep, Kind, Status
from tracker.models import Action, Closure, StatusPeriod
from tracker.routes import LOCAL_CLOSURE
from tracker.track import track
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path, settings: Any) -> SimpleNamespace:
    settings.TODAY = day("2025-06-30")
    return a_cast()


def live(text: str) -> int:
    return position.stages(dt.date.fromisoformat(text)).live


def cause(received: str, recommendations: int) -> tuple[Action, list[Action]]:
    found = make_action(kind=Kind.CAUSE_OF_CONCERN, received=received)
    children = [
        make_action(received=received, level=4, parent=found) for _ in range(recommendations)
    ]
    return found, children


def closed_by_hmicfrs(action: Action, cast: SimpleNamespace, text: str) -> None:
    workflow.record_outcome(
        action,
        actor=cast.governance,
        closed=True,
        text="Seen in fieldwork.",
        document=attach(action, cast.governance),
        when=on(text),
    )


def test_causes_of_concern_and_their_recommendations_count_as_at_each_date(
    cast: SimpleNamespace,
) -> None:
    first, second = cause("2024-03-11", 6), cause("2024-03-11", 5)
    third = cause("2024-07-11", 2)
    for found, children in (first, second):
        for action in (*children, found):
            closed_by_hmicfrs(action, cast, "2025-04-15")
    for action in (*third[1], third[0]):
        closed_by_hmicfrs(action, cast, "2025-05-22")

    dates = ("2024-03-31", "2024-07-31", "2025-04-30", "2025-05-31")
    assert [live(text) for text in dates] == [13, 16, 3, 0]


def test_a_cause_closes_on_the_day_its_last_three_recommendations_close(
    cast: SimpleNamespace,
) -> None:
    found, children = cause("2024-03-11", 3)
    with pytest.raises(Refused, match="3 recommendations are still live"):
        closed_by_hmicfrs(found, cast, "2025-04-15")
    for child in children:
        closed_by_hmicfrs(child, cast, "2025-04-15")
    with pytest.raises(Refused, match="is too early: its recommendation"):
        closed_by_hmicfrs(found, cast, "2025-04-14")
    closed_by_hmicfrs(found, cast, "2025-04-15")

    assert (live("2025-04-14"), live("2025-04-15")) == (4, 0)


def test_received_and_closed_on_one_day_was_never_live(cast: SimpleNamespace) -> None:
    action = make_action(received="2024-05-01", level=4)
    closed_by_hmicfrs(action, cast, "2024-05-01")

    assert live("2024-05-01") == 0
    moved = position.movement(day("2024-04-30"), day("2024-05-01"))
    assert (moved.opening, moved.new, moved.closed, moved.closing) == (0, 1, 1, 0)


def test_a_reopened_action_is_live_again_and_takes_its_cause_with_it(
    cast: SimpleNamespace,
) -> None:
    found, (child,) = cause("2024-03-11", 1)
    closed_by_hmicfrs(child, cast, "2024-06-01")
    closed_by_hmicfrs(found, cast, "2024-06-01")
    workflow.reopen(child, actor=cast.governance, reason="Found again.", when=on("2024-09-01"))

    assert [live(text) for text in ("2024-05-31", "2024-06-30", "2024-09-01")] == [2, 0, 2]
    moved = position.movement(day("2024-06-30"), day("2024-09-30"))
    assert (moved.opening, moved.reopened, moved.closing) == (0, 2, 2)


def test_level_2_closes_with_the_signed_letter_and_not_before(cast: SimpleNamespace) -> None:
    action = led_action(level=2)
    closure = approved(action, cast, on("2024-06-03"))
    assert (status_of(action), closure.step) == (
        Status.CLOSURE_PROPOSED,
        ClosureStep.LETTER_AWAITED,
    )
    closure = signed(closure, cast, on("2024-06-10"))

    assert closure.outcome == ClosureOutcome.CLOSED
    period = workflow.open_period(action)
    assert (period.status, period.close_reason) == (Status.CLOSED, CloseReason.COMPLETED)
    assert (live("2024-06-09"), live("2024-06-10")) == (1, 0)
    workflow.record_upload([closure], actor=cast.governance, when=on("2024-06-12"))
    assert Closure.objects.get().uploaded_on == day("2024-06-12")


def test_level_3_goes_to_hmicfrs_and_comes_back_not_verified(cast: SimpleNamespace) -> None:
    action = led_action(level=3)
    closure = signed(approved(action, cast, on("2024-06-03")), cast, on("2024-06-10"))
    assert (status_of(action), closure.step) == (Status.CLOSURE_PROPOSED, ClosureStep.TO_UPLOAD)
    workflow.record_upload([closure], actor=cast.governance, when=on("2024-06-12"))
    assert position.stages(day("2024-06-12")).with_hmicfrs == 1
    workflow.record_verification(
        action, actor=cast.governance, verified=False, text="Not yet.", when=on("2024-10-01")
    )

    assert status_of(action) == Status.IN_PROGRESS
    assert Closure.objects.get().outcome == ClosureOutcome.NOT_VERIFIED
    assert position.stages(day("2024-10-01")).with_hmicfrs == 0


def test_level_3_closes_when_hmicfrs_verifies(cast: SimpleNamespace) -> None:
    action = led_action(level=3)
    closure = signed(approved(action, cast), cast)
    workflow.record_upload([closure], actor=cast.governance)
    workflow.record_verification(action, actor=cast.governance, verified=True, text="Seen.")

    assert workflow.open_period(action).close_reason == CloseReason.VERIFIED


def test_local_tracking_closes_with_the_approval(cast: SimpleNamespace) -> None:
    action = led_action(register="super_complaint")
    approved(action, cast)

    assert workflow.open_period(action).close_reason == CloseReason.COMPLETED


def test_a_level_that_changes_while_the_letter_is_awaited_ends_the_closure(
    cast: SimpleNamespace,
) -> None:
    action = led_action(level=2)
    closure = approved(action, cast, on("2024-06-03"))
    workflow.change_level(
        action, 3, actor=cast.governance, text="Its letter of 7 June.", when=on("2024-06-07")
    )

    closure.refresh_from_db()
    period = workflow.open_period(action)
    assert closure.outcome == ClosureOutcome.LEVEL_CHANGED
    assert (period.status, period.level) == (Status.IN_PROGRESS, 3)
    assert position.stages(day("2024-06-06")).local_closure == 1
    assert position.stages(day("2024-06-07")).in_progress == 1


def test_a_change_to_level_1_closes_that_day(cast: SimpleNamespace) -> None:
    action = led_action(level=2)
    workflow.change_level(action, 1, actor=cast.governance, text="Scan.", when=on("2024-06-07"))

    period = workflow.open_period(action)
    assert (period.status, period.close_reason) == (Status.CLOSED, CloseReason.NO_FOLLOW_UP)
    workflow.change_level(action, 2, actor=cast.governance, text="Engage.", when=on("2024-07-01"))
    assert status_of(action) == Status.IN_PROGRESS


def test_the_periods_of_a_life_touch_and_one_is_open(cast: SimpleNamespace) -> None:
    action = led_action(level=2)
    signed(approved(action, cast), cast)
    workflow.reopen(action, actor=cast.governance, reason="Found again.")

    periods = list(StatusPeriod.objects.filter(action=action).order_by("sequence"))
    assert [each.sequence for each in periods] == list(range(1, len(periods) + 1))
    for before, after in pairwise(periods):
        assert before.ended_on == after.started_on
    assert periods[-1].ended_on is None


def test_an_action_that_ended_in_another_way_shows_only_the_steps_it_took(
    cast: SimpleNamespace,
) -> None:
    closure = assured(led_action(level=2), cast)
    workflow.supersede(closure.action, actor=cast.governance, text="Newer report.")

    periods = list(closure.action.periods.all())
    shown = track(LOCAL_CLOSURE, periods, list(closure.events.all()))
    titles = [step["title"] for step in shown]
    assert titles == ["Received", "In progress", "Proposed", "Assured", "Closed"]
    assert {step["state"] for step in shown} == {"done"}
