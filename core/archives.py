"""Containers of files: what is checked of a ZIP archive or an OLE file before anything opens it.

A few hundred kilobytes of ZIP can unpack to gigabytes; what its directory says is checked first.
"""

import struct
import zipfile
from enum import Enum, auto
from typing import IO

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Encrypted Office files and those of old formats are both OLE files; only the former have this.
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
# A workbook of 2,000 ordinary rows unpacks to about 38 times its size, a bomb to about 290 times.
MAX_RATIO = 150
RATIO_FROM = 1024 * 1024
_CHUNK = 64 * 1024
# Of an entry in a directory: 46 bytes, its name, and what programs add.
_ENTRY_SIZE = 400
_END, _END_SIZE = b"PK\x05\x06", 22
_END_64, _END_64_SIZE = b"PK\x06\x06", 56
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_LONGEST_COMMENT = 65_535


class Fault(Enum):
    """What can be wrong with the directory of an archive."""

    INFLATED = auto()
    DAMAGED = auto()
    POINTS_OUTSIDE = auto()
    ENCRYPTED = auto()


def has_long_directory(file: IO[bytes], entries: int | None = None) -> bool:
    """Whether the directory of a ZIP archive is longer than so many entries need, by the size that
    its end gives: that much is read before any entry can be counted.

    Args:
        file: the archive, readable and seekable.
        entries: how many there may be; `MAX_ENTRIES` unless told.
    """
    return _directory_size(file) > _ENTRY_SIZE * (MAX_ENTRIES if entries is None else entries)


def _directory_size(file: IO[bytes]) -> int:
    """The largest size that a reader may take for that of the directory; 0 where it has no end."""
    size = file.seek(0, 2)
    start = max(size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE - _END_64_SIZE, 0)
    file.seek(start)
    tail = file.read()
    found = 0
    # Readers take the one at the very end, or else the last.
    for place in {len(tail) - _END_SIZE, tail.rfind(_END)}:
        end = tail[place : place + _END_SIZE] if place >= 0 else b""
        if not end.startswith(_END) or len(end) < _END_SIZE:
            continue
        found = max(found, struct.unpack_from("<L", end, 12)[0] % 0xFFFFFFFF)
        locator = tail[max(place - _LOCATOR_SIZE, 0) : place]
        if locator.startswith(_LOCATOR) and len(locator) == _LOCATOR_SIZE:
            # Where it says it is, and where readers look for it.
            told = struct.unpack_from("<Q", locator, 8)[0]
            before = start + place - _LOCATOR_SIZE - _END_64_SIZE
            found = max(found, _size_64(file, told, size), _size_64(file, before, size))
    return found


def _size_64(file: IO[bytes], place: int, size: int) -> int:
    if not 0 <= place <= size - _END_64_SIZE:
        return 0
    file.seek(place)
    end = file.read(_END_64_SIZE)
    return int(struct.unpack_from("<Q", end, 40)[0]) if end.startswith(_END_64) else 0


def fault_in(archive: zipfile.ZipFile, size: int) -> Fault | None:
    """The first fault of an archive's directory; None when there is none.

    Args:
        archive: open for reading.
        size: of the whole archive in bytes.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        return Fault.INFLATED
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * size:
        return Fault.INFLATED
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if len(set(names)) != len(names):
        return Fault.DAMAGED
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        return Fault.POINTS_OUTSIDE
    if any(entry.flag_bits & 0x1 for entry in entries):
        return Fault.ENCRYPTED
    return None


def folded_names(archive: zipfile.ZipFile) -> list[str]:
    """The names in an archive, in lower case and with forward slashes."""
    return [entry.filename.replace("\\", "/").lower() for entry in archive.infolist()]


def has_macros(names: list[str]) -> bool:
    """Whether an Office file holds macros.

    Args:
        names: as `folded_names` gives them.
    """
    return any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)


def holds(file: IO[bytes], wanted: bytes) -> bool:
    """Whether some bytes stand anywhere in a file, which is read from its start in pieces."""
    file.seek(0)
    tail = b""
    while chunk := file.read(_CHUNK):
        if wanted in tail + chunk:
            return True
        tail = (tail + chunk)[1 - len(wanted) :]
    return False
