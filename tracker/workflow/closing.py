"""The steps of a closure that the force takes: propose, assure, decide (paper 4.1; Appendix A)."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from core.history import attribute
from core.numbers import listed
from evidence.models import Evidence
from people.models import User
from tracker.choices import CloseReason, ClosureEventKind, ClosureOutcome, ClosureStep, Status
from tracker.models import Action, ActionEvidence, Closure, ClosureEvidence
from tracker.routes import ROUTES, route_of
from tracker.workflow import wanted
from tracker.workflow.cases import Verb
from tracker.workflow.facts import latest_closure, seen_mark, told
from tracker.workflow.moves import (
    NOW,
    Refused,
    When,
    asked,
    end_closure,
    keep,
    lock_closures,
    locked,
    move,
    note,
    said,
)
from tracker.workflow.notices import tell_of_return


def under_way(action: Action) -> Closure | None:
    """The open closure of an action."""
    closure = latest_closure(action)
    return closure if closure and closure.step != ClosureStep.ENDED else None


@transaction.atomic
def propose(
    action: Action,
    *,
    actor: User,
    did: str,
    impact: str,
    evidence: Sequence[Evidence],
    public_summary: str = "",
    when: When = NOW,
) -> Closure:
    """Propose the closure of an action, or complete one that came with the first list.

    Args:
        actor: holds a lead of the action.
        did, impact: what was done, and what is different now.
        evidence: attached to the action; at least one piece.
        public_summary: what a public paper may say; governance approves it.
        when: the day of the proposal. A carried-over closure keeps its own, and is completed on
            this one.

    Raises:
        Refused: the route, the status or the person stands against it, or something is missing.
    """
    action = locked(action)
    asked(Verb.PROPOSE, action, actor)
    _check_grounds(action, did, impact, evidence)
    closure = under_way(action)
    kind = ClosureEventKind.COMPLETED
    if closure is not None:
        when.checked(closure.proposed_on, "it was proposed")
    else:
        kind = ClosureEventKind.PROPOSED
        period = move(action, Status.CLOSURE_PROPOSED, actor=actor, when=when)
        route = route_of(action.kind, action.register, period.level)
        assert route is not None  # the rules said so
        closure = Closure(action=action, route=route.key, proposed_on=period.started_on)
    closure.step, closure.step_since = ClosureStep.TO_ASSURE, when.day
    closure.asked, closure.proposed_by = action.text, actor
    _write_grounds(closure, actor, did, impact, evidence, public_summary)
    note(closure, kind, actor=actor, when=when, text=closure.did)
    return closure


@transaction.atomic
def change_proposal(
    closure: Closure,
    *,
    actor: User,
    did: str,
    impact: str,
    evidence: Sequence[Evidence],
    public_summary: str = "",
) -> Closure:
    """Change what was proposed, as long as nobody has assured it. Arguments as for `propose`.

    Raises:
        Refused: it is not theirs, it was assured already, or something is missing.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.CHANGE_PROPOSAL, action, actor, closure)
    _check_grounds(action, did, impact, evidence)
    _write_grounds(closure, actor, did, impact, evidence, public_summary)
    note(closure, ClosureEventKind.CHANGED, actor=actor, text=closure.did)
    return closure


def _check_grounds(action: Action, did: str, impact: str, evidence: Sequence[Evidence]) -> None:
    said(did, wanted.DONE, "did")
    said(impact, wanted.IMPACT, "impact")
    if not evidence:
        raise Refused(wanted.EVIDENCE, "evidence")
    attached = set(
        ActionEvidence.objects.filter(action=action, removed_at=None).values_list(
            "evidence", flat=True
        )
    )
    for each in evidence:
        if each.pk not in attached:
            raise Refused(f"“{each}” is not attached to this action. Attach it first.")
    if gone := _withdrawn(Evidence.objects.filter(pk__in=[each.pk for each in evidence])):
        raise Refused(
            f"{gone} withdrawn: nothing closes on it. Choose evidence that counts.", "evidence"
        )


def _withdrawn(evidence: QuerySet[Evidence]) -> str:
    """The beginning of a sentence about those of some evidence that were withdrawn; "" for none."""
    names = [f"“{each}”" for each in evidence.filter(withdrawn_at__isnull=False).order_by("pk")]
    return f"{listed(names)} {'was' if len(names) == 1 else 'were'}" if names else ""


