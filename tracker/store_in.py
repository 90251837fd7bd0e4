"""Attaching evidence that comes with an index: what the index says counts, whoever takes it in."""

from collections.abc import Iterable

from core.history import attribute
from evidence.models import Evidence
from people.models import User
from tracker.models import Action, ActionEvidence
from tracker.workflow.moves import Refused

NOT_FOR_OTHERS = (
    "is kept here already and marked OFFICIAL-SENSITIVE: its owner and those who keep the evidence "
    "attach it to actions, because those who lead them can read it then."
)


def may_be_about(evidence: Evidence, user: User | None) -> bool:
    """Whether somebody may attach evidence that is kept already to further actions: sensitive
    evidence as its owner or by role, as on the pages; None for a command, which asks nobody.
    """
    return (
        user is None
        or not evidence.is_sensitive
        or evidence.owner_id == user.pk
        or user.has_perm("evidence.view_sensitive_evidence")
    )


def be_about(
    evidence: Evidence,
    actions: Iterable[Action],
    *,
    actor: User,
    reason: str,
    brought: bool = False,
) -> None:
    """Attach evidence to actions to which it is not attached so far.

    Args:
        evidence: locked, or made in this transaction.
        actions: that the actor may read.
        actor: who takes it in; may take in a store of evidence.
        reason: for the history.
        brought: the actor has brought the evidence just now.

    Raises:
        Refused: the evidence was kept before, is sensitive, and not the actor's to attach.
    """
    held = set(evidence.action_links.filter(removed_at=None).values_list("action_id", flat=True))
    for action in actions:
        if action.pk not in held:
            if not (brought or may_be_about(evidence, actor)):
                raise Refused(f"“{evidence}” {NOT_FOR_OTHERS}")
            held.add(action.pk)
            link = ActionEvidence(action=action, evidence=evidence, added_by=actor)
            attribute(link, actor, reason)
            link.full_clean()
            link.save()
