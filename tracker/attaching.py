"""Which evidence belongs to an action: attaching a new piece of it."""

from typing import Any

from core.dates import today
from core.history import attribute
from core.uploads import atomic_with_files
from evidence.models import Evidence
from evidence.recording import add_evidence
from people.models import User
from tracker.models import Action, ActionEvidence
from tracker.queries import duties_of
from tracker.workflow.moves import Refused

_MAY_ATTACH = ("tracker.govern_actions", "tracker.assure_closure")


def may_attach(action: Action, user: User) -> bool:
    """Those who lead the action, governance, and Review and Assurance."""
    return (
        any(user.has_perm(permission) for permission in _MAY_ATTACH)
        or duties_of(user, today()).filter(action=action).exists()
    )


def attach_new(action: Action, *, actor: User, **fields: Any) -> Evidence:
    """Add a piece of evidence and attach it to an action.

    Args:
        action: the action.
        actor: who adds it.
        fields: as for `evidence.recording.add_evidence`.

    Raises:
        Refused: the person may not attach evidence to this action.
        ValidationError: as for `add_evidence`.
    """
    if not may_attach(action, actor):
        raise Refused("Those who lead this action attach its evidence.")
    with atomic_with_files():
        evidence = add_evidence(actor=actor, **fields)
        link = ActionEvidence(action=action, evidence=evidence, added_by=actor)
        attribute(link, actor, "Attached")
        link.full_clean()
        link.save()
    return evidence
