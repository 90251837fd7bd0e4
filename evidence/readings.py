"""The log of who has read sensitive evidence: in the database, and as lines of the portal's log."""

import logging
from collections.abc import Iterable

from evidence.choices import ReadAs
from evidence.models import Evidence, EvidenceFile, EvidenceReading
from people.models import User

logger = logging.getLogger("portal.evidence")
_LATEST = 20
_DID = {
    ReadAs.PAGE: "read",
    ReadAs.PREVIEW: "previewed",
    ReadAs.DOWNLOAD: "downloaded",
    ReadAs.SEARCH: "was shown text of",
    ReadAs.PACK: "took into a pack",
    ReadAs.EXPORT: "exported",
}


def note(evidence: Evidence, reader: User, how: str, *, file: EvidenceFile | None = None) -> None:
    """Write down that somebody has read a piece of evidence, should it be sensitive.

    Args:
        evidence: of whatever marking.
        reader: who.
        how: a value of `evidence.choices.ReadAs`.
        file: which version, where it was a file.
    """
    note_all([(evidence, file)], reader, how)


def note_all(read: Iterable[tuple[Evidence, EvidenceFile | None]], reader: User, how: str) -> None:
    """Write down that somebody has read several pieces at once; those that are not sensitive are
    left out.

    Args:
        read: each with the version that was read, where it was a file.
        reader, how: as for `note`.
    """
    sensitive = [(evidence, file) for evidence, file in read if evidence.is_sensitive]
    EvidenceReading.objects.bulk_create(
        EvidenceReading(
            evidence=evidence, file=file, reader=reader, reader_name=str(reader)[:150], how=how
        )
        for evidence, file in sensitive
    )
    for evidence, file in sensitive:
        version = f"version {file.version} of " if file else ""
        logger.info(
            "%s %s %ssensitive evidence %d",
            reader.username,
            _DID[ReadAs(how)],
            version,
            evidence.pk,
        )


def may_see_readings(evidence: Evidence, user: User) -> bool:
    """Whether somebody is told who has read a piece: who reads all sensitive evidence by role."""
    return evidence.is_sensitive and user.has_perm("evidence.view_sensitive_evidence")


def latest_readings(evidence: Evidence) -> tuple[list[EvidenceReading], int]:
    """The latest readings of a piece, the newest first, and how many there are in all."""
    readings = EvidenceReading.objects.filter(evidence=evidence)
    return list(readings.select_related("file")[:_LATEST]), readings.count()
