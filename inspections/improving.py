"""The improvement plan of a question area: what the force does of its own accord to reach the
standard of good.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from inspections.assessing import may_assess
from inspections.choices import ImprovementState
from inspections.models import CoreQuestion, Framework, ImprovementItem, Plenary
from people.models import Lead

if TYPE_CHECKING:
    from inspections.queries import ImprovementQuerySet
    from people.models import User

_ENDED = "This item has ended already. Nothing was changed."


def may_change_item(item: ImprovementItem, user: "User") -> bool:
    """Whether somebody may change or end an item today: those who may assess its question area, and
    those who hold its owner's post or may post for it.
    """
    return may_assess(item.question, user) or owned_by(user, today()).filter(pk=item.pk).exists()


def owned_by(user: "User", day: dt.date) -> "ImprovementQuerySet":
    """The items of the posts that somebody holds on a day, or may post for."""
    return ImprovementItem.objects.filter(owner__in=Lead.objects.posted_for_by(user, day))


@transaction.atomic
def add_item(
    question: CoreQuestion,
    *,
    actor: "User | None",
    text: str,
    owner: Lead,
    due_on: dt.date | None,
    plenary: Plenary | None = None,
) -> ImprovementItem:
    """Put an item on the improvement plan of a question area.

    The same words for the same owner, still open, are the same item: saved twice, it stands once.

    Args:
        question: the area.
        actor: who adds it; None when it is loaded.
        text: what is to be done.
        owner: the post that does it.
        due_on: by when; None where that is still open.
        plenary: the session it came from.

    Raises:
        PermissionDenied: the actor may not keep the plan of this question area.
        ValidationError: by field, where something does not fit.
    """
    if actor is not None and not may_assess(question, actor):
        raise PermissionDenied(_why_not(question))
    CoreQuestion.objects.select_for_update().get(pk=question.pk)
    text = text.strip()
    there = question.improvement_items.open().filter(text=text, owner=owner).first()
    if there is not None:
        return there
    item = ImprovementItem(
        question=question,
        text=text,
        owner=owner,
        due_on=due_on,
        plenary=plenary,
        recorded_by=actor,
    )
    return _save(item, actor, "Added to the improvement plan")


def _why_not(question: CoreQuestion) -> str:
    """Why somebody may not keep the plan of a question area."""
    now = Framework.objects.in_force()
    if now and question.framework.in_force_from < now.in_force_from:
        return (
            f"{question} is of version {question.framework.version}, which is no longer in force: "
            f"its plan stays as it was. Choose a question area of {now.version}."
        )
    return f"Those who lead {question} today keep its improvement plan."


@transaction.atomic
def change_item(
    item: ImprovementItem,
    *,
    actor: "User",
    version: int,
    text: str,
    owner: Lead,
    due_on: dt.date | None,
) -> ImprovementItem:
    """Change what is to be done, by whom or by when; what is as it was is not written.

    Args:
        version: the one the writer saw.

    Raises:
        PermissionDenied: the actor may not change it.
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: it has ended, or a field does not fit.
    """
    current = _locked(item, actor)
    if current.state != ImprovementState.OPEN:
        raise ValidationError(_ENDED)
    fields = {"text": text.strip(), "owner": owner, "due_on": due_on}
    wanted = what_to_write(current, version, fields)
    if all(getattr(current, name) == value for name, value in wanted.items()):
        return current
    for name, value in wanted.items():
        setattr(current, name, value)
    return _save(current, actor, "Improvement item changed")


@transaction.atomic
def end_item(
    item: ImprovementItem,
    *,
    actor: "User | None",
    state: str,
    outcome: str,
    ended_on: dt.date | None = None,
) -> ImprovementItem:
    """Say that an item is done, or dropped, and what came of it. Said twice, it stands once.

    Args:
        actor: who says so; None when it is loaded.
        state: done or dropped.
        outcome: what came of it, or why it was dropped.
        ended_on: the day; None = today.

    Raises:
        PermissionDenied: the actor may not end it.
        ValidationError: it ended otherwise before, in the future or without an outcome.
    """
    current = _locked(item, actor)
    day = ended_on or today()
    fields = {"state": state, "outcome": outcome.strip(), "ended_on": day}
    if current.state != ImprovementState.OPEN:
        if all(getattr(current, name) == value for name, value in fields.items()):
            return current
        raise ValidationError(_ENDED)
    if state not in (ImprovementState.DONE, ImprovementState.DROPPED):
        raise ValidationError({"state": "Say whether it is done or dropped."})
    if day > today():
        raise ValidationError(
            {"ended_on": f"{long_date(day)} has not come yet. Enter today or an earlier day."}
        )
    for name, value in fields.items():
        setattr(current, name, value)
    return _save(current, actor, f"Improvement item {state}")


def _locked(item: ImprovementItem, actor: "User | None") -> ImprovementItem:
    if actor is not None and not may_change_item(item, actor):
        raise PermissionDenied("Those who lead the question area, and the owner, change an item.")
    return ImprovementItem.objects.select_for_update().get(pk=item.pk)


def _save(item: ImprovementItem, actor: "User | None", reason: str) -> ImprovementItem:
    attribute(item, actor, reason)
    item.full_clean()
    item.save()
    return item
