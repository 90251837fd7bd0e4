"""Improvement plans and the actions they help to close."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.dates import long_date, today
from core.history import attribute
from inspections import improving
from inspections.choices import ImprovementState
from inspections.models import CoreQuestion, ImprovementItem
from tracker.models import Action, ImprovementAction
from tracker.work import Item, Pile

if TYPE_CHECKING:
    from people.models import User

# Owners are told of an item from so many days before it is due.
SOON_DAYS = 30


@dataclass(frozen=True)
class PlanItem:
    """An item of a plan on a day, for one reader.

    Args:
        item: with its owner and plenary session.
        actions: those it is linked to that the reader may read.
        withheld: how many others it is linked to.
        overdue: whether it is open after the day it was due.
        may_change: whether the reader may change and end it.
    """

    item: ImprovementItem
    actions: tuple[Action, ...]
    withheld: int
    overdue: bool
    may_change: bool


def is_overdue(item: ImprovementItem, day: dt.date) -> bool:
    """Whether an item is open after the day it was due."""
    return item.state == ImprovementState.OPEN and item.due_on is not None and item.due_on < day


def plan_of(
    question: CoreQuestion, user: "User", day: dt.date, *, may_assess: bool
) -> list[PlanItem]:
    """The improvement plan of a question area, as this person may read it.

    Args:
        question: the area.
        user: the reader.
        day: today.
        may_assess: whether they may change every item; else they may change their own.
    """
    items = list(question.improvement_items.in_plan_order())
    own = set(improving.owned_by(user, day).filter(question=question).values_list("pk", flat=True))
    readable, withheld = _linked(items, user)
    return [
        PlanItem(
            item=item,
            actions=tuple(readable[item.pk]),
            withheld=withheld[item.pk],
            overdue=is_overdue(item, day),
            may_change=item.state == ImprovementState.OPEN and (may_assess or item.pk in own),
        )
        for item in items
    ]


def _linked(
    items: Iterable[ImprovementItem], user: "User"
) -> tuple[dict[int, list[Action]], dict[int, int]]:
    """The actions of each item that somebody may read, and how many others there are."""
    links = ImprovementAction.objects.filter(item__in=list(items), removed_at=None)
    actions = Action.objects.visible_to(user).filter(pk__in=links.values("action")).in_bulk()
    readable: dict[int, list[Action]] = defaultdict(list)
    withheld: dict[int, int] = defaultdict(int)
    for link in links.order_by("action__reference"):
        if link.action_id in actions:
            readable[link.item_id].append(actions[link.action_id])
        else:
            withheld[link.item_id] += 1
    return readable, withheld


def actions_of(item: ImprovementItem, user: "User") -> list[Action]:
    """The actions an item is linked to that somebody may read, by reference."""
    readable, _ = _linked([item], user)
    return readable[item.pk]


@transaction.atomic
def add_to_plan(
    question: CoreQuestion, *, actor: "User | None", actions: Collection[Action] = (), **fields: Any
) -> ImprovementItem:
    """Put an item on the plan of a question area and link it to actions.

    Args:
        question: the area.
        actor: who adds it; None when it is loaded.
        actions: those it helps to close.
        fields: of `inspections.improving.add_item`, which says what is raised.
    """
    item = improving.add_item(question, actor=actor, **fields)
    for action in actions:
        _link(item, action, actor)
    return item


@transaction.atomic
def change_in_plan(
    item: ImprovementItem, *, actor: "User", actions: Collection[Action], **fields: Any
) -> ImprovementItem:
    """Change an item and the actions it is linked to; links to actions that the actor may not read
    stay.

    Args:
        actions: those it is to be linked to, of those that the actor may read.
        fields: of `inspections.improving.change_item`, which says what is raised.
    """
    item = improving.change_item(item, actor=actor, **fields)
    links = ImprovementAction.objects.filter(item=item, removed_at=None)
    readable = Action.objects.visible_to(actor)
    for link in links.filter(action__in=readable).exclude(action__in=actions):
        link.removed_at = timezone.now()
        attribute(link, actor, "No longer linked")
        link.save()
    for action in actions:
        _link(item, action, actor)
    return item


def _link(item: ImprovementItem, action: Action, actor: "User | None") -> None:
    if item.action_links.filter(action=action, removed_at=None).exists():
        return
    link = ImprovementAction(item=item, action=action, added_by=actor)
    attribute(link, actor, "Linked to the action")
    link.full_clean()
    link.save()


def my_items(user: "User") -> Pile:
    """The open improvement items of somebody's posts that are overdue or due soon, for the page of
    their work; the earliest due first.
    """
    day = today()
    mine = improving.owned_by(user, day).open()
    pressing = mine.filter(due_on__lte=day + dt.timedelta(days=SOON_DAYS))
    items = [
        Item(
            action=None,
            about=f"{each.question}, {each.owner}",
            text=each.text,
            note=f"{'was due on' if is_overdue(each, day) else 'due on'} {long_date(each.due_on)}",
            cure="Record what came of it",
            href=reverse(
                "tracker:improvement_end",
                args=[each.question.framework.version, each.question.number, each.pk],
            ),
            key=f"improvement:{each.pk}:{each.due_on}:{is_overdue(each, day)}",
        )
        for each in pressing.select_related("question__framework", "owner").order_by("due_on", "pk")
        if each.due_on
    ]
    return Pile("improvement", "Improvement items overdue or due soon", len(items), items)
