"""The writes about evidence that is there: its details are changed, it is withdrawn, restored."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from core.collisions import what_to_write
from core.history import attribute
from evidence.freshness import check_day
from evidence.keeping import keeps, may_keep
from evidence.models import Evidence
from evidence.words import keep_words
from people.models import User

FIELDS = (
    "title",
    "shows",
    "dated_on",
    "link",
    "owner",
    "marking",
    "source",
    "meeting",
    "review_by",
    "retention_review_on",
)
_NOT_YOURS = "Its owner, and those who keep the evidence, change it."
_KEEPERS_RESTORE = "Those who keep the evidence restore it."
WITHDRAWN = "This evidence was withdrawn. It can be changed once it is restored."
_WITHDRAWN_ALREADY = "This evidence was withdrawn already, by {by}."
_NOT_WITHDRAWN = "This evidence is not withdrawn."


@transaction.atomic
def change(evidence: Evidence, version: int, fields: Mapping[str, Any], *, actor: User) -> Evidence:
    """Change what is known of a piece of evidence; its files are added to, never changed.

    Args:
        evidence: which.
        version: the one the writer saw.
        fields: some of `FIELDS`.
        actor: who changes it.

    Raises:
        PermissionDenied: the actor may not change it.
        Overtaken: somebody else has changed the same fields meanwhile.
        ValidationError: it was withdrawn, or a field will not do.
    """
    locked = _locked(evidence, actor)
    if locked.withdrawn_at is not None:
        raise ValidationError(WITHDRAWN)
    if "link" in fields and bool(fields["link"]) != bool(locked.link):
        raise ValidationError({"link": "Evidence stays what it was added as: a file or a link."})
    wanted = what_to_write(locked, version, fields)
    changed = {name: value for name, value in wanted.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    if "dated_on" in changed:
        check_day(changed["dated_on"])
    for name, value in changed.items():
        setattr(locked, name, value)
    attribute(locked, actor, "Details changed")
    locked.full_clean()
    locked.save()
    keep_words(locked.pk)
    return locked


@transaction.atomic
def withdraw(evidence: Evidence, *, actor: User, reason: str) -> Evidence:
    """Withdraw a piece of evidence: it counts nowhere any more, and stays on record.

    Raises:
        PermissionDenied: the actor may not withdraw it.
        ValidationError: it was withdrawn already, or there is no reason.
    """
    locked = _locked(evidence, actor)
    if locked.withdrawn_at is not None:
        raise ValidationError(_WITHDRAWN_ALREADY.format(by=locked.withdrawn_by))
    locked.withdrawn_at = timezone.now()
    locked.withdrawn_by = actor
    locked.withdrawn_reason = reason
    attribute(locked, actor, f"Withdrawn: {reason}")
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def restore(evidence: Evidence, *, actor: User) -> Evidence:
    """Take a withdrawn piece of evidence back; why it had been withdrawn is in its history.

    Raises:
        PermissionDenied: the actor may not restore it.
        ValidationError: it is not withdrawn.
    """
    if not keeps(actor):
        raise PermissionDenied(_KEEPERS_RESTORE)
    locked = _locked(evidence, actor)
    if locked.withdrawn_at is None:
        raise ValidationError(_NOT_WITHDRAWN)
    locked.withdrawn_at = locked.withdrawn_by = None
    locked.withdrawn_reason = ""
    attribute(locked, actor, "Restored")
    locked.full_clean()
    locked.save()
    return locked


def _locked(evidence: Evidence, actor: User) -> Evidence:
    """The piece, locked, as it is now.

    Raises:
        PermissionDenied: the actor may not change it (any more).
    """
    locked = (
        Evidence.objects.visible_to(actor)
        .filter(pk=evidence.pk)
        .select_for_update(of=("self",))
        .first()
    )
    if locked is None or not may_keep(locked, actor):
        raise PermissionDenied(_NOT_YOURS)
    return locked
