"""Actions arising from a Board: asked of somebody by a day, carried until they are done."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse

from board.agenda import standing_item
from board.models import ActionArising, AgendaItem
from board.notices import tell_of_arising
from core.collisions import what_to_write
from core.dates import long_date, now, today
from core.history import attribute
from people.models import User
from tracker.models import Action
from tracker.work import Item, Pile
from tracker.workflow import Refused


@transaction.atomic
def ask(item: AgendaItem, *, actor: User, text: str, owner: User, due_on: dt.date) -> ActionArising:
    """Ask something of somebody; they are told. Asked twice in the same words, it is one.

    Args:
        item: of the agenda, from which it arises.
        text: what is to be done.
        owner: who does it; somebody who can sign in.
        due_on: by when; not before the Board.

    Raises:
        Refused: the meeting is closed or cancelled, the item was taken off, the day is too early,
            or the owner has left or may not read what it is about.
        ValidationError: no text.
    """
    item = standing_item(item)
    _check(item, owner, due_on)
    known = item.arising.filter(text=text.strip(), owner=owner, due_on=due_on).first()
    if known is not None:
        return known
    arising = ActionArising(
        item=item, text=text.strip(), owner=owner, due_on=due_on, added_by=actor
    )
    _keep(arising, actor, "Asked by the Board")
    if owner != actor:
        tell_of_arising(arising)
    return arising


def _check(item: AgendaItem, owner: User, due_on: dt.date) -> None:
    if not owner.is_active:
        raise Refused(f"{owner} can no longer sign in. Choose somebody else.", "owner")
    closure = item.closure
    if closure and not Action.objects.visible_to(owner).filter(pk=closure.action_id).exists():
        raise Refused(
            f"{owner} may not read the action that this is about. Choose somebody who may.", "owner"
        )
    if due_on < item.meeting.held_on:
        raise Refused(
            f"{long_date(due_on)} is before the Board. Enter {long_date(item.meeting.held_on)} or "
            "a later day.",
            "due_on",
        )


def _keep(arising: ActionArising, actor: User, reason: str) -> None:
    attribute(arising, actor, reason)
    arising.full_clean()
    arising.save()


def _locked(arising: ActionArising) -> ActionArising:
    return (
        ActionArising.objects.select_for_update(of=("self",))
        .select_related("item__meeting", "owner")
        .get(pk=arising.pk)
    )


@transaction.atomic
def change(arising: ActionArising, *, actor: User, version: int, **fields: Any) -> ActionArising:
    """Change what is asked, of whom or by when, as long as it is not done. A new owner is told.

    Args:
        version: the one the writer saw.
        fields: of `text`, `owner`, `due_on`.

    Raises:
        Overtaken: somebody else changed the same fields first.
        Refused: it is done, or as for `ask`.
    """
    current = _locked(arising)
    if current.done_on is not None:
        raise Refused(_done_words(current))
    fields = what_to_write(current, version, fields)
    owner, due_on = fields.get("owner", current.owner), fields.get("due_on", current.due_on)
    _check(current.item, owner, due_on)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    before = current.owner
    for name, value in fields.items():
        setattr(current, name, value)
    _keep(current, actor, "Changed")
    if current.owner not in (before, actor):
        tell_of_arising(current)
    return current


@transaction.atomic
def finish(
    arising: ActionArising, *, actor: User, outcome: str, on: dt.date | None = None
) -> ActionArising:
    """Record that it is done; the next Board sees what came of it.

    Args:
        outcome: what came of it.
        on: the day it was done; None = today.

    Raises:
        Refused: it is done already, nothing is said, or the day is to come or before the Board.
    """
    current = _locked(arising)
    if current.done_on is not None:
        raise Refused(_done_words(current))
    if not outcome.strip():
        raise Refused("Say what came of it.", "outcome")
    day = on or today()
    if day > today():
        raise Refused(f"{long_date(day)} has not come yet. Enter today or an earlier day.", "on")
    asked_on = min(current.meeting.held_on, today())
    if day < asked_on:
        raise Refused(
            f"{long_date(day)} is before it was asked. Enter {long_date(asked_on)} or a later day.",
            "on",
        )
    current.done_on, current.done_by, current.outcome = day, actor, outcome.strip()
    current.done_at = now()
    _keep(current, actor, "Done")
    return current


def asked_by_boards(user: User) -> Pile:
    """What Boards ask of somebody, for the page of their work; the earliest due first."""
    items = [
        Item(
            action=None,
            about=str(each.meeting),
            text=each.text,
            note=f"{'overdue since' if each.overdue else 'due'} {long_date(each.due_on)}",
            cure="Record as done",
            href=reverse("board:arising_done", args=[each.pk]),
            key=f"arising:{each.pk}:{each.due_on}",
        )
        for each in ActionArising.objects.open().filter(owner=user).select_related("item__meeting")
    ]
    return Pile("arising", "Asked of you by the Board", len(items), items)


def _done_words(arising: ActionArising) -> str:
    assert arising.done_on is not None  # the caller looked
    day = long_date(arising.done_on)
    return f"This was recorded as done by {arising.done_by} on {day} already."
