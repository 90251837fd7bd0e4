"""The improvement plan: who keeps it, and what its items say."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.collisions import Overtaken
from inspections.choices import ImprovementState
from inspections.improving import add_item, change_item, end_item, may_change_item, owned_by
from inspections.models import ImprovementItem, Plenary
from tests.factories import (
    day,
    make_delegate,
    make_framework,
    make_lead,
    make_publication,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: SimpleNamespace) -> SimpleNamespace:
    owner = make_user("owner")
    return SimpleNamespace(
        question=make_framework().questions.get(number=1),
        governance=cast.governance,
        owner=owner,
        lead=make_lead("Head of Custody", owner),
    )


def add(plan: SimpleNamespace, **fields: Any) -> ImprovementItem:
    values = {
        "actor": plan.governance,
        "text": "Train the custody sergeants.",
        "owner": plan.lead,
        "due_on": day("2025-01-31"),
    }
    return add_item(plan.question, **{**values, **fields})


def change(item: ImprovementItem, plan: SimpleNamespace, **fields: Any) -> ImprovementItem:
    values = {
        "actor": plan.governance,
        "version": item.version,
        "text": item.text,
        "owner": item.owner,
        "due_on": item.due_on,
    }
    return change_item(item, **{**values, **fields})


def end(item: ImprovementItem, plan: SimpleNamespace, **fields: Any) -> ImprovementItem:
    values = {
        "actor": plan.governance,
        "state": ImprovementState.DONE,
        "outcome": "All of them are trained.",
        "ended_on": day("2024-11-20"),
    }
    return end_item(item, **{**values, **fields})


def test_an_item_says_who_does_what_by_when_and_where_it_came_from(plan: SimpleNamespace) -> None:
    plenary = Plenary.objects.create(publication=make_publication(), held_on=day("2024-11-01"))
    item = add(plan, text=" Train them. ", plenary=plenary)
    item.refresh_from_db()
    assert (item.text, item.owner, item.due_on) == ("Train them.", plan.lead, day("2025-01-31"))
    assert (item.plenary, item.recorded_by, item.state) == (plenary, plan.governance, "open")


def test_an_item_that_is_sent_twice_stands_once(plan: SimpleNamespace) -> None:
    assert add(plan) == add(plan)
    end(add(plan), plan)
    add(plan)
    assert sorted(ImprovementItem.objects.values_list("state", flat=True)) == ["done", "open"]


def test_an_item_without_words_is_refused(plan: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        add(plan, text="  ")


def test_who_does_not_lead_the_question_area_adds_nothing_and_the_owner_may_change_and_end(
    plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    with pytest.raises(PermissionDenied):
        add(plan, actor=plan.owner)
    item, clerk = add(plan), make_user("clerk")
    make_delegate(plan.lead, clerk)
    assert [may_change_item(item, each) for each in (plan.owner, clerk, cast.governance)] == [
        True
    ] * 3
    assert not may_change_item(item, cast.delivery)
    assert list(owned_by(plan.owner, day("2024-11-25"))) == [item]
    assert not owned_by(cast.delivery, day("2024-11-25")).exists()
    with pytest.raises(PermissionDenied):
        change(item, plan, actor=cast.staff, text="Something else.")
    with pytest.raises(PermissionDenied):
        end(item, plan, actor=cast.staff)


def test_a_change_is_kept_with_its_history_and_no_change_writes_nothing(
    plan: SimpleNamespace,
) -> None:
    item = change(add(plan), plan, due_on=day("2025-03-31"))
    assert (item.due_on, item.version, item.history.count()) == (day("2025-03-31"), 2, 2)
    assert change(item, plan).history.count() == 2


def test_who_is_second_is_told(plan: SimpleNamespace) -> None:
    item = add(plan)
    change(item, plan, text="Train the sergeants by autumn.")
    with pytest.raises(Overtaken):
        change(item, plan, text="Train them all.")


def test_an_item_ends_once_with_what_came_of_it(plan: SimpleNamespace) -> None:
    item = add(plan)
    with pytest.raises(ValidationError, match="Say what came of it"):
        end(item, plan, outcome=" ")
    with pytest.raises(ValidationError, match="has not come yet"):
        end(item, plan, ended_on=day("2024-11-26"))
    with pytest.raises(ValidationError, match="done or dropped"):
        end(item, plan, state=ImprovementState.OPEN)
    ended = end(item, plan)
    assert (ended.state, ended.ended_on) == ("done", day("2024-11-20"))
    assert end(item, plan).history.count() == 2
    with pytest.raises(ValidationError, match="ended already"):
        end(item, plan, outcome="Something else.")
    with pytest.raises(ValidationError, match="ended already"):
        change(ended, plan, text="Something else.")
