"""What the rules are asked about: something to do, an action as it stands, somebody before it."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.choices import Status
from tracker.routes import Route, route_of


class Verb(StrEnum):
    """What somebody may want to do with an action or its closure."""

    ALLOCATE = "allocate"
    PROPOSE = "propose"
    CHANGE_PROPOSAL = "change_proposal"
    ASSURE = "assure"
    RETURN = "return"
    APPROVE = "approve"
    DEFER = "defer"
    FILE_LETTER = "file_letter"
    UPLOAD = "upload"
    RECORD_VERIFICATION = "record_verification"
    RECORD_OUTCOME = "record_outcome"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    NOT_ACCEPT = "not_accept"
    REOPEN = "reopen"
    CHANGE_LEVEL = "change_level"
    CLAIM_ERROR = "claim_error"
    CONFIRM_ERROR = "confirm_error"
    APPROVE_SUMMARY = "approve_summary"
    CORRECT_DAY = "correct_day"


@dataclass(frozen=True)
class Case:
    """An action as it stands, as far as the rules ask.

    Args:
        kind, register, level, status: of the action now.
        step: what its latest closure waits for; "" where there is none.
        children, live_children: recommendations of a cause of concern, and how many are live.
        evidence_changed: since the closure was assured.
        closed_with_letter: whether that closure, not the action, which may have been opened again
            since, closed with a signed letter at level 2.
        upload_due: the letter is not on HMICFRS's portal yet.
        error_claimed: somebody has said it was entered in error.
        erroneous: it was, and counts in no figure any more.
        latest: who did what last, as a sentence, to tell somebody who comes too late.
    """

    kind: str
    register: str
    level: int | None
    status: str
    step: str = ""
    children: int = 0
    live_children: int = 0
    evidence_changed: bool = False
    closed_with_letter: bool = False
    upload_due: bool = False
    error_claimed: bool = False
    erroneous: bool = False
    latest: str = ""

    @property
    def route(self) -> Route | None:
        return route_of(self.kind, self.register, self.level)

    @property
    def closed(self) -> bool:
        return self.status == Status.CLOSED


@dataclass(frozen=True)
class Person:
    """Somebody before an action, as far as the rules ask.

    Args:
        permissions: of the tracker, without its name: "propose_closure".
        leads: holds a lead of this action today, executive or delivery.
        posts_for_lead: named to post for a lead of it today.
        chief_officer: holds a lead at Chief Officer level today.
        proposed, assured: took that step of the open closure.
        claimed_error: said that the action was entered in error.
        chair_stands_back: the Board's chair may not decide this one.
        stands_in: a deputy nominated to decide everything today, the chair being away.
        another_nominated: a deputy, while only others are nominated today.
    """

    permissions: frozenset[str] = frozenset()
    leads: bool = False
    posts_for_lead: bool = False
    chief_officer: bool = False
    proposed: bool = False
    assured: bool = False
    claimed_error: bool = False
    chair_stands_back: bool = False
    stands_in: bool = False
    another_nominated: bool = False

    def may(self, permission: str) -> bool:
        return permission in self.permissions
