"""What HMICFRS says of an action, and the ends that are not the force's own closure.

HMICFRS verifies, decides on level 4 and causes of concern, changes levels, withdraws; an action is
superseded, not accepted, or re-opened. Governance records these with HMICFRS's document.
"""

from django.db import transaction

from evidence.models import Evidence
from people.models import User
from tracker.choices import CloseReason, ClosureEventKind, ClosureOutcome, Level, Status
from tracker.models import Action, StatusPeriod
from tracker.routes import route_of
from tracker.workflow import wanted
from tracker.workflow.cases import Verb
from tracker.workflow.closing import under_way
from tracker.workflow.facts import case_of, open_period
from tracker.workflow.moves import NOW, Refused, When, asked, end_closure, locked, move, said
from tracker.workflow.notices import tell_leads
from tracker.workflow.rules import closing_cause


@transaction.atomic
def record_verification(
    action: Action,
    *,
    actor: User,
    verified: bool,
    text: str,
    document: Evidence | None = None,
    when: When = NOW,
) -> Action:
    """Record what HMICFRS found of an action that the force had certified (level 3).

    Args:
        verified: it closes; otherwise it is in progress again, and its leads are told.
        text: what HMICFRS found.
        document: in which it said so, where there is one.

    Raises:
        Refused: it is not with HMICFRS, the person may not, or nothing is said.
    """
    action = locked(action)
    asked(Verb.RECORD_VERIFICATION, action, actor)
    text = said(text, wanted.FOUND_BY_HMICFRS, "text")
    closure = under_way(action)
    if verified:
        move(
            action,
            Status.CLOSED,
            actor=actor,
            when=when,
            close_reason=CloseReason.VERIFIED,
            reason=text,
            document=document,
        )
        outcome, kind = ClosureOutcome.CLOSED, ClosureEventKind.VERIFIED
    else:
        move(action, Status.IN_PROGRESS, actor=actor, when=when, reason=text, document=document)
        outcome, kind = ClosureOutcome.NOT_VERIFIED, ClosureEventKind.NOT_VERIFIED
        tell_leads(action, f"HMICFRS did not verify {action}: {text}", actor=actor)
    if closure:
        end_closure(closure, outcome, kind, actor=actor, when=when, text=text)
    return action


@transaction.atomic
def record_outcome(
    action: Action,
    *,
    actor: User,
    closed: bool,
    text: str,
    document: Evidence | None,
    when: When = NOW,
) -> Action:
    """Record what HMICFRS decided of a level 4 action or a cause of concern after its fieldwork.

    Args:
        closed: HMICFRS closes it; otherwise it stays in progress.
        text: what HMICFRS found.
        document: in which it said so.

    Raises:
        Refused: another route, live recommendations, no document, or the person may not.
    """
    action = locked(action)
    asked(Verb.RECORD_OUTCOME, action, actor)
    text = said(text, wanted.FOUND_BY_HMICFRS, "text")
    if document is None:
        raise Refused(wanted.DOCUMENT, "document")
    if not closed:
        now = open_period(action)
        if (now.reason, now.started_on) == (text, when.day):
            raise Refused("This has been recorded already. It stays open.")
        move(action, Status(now.status), actor=actor, when=when, reason=text, document=document)
        tell_leads(action, f"HMICFRS keeps {action} open: {text}", actor=actor)
        return action
    if refusal := closing_cause(case_of(action)):
        raise Refused(refusal)
    _not_before_children(action, when)
    move(
        action,
        Status.CLOSED,
        actor=actor,
        when=when,
        close_reason=CloseReason.VERIFIED,
        reason=text,
        document=document,
    )
    return action


def _not_before_children(action: Action, when: When) -> None:
    """A cause of concern closes on or after the day its last recommendation closed.

    Raises:
        Refused: the day is earlier.
    """
    last = (
        StatusPeriod.objects.filter(
            action__parent=action, action__entered_in_error=False, ended_on=None
        )
        .select_related("action")
        .order_by("-started_on")
        .first()
    )
    if last is not None:
        when.checked(last.started_on, f"its recommendation {last.action} closed")


@transaction.atomic
def supersede(
    action: Action,
    *,
    actor: User,
    text: str,
    by: Action | None = None,
    document: Evidence | None = None,
    when: When = NOW,
) -> Action:
    """Record that another action has taken the place of this one.

    Args:
        text: what took its place, and who says so.
        by: the other action, where it is recorded here.
        document: HMICFRS's; needed where only HMICFRS may end the action.

    Raises:
        Refused: closed already, live recommendations, no document, or the person may not.
    """
    action = locked(action)
    asked(Verb.SUPERSEDE, action, actor)
    text = said(text, wanted.IN_ITS_PLACE, "text")
    if by is not None and by.pk == action.pk:
        raise Refused("An action cannot take its own place. Enter the other one’s reference.", "by")
    if by is not None and by.entered_in_error:
        raise Refused(f"{by} was entered in error. Enter the action that counts.", "by")
    if ended_by_hmicfrs(action) and document is None:
        raise Refused(wanted.DOCUMENT, "document")
    _end_otherwise(action, CloseReason.SUPERSEDED, actor, when, text, document, by)
    return action


@transaction.atomic
def withdraw(
    action: Action, *, actor: User, text: str, document: Evidence | None, when: When = NOW
) -> Action:
    """Record that HMICFRS has withdrawn an action.

    Raises:
        Refused: closed already, live recommendations, no document, not HMICFRS's, or the person
            may not.
    """
    action = locked(action)
    asked(Verb.WITHDRAW, action, actor)
    text = said(text, wanted.WHY_WITHDRAWN, "text")
    if document is None:
        raise Refused(wanted.DOCUMENT, "document")
    _end_otherwise(action, CloseReason.WITHDRAWN, actor, when, text, document)
    return action


