"""Adopting what the portal says: only through the steps by which an action changes anyway.

What the route of an action does not allow is refused in the words of the workflow. Afterwards
everything is compared again, so that a difference that is gone closes at once.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import transaction

from core.dates import long_date, today
from core.history import attribute
from core.turns import Turn, wait_for_turn
from evidence.models import Evidence
from people.models import User
from portal.models import Answer, DifferenceKind, PortalDifference, PortalRecord, PortalStatus
from portal.reconciliation.answers import answered, check_seen, locked
from portal.reconciliation.comparing import Compared, compare
from tracker import workflow
from tracker.choices import Level, Status
from tracker.editing import DueAsIssued, change_action, due_as_issued
from tracker.models import Action
from tracker.presence import come_or_go
from tracker.workflow import NOW, Case, Refused, Verb, When
from tracker.workflow.moves import lock_several

# Kinds that are adopted by a value; the others by naming the action or the reference.
ADOPTABLE = (
    DifferenceKind.STATUS,
    DifferenceKind.LEVEL,
    DifferenceKind.DUE,
    DifferenceKind.TEXT,
    DifferenceKind.GONE,
)


USUALLY_LAG = (
    "Open there and closed here is usually the portal’s lag: HMICFRS shows a closure weeks or "
    "months after it. Adopting would re-open the action here. Where the closure stands, record the "
    "decision to wait for the portal."
)


class Document(StrEnum):
    """Whether HMICFRS's own words are asked for."""

    NONE = "none"
    WELCOME = "welcome"
    NEEDED = "needed"


@dataclass(frozen=True)
class Way:
    """What adopting a difference means, before anybody does it.

    Args:
        does: what would be recorded, as a sentence.
        caution: what to think of before, as a sentence.
        record: does it: action, what is said, the person, the day, the document.
        verb: what the rules are asked; None where only the record is corrected.
        document: whether one is asked for.
        dated: it takes effect on a day.
        day: that the portal gives for it.
        against: why it cannot be adopted, "" where it can.
    """

    does: str
    record: "Callable[[Action, str, User, When, Evidence | None], object] | None" = None
    verb: Verb | None = None
    document: Document = Document.NONE
    dated: bool = False
    day: dt.date | None = None
    against: str = ""
    caution: str = ""


@dataclass(frozen=True)
class Adopted:
    """What came of adopting.

    Args:
        difference: as it is now: settled, unless the portal says something else still.
        compared: what the comparison found; None where no export was ever taken.
    """

    difference: PortalDifference
    compared: Compared | None


def way_of(difference: PortalDifference, user: User) -> Way:
    """How this person would adopt a difference, or why nobody can.

    Args:
        difference: of a kind in `ADOPTABLE`.
        user: who asks.
    """
    action = difference.action
    if action is None or difference.kind not in ADOPTABLE:
        return Way("", against="There is no value of the portal to adopt.")
    case = workflow.case_of(action)
    way = _way(difference, action, case)
    if way.against or way.verb is None:
        return way
    against = workflow.verdict(way.verb, case, workflow.person_of(user, action))
    if against and way.verb == Verb.RECORD_VERIFICATION:
        against = (
            f"{against} The portal’s word alone does not close it here: it closes by its own "
            "route, or HMICFRS withdraws or supersedes it, which is recorded on its page."
        )
    return replace(way, against=against)


def _way(difference: PortalDifference, action: Action, case: Case) -> Way:
    record = difference.record
    if difference.kind == DifferenceKind.GONE:
        return Way(
            f"{action} counts as gone from the portal. It stays as it is otherwise: nothing closes "
            "because the portal no longer shows it.",
            lambda action, text, actor, when, document: come_or_go(
                action, False, actor, text, day=difference.opened_on
            ),
        )
    if record is None:
        return Way("", against="There is no record of the portal to adopt.")
    ways: dict[str, Callable[[Action, PortalRecord, Case], Way]] = {
        DifferenceKind.STATUS: _status,
        DifferenceKind.LEVEL: _level,
        DifferenceKind.DUE: _due,
        DifferenceKind.TEXT: _text,
    }
    return ways[difference.kind](action, record, case)


def _status(action: Action, record: PortalRecord, case: Case) -> Way:
    day = record.closed_on or record.status_on
    if record.status == PortalStatus.CLOSED:
        if case.route is not None and case.route.decided_by_hmicfrs:
            return Way(
                f"HMICFRS’s decision is recorded, and {action} closes.",
                lambda action, text, actor, when, document: workflow.record_outcome(
                    action, actor=actor, closed=True, text=text, document=document, when=when
                ),
                Verb.RECORD_OUTCOME,
                Document.NEEDED,
                dated=True,
                day=day,
            )
        return _verification(action, True, f"HMICFRS has verified {action}, and it closes.", day)
    if record.status == PortalStatus.OPEN and case.closed:
        cause = action.parent
        closed_cause = cause is not None and workflow.open_period(cause).status == Status.CLOSED
        return Way(
            f"{action} is re-opened and in progress again"
            f"{f', and {cause}, its cause of concern, with it' if closed_cause else ''}.",
            lambda action, text, actor, when, document: workflow.reopen(
                action, actor=actor, reason=text, document=document, when=when
            ),
            Verb.REOPEN,
            Document.WELCOME,
            dated=True,
            caution=USUALLY_LAG,
        )
    if record.status == PortalStatus.OPEN and case.status == Status.WITH_HMICFRS:
        does = f"HMICFRS has not verified {action}, and it is in progress again."
        return _verification(action, False, does, record.status_on)
    return Way(
        "",
        against="An action goes to HMICFRS with the force’s own letter: it is proposed, assured, "
        "approved and certified here first. Where the portal is right, correct the record of its "
        "closure on the page of the action.",
    )


