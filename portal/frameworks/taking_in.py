"""Taking in a version of the framework: the file is read and kept, compared, then applied."""

import hashlib
from typing import IO

from django.db import transaction
from django.utils import timezone

from core.dates import long_date
from core.history import attribute
from core.stored import fingerprint
from inspections.models import Framework
from inspections.versions import Comparison, VersionRefused, compare, take_version
from people.models import User
from portal.frameworks.reading import Told, read_framework
from portal.models import FrameworkUpload
from portal.reading.workbook import clean_file_name


@transaction.atomic
def receive_framework(file: IO[bytes], name: str, *, told: Told, actor: User) -> FrameworkUpload:
    """Keep what a file says of a version; nothing of the framework changes.

    Args:
        file: readable and seekable.
        name: what its sender calls it; kept as text only.
        told: what a workbook does not say of the version.
        actor: who sends it.

    Raises:
        VersionRefused: it cannot be read, or does not go together with what is here.
    """
    plain = clean_file_name(name)
    document = read_framework(file, plain, told)
    compare(document)
    upload = FrameworkUpload(
        original_name=plain, sha256=fingerprint(file), document=document, uploaded_by=actor
    )
    attribute(upload, actor, f"Framework {document['version']} received")
    upload.full_clean()
    upload.save()
    return upload


def seen_in(comparison: Comparison) -> str:
    """A fingerprint of what a comparison says, to tell whether another says something else."""
    said = (
        [part.code for part in comparison.new],
        [(each.code, each.ours, each.theirs) for each in comparison.reworded],
        comparison.facts,
        sorted(comparison.became.items()),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@transaction.atomic
def apply_framework(upload: FrameworkUpload, *, seen: str, actor: User) -> Framework:
    """Take in the version that was compared, all of it or nothing.

    Args:
        upload: received.
        seen: `seen_in` the comparison that the actor looked at.
        actor: who does it.

    Returns:
        The version.

    Raises:
        VersionRefused: it was taken in already, the comparison says something else by now, or it
            does not go together with what is here.
    """
    locked = FrameworkUpload.objects.select_for_update().get(pk=upload.pk)
    if locked.applied_at:
        day = long_date(timezone.localtime(locked.applied_at).date())
        raise VersionRefused([f"{locked.applied_by} has taken in this file on {day}."])
    if seen_in(compare(locked.document)) != seen:
        raise VersionRefused(
            ["What is here has changed since you opened the page. Check what it says now."]
        )
    framework = take_version(locked.document, actor=actor)
    locked.applied_by, locked.applied_at = actor, timezone.now()
    attribute(locked, actor, f"Framework {framework.version} taken in")
    locked.save()
    return framework