def _write_grounds(
    closure: Closure,
    actor: User,
    did: str,
    impact: str,
    evidence: Sequence[Evidence],
    public_summary: str,
) -> None:
    closure.did, closure.impact = did.strip(), impact.strip()
    if public_summary.strip() != closure.public_summary:
        closure.public_summary, closure.summary_approved_by = public_summary.strip(), None
    keep(closure, actor, "Proposal")
    chosen = {each.pk for each in evidence}
    # What the writer may not read was not theirs to leave out.
    readable = Evidence.objects.visible_to(actor).values("pk")
    for link in closure.evidence_links.exclude(evidence__in=chosen).filter(evidence__in=readable):
        attribute(link, actor)
        link.delete()
    there = set(closure.evidence_links.values_list("evidence", flat=True))
    for each in evidence:
        if each.pk not in there:
            link = ClosureEvidence(closure=closure, evidence=each)
            attribute(link, actor)
            link.save()


@transaction.atomic
def assure(
    closure: Closure, *, actor: User, text: str, when: When = NOW, seen: str = ""
) -> Closure:
    """Assure a closure: Review and Assurance has looked at the evidence and recommends closing.

    Also again, when the evidence has changed before the Board decided.

    Args:
        text: what was looked at and found.
        seen: `seen_mark` of the page it was looked at on; "" where there was none.

    Raises:
        Refused: the step or the person stands against it, nothing is said, or the grounds are not
            those that were seen.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.ASSURE, action, actor, closure)
    _check_seen(closure, seen)
    _check_stands(closure, actor)
    when.checked(closure.step_since, "it came to Review and Assurance")
    text = said(text, wanted.ASSURANCE, "text")
    closure.step, closure.step_since = ClosureStep.FOR_BOARD, when.day
    closure.assured_by = actor
    keep(closure, actor, "Assured")
    note(closure, ClosureEventKind.ASSURED, actor=actor, when=when, text=text)
    return closure


def _check_seen(closure: Closure, seen: str) -> None:
    """Nobody assures or decides on grounds that changed while they read.

    Raises:
        Refused: they did.
    """
    if seen and seen != seen_mark(closure):
        last = closure.events.last()
        latest = f" The last step on record: {told(last)}" if last else ""
        raise Refused(
            f"This closure has changed since you opened the page.{latest} Nothing of yours was "
            "recorded: read it as it is now, then go on."
        )


def _check_stands(closure: Closure, actor: User) -> None:
    """Nothing closes on evidence that was withdrawn.

    Raises:
        Refused: the closure rests on some; what the actor may not read stays unnamed.
    """
    rested_on = Evidence.objects.filter(closure_links__closure=closure)
    if not _withdrawn(rested_on):
        return
    named = _withdrawn(rested_on.visible_to(actor)) or "Evidence that you may not read was"
    raise Refused(
        f"{named} withdrawn, and this closure rests on it. Return the closure, so that it is "
        "proposed on evidence that counts."
    )


@transaction.atomic
def send_back(
    closure: Closure, *, actor: User, reason: str, when: When = NOW, seen: str = ""
) -> Closure:
    """Return a closure: the action is in progress again from that day, and the proposer is told.

    Args:
        reason: why, and what is needed.
        when: the day it is returned.
        seen: as for `assure`.

    Raises:
        Refused: the step or the person stands against it, no reason is given, or something has
            changed since it was seen.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.RETURN, action, actor, closure, when.day)
    _check_seen(closure, seen)
    when.checked(closure.step_since, "it came to this step")
    reason = said(reason, wanted.WHY_RETURNED, "reason")
    move(action, Status.IN_PROGRESS, actor=actor, when=when, reason=f"Closure returned: {reason}")
    end_closure(
        closure,
        ClosureOutcome.RETURNED,
        ClosureEventKind.RETURNED,
        actor=actor,
        when=when,
        text=reason,
    )
    tell_of_return(closure, actor=actor, reason=reason)
    return closure


