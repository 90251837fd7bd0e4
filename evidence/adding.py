"""Adding several files at once: each becomes evidence of its own, or is refused alone."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File

from core.numbers import capitalised
from core.stored import plain_name
from core.uploads import NAME_LENGTH, atomic_with_files
from evidence.editing import change
from evidence.freshness import review_day
from evidence.linking import link as link_to
from evidence.linking import may_link
from evidence.models import Evidence, EvidenceFile
from evidence.panels import Tie
from evidence.recording import AlreadyKept, add_evidence, add_version
from inspections.models import Characteristic
from people.models import User

_TITLE_LENGTH = 200
_CANNOT_LINK = "Its owner and those who keep the evidence say what it stands for."


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not kept.

    Args:
        name: what its sender calls it.
        said: why, in sentences for the sender.
        kept: the piece of evidence that has this very file.
    """

    name: str
    said: str
    kept: Evidence | None = None


@dataclass
class Outcome:
    """What came of several files.

    Args:
        kept: the pieces of evidence, in the order of the files.
        refused: the others.
    """

    kept: list[Evidence] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


def add_files(
    uploads: Iterable[File],
    *,
    actor: User,
    shared: Mapping[str, Any],
    several: bool,
    tie: Tie | None = None,
) -> Outcome:
    """Keep each file as a piece of evidence; one that is refused keeps none of the others away.

    Args:
        uploads: as they were sent.
        actor: who sends them.
        shared: what all have in common, as for `evidence.recording.add_evidence`; the title, if
            there is one, stands before the name of each file where there are several.
        several: whether there are, or come, more than one.
        tie: what they are tied to.
    """
    outcome = Outcome()
    for upload in uploads:
        fields = {**shared, "title": title_of(shared["title"], upload.name or "", several)}
        try:
            outcome.kept.append(add_one(actor=actor, tie=tie, upload=upload, **fields))
        except AlreadyKept as already:
            refused = RefusedFile(_shown_name(upload), already.said, already.evidence)
            outcome.refused.append(refused)
        except ValidationError as error:
            outcome.refused.append(RefusedFile(_shown_name(upload), " ".join(error.messages)))
    return outcome


def add_one(*, actor: User, tie: Tie | None = None, **fields: Any) -> Evidence:
    """Add a piece of evidence and tie it, both or neither.

    Args:
        actor: who adds it.
        tie: what it is tied to.
        fields: as for `evidence.recording.add_evidence`.

    Raises:
        ValidationError: as for `add_evidence`, or it cannot be tied.
    """
    with atomic_with_files():
        evidence = add_evidence(actor=actor, **fields)
        if tie is not None:
            tie.attach(evidence)
    return evidence


def add_version_of(
    evidence: Evidence,
    *,
    actor: User,
    upload: File,
    dated_on: dt.date | None = None,
    review_by: dt.date | None = None,
) -> EvidenceFile:
    """Keep a newer version of a file together with the day it is of, both or neither.

    Args:
        evidence: that has a file.
        actor: who adds it.
        upload: the file as it was sent.
        dated_on: the day the new version is of; that of the evidence unless told.
        review_by: when to look at it again; by the new day, where there is one, unless told.

    Raises:
        PermissionDenied, ValidationError: as for `add_version`, or the day has not come yet.
    """
    fields: dict[str, dt.date] = {}
    if dated_on is not None:
        fields = {"dated_on": dated_on, "review_by": review_by or review_day(dated_on)}
    elif review_by is not None:
        fields = {"review_by": review_by}
    with atomic_with_files():
        added = add_version(evidence, actor=actor, upload=upload)
        if fields:
            change(evidence, added.evidence.version, fields, actor=actor)
    return added


def same_link(evidence: Evidence, user: User) -> Evidence | None:
    """Another current piece with the link of this one, that somebody may read; None for none."""
    if not evidence.link:
        return None
    others = Evidence.objects.visible_to(user).current().exclude(pk=evidence.pk)
    return others.filter(link=evidence.link).order_by("pk").first()


def _shown_name(upload: File) -> str:
    return plain_name(upload.name or "", NAME_LENGTH) or "A file without a name"


def title_of(typed: str, name: str, several: bool) -> str:
    """The title of a file: the one that was typed; of several, with the file's name behind it;
    without one, that name ("wardrobe_audit-2024.pdf" becomes "Wardrobe audit 2024").

    Args:
        typed: may be empty.
        name: of the file, as its sender calls it.
        several: whether it is one of several.
    """
    if typed and not several:
        return typed
    stem = plain_name(name, NAME_LENGTH)
    stem = stem.rpartition(".")[0] or stem
    words = capitalised(" ".join(re.sub(r"[_\-]+", " ", stem).split())) or "File"
    return f"{typed}: {words}"[:_TITLE_LENGTH] if typed else words[:_TITLE_LENGTH]


def link_instead(
    evidence: Evidence,
    characteristics: Iterable[Characteristic],
    *,
    actor: User,
    tie: Tie | None = None,
) -> None:
    """Let a piece that is kept already stand for what its file was sent for again.

    Raises:
        PermissionDenied: the actor may not say what it stands for.
        ValidationError: it was withdrawn, or cannot be tied.
    """
    chosen = list(characteristics)
    if chosen and not may_link(evidence, actor):
        raise PermissionDenied(_CANNOT_LINK)
    with atomic_with_files():
        for characteristic in chosen:
            link_to(evidence, characteristic, actor=actor)
        if tie is not None:
            tie.attach(evidence)
