"""Inspection packs of small and of large files: the memory of a process of its own, and the time
beside that of copying the same files.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.clock import Result, seconds
from core.stored import fingerprint
from evidence.models import Evidence, EvidenceFile, PackRequest, PackState
from evidence.packs.building import build
from people.models import User
from tracker.models import Action, ActionEvidence

_MEGABYTE = 1024 * 1024
# As large as a file may be that is taken in.
_LARGEST = 25


def compare(reader: User, action: Action, megabytes: int) -> Iterator[Result]:
    """A pack of so many megabytes, and one of as many files of a kilobyte."""
    count = max(1, megabytes // _LARGEST)
    large = ask(reader, action, count, min(megabytes, _LARGEST) * _MEGABYTE)
    took, least, most = build_apart(large)
    _, _, small_most = build_apart(ask(reader, action, count, 1024))
    copying = seconds(lambda: _copy(large))
    size = PackRequest.objects.get(pk=large.pk).size / _MEGABYTE
    assert size >= megabytes - _LARGEST
    work = f"a pack of {count} files, {size:,.0f} MB"
    yield Result(work, took, copying, "copying the same files")
    yield Result(
        f"{work}: most memory, {least} MB at its beginning",
        f"{most} MB",
        f"{small_most} MB",
        "as many files of 1 kB",
        "the same",
    )


def ask(reader: User, action: Action, count: int, size: int) -> PackRequest:
    """A pack that waits to be built, of files attached to an action and nothing else.

    Args:
        reader: whose pack it is.
        action: the evidence it had before is taken off.
        count: of files.
        size: bytes of each; they are holes, which take no room until they are copied.
    """
    ActionEvidence.objects.filter(action=action).delete()
    folder = Path(settings.MEDIA_ROOT) / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = ""
    for number in range(count):
        path = folder / f"{action.pk}-{size}-{number}.pdf"
        with path.open("w+b") as file:
            file.truncate(size)
            sha256 = sha256 or fingerprint(file)
        evidence = Evidence.objects.create(title=f"Audit {number}", owner=reader)
        EvidenceFile.objects.create(
            evidence=evidence,
            file=f"evidence/{path.name}",
            original_name="audit.pdf",
            content_type="application/pdf",
            size=size,
            sha256=sha256,
        )
        ActionEvidence.objects.create(action=action, evidence=evidence)
    chosen = {"questions": [], "actions": [action.reference]}
    return PackRequest.objects.create(made_by=reader, chosen=chosen, words=[action.reference])


def build_apart(pack: PackRequest) -> tuple[float, int, int]:
    """Build a pack in a process of its own.

    Returns:
        Seconds; megabytes of memory at the beginning, and the most.
    """
    connection.close()
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        began, least = time.perf_counter(), _megabytes("VmRSS")
        build(pack, tell=lambda done, total: None)
        told = f"{time.perf_counter() - began} {least} {_megabytes('VmHWM')}"
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told_by:
        words = told_by.read().split()
    os.waitpid(child, 0)
    assert PackRequest.objects.get(pk=pack.pk).state == PackState.READY
    return float(words[0]), int(words[1]), int(words[2])


def _megabytes(what: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{what}:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) // 1024


def _copy(pack: PackRequest) -> None:
    """What a pack cannot do without: reading its files and writing them once."""
    target = Path(settings.MEDIA_ROOT) / "copied"
    keys = [each["id"] for each in PackRequest.objects.get(pk=pack.pk).contents]
    with target.open("wb") as copy:
        for file in EvidenceFile.objects.filter(evidence__in=keys):
            with file.file.open("rb") as source:
                shutil.copyfileobj(source, copy, _MEGABYTE)
    target.unlink()
