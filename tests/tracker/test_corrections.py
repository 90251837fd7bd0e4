"""A day that was recorded wrongly is put right, and everything that hangs on it follows."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inspections.choices import LeadRole
from tests.factories import day, make_action, make_lead, make_publication
from tests.tracker.closures import a_cast, approved, assured, led_action, on, proposed, signed
from tracker import position, workflow
from tracker.choices import ClosureEventKind, Kind, Status
from tracker.models import Action, ActionLead, Closure, StatusPeriod
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path, settings: Any) -> SimpleNamespace:
    settings.TODAY = day("2025-06-30")
    return a_cast()


def live(text: str) -> int:
    return position.stages(day(text)).live


def correct(action: Action, sequence: int, text: str, cast: SimpleNamespace) -> StatusPeriod:
    return workflow.correct_day(
        action, sequence, actor=cast.governance, day=day(text), reason="The letter says so."
    )


def closed_action(**fields: Any) -> Action:
    values = {"received": "2024-03-11", "status": Status.CLOSED, "since": "2024-06-20"}
    return make_action(**{**values, **fields})


def starts(action: Action) -> list[str]:
    return [each.started_on.isoformat() for each in action.periods.order_by("sequence")]


@pytest.mark.parametrize("right", ["2024-05-20", "2024-08-20"])
def test_a_corrected_closing_day_moves_the_figures_of_past_dates(
    cast: SimpleNamespace, right: str
) -> None:
    action = closed_action()
    correct(action, 2, right, cast)

    first, last = action.periods.all()
    assert first.ended_on == last.started_on == day(right)
    assert live((day(right) - dt.timedelta(days=1)).isoformat()) == 1
    assert live(right) == 0
    assert last.late_reason == "Day corrected, it was 20 June 2024: The letter says so."
    history: Any = StatusPeriod.history
    assert history.filter(id=last.pk, started_on=day("2024-06-20")).exists()


@pytest.mark.parametrize("right", ["2024-03-01", "2024-03-20"])
def test_what_began_on_the_day_of_receipt_moves_with_it(cast: SimpleNamespace, right: str) -> None:
    action = led_action(received="2024-03-11", due="2024-12-31")
    action.portal_presences.update(assumed=True)
    correct(action, 1, right, cast)

    assert starts(action) == [right]
    assert {each.started_on for each in action.leads.all()} == {day(right)}
    assert action.portal_presences.get().started_on == day(right)
    assert action.due_dates.get().agreed_on == day(right)


def test_a_lead_that_held_for_no_day_stays_where_it_is(cast: SimpleNamespace) -> None:
    action = led_action(received="2024-03-11")
    ActionLead.objects.create(
        action=action,
        role=LeadRole.DELIVERY,
        lead=make_lead("Head of Custody"),
        started_on=day("2024-03-11"),
        ended_on=day("2024-03-11"),
    )
    correct(action, 1, "2024-03-01", cast)
    held = action.leads.filter(role=LeadRole.DELIVERY).order_by("started_on")
    assert [(each.started_on, each.ended_on) for each in held] == [
        (day("2024-03-01"), None),
        (day("2024-03-11"), day("2024-03-11")),
    ]


@pytest.mark.parametrize(
    ("sequence", "right", "sentence"),
    [
        (1, "2023-01-01", "too early: the publication is of 10 January 2023"),
        (1, "2024-06-25", "too late: this status ended on 20 June 2024"),
        (1, "2024-06-10", "too late: the action was due on 1 June 2024"),
        (2, "2024-03-01", "too early: it became “in progress” on 11 March 2024"),
        (2, "2025-07-01", "has not come yet"),
        (2, "2024-06-20", "recorded already"),
    ],
)
def test_a_corrected_day_fits_between_its_neighbours(
    cast: SimpleNamespace, sequence: int, right: str, sentence: str
) -> None:
    action = closed_action(due="2024-06-01")
    with pytest.raises(Refused, match=sentence):
        correct(action, sequence, right, cast)
    assert starts(action) == ["2024-03-11", "2024-06-20"]


def test_only_the_month_of_a_publication_may_be_known(cast: SimpleNamespace) -> None:
    publication = make_publication(published_on=day("2024-03-10"), date_precision="month")
    action = make_action(publication=publication, received="2024-03-11")
    correct(action, 1, "2024-03-05", cast)
    assert starts(action) == ["2024-03-05"]


def test_no_correction_closes_a_cause_of_concern_above_a_live_recommendation(
    cast: SimpleNamespace,
) -> None:
    cause = closed_action(kind=Kind.CAUSE_OF_CONCERN)
    child = closed_action(parent=cause, level=3)
    for action, right in ((cause, "2024-06-01"), (child, "2024-07-01")):
        with pytest.raises(Refused, match=f"the cause of concern {cause} would have been closed"):
            correct(action, 2, right, cast)
    correct(child, 2, "2024-06-01", cast)
    correct(cause, 2, "2024-06-01", cast)
    assert live("2024-06-10") == 0


# Days that belong to a closure -------------------------------------------------------------------


def a_closed_closure(cast: SimpleNamespace) -> Closure:
    """Proposed 1 April, assured 3 May, approved 3 June, signed and closed 10 June."""
    action = led_action(level=2)
    closure = proposed(action, cast, on("2024-04-01"))
    workflow.assure(closure, actor=cast.assurance, text="Read.", when=on("2024-05-03"))
    workflow.approve(closure, actor=cast.chair, when=on("2024-06-03"))
    closure.refresh_from_db()
    return signed(closure, cast, on("2024-06-10"))


def test_the_days_of_a_closure_follow_those_of_its_action(cast: SimpleNamespace) -> None:
    closure = a_closed_closure(cast)
    correct(closure.action, 2, "2024-04-20", cast)
    correct(closure.action, 3, "2024-06-12", cast)

    closure.refresh_from_db()
    assert (closure.proposed_on, closure.ended_on) == (day("2024-04-20"), day("2024-06-12"))
    event = closure.events.get(kind=ClosureEventKind.LETTER_FILED)
    assert event.happened_on == day("2024-06-12")
    assert event.late_reason.endswith("it was 10 June 2024: The letter says so.")


@pytest.mark.parametrize(
    ("sequence", "right", "sentence"),
    [
        (2, "2024-05-20", "too late: its closure has “assured” on 3 May 2024"),
        (3, "2024-05-20", "too early: its closure has “approved” on 3 June 2024"),
        (3, "2024-06-05", "too early: the letter was signed on 10 June 2024"),
    ],
)
def test_the_steps_of_a_closure_stay_in_order(
    cast: SimpleNamespace, sequence: int, right: str, sentence: str
) -> None:
    closure = a_closed_closure(cast)
    with pytest.raises(Refused, match=sentence):
        correct(closure.action, sequence, right, cast)
    closure.refresh_from_db()
    assert closure.ended_on == day("2024-06-10")


def test_another_period_of_the_same_day_leaves_the_closure_alone(cast: SimpleNamespace) -> None:
    action = led_action(received="2024-03-01", status=Status.AWAITING_ALLOCATION)
    workflow.allocate(
        action,
        actor=cast.governance,
        executive=action.leads.get(role=LeadRole.EXECUTIVE).lead,
        when=on("2024-04-01"),
    )
    closure = proposed(action, cast, on("2024-04-01"))
    correct(action, 2, "2024-03-20", cast)

    closure.refresh_from_db()
    assert closure.proposed_on == day("2024-04-01")
    assert starts(action) == ["2024-03-01", "2024-03-20", "2024-04-01"]


def test_a_returned_closure_and_the_next_of_the_same_day_are_told_apart(
    cast: SimpleNamespace,
) -> None:
    action = led_action(level=2)
    first = assured(action, cast, on("2024-04-01"))
    workflow.send_back(first, actor=cast.chair, reason="Add a sample.", when=on("2024-05-01"))
    second = proposed(action, cast, on("2024-05-01"))
    assert [each.sequence for each in action.periods.all()] == [1, 2, 3, 4]
    correct(action, 4, "2024-05-09", cast)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_on == day("2024-05-01")
    assert second.proposed_on == day("2024-05-09")


def test_the_upload_of_a_certified_action_follows(cast: SimpleNamespace) -> None:
    closure = signed(approved(led_action(level=3), cast, on("2024-06-03")), cast, on("2024-06-10"))
    workflow.record_upload([closure], actor=cast.governance, when=on("2024-06-20"))
    with pytest.raises(Refused, match="“signed letter filed” on 10 June 2024"):
        correct(closure.action, 3, "2024-06-05", cast)
    correct(closure.action, 3, "2024-06-14", cast)
    closure.refresh_from_db()
    assert closure.uploaded_on == closure.step_since == day("2024-06-14")
