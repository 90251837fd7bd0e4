"""How each action may close: one table, kind x register x level -> route (domain glossary; paper
3.1).
"""

from dataclasses import dataclass

from tracker.choices import Kind, Register


@dataclass(frozen=True)
class Route:
    """A way to close.

    Args:
        key: name in code.
        title: name on pages.
        words: what it means, for somebody who has never closed an action.
        steps: what happens, in order, as the track on the action's page shows it.
    """

    key: str
    title: str
    words: str
    steps: tuple[str, ...]


NO_FOLLOW_UP = Route(
    "no_follow_up",
    "No follow-up",
    "HMICFRS does not follow this up: it is closed on the day it is received.",
    ("Received", "Closed"),
)
LOCAL_CLOSURE = Route(
    "local_closure",
    "Local closure",
    "The force closes this itself when the work is complete, with a letter signed by the Chief "
    "Constable.",
    ("Received", "In progress", "Closure proposed", "Closed"),
)
SELF_CERTIFICATION = Route(
    "self_certification",
    "Self-certification",
    "The force self-certifies with a letter signed by the Chief Constable; HMICFRS verifies at its "
    "next relevant inspection.",
    ("Received", "In progress", "Closure proposed", "With HMICFRS", "Closed"),
)
HMICFRS_ONLY = Route(
    "hmicfrs_only",
    "HMICFRS only",
    "The force cannot certify this itself: HMICFRS decides after further fieldwork of its own.",
    ("Received", "In progress", "Closed by HMICFRS"),
)
CAUSE_OF_CONCERN = Route(
    "cause_of_concern",
    "Cause of concern",
    "HMICFRS closes this, and only after every recommendation that belongs to it has closed.",
    ("Received", "In progress", "Closed by HMICFRS"),
)
LOCAL_TRACKING = Route(
    "local_tracking",
    "Local tracking",
    "Not on HMICFRS’s portal: the force tracks it and its Board closes it. No letter is needed.",
    ("Received", "In progress", "Closure proposed", "Closed"),
)

_BY_LEVEL = {1: NO_FOLLOW_UP, 2: LOCAL_CLOSURE, 3: SELF_CERTIFICATION, 4: HMICFRS_ONLY}


def route_of(kind: str, register: str, level: int | None) -> Route | None:
    """The route of an action; None while HMICFRS has not given it a level.

    Args:
        kind: a `Kind`.
        register: a `Register`.
        level: activity level 1-4, None where the action has none.
    """
    if register != Register.HMICFRS:
        return LOCAL_TRACKING
    if kind == Kind.CAUSE_OF_CONCERN:
        return CAUSE_OF_CONCERN
    return _BY_LEVEL.get(level) if level else None