@transaction.atomic
def not_accept(action: Action, *, actor: User, reason: str, when: When = NOW) -> Action:
    """A chief officer says that the force does not accept an action (recommendations are not
    orders).

    Args:
        reason: the reason that will be published.

    Raises:
        Refused: the level does not allow it, no reason is given, or the person may not.
    """
    action = locked(action)
    asked(Verb.NOT_ACCEPT, action, actor)
    reason = said(reason, wanted.WHY_NOT_ACCEPTED, "reason")
    _end_otherwise(action, CloseReason.NOT_ACCEPTED, actor, when, reason)
    return action


def ended_by_hmicfrs(action: Action) -> bool:
    """Whether only HMICFRS withdraws or supersedes it, so that its document is needed."""
    route = route_of(action.kind, action.register, open_period(action).level)
    return route is None or route.ended_by_hmicfrs


def _end_otherwise(
    action: Action,
    close_reason: CloseReason,
    actor: User,
    when: When,
    text: str,
    document: Evidence | None = None,
    by: Action | None = None,
) -> None:
    _not_before_children(action, when)
    move(
        action,
        Status.CLOSED,
        actor=actor,
        when=when,
        close_reason=close_reason,
        reason=text,
        document=document,
        superseded_by=by,
    )
    _end_open_closure(
        action, ClosureOutcome.OTHER_END, f"{close_reason.label}: {text}", actor, when
    )
    tell_leads(action, f"{action} has ended ({close_reason.label.lower()}): {text}", actor=actor)


def _end_open_closure(
    action: Action, outcome: ClosureOutcome, text: str, actor: User | None, when: When
) -> None:
    closure = under_way(action)
    if closure:
        end_closure(closure, outcome, ClosureEventKind.ENDED, actor=actor, when=when, text=text)


@transaction.atomic
def reopen(
    action: Action,
    *,
    actor: User,
    reason: str,
    document: Evidence | None = None,
    when: When = NOW,
) -> Action:
    """Re-open a closed action. Its cause of concern, if that is closed, re-opens with it.

    Raises:
        Refused: it is live, at level 1, no reason is given, or the person may not.
    """
    action = locked(action)
    asked(Verb.REOPEN, action, actor)
    reason = said(reason, wanted.WHY_REOPENED, "reason")
    move(
        action,
        Status.IN_PROGRESS,
        actor=actor,
        when=when,
        reason=f"Re-opened: {reason}",
        document=document,
    )
    tell_leads(action, f"{action} was re-opened: {reason}", actor=actor)
    _reopen_cause_of(action, actor, when)
    return action


def _reopen_cause_of(action: Action, actor: User, when: When) -> None:
    if action.parent is not None:
        reopen_cause_for_child(
            action.parent, actor=actor, when=when, reason=f"{action} was re-opened"
        )


@transaction.atomic
def reopen_cause_for_child(
    cause: Action, *, actor: User | None, reason: str, when: When = NOW
) -> None:
    """A closed cause of concern is live again as soon as one of its recommendations is.

    Args:
        cause: the cause of concern; nothing happens where it is live.
        when: the day the recommendation became live; the cause's own closing day where that is
            later.
    """
    cause = locked(cause)
    period = open_period(cause)
    if period.status != Status.CLOSED:
        return
    day = max(when.day, period.started_on)
    move(
        cause,
        Status.IN_PROGRESS,
        actor=actor,
        when=When(day, when.late_reason or reason),
        reason=f"Re-opened: {reason}",
    )
    tell_leads(cause, f"{cause} was re-opened: {reason}", actor=actor)


@transaction.atomic
def change_level(
    action: Action,
    level: int,
    *,
    actor: User,
    text: str,
    document: Evidence | None = None,
    when: When = NOW,
) -> Action:
    """Record the activity level that HMICFRS has given an action.

    An open closure whose route no longer applies ends, and the action is in progress again; at
    level 1 the action closes that day; an action that had closed at level 1 is live again.

    Args:
        level: 1-4.
        text: who says so, and where.

    Raises:
        Refused: the kind has no level, it is that level already, it is closed, or the person may
            not.
    """
    action = locked(action)
    asked(Verb.CHANGE_LEVEL, action, actor)
    text = said(text, wanted.LEVEL, "text")
    if level not in Level.values:
        raise Refused("The activity level is 1, 2, 3 or 4.", "level")
    before = open_period(action)
    if before.level == level:
        raise Refused(f"This action is at activity level {level} already.", "level")
    words = f"Activity level {before.level or 'not given'} became {level}: {text}"
    status, close_reason = Status(before.status), ""
    if level == Level.ONE:
        status, close_reason = Status.CLOSED, CloseReason.NO_FOLLOW_UP
    elif status not in (Status.AWAITING_ALLOCATION, Status.IN_PROGRESS):
        status = Status.IN_PROGRESS
    move(
        action,
        status,
        actor=actor,
        when=when,
        close_reason=close_reason,
        level=level,
        reason=words,
        document=document,
    )
    _end_open_closure(action, ClosureOutcome.LEVEL_CHANGED, words, actor, when)
    tell_leads(action, f"{action}: {words}", actor=actor)
    if before.status == Status.CLOSED:
        _reopen_cause_of(action, actor, when)
    return action
