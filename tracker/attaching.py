"""Which evidence belongs to an action: attaching a piece of it, new or here already, and taking it
off again.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.history import attribute
from core.markings import Marking
from core.uploads import atomic_with_files
from evidence.keeping import keeps, may_keep
from evidence.models import Evidence
from evidence.panels import Tie
from evidence.queries import EvidenceQuerySet
from evidence.recording import AlreadyKept, add_evidence
from people.models import User
from tracker.duties import leads_today
from tracker.models import Action, ActionEvidence, ClosureEvidence
from tracker.workflow.closing import under_way
from tracker.workflow.moves import Refused
from tracker.workflow.sentences import ENTERED_IN_ERROR

_MAY_ATTACH = ("tracker.govern_actions", "tracker.assure_closure")
NOT_YOURS = "Those who lead this action attach its evidence."


def may_attach(action: Action, user: User) -> bool:
    """Those who lead the action, governance, and Review and Assurance."""
    return attaches_by_role(user) or leads_today(user, action)


def attaches_by_role(user: User) -> bool:
    """Whether somebody may attach evidence to every action."""
    return any(user.has_perm(permission) for permission in _MAY_ATTACH)


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
        Refused: nothing may be attached to this action, not by this person, or not what is kept.
        ValidationError: as for `add_evidence`, or the very file or link is attached already.
    """
    with atomic_with_files():
        locked = _locked(action)
        if refusal := why_nothing_attached(locked, actor):
            raise Refused(refusal)
        try:
            evidence = add_evidence(actor=actor, **fields)
        except AlreadyKept as already:
            if already.evidence.withdrawn_at is not None:
                raise
            _check_new(locked, already.evidence)
            attach_existing(locked, already.evidence, actor=actor)
            return already.evidence
        _check_new(locked, evidence)
        _link(locked, evidence, actor)
    return evidence


def attach_existing(action: Action, evidence: Evidence, *, actor: User) -> ActionEvidence:
    """Attach evidence that is here already to an action.

    Args:
        action: the action.
        evidence: that the actor may read.
        actor: who attaches it.

    Returns:
        The link; the one there is where it is attached already.

    Raises:
        Refused: the person may not attach evidence to this action, or not this evidence.
        ValidationError: the very file or link is attached already.
    """
    with transaction.atomic():
        locked = _locked(action)
        if refusal := why_not_attached(locked, evidence, actor):
            raise Refused(refusal)
        found = ActionEvidence.objects.filter(
            action=locked, evidence=evidence, removed_at=None
        ).first()
        if found is not None:
            return found
        _check_new(locked, evidence)
        return _link(locked, evidence, actor)


def why_nothing_attached(action: Action, user: User) -> str:
    """Why somebody may attach no evidence at all to an action; "" where they may."""
    if action.entered_in_error:
        return ENTERED_IN_ERROR
    return "" if may_attach(action, user) else NOT_YOURS


def why_not_attached(action: Action, evidence: Evidence, user: User) -> str:
    """Why somebody may not attach evidence that is here to an action; "" where they may."""
    if refusal := why_nothing_attached(action, user):
        return refusal
    if evidence.withdrawn_at is not None:
        return "This evidence was withdrawn."
    readable = Evidence.objects.visible_to(user).filter(pk=evidence.pk).exists()
    if not readable or (evidence.is_sensitive and not may_keep(evidence, user)):
        # Whoever leads the action reads it from then on.
        return (
            "Its owner and those who keep the evidence attach what is marked OFFICIAL-SENSITIVE: "
            "those who lead the action can read it then."
        )
    return ""


def tie_of(reference: str, user: User) -> Tie | None:
    """The action that new evidence is to be attached to, for the form on which it is added.

    Args:
        reference: of the action.
        user: who adds the evidence.

    Returns:
        None where there is no such action that they may read and attach evidence to.
    """
    action = Action.objects.visible_to(user).by_references([reference]).first()
    if action is None or why_nothing_attached(action, user):
        return None

    def attach(evidence: Evidence) -> None:
        try:
            attach_existing(action, evidence, actor=user)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal

    return Tie(str(action), attach, action.get_absolute_url())


def detach(action: Action, evidence: Evidence, *, actor: User) -> None:
    """Take evidence off an action; again, it does nothing. Closures keep what they rested on.

    Raises:
        Refused: the person may not, or an open closure of the action rests on it.
    """
    with transaction.atomic():
        locked = _locked(action)
        if refusal := why_not_detached(locked, evidence, actor):
            raise Refused(refusal)
        found = ActionEvidence.objects.filter(
            action=locked, evidence=evidence, removed_at=None
        ).first()
        if found is None:
            return
        found.removed_at = timezone.now()
        attribute(found, actor, "Taken off")
        found.full_clean(exclude=["added_by"])
        found.save()


def why_not_detached(action: Action, evidence: Evidence, user: User) -> str:
    """Why somebody may not take evidence off an action; "" where they may."""
    if not may_attach(action, user):
        return NOT_YOURS
    closure = under_way(action)
    if closure and closure.evidence_links.filter(evidence=evidence).exists():
        return (
            f"The closure of {action} that is proposed rests on this evidence. Change the proposal "
            "first, or have it returned."
        )
    return ""


def rests_on(action: Action, evidence: Evidence) -> bool:
    """Whether a closure of an action, open or ended, rests on a piece of evidence."""
    return ClosureEvidence.objects.filter(closure__action=action, evidence=evidence).exists()


def attachable(action: Action, words: str, user: User) -> EvidenceQuerySet:
    """Evidence that holds these words (all of it, without any), that somebody may attach to an
    action: current, not attached yet, and what is sensitive only as its owner or by role.
    """
    found = Evidence.objects.visible_to(user).current()
    if words.strip():
        found = found.found_by(words)
    if not keeps(user):
        found = found.filter(~Q(marking=Marking.SENSITIVE) | Q(owner=user))
    attached = ActionEvidence.objects.filter(action=action, removed_at=None)
    return found.exclude(pk__in=attached.values("evidence")).latest_first()


def _locked(action: Action) -> Action:
    """The action, locked: two people who attach to it come one after the other."""
    return Action.objects.select_for_update(of=("self",)).get(pk=action.pk)


def _link(action: Action, evidence: Evidence, actor: User) -> ActionEvidence:
    link = ActionEvidence(action=action, evidence=evidence, added_by=actor)
    attribute(link, actor, "Attached")
    link.full_clean()
    link.save()
    return link


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
