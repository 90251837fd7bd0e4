"""The one way a status period ends and the next begins, under lock and with a day that fits."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from core.dates import long_date, today
from core.history import attribute
from evidence.models import Evidence
from people.models import User
from tracker.choices import (
    CloseReason,
    ClosureEventKind,
    ClosureOutcome,
    ClosureStep,
    Kind,
    Status,
)
from tracker.models import Action, Closure, ClosureEvent, StatusPeriod
from tracker.workflow.cases import Verb
from tracker.workflow.facts import case_of, evidence_of, open_period, person_of
from tracker.workflow.notices import tell_of_leaving
from tracker.workflow.requests import end_open_request
from tracker.workflow.rules import verdict


class Refused(Exception):
    """A rule stands against it; the text is a sentence for the person who asked.

    Args:
        sentence: what stands against it, and what to do.
        field: the argument it is about, where there is one.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class When:
    """The day something took effect, and why it is recorded later.

    Args:
        on: the day; None = today.
        late_reason: asked for when the day is before today.
    """

    on: dt.date | None = None
    late_reason: str = ""

    @property
    def day(self) -> dt.date:
        return self.on or today()

    def checked(self, not_before: dt.date, what: str) -> dt.date:
        """The day, if it can be.

        Args:
            not_before: the earliest day there is.
            what: what happened that day, to say why nothing can be earlier.

        Raises:
            Refused: in the future, before `not_before`, or earlier than today without a reason.
        """
        day = self.day
        if day > today():
            raise Refused(
                f"{long_date(day)} has not come yet. Enter today or an earlier day.", "on"
            )
        if day < not_before:
            raise Refused(
                f"{long_date(day)} is too early: {what} on {long_date(not_before)}. Enter that day "
                "or a later one.",
                "on",
            )
        if day < today() and not self.late_reason.strip():
            raise Refused(
                f"{long_date(day)} is before today. Say why this is recorded later than it "
                "happened.",
                "late_reason",
            )
        return day

    @property
    def reason_kept(self) -> str:
        """The reason for being late, where it is late."""
        return self.late_reason.strip() if self.day < today() else ""


NOW = When()
# For `move`: the activity level does not change.
AS_IT_WAS = -1


def locked(action: Action) -> Action:
    """One action as `lock_several` gives it."""
    return lock_several([action])[0]


def lock_several(actions: Iterable[Action], *at_hand: str) -> list[Action]:
    """Actions as they are now, locked, with the causes of concern they belong to.

    What happens to a cause of concern depends on its recommendations, so both rows are held. All
    causes come first, then all others, each in one order for everybody, so that two people never
    wait for one another.

    Args:
        actions: which.
        at_hand: what is fetched with them, as names of `prefetch_related`.

    Returns:
        The actions asked for, without their causes, in the order of their keys.

    Raises:
        Refused: one of them has just been moved to another cause of concern.
    """
    wanted = {action.pk for action in actions}
    asked_for = Action.objects.filter(pk__in=wanted)
    causes = Q(pk__in=asked_for.values("parent")) | Q(
        pk__in=asked_for.filter(kind=Kind.CAUSE_OF_CONCERN).values("pk")
    )
    locking = Action.objects.select_for_update().order_by("pk")
    held = {cause.pk for cause in locking.filter(causes)}
    found = list(locking.filter(pk__in=wanted).prefetch_related(*at_hand))
    for action in found:
        if action.parent_id and action.parent_id not in held:
            raise Refused(
                f"{action} has just been moved to another cause of concern. Look at it as it is "
                "now, then try again."
            )
    return found


def lock_closures(closures: Sequence[Closure]) -> list[Closure]:
    """Several closures as they are now, their actions locked in one order for everybody."""
    lock_several(closure.action for closure in closures)
    keys = [closure.pk for closure in closures]
    return list(
        Closure.objects.filter(pk__in=keys).select_related("action").order_by("action__reference")
    )


def asked(
    verb: Verb,
    action: Action,
    actor: User,
    closure: Closure | None = None,
    day: dt.date | None = None,
) -> None:
    """Ask the rules, under lock.

    Args:
        day: of the decision, for who is nominated to decide; None = today.

    Raises:
        Refused: they stand against it.
    """
    person = person_of(actor, action, closure, day)
    if refusal := verdict(verb, case_of(action, closure), person):
        raise Refused(refusal)


def move(
    action: Action,
    status: Status,
    *,
    actor: User | None,
    when: When = NOW,
    reason: str = "",
    close_reason: CloseReason | str = "",
    level: int | None = AS_IT_WAS,
    document: Evidence | None = None,
    superseded_by: Action | None = None,
) -> StatusPeriod:
    """End the open status period and begin the next one. The action is locked by the caller.

    Where it closes, an open request for another due date ends with it.

    Args:
        status: what the action is in from that day on.
        actor: who records it; None for a command.
        when: the day it takes effect.
        reason: why, in words.
        close_reason: of a closed action.
        level: a new activity level; as it was unless told.
        document, superseded_by: as on `StatusPeriod`.

    Raises:
        Refused: the day does not fit.
    """
    before = open_period(action)
    day = when.checked(before.started_on, f"it became “{before.get_status_display().lower()}”")
    before.ended_on = day
    attribute(before, actor, reason)
    before.save()
    period = StatusPeriod(
        action=action,
        sequence=before.sequence + 1,
        status=status,
        level=before.level if level == AS_IT_WAS else level,
        started_on=day,
        close_reason=close_reason,
        reason=reason,
        late_reason=when.reason_kept,
        document=document,
        superseded_by=superseded_by,
        recorded_by=actor,
    )
    attribute(period, actor, reason)
    # The action is locked; what is the same for all periods, the database holds.
    period.full_clean(exclude={"action", "recorded_by"}, validate_constraints=False)
    period.save()
    if status == Status.CLOSED:
        end_open_request(action, actor=actor)
    return period


def keep(closure: Closure, actor: User | None, what: str) -> None:
    """Save a closure with its row of history."""
    attribute(closure, actor, what)
    closure.full_clean()
    closure.save()


def note(
    closure: Closure,
    kind: ClosureEventKind,
    *,
    actor: User | None,
    when: When = NOW,
    text: str = "",
) -> ClosureEvent:
    """Put a step of a closure on record, with the evidence as it is now."""
    event = ClosureEvent(
        closure=closure,
        kind=kind,
        happened_on=when.day,
        text=text,
        late_reason=when.reason_kept,
        evidence=evidence_of(closure),
        recorded_by=actor,
    )
    attribute(event, actor)
    event.full_clean(exclude=None if actor else {"recorded_by"})
    event.save()
    return event


def end_closure(
    closure: Closure,
    outcome: ClosureOutcome,
    kind: ClosureEventKind,
    *,
    actor: User | None,
    when: When = NOW,
    text: str = "",
) -> None:
    """End a closure; the caller moves the action. It leaves a letter that is not signed."""
    if closure.letter is not None and closure.letter.signed is None:
        tell_of_leaving(closure, closure.letter, actor=actor, why=text)
        closure.letter = None
    closure.step = ClosureStep.ENDED
    closure.step_since = closure.ended_on = max(when.day, closure.proposed_on)
    closure.outcome = outcome
    keep(closure, actor, text)
    note(closure, kind, actor=actor, when=when, text=text)


def said(text: str, what: str, field: str = "") -> str:
    """A text somebody has to give.

    Args:
        text: what was given.
        what: the sentence for somebody who gave nothing.
        field: the argument it was given as.

    Raises:
        Refused: it is empty.
    """
    if not text.strip():
        raise Refused(what, field)
    return text.strip()