def _verification(action: Action, verified: bool, does: str, day: dt.date | None) -> Way:
    return Way(
        does,
        lambda action, text, actor, when, document: workflow.record_verification(
            action, actor=actor, verified=verified, text=text, document=document, when=when
        ),
        Verb.RECORD_VERIFICATION,
        Document.WELCOME,
        dated=True,
        day=day,
    )


def _level(action: Action, record: PortalRecord, case: Case) -> Way:
    level = record.level
    if level is None:
        return Way(
            "",
            against="The portal gives no activity level, and one that was given is not taken away "
            "again. Ask HMICFRS to correct the portal.",
        )
    ends = " The closure under way ends, and its steps begin again." if case.step else ""
    closes = " At activity level 1 it closes that day." if level == Level.ONE else ""
    return Way(
        f"{action} is at activity level {level}.{ends}{closes}",
        lambda action, text, actor, when, document: workflow.change_level(
            action, level, actor=actor, text=text, document=document, when=when
        ),
        Verb.CHANGE_LEVEL,
        Document.WELCOME,
        dated=True,
    )


def _due(action: Action, record: PortalRecord, case: Case) -> Way:
    if record.due_on is None:
        return Way(
            "",
            against="The portal gives no due date, and one that was issued is corrected, not "
            "removed. Ask HMICFRS to correct the portal.",
        )
    due = DueAsIssued(seen=due_as_issued(action), right=record.due_on)
    return Way(
        f"The due date as issued of {action} is corrected to {long_date(record.due_on)}. Dates "
        "agreed since stay as they are.",
        lambda action, text, actor, when, document: change_action(
            action, actor=actor, version=action.version, reason=text, due=due
        ),
    )


def _text(action: Action, record: PortalRecord, case: Case) -> Way:
    return Way(
        f"The text of {action} becomes that of the portal.",
        lambda action, text, actor, when, document: change_action(
            action, actor=actor, version=action.version, reason=text, text=record.text
        ),
    )


@transaction.atomic
def adopt(
    difference: PortalDifference,
    *,
    actor: User,
    text: str,
    when: When = NOW,
    document: Evidence | None = None,
    seen: str | None = None,
) -> Adopted:
    """Adopt what the portal says, and compare again.

    Args:
        difference: open, of a kind in `ADOPTABLE`.
        text: where and why HMICFRS says so.
        when: the day it took effect, where the step has one.
        document: in which HMICFRS says so, where there is one.
        seen: `seen_mark` of the page; "" where there was none.

    Raises:
        Refused: it is settled, somebody has changed it since it was seen, or the route or the
            person stands against it.
        Overtaken, ValidationError: as for `tracker.editing.change_action`.
    """
    wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
    held = locked(difference)
    check_seen(held, seen)
    if held.action is None:
        raise Refused("There is no value of the portal to adopt.")
    if not text.strip():
        raise Refused("Say where and why HMICFRS says so.", "text")
    action = lock_several([held.action])[0]
    way = way_of(held, actor)
    if way.against or way.record is None:
        raise Refused(way.against)
    way.record(action, text.strip(), actor, when, document)
    return adopted(held, actor)


def adopted(held: PortalDifference, actor: User) -> Adopted:
    """Note that a locked difference was adopted, and compare again."""
    held.answer, held.accepted_until = Answer.ADOPTED, None
    for name, value in answered(Answer.ADOPTED, actor).items():
        setattr(held, name, value)
    attribute(held, actor, str(Answer.ADOPTED.label))
    held.full_clean()
    held.save()
    compared = compare(actor=actor)
    held.refresh_from_db()
    return Adopted(held, compared)


@transaction.atomic
def name_action(
    difference: PortalDifference,
    *,
    actor: User,
    action: Action,
    reference: str,
    reason: str,
    seen: str | None = None,
) -> Adopted:
    """Say what the portal calls an action, where one of the two was not known to the other.

    Args:
        difference: open, only there or only here.
        action: ours; without a portal reference so far, or with a wrong one.
        reference: what the portal calls it.
        reason: how it is known.
        seen: as for `adopt`.

    Raises:
        Refused: it is settled, somebody has changed it since it was seen, or no reason is given.
        ValidationError: another action has this reference.
    """
    wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
    held = locked(difference)
    check_seen(held, seen)
    current = Action.objects.get(pk=action.pk)
    change_action(
        current,
        actor=actor,
        version=current.version,
        reason=reason,
        portal_reference=reference.strip(),
    )
    return adopted(held, actor)


def suggested_day(way: Way) -> dt.date:
    """The day that the portal gives for what would be recorded, else today."""
    return min(way.day, today()) if way.day else today()


def suggested_words(difference: PortalDifference) -> str:
    """What is said of where it comes from, to begin with."""
    record: Any = difference.record
    day = long_date(record.last_seen_on if record else difference.opened_on)
    if difference.theirs and difference.kind in (DifferenceKind.STATUS, DifferenceKind.LEVEL):
        return f"HMICFRS’s portal says “{difference.theirs}” in its export of {day}."
    return f"As in the portal’s export of {day}."
