"""The periods an action gets with the first load (glossary, "First load from the force's list")."""

import datetime as dt

import pytest

from tests.factories import day
from tracker.choices import CloseReason, Status
from tracker.workflow import Step, first_periods

RECEIVED, REACHED = day("2023-01-11"), day("2023-01-18")


def periods(
    stage: Status, *, stage_date: dt.date = REACHED, level: int | None = 2
) -> list[tuple[str, dt.date, dt.date | None]]:
    closed = stage == Status.CLOSED
    steps = first_periods(
        received=RECEIVED,
        stage=stage,
        stage_date=stage_date,
        level=level,
        closed_on=stage_date if closed else None,
        close_reason=CloseReason.COMPLETED if closed else "",
    )
    assert {step.level for step in steps} == {level}
    # Nobody told what came between; that it waited for allocation is what the list says.
    assert [step.assumed for step in steps] == [
        step.status == Status.IN_PROGRESS and step.ended_on is not None for step in steps
    ]
    return [(step.status, step.started_on, step.ended_on) for step in steps]


def test_an_action_in_progress_waited_for_allocation_until_its_stage_date() -> None:
    assert periods(Status.IN_PROGRESS) == [
        (Status.AWAITING_ALLOCATION, RECEIVED, REACHED),
        (Status.IN_PROGRESS, REACHED, None),
    ]


@pytest.mark.parametrize("stage", [Status.CLOSURE_PROPOSED, Status.WITH_HMICFRS, Status.CLOSED])
def test_any_other_was_in_progress_until_its_stage(stage: Status) -> None:
    assert periods(stage) == [
        (Status.IN_PROGRESS, RECEIVED, REACHED),
        (stage, REACHED, None),
    ]


@pytest.mark.parametrize("stage", [Status.IN_PROGRESS, Status.CLOSED])
def test_a_stage_reached_on_the_day_of_receipt_is_the_only_period(stage: Status) -> None:
    assert periods(stage, stage_date=RECEIVED) == [(stage, RECEIVED, None)]


def test_level_1_closes_on_the_day_it_is_received() -> None:
    assert periods(Status.CLOSED, level=1) == [(Status.CLOSED, RECEIVED, None)]


def test_only_the_closed_period_has_a_reason_and_its_wording() -> None:
    before, last = first_periods(
        received=RECEIVED,
        stage=Status.CLOSED,
        stage_date=REACHED,
        level=3,
        closed_on=REACHED,
        close_reason=CloseReason.VERIFIED,
        original_wording="Closed by HMICFRS.",
    )
    assert before == Step(Status.IN_PROGRESS, 3, RECEIVED, REACHED, assumed=True)
    assert (last.close_reason, last.original_wording) == (
        CloseReason.VERIFIED,
        "Closed by HMICFRS.",
    )


@pytest.mark.parametrize(("closed_on", "reason"), [(None, CloseReason.COMPLETED), (REACHED, "")])
def test_nothing_closes_without_a_day_and_a_reason(closed_on: dt.date | None, reason: str) -> None:
    with pytest.raises(ValueError, match="a closing date and a reason"):
        first_periods(
            received=RECEIVED,
            stage=Status.CLOSED,
            stage_date=REACHED,
            level=2,
            closed_on=closed_on,
            close_reason=reason,
        )


def test_no_stage_is_reached_before_receipt() -> None:
    with pytest.raises(ValueError, match="before it is received"):
        periods(Status.IN_PROGRESS, stage_date=day("2023-01-10"))
