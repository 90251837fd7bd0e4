"""Attaching evidence that comes with an index: what the index says counts, whoever takes it in."""

from collections.abc import Iterable

from core.history import attribute
from evidence.models import Evidence
from people.models import User
from tracker.models import Action, ActionEvidence


def be_about(evidence: Evidence, actions: Iterable[Action], *, actor: User, reason: str) -> None:
    """Attach evidence to actions to which it is not attached so far.

    Args:
        evidence: locked, or made in this transaction.
        actions: that the actor may read.
        actor: who takes it in; may take in a store of evidence.
        reason: for the history.
    """
    held = set(evidence.action_links.filter(removed_at=None).values_list("action_id", flat=True))
    for action in actions:
        if action.pk not in held:
            held.add(action.pk)
            link = ActionEvidence(action=action, evidence=evidence, added_by=actor)
            attribute(link, actor, reason)
            link.full_clean()
            link.save()
