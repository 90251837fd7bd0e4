"""How each action may close: one table, kind x register x level -> route (domain glossary; paper
3.1). What each route asks for is data here; `tracker.workflow` acts on it.
"""

from dataclasses import dataclass

from tracker.choices import ClosureStep, Kind, Register, Status


@dataclass(frozen=True)
class RouteStep:
    """A step on the way to closing, as the track on pages shows it.

    Args:
        title: its name.
        waiting: the statuses and closure steps in which an action waits for it to be done.
        who: who does it.
    """

    title: str
    waiting: tuple[str, ...]
    who: str = ""


@dataclass(frozen=True)
class Route:
    """A way to close.

    Args:
        key: name in code.
        title: name on pages.
        words: what it means, for somebody who has never closed an action.
        steps: what happens, in order.
        proposed: the force proposes, assures and decides it.
        letter: a letter signed by the Chief Constable is needed.
        verified: HMICFRS verifies it after the force has certified it.
        ended_by_hmicfrs: only HMICFRS withdraws or supersedes it, in a document of its own.
        why_not_proposed: what to tell somebody who wants to propose it; empty where they may.
    """

    key: str
    title: str
    words: str
    steps: tuple[RouteStep, ...]
    proposed: bool = False
    letter: bool = False
    verified: bool = False
    ended_by_hmicfrs: bool = False
    why_not_proposed: str = ""

    @property
    def decided_by_hmicfrs(self) -> bool:
        """HMICFRS decides by itself, without a certificate of the force."""
        return self.ended_by_hmicfrs and not self.proposed

    @property
    def may_be_refused(self) -> bool:
        """A chief officer may say that the force does not accept it."""
        return not self.ended_by_hmicfrs


_RECEIVED = RouteStep("Received", (Status.AWAITING_ALLOCATION,), "Governance allocates")
_WORK = RouteStep("In progress", (Status.IN_PROGRESS,), "Delivery lead")
_PROPOSED = RouteStep("Proposed", (ClosureStep.TO_COMPLETE,), "Delivery or executive lead")
_ASSURED = RouteStep("Assured", (ClosureStep.TO_ASSURE,), "Review and Assurance")
_DECIDED = RouteStep("Board decision", (ClosureStep.FOR_BOARD,), "Chair of the Board")
_LETTER = RouteStep("Letter signed", (ClosureStep.LETTER_AWAITED,), "Chief Constable")
_WITH_HMICFRS = RouteStep(
    "With HMICFRS",
    (ClosureStep.TO_UPLOAD, Status.WITH_HMICFRS),
    "Governance uploads, HMICFRS verifies",
)
_CLOSED = RouteStep("Closed", ())
_BY_HMICFRS = RouteStep("Closed by HMICFRS", ())

NO_FOLLOW_UP = Route(
    "no_follow_up",
    "No follow-up",
    "HMICFRS does not follow this up: it is closed on the day it is received.",
    (_RECEIVED, _CLOSED),
    why_not_proposed="HMICFRS does not follow up activity level 1: it is closed on the day it is "
    "received, so there is nothing to propose.",
)
LOCAL_CLOSURE = Route(
    "local_closure",
    "Local closure",
    "The force closes this itself when the work is complete, with a letter signed by the Chief "
    "Constable.",
    (_RECEIVED, _WORK, _PROPOSED, _ASSURED, _DECIDED, _LETTER, _CLOSED),
    proposed=True,
    letter=True,
)
SELF_CERTIFICATION = Route(
    "self_certification",
    "Self-certification",
    "The force self-certifies with a letter signed by the Chief Constable; HMICFRS verifies at its "
    "next relevant inspection.",
    (_RECEIVED, _WORK, _PROPOSED, _ASSURED, _DECIDED, _LETTER, _WITH_HMICFRS, _CLOSED),
    proposed=True,
    letter=True,
    verified=True,
    ended_by_hmicfrs=True,
)
HMICFRS_ONLY = Route(
    "hmicfrs_only",
    "HMICFRS only",
    "The force cannot certify this itself: HMICFRS decides after further fieldwork of its own.",
    (_RECEIVED, _WORK, _BY_HMICFRS),
    ended_by_hmicfrs=True,
    why_not_proposed="At activity level 4 the force cannot propose or certify: HMICFRS decides "
    "after fieldwork of its own. Keep updates and evidence ready; governance records its outcome.",
)
CAUSE_OF_CONCERN = Route(
    "cause_of_concern",
    "Cause of concern",
    "HMICFRS closes this, and only after every recommendation that belongs to it has closed.",
    (_RECEIVED, _WORK, _BY_HMICFRS),
    ended_by_hmicfrs=True,
    why_not_proposed="Only HMICFRS closes a cause of concern, after its last recommendation has "
    "closed. Propose the closure of its recommendations instead.",
)
LOCAL_TRACKING = Route(
    "local_tracking",
    "Local tracking",
    "Not on HMICFRS’s portal: the force tracks it and its Board closes it. No letter is needed.",
    (
        _RECEIVED,
        _WORK,
        _PROPOSED,
        _ASSURED,
        RouteStep("Closed", (ClosureStep.FOR_BOARD,), "Chair of the Board"),
    ),
    proposed=True,
)

ROUTES = {
    route.key: route
    for route in (
        NO_FOLLOW_UP,
        LOCAL_CLOSURE,
        SELF_CERTIFICATION,
        HMICFRS_ONLY,
        CAUSE_OF_CONCERN,
        LOCAL_TRACKING,
    )
}
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


def level_of(route: Route) -> int | None:
    """The activity level that closes by a route; None where the route belongs to none."""
    return next((level for level, each in _BY_LEVEL.items() if each == route), None)
