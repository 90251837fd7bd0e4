"""Is what FIVES says it keeps really kept, and nothing else? Read by `manage.py check_evidence`."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.core.files.storage import default_storage
from django.utils import timezone

from core.numbers import counted
from core.stored import recorded_names
from core.unfinished import under_way
from evidence.models import Evidence, EvidenceFile

# Where the files of this room are kept.
FOLDER = "evidence"
# A file so young may belong to an upload that another machine has under way.
YOUNG = dt.timedelta(hours=1)
_CHUNK = 1024 * 1024


class Fault(Enum):
    """What can be wrong."""

    MISSING = "File missing"
    UNREADABLE = "File cannot be read"
    WRONG_SIZE = "File of another size"
    WRONG_HASH = "File changed"
    NOTHING_KEPT = "Neither file nor link"
    BOTH_KEPT = "Both file and link"
    GAP = "Versions with a gap"
    NO_WORDS = "Not found by any search"
    ORPHAN = "File of no record"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Args:
        fault: what.
        where: which item, version or file.
        said: more about it.
    """

    fault: Fault
    where: str
    said: str = ""

    def __str__(self) -> str:
        return f"{self.fault.value}: {self.where}{f' ({self.said})' if self.said else ''}"


def findings() -> Iterator[Finding]:
    """Everything that is wrong: with the items, with each stored file, and files of no record.

    Files are read in pieces; those of several records are read once for each of them.
    """
    for evidence in Evidence.objects.order_by("pk").prefetch_related("files").iterator(500):
        yield from _in_item(evidence)
    for evidence in Evidence.objects.without_words():
        yield Finding(Fault.NO_WORDS, _named(evidence), "manage.py extract_texts makes its words")
    for file in EvidenceFile.objects.order_by("pk").iterator():
        if found := _in_file(file):
            yield found
    for name in orphans():
        yield Finding(Fault.ORPHAN, name)


def _named(evidence: Evidence) -> str:
    return f"evidence {evidence.pk}, “{evidence}”"


def _in_item(evidence: Evidence) -> Iterator[Finding]:
    where = _named(evidence)
    versions = sorted(file.version for file in evidence.files.all())
    if not versions and not evidence.link:
        yield Finding(Fault.NOTHING_KEPT, where)
    if versions and evidence.link:
        yield Finding(Fault.BOTH_KEPT, where)
    if versions != list(range(1, len(versions) + 1)):
        yield Finding(Fault.GAP, where, f"it has {', '.join(map(str, versions))}")


def _in_file(file: EvidenceFile) -> Finding | None:
    where = f"evidence {file.evidence_id}, version {file.version}, kept as {file.file.name}"
    digest, size = hashlib.sha256(), 0
    try:
        with file.file.storage.open(str(file.file.name), "rb") as stored:
            for chunk in stored.chunks(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return Finding(Fault.MISSING, where)
    except OSError as error:
        return Finding(Fault.UNREADABLE, where, str(error.strerror))
    if size != file.size:
        said = f"{counted(size, 'byte')} instead of {counted(file.size, 'byte')}"
        return Finding(Fault.WRONG_SIZE, where, said)
    if digest.hexdigest() != file.sha256:
        return Finding(Fault.WRONG_HASH, where, "its fingerprint is another")
    return None


def orphans() -> list[str]:
    """Names of the files in this room's folder that no record stands for, of whatever room; those
    of uploads under way on this machine are none.
    """
    busy = under_way()
    # Looked at before the records are: what is recorded meanwhile is no orphan.
    kept = set(_names_in(FOLDER))
    return sorted(kept - busy - recorded_names())


def _names_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for each in folders:
        yield from _names_in(f"{folder}/{each}")


def old_enough(names: Iterable[str]) -> list[str]:
    """Those of these files that no upload under way can have written."""
    before = timezone.now() - YOUNG
    return [name for name in names if default_storage.get_modified_time(name) < before]


def remove(names: Iterable[str]) -> None:
    """Remove files that were found to be orphans."""
    for name in names:
        default_storage.delete(name)
