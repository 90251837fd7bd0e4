"""What upper rooms know of actions from outside: how they stand on HMICFRS's portal.

Told on the page of an action, among its exceptions, and where a new one is recorded.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.models import Action

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Panel:
    """Something beside the facts of an action.

    Args:
        template: that shows it; it is given `panel`.
        contents: what it shows.
    """

    template: str
    contents: dict[str, Any]


# Day -> action's key -> how the portal differs, in a few words; None while nothing is known of it.
Differences = Callable[[dt.date], dict[int, str] | None]
Source = Callable[[Action, "User"], Panel | None]
# Portal reference -> what the portal says of it, by field of the form for a new action.
Descriptions = Callable[[str], dict[str, Any] | None]
# Portal reference -> the first day on which the portal showed it; None where that is not known.
FirstSeen = Callable[[str], dt.date | None]
_differences: list[Differences] = []
_descriptions: list[Descriptions] = []
_panels: list[Source] = []
_seen: list[FirstSeen] = []
_listeners: list[Callable[["User"], object]] = []


def portal_compared_by(source: Differences) -> None:
    """Let an upper room say how actions differ from the portal (called from `ready`)."""
    if source not in _differences:
        _differences.append(source)


def portal_differences(as_at: dt.date) -> dict[int, str] | None:
    """How actions differ from the portal on a day, by key; None where it was never compared."""
    for source in _differences:
        found = source(as_at)
        if found is not None:
            return found
    return None


def shown_beside_actions(source: Source) -> None:
    """Let an upper room show something on the page of an action (called from `ready`)."""
    if source not in _panels:
        _panels.append(source)


def panels_of(action: Action, user: "User") -> list[Panel]:
    """What upper rooms show beside an action, as it is now."""
    found = (source(action, user) for source in _panels)
    return [panel for panel in found if panel is not None]


def described_by(source: Descriptions) -> None:
    """Let an upper room say what the portal says of a reference (called from `ready`)."""
    if source not in _descriptions:
        _descriptions.append(source)


def description_of(portal_reference: str) -> dict[str, Any]:
    """What the portal says of a reference, for the form of a new action; empty where it is not
    known.
    """
    for source in _descriptions:
        if found := source(portal_reference):
            return found
    return {}


def seen_by(source: FirstSeen) -> None:
    """Let an upper room say since when the portal shows a reference (called from `ready`)."""
    if source not in _seen:
        _seen.append(source)


def first_seen(portal_reference: str) -> dt.date | None:
    """The first day on which the portal showed a reference; None where that is not known, or it
    shows it no longer.
    """
    found = (source(portal_reference) for source in _seen)
    return next((day for day in found if day is not None), None)


def told_of_new_actions(listener: Callable[["User"], object]) -> None:
    """Let an upper room know when somebody has recorded actions (called from `ready`)."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_of_new_actions(actor: "User") -> None:
    """Tell upper rooms that somebody has recorded actions. Not within the transaction that did:
    comparing waits for its turn before it locks an action.
    """
    for listener in _listeners:
        listener(actor)
