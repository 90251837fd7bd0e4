"""The writes that keep something: a piece of evidence is added, or a newer version of its file."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db.models import F

from core.history import attribute
from core.kinds import UploadRefused
from core.turns import Turn, wait_for_turn
from core.uploads import Vetted, atomic_with_files, store, vet
from evidence.choices import Source
from evidence.extracting import extract_later
from evidence.freshness import check_day, retention_day, review_day
from evidence.keeping import may_keep
from evidence.linking import link as link_to
from evidence.models import CorporateMeeting, Evidence, EvidenceFile
from evidence.words import keep_words
from inspections.models import Characteristic
from people.models import User

_ONE_OF_BOTH = "Choose a file or enter a link."
_NOT_BOTH = "Choose a file or enter a link, not both."
_IS_A_LINK = "This evidence is a link to another system: it has no versions of a file."
_NOT_YOURS = "Its owner, and those who keep the evidence, add versions."
_WITHDRAWN = "This evidence was withdrawn. Those who keep the evidence can restore it first."


class AlreadyKept(ValidationError):
    """The very file or link is kept as another piece of evidence, which the actor may read.

    Args:
        evidence: the piece that is kept.
        field: in which it was sent: "upload" or "link".
    """

    def __init__(self, evidence: Evidence, field: str) -> None:
        what = "file" if field == "upload" else "link"
        said = f"This very {what} is kept already, as “{evidence}”."
        if evidence.withdrawn_at is not None:
            said += " It was withdrawn. Those who keep the evidence can restore it."
        super().__init__({field: said})
        self.evidence = evidence
        self.said = said


@contextmanager
def told_of_the_file() -> Iterator[None]:
    """Say what is wrong with a file as what is wrong with the field it came in."""
    try:
        yield
    except UploadRefused as refusal:
        raise ValidationError({"upload": str(refusal)}) from refusal


@told_of_the_file()
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
    source: str = Source.DOCUMENT,
    meeting: CorporateMeeting | None = None,
    review_by: dt.date | None = None,
    retention_review_on: dt.date | None = None,
    characteristics: Collection[Characteristic] = (),
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
        source: where it comes from, a value of `evidence.choices.Source`.
        meeting: which one, where it comes from a meeting.
        review_by: when to look at it again; by its date unless told.
        retention_review_on: when to decide whether it is kept any longer; by its date unless told.
        characteristics: of good that it supports.

    Raises:
        AlreadyKept: the very file is kept already, or the very link under this title.
        ValidationError: neither file nor link or both, a file that is not let in, a field that
            is empty or too long, a meeting that does not go with the source.
    """
    if upload is None and not link:
        raise ValidationError({"upload": _ONE_OF_BOTH})
    if upload is not None and link:
        raise ValidationError({"upload": _NOT_BOTH})
    check_day(dated_on)
    vetted = vet(upload) if upload is not None else None
    evidence = Evidence(
        title=title,
        shows=shows,
        dated_on=dated_on,
        marking=marking,
        link=link,
        owner=owner or actor,
        source=source,
        meeting=meeting,
        review_by=review_by or review_day(dated_on),
        retention_review_on=retention_review_on or retention_day(dated_on),
    )
    with atomic_with_files():
        _check_new(evidence, vetted, actor)
        attribute(evidence, actor, "Evidence added")
        evidence.full_clean()
        evidence.save()
        keep_words(evidence.pk)
        if upload is not None and vetted is not None:
            _keep(upload, vetted, EvidenceFile(evidence=evidence), actor)
        for characteristic in characteristics:
            link_to(evidence, characteristic, actor=actor)
    return evidence


def _check_new(evidence: Evidence, vetted: Vetted | None, actor: User) -> None:
    """The same is not kept twice, also when a form is sent twice at once."""
    wait_for_turn(Turn.KEEPING_A_FILE, vetted.sha256 if vetted else evidence.link)
    if vetted is not None:
        if kept := kept_already(vetted.sha256, actor):
            raise AlreadyKept(kept, "upload")
        return
    # A system that keeps many things may have one address for all of them.
    same = Evidence.objects.visible_to(actor).current().filter(link=evidence.link)
    if found := same.filter(title=evidence.title).first():
        raise AlreadyKept(found, "link")


def kept_already(sha256: str, user: User) -> Evidence | None:
    """The piece of evidence that has a file of this fingerprint, in whatever version.

    Args:
        sha256: of the file.
        user: who may read the piece; those that they may not stay unnamed.

    Returns:
        The first of them; a withdrawn one only where there is no other.
    """
    found = Evidence.objects.visible_to(user).filter(files__sha256=sha256)
    return found.order_by(F("withdrawn_at").asc(nulls_first=True), "pk").first()


@told_of_the_file()
def add_version(evidence: Evidence, *, actor: User, upload: File) -> EvidenceFile:
    """Keep a newer version of the file of a piece of evidence; those before stay.

    Args:
        evidence: that has a file, not a link.
        actor: who adds it.
        upload: the file as it was sent.

    Raises:
        PermissionDenied: the actor may not add a version.
        ValidationError: the evidence is a link or was withdrawn, or the file is not let in or is
            the newest version over again.
    """
    if not may_keep(evidence, actor):
        raise PermissionDenied(_NOT_YOURS)
    vetted = vet(upload)
    with atomic_with_files():
        wait_for_turn(Turn.KEEPING_A_FILE, vetted.sha256)
        locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
        newest = locked.latest
        if newest is None:
            raise ValidationError({"upload": _IS_A_LINK})
        if locked.withdrawn_at is not None:
            raise ValidationError({"upload": _WITHDRAWN})
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
    # Of a piece that this person may not read, perhaps: they are not told, and it is kept once.
    same = EvidenceFile.objects.filter(sha256=vetted.sha256, size=vetted.size).first()
    store(upload, vetted, record=record, actor=actor, same_as=same)
    keep_words(record.evidence_id)
    extract_later(record)
