"""Closures decided on the agenda of a Board are the workflow's own steps, and known as its."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from board.agenda import compile_agenda, remove_item
from board.choices import Section
from board.decisions import decide
from board.models import AgendaItem, Decision, Meeting
from tests.factories import day, make_item, make_meeting
from tests.tracker.closures import a_cast, assured, led_action, on, status_of
from tracker import workflow
from tracker.choices import ClosureEventKind, ClosureStep, Status
from tracker.models import Closure
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path) -> SimpleNamespace:
    return a_cast()


def on_agenda(closure: Closure, cast: SimpleNamespace, held_on: str = "2024-11-25") -> AgendaItem:
    """The item of a closure on the agenda of a Board; the tests run on 25 November 2024."""
    meeting = Meeting.objects.filter(held_on=held_on).first() or make_meeting(held_on)
    compile_agenda(meeting, actor=cast.governance)
    return meeting.items.get(closure=closure)


def test_an_approval_is_the_workflows_and_the_boards(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast)
    made = decide(item, "approve", actor=cast.chair)
    assert item.closure is not None
    closure = Closure.objects.get(pk=item.closure.pk)
    assert closure.step == ClosureStep.LETTER_AWAITED
    assert made.item == item
    assert (made.event.kind, made.event.recorded_by) == (ClosureEventKind.APPROVED, cast.chair)
    assert made.event.happened_on == day("2024-11-25")


def test_a_return_needs_a_reason_and_sends_the_action_back(cast: SimpleNamespace) -> None:
    action = led_action()
    item = on_agenda(assured(action, cast), cast)
    with pytest.raises(Refused):
        decide(item, "return", actor=cast.chair, text=" ")
    decide(item, "return", actor=cast.chair, text="Sample more cases.")
    assert status_of(action) == Status.IN_PROGRESS


def test_a_decision_sent_twice_is_on_record_once(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast)
    decide(item, "defer", actor=cast.chair, text="Wait for the audit.")
    decide(item, "defer", actor=cast.chair, text="Wait for the audit.")
    assert Decision.objects.filter(item=item).count() == 1
    decide(item, "approve", actor=cast.chair)
    with pytest.raises(Refused, match="approved"):
        decide(item, "approve", actor=cast.chair)
    assert Decision.objects.filter(item=item).count() == 2


def test_whoever_may_not_decide_elsewhere_does_not_decide_here(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast)
    for name in ("governance", "assurance", "executive", "deputy"):
        with pytest.raises(Refused):
            decide(item, "approve", actor=getattr(cast, name))
    assert not Decision.objects.exists()


def test_a_board_recorded_afterwards_keeps_its_own_day(
    cast: SimpleNamespace, settings: Any
) -> None:
    closure = assured(led_action(), cast, on("2024-11-18"))
    item = on_agenda(closure, cast, "2024-11-20")
    made = decide(item, "approve", actor=cast.chair)
    assert made.event.happened_on == day("2024-11-20")
    assert made.event.late_reason == (
        "Decided at the Board of 20 November 2024 and recorded afterwards."
    )


def test_what_came_after_a_board_is_not_decided_at_it(cast: SimpleNamespace) -> None:
    closure = assured(led_action(), cast, on("2024-11-21"))
    meeting = make_meeting("2024-11-20")
    assert compile_agenda(meeting, actor=cast.governance) == []
    item = make_item(meeting, Section.CLOSURES, closure=closure)
    with pytest.raises(Refused, match="21 November 2024, after this meeting"):
        decide(item, "approve", actor=cast.chair)


def test_before_the_board_a_decision_has_its_own_day(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast, "2024-11-27")
    made = decide(item, "approve", actor=cast.chair)
    assert made.event.happened_on == day("2024-11-25")


def test_what_was_taken_off_the_agenda_is_not_decided_there(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast)
    remove_item(item, actor=cast.governance, reason="Not ready.")
    with pytest.raises(Refused, match="no closure on the agenda"):
        decide(item, "approve", actor=cast.chair)


def test_what_was_decided_stays_on_the_agenda(cast: SimpleNamespace) -> None:
    item = on_agenda(assured(led_action(), cast), cast)
    decide(item, "approve", actor=cast.chair)
    with pytest.raises(Refused, match="decided or asked here"):
        remove_item(item, actor=cast.governance, reason="Not ready.")


def test_grounds_that_changed_since_the_page_was_opened_are_not_decided_on(
    cast: SimpleNamespace,
) -> None:
    closure = assured(led_action(), cast)
    item = on_agenda(closure, cast)
    seen = workflow.seen_mark(closure)
    decide(item, "defer", actor=cast.chair, text="Wait.", seen=seen)
    with pytest.raises(Refused, match="has changed since you opened the page"):
        decide(item, "approve", actor=cast.chair, seen=seen)
