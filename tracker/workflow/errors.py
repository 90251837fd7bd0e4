"""Entered in error: governance says so, a second person confirms it; nothing is deleted."""

from django.db import transaction
from django.utils import timezone

from core.history import attribute
from people.models import User
from tracker.choices import ClosureEventKind, ClosureOutcome
from tracker.models import Action, ErrorClaim
from tracker.workflow import wanted
from tracker.workflow.cases import Verb
from tracker.workflow.closing import under_way
from tracker.workflow.facts import case_of, open_claim
from tracker.workflow.moves import Refused, asked, end_closure, locked, said
from tracker.workflow.rules import erroneous_cause


@transaction.atomic
def claim_error(action: Action, *, actor: User, reason: str) -> ErrorClaim:
    """Say that an action should not be here; it stays in every figure until that is confirmed.

    Raises:
        Refused: it has been said already, recommendations belong to it, no reason is given, or the
            person may not.
    """
    action = locked(action)
    asked(Verb.CLAIM_ERROR, action, actor)
    reason = said(reason, wanted.ERROR, "reason")
    claim = ErrorClaim(action=action, reason=reason, claimed_by=actor)
    _save(claim, actor)
    return claim


@transaction.atomic
def settle_error(action: Action, *, actor: User, confirmed: bool) -> ErrorClaim:
    """Confirm that an action was entered in error, or say that it was not.

    Confirmed, it leaves every figure of every date, and an open closure ends.

    Raises:
        Refused: nobody said so, the person said so themselves (they may take it back), or they may
            not.
    """
    action = locked(action)
    claim = open_claim(action)
    taken_back = claim is not None and claim.claimed_by_id == actor.pk and not confirmed
    if claim is None or not taken_back:
        asked(Verb.CONFIRM_ERROR, action, actor)
    assert claim is not None  # the rules said so
    if confirmed and (refusal := erroneous_cause(case_of(action))):
        raise Refused(refusal)
    claim.confirmed, claim.settled_by, claim.settled_at = confirmed, actor, timezone.now()
    _save(claim, actor)
    if confirmed:
        closure = under_way(action)
        if closure:
            end_closure(
                closure,
                ClosureOutcome.OTHER_END,
                ClosureEventKind.ENDED,
                actor=actor,
                text=f"Entered in error: {claim.reason}",
            )
        action.entered_in_error = True
        attribute(action, actor, f"Entered in error: {claim.reason}")
        action.save()
    return claim


def _save(claim: ErrorClaim, actor: User) -> None:
    attribute(claim, actor, claim.reason)
    claim.full_clean()
    claim.save()
