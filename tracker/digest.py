"""What a mail tells about actions and closures: the piles of the page My work, in words.

An action that is marked OFFICIAL-SENSITIVE is told by its reference alone: mails leave the portal.
"""

import datetime as dt
import textwrap
from typing import TYPE_CHECKING

from core.markings import Marking
from people.digests import Line, Part
from tracker.improvement import my_items
from tracker.models import Action
from tracker.work import Item, Pile, asked_of, own_actions

if TYPE_CHECKING:
    from people.models import User

_TOLD_OF_OWN = ("overdue", "due_soon", "stale")
# Characters of what an action requires, and of a note, which may hold somebody's whole reason.
_TEXT, _NOTE = 70, 240


def own(user: "User", day: dt.date) -> list[Part]:
    """The live actions somebody leads that are overdue, due soon or stale."""
    piles = own_actions(user, day, shown=None)
    return [_part(pile) for pile in piles if pile.key in _TOLD_OF_OWN]


def asked(user: "User", day: dt.date) -> list[Part]:
    """Closures that came back to somebody, then what others wait for from them."""
    piles = asked_of(user, shown=None)
    return [_part(pile) for pile in sorted(piles, key=lambda pile: pile.key != "returned")]


def plan(user: "User", day: dt.date) -> list[Part]:
    """The improvement items of somebody's posts that are overdue or due soon."""
    pile = my_items(user)
    lines = [
        Line(f"{item.about} “{_short(item.text, _TEXT)}”: {item.note}", item.href, item.key)
        for item in pile.items
    ]
    return [Part(pile.heading, lines)] if lines else []


def named(action: Action) -> str:
    """An action as a mail names it: its reference and how its text begins, or that it is
    sensitive.
    """
    if action.marking == Marking.SENSITIVE:
        return f"{action.reference} ({Marking.SENSITIVE.label})"
    return f"{action.reference} “{_short(action.text, _TEXT)}”"


def _part(pile: Pile) -> Part:
    subject = _overdue if pile.key == "overdue" else None
    return Part(pile.heading, [_line(item) for item in pile.items], pile.href, subject)


def _overdue(number: int) -> str:
    return f"{number} action{'' if number == 1 else 's'} overdue"


def _line(item: Item) -> Line:
    assert item.action is not None  # StART's own piles are about actions
    text = named(item.action)
    if item.action.marking != Marking.SENSITIVE:
        text = f"{text}: {_short(item.note, _NOTE)}"
    return Line(text, item.href, item.key)


def _short(text: str, most: int) -> str:
    """A text on one line, cut after a word where it is long."""
    return textwrap.shorten(text, most, placeholder="…")
