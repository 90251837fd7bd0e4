"""Which evidence belongs to an action: attaching a new piece of it."""

from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError

from core.history import attribute
from core.uploads import atomic_with_files
from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet
from evidence.recording import AlreadyKept, add_evidence
from people.models import User
from tracker.duties import leads_today
from tracker.models import Action, ActionEvidence
from tracker.workflow.moves import Refused

_MAY_ATTACH = ("tracker.govern_actions", "tracker.assure_closure")


def may_attach(action: Action, user: User) -> bool:
    """Those who lead the action, governance, and Review and Assurance."""
    by_role = any(user.has_perm(permission) for permission in _MAY_ATTACH)
    return by_role or leads_today(user, action)


def evidence_of_action(action: Action, user: User) -> EvidenceQuerySet:
    """The evidence attached to an action now that this person may read."""
    return Evidence.objects.visible_to(user).filter(
        pk__in=ActionEvidence.objects.filter(action=action, removed_at=None).values("evidence")
    )


def readable_parts(shown: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """The evidence of a closure; of what this person may not read, only that it is there.

    Args:
        shown: as `tracker.workflow.evidence_of` gives it.
        user: the reader.
    """
    keys = [each["id"] for each in shown]
    visible = Evidence.objects.visible_to(user).filter(pk__in=keys)
    readable = set(visible.values_list("pk", flat=True))
    return [each if each["id"] in readable else {"withheld": True} for each in shown]


def evidence_for_pack(user: User, references: Collection[str]) -> Iterator[tuple[int, str]]:
    """What is attached to those of these actions that somebody may read, for an inspection pack.

    Yields:
        A piece of evidence (primary key), and the action it belongs to in words; in the order of
        the actions, whether this person may read the evidence or not.
    """
    readable = Action.objects.visible_to(user).by_references(references)
    links = ActionEvidence.objects.filter(action__in=readable, removed_at=None)
    for link in links.select_related("action").order_by("action__reference", "pk"):
        yield link.evidence_id, f"attached to {link.action.reference}"


def attach_new(action: Action, *, actor: User, **fields: Any) -> Evidence:
    """Add a piece of evidence and attach it to an action; what is kept already is attached as it
    is.

    Args:
        action: the action.
        actor: who adds it.
        fields: as for `evidence.recording.add_evidence`.

    Raises:
        Refused: the person may not attach evidence to this action.
        ValidationError: as for `add_evidence`, or the very file or link is attached already.
    """
    if not may_attach(action, actor):
        raise Refused("Those who lead this action attach its evidence.")
    with atomic_with_files():
        try:
            evidence = add_evidence(actor=actor, **fields)
        except AlreadyKept as already:
            if already.evidence.withdrawn_at is not None:
                raise
            evidence = already.evidence
        _check_new(action, evidence)
        link = ActionEvidence(action=action, evidence=evidence, added_by=actor)
        attribute(link, actor, "Attached")
        link.full_clean()
        link.save()
    return evidence


def _check_new(action: Action, evidence: Evidence) -> None:
    """The same file or link is attached to an action once, also when a form is sent twice."""
    newest = evidence.latest
    attached = Evidence.objects.filter(
        action_links__action=action, action_links__removed_at=None
    ).prefetch_related("files")
    for other in attached:
        latest = other.latest
        if newest and latest and latest.sha256 == newest.sha256:
            raise ValidationError({"upload": f"This very file is attached already: “{other}”."})
        if evidence.link and other.link == evidence.link:
            raise ValidationError({"link": f"This link is attached already: “{other}”."})
