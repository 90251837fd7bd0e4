"""The writes about evidence: a piece is added, or a newer version of its file."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File

from core.history import attribute
from core.uploads import UploadRefused, Vetted, atomic_with_files, store, vet
from evidence.models import Evidence, EvidenceFile
from people.models import User

_ONE_OF_BOTH = "Choose a file or enter a link."
_NOT_BOTH = "Choose a file or enter a link, not both."
_IS_A_LINK = "This evidence is a link to another system: it has no versions of a file."
_NOT_YOURS = "Its owner, and those who keep the evidence, add versions."


@contextmanager
def _told_of_the_file() -> Iterator[None]:
    """Say what is wrong with a file as what is wrong with the field it came in."""
    try:
        yield
    except UploadRefused as refusal:
        raise ValidationError({"upload": str(refusal)}) from refusal


@_told_of_the_file()
def add_evidence(
    *,
    actor: User,
    title: str,
    shows: str = "",
    dated_on: dt.date,
    marking: str,
    upload: File | None = None,
    link: str = "",
    owner: User | None = None,
) -> Evidence:
    """Record a piece of evidence (paper 4.4): a file, which becomes its version 1, or a link.

    A caller with a transaction of its own opens it with `core.uploads.atomic_with_files`.

    Args:
        actor: who adds it.
        title: what it is.
        shows: what it shows.
        dated_on: the day it is of.
        marking: a value of `core.markings.Marking`.
        upload: the file as it was sent.
        link: where it is kept in another system.
        owner: who answers for it; the actor unless told.

    Raises:
        ValidationError: neither file nor link or both, a file that is not let in, a field that
            is empty or too long.
    """
    if upload is None and not link:
        raise ValidationError({"upload": _ONE_OF_BOTH})
    if upload is not None and link:
        raise ValidationError({"upload": _NOT_BOTH})
    vetted = vet(upload) if upload is not None else None
    evidence = Evidence(
        title=title,
        shows=shows,
        dated_on=dated_on,
        marking=marking,
        link=link,
        owner=owner or actor,
    )
    with atomic_with_files():
        attribute(evidence, actor, "Evidence added")
        evidence.full_clean()
        evidence.save()
        if upload is not None and vetted is not None:
            _keep(upload, vetted, EvidenceFile(evidence=evidence), actor)
    return evidence


@_told_of_the_file()
def add_version(evidence: Evidence, *, actor: User, upload: File) -> EvidenceFile:
    """Keep a newer version of the file of a piece of evidence; those before stay.

    Args:
        evidence: that has a file, not a link.
        actor: who adds it.
        upload: the file as it was sent.

    Raises:
        PermissionDenied: the actor may not add a version.
        ValidationError: the evidence is a link, or the file is not let in or is the newest
            version over again.
    """
    if not may_add_version(evidence, actor):
        raise PermissionDenied(_NOT_YOURS)
    vetted = vet(upload)
    with atomic_with_files():
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        newest = locked.latest
        if newest is None:
            raise ValidationError({"upload": _IS_A_LINK})
        if newest.sha256 == vetted.sha256:
            raise ValidationError(
                {
                    "upload": f"This is the very file that is kept as version {newest.version}. "
                    "Choose one that is different."
                }
            )
        record = EvidenceFile(evidence=locked, version=newest.version + 1)
        _keep(upload, vetted, record, actor)
    return record


def _keep(upload: File, vetted: Vetted, record: EvidenceFile, actor: User) -> None:
    attribute(record, actor, f"Version {record.version} added")
    store(upload, vetted, record=record, actor=actor)


def may_add_version(evidence: Evidence, user: User) -> bool:
    """Whether somebody may add a version: the owner, and who may read all evidence by role."""
    return evidence.owner_id == user.pk or user.has_perm("evidence.view_sensitive_evidence")
