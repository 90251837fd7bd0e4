"""Building an inspection pack: every file is copied straight into the archive where files are kept,
so that a pack of gigabytes takes no more memory than one of kilobytes.
"""

import hashlib
import io
import logging
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.dates import now
from core.history import attribute
from core.progress import Tell
from evidence.choices import ReadAs
from evidence.models import EvidenceFile, PackRequest, PackState
from evidence.packs.choosing import Piece, Wanted, highest_marking, pieces_of
from evidence.packs.expiring import expiry
from evidence.packs.index import Entry, index_pdf, name_in_pack, write_index_workbook
from evidence.readings import note_all

logger = logging.getLogger("portal.evidence")

MISSING = "The file is not where files are kept: it is not in this pack. Ask the owner for it."
CHANGED = "The file is not the one that was stored: its fingerprint has changed."
INDEX_WORKBOOK, INDEX_PAPER, MANIFEST = "index.xlsx", "index.pdf", "manifest-sha256.txt"
_CHUNK = 1024 * 1024
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class PackNotBuilt(Exception):
    """The pack could not be built; `str()` is a sentence for who asked for it."""


def build(pack: PackRequest, *, tell: Tell) -> None:
    """Put a pack together, of what its maker may read at this moment.

    Args:
        pack: that is being asked for.
        tell: is called with the bytes that are done and the bytes there are.

    Raises:
        PackNotBuilt: there is nothing to put in.
        OSError: a file cannot be read to its end, or the archive not be written.
    """
    pieces = pieces_of(Wanted.of(pack), pack.made_by)
    if not pieces:
        raise PackNotBuilt(
            "There is no evidence that you may read in it any more. Choose again what it is to "
            "hold."
        )
    pack.marking = highest_marking(pieces)
    with _archive(pack) as archive:
        entries = _Writer(pack, archive, pieces, tell).write()
    _finish(pack, entries)


@contextmanager
def _archive(pack: PackRequest) -> Iterator[zipfile.ZipFile]:
    """An empty archive where files are kept. Its name is on record before it is written, and it
    goes when building it fails.
    """
    name = _named(pack)
    storage = pack.file.storage
    try:
        storage.save(name, ContentFile(b""))
        with (
            storage.open(name, "wb") as target,
            # Most evidence is compressed already; packing it anew takes long and gains nothing.
            zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive,
        ):
            yield archive
    except BaseException:
        storage.delete(name)
        raise


@transaction.atomic
def _named(pack: PackRequest) -> str:
    locked = PackRequest.objects.select_for_update().get(pk=pack.pk)
    if locked.file:
        # An attempt before was broken off.
        locked.file.storage.delete(str(locked.file.name))
    locked.file = locked.file.field.generate_filename(locked, "pack.zip")
    attribute(locked, locked.made_by, "Being built")
    locked.save()
    pack.file = locked.file
    return str(locked.file.name)


@transaction.atomic
def _finish(pack: PackRequest, entries: Sequence[Entry]) -> None:
    """Let its maker have it, unless it was asked for anew meanwhile."""
    locked = PackRequest.objects.select_for_update().get(pk=pack.pk)
    if not locked.is_building or locked.file.name != pack.file.name:
        pack.file.storage.delete(str(pack.file.name))
        return
    locked.state = PackState.READY
    locked.marking = pack.marking
    locked.size = pack.file.storage.size(str(pack.file.name))
    locked.faults = sum(1 for entry in entries if entry.fault)
    locked.contents = [
        {"id": entry.evidence.pk, "version": latest.version if latest else None}
        for entry in entries
        for latest in [entry.evidence.latest]
    ]
    locked.built_at = now()
    locked.expires_at = expiry(locked.built_at)
    attribute(locked, locked.made_by, "Built")
    locked.save()
    taken = [entry.evidence for entry in entries if entry.fault != MISSING]
    note_all([(each, each.latest) for each in taken], locked.made_by, ReadAs.PACK)


class _Writer:
    """Fills the archive of a pack.

    Args:
        pack: with its marking.
        archive: empty.
        pieces: what goes in, in the order of the index.
        tell: is called with the bytes that are done and the bytes there are.
    """

    def __init__(
        self, pack: PackRequest, archive: zipfile.ZipFile, pieces: Sequence[Piece], tell: Tell
    ) -> None:
        self.pack = pack
        self.archive = archive
        self.pieces = pieces
        self.tell = tell
        self.moment = timezone.localtime(now())
        self.done = 0
        self.total = sum(piece.evidence.latest.size for piece in pieces if piece.evidence.latest)
        # Name -> fingerprint.
        self.sums: dict[str, str] = {}

    def write(self) -> list[Entry]:
        """Write files, index and manifest; the entries of the index."""
        self.tell(0, self.total)
        entries = [self._entry(number, piece) for number, piece in enumerate(self.pieces, start=1)]
        workbook = io.BytesIO()
        write_index_workbook(self.pack, entries, workbook)
        self._put(INDEX_WORKBOOK, workbook.getvalue())
        self._put(INDEX_PAPER, index_pdf(self.pack, entries))
        lines = [f"{digest}  {name}\n" for name, digest in self.sums.items()]
        self._put(MANIFEST, "".join(lines).encode())
        return entries

    def _entry(self, number: int, piece: Piece) -> Entry:
        evidence = piece.evidence
        entry = Entry(number, evidence, piece.stands_for)
        file = evidence.latest
        if file is None:
            return entry
        try:
            source = file.file.open("rb")
        except FileNotFoundError:
            logger.error(
                "The file of evidence %d, version %d, is missing", evidence.pk, file.version
            )
            entry.fault = MISSING
            return entry
        with source:
            self._copy(entry, file, source)
        return entry

    def _copy(self, entry: Entry, file: EvidenceFile, source: IO[bytes]) -> None:
        entry.name = name_in_pack(entry.number, len(self.pieces), entry.evidence, file)
        member = self._member(entry.name)
        # By this the archive knows whether the place for its size must be a large one.
        member.file_size = file.size
        digest, size = hashlib.sha256(), 0
        with self.archive.open(member, "w") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
                size += len(chunk)
                self.done += len(chunk)
                self.tell(self.done, self.total)
        entry.size, entry.sha256 = size, digest.hexdigest()
        self.sums[entry.name] = entry.sha256
        if entry.sha256 != file.sha256:
            logger.error("The file of evidence %d is not what was stored", entry.evidence.pk)
            entry.fault = CHANGED

    def _put(self, name: str, contents: bytes) -> None:
        self.archive.writestr(self._member(name), contents)
        self.sums[name] = hashlib.sha256(contents).hexdigest()

    def _member(self, name: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, max(self.moment.timetuple()[:6], _EARLIEST))
        member.external_attr = 0o644 << 16
        return member