@transaction.atomic
def send_back_several(closures: Iterable[Closure], *, actor: User, reason: str) -> list[Closure]:
    """Return several closures with one reason: all of them or none.

    Raises:
        Refused: one of them cannot be returned; the sentence names it.
    """
    closures = lock_closures(list(closures))
    returned = []
    for closure in sorted(closures, key=lambda each: each.action_id):
        try:
            returned.append(send_back(closure, actor=actor, reason=reason))
        except Refused as refusal:
            raise Refused(f"{closure.action}: {refusal}") from refusal
    return returned


@transaction.atomic
def approve(
    closure: Closure, *, actor: User, text: str = "", when: When = NOW, seen: str = ""
) -> Closure:
    """The Board's chair, or a deputy in the chair's place, approves a closure.

    Local tracking closes with it; other routes then wait for the signed letter.

    Args:
        text: what the decision adds, if anything.
        seen: as for `assure`.

    Raises:
        Refused: the step or the person stands against it, the evidence has changed, or the grounds
            are not those that were seen.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.APPROVE, action, actor, closure, when.day)
    _check_seen(closure, seen)
    _check_stands(closure, actor)
    when.checked(closure.step_since, "it came to the Board")
    closure.decided_by = actor
    note(closure, ClosureEventKind.APPROVED, actor=actor, when=when, text=text.strip())
    if ROUTES[closure.route].letter:
        closure.step, closure.step_since = ClosureStep.LETTER_AWAITED, when.day
        keep(closure, actor, "Approved")
    else:
        close_completed(action, closure, actor=actor, when=when)
    return closure


@transaction.atomic
def defer(
    closure: Closure, *, actor: User, reason: str, when: When = NOW, seen: str = ""
) -> Closure:
    """Put a decision off to the next Board; nothing else changes.

    Args:
        reason: why.
        when: the day the Board put it off.
        seen: as for `assure`.

    Raises:
        Refused: the step or the person stands against it, or no reason is given.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.DEFER, action, actor, closure, when.day)
    when.checked(closure.step_since, "it came to the Board")
    reason = said(reason, wanted.WHY_PUT_OFF, "reason")
    last = closure.events.last()
    if last and (last.kind, last.text, last.happened_on, last.recorded_by_id) == (
        ClosureEventKind.DEFERRED,
        reason,
        when.day,
        actor.pk,
    ):
        return closure  # sent twice
    _check_seen(closure, seen)
    note(closure, ClosureEventKind.DEFERRED, actor=actor, when=when, text=reason)
    return closure


def close_completed(action: Action, closure: Closure, *, actor: User, when: When) -> None:
    """The force closes an action that it has decided; called under lock by the last step."""
    move(
        action,
        Status.CLOSED,
        actor=actor,
        when=when,
        close_reason=CloseReason.COMPLETED,
    )
    closure.step = ClosureStep.ENDED
    closure.step_since = closure.ended_on = when.day
    closure.outcome = ClosureOutcome.CLOSED
    keep(closure, actor, "Closed")


@transaction.atomic
def change_summary(
    closure: Closure, *, actor: User, text: str, approved: bool, was: str | None = None
) -> Closure:
    """Write the public summary of a closure, and approve it for use in papers.

    Args:
        text: the summary.
        approved: governance approves it as it stands; a change takes an approval away.
        was: the summary that the writer saw, where they saw one.

    Raises:
        Refused: the person may not, there is nothing to approve, or somebody else has changed it.
    """
    action = locked(closure.action)
    closure = Closure.objects.get(pk=closure.pk)
    asked(Verb.APPROVE_SUMMARY, action, actor, closure)
    if was is not None and was.strip() != closure.public_summary:
        now = f"“{closure.public_summary}”" if closure.public_summary else "empty"
        raise Refused(
            f"Somebody else has changed the summary since you opened it: it is now {now}. Yours "
            "is still here; save again to put it in its place.",
            "text",
        )
    closure.public_summary = text.strip()
    closure.summary_approved_by = None
    if approved:
        said(text, wanted.SUMMARY, "text")
        closure.summary_approved_by = actor
        note(closure, ClosureEventKind.SUMMARY_APPROVED, actor=actor, text=closure.public_summary)
    keep(closure, actor, "Public summary")
    return closure
