"""Containers of files: what is checked of a ZIP archive or an OLE file before anything opens it.

A few hundred kilobytes of ZIP can unpack to gigabytes; what its directory says is checked first.
"""

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


class Fault(Enum):
    """What can be wrong with the directory of an archive."""

    INFLATED = auto()
    DAMAGED = auto()
    POINTS_OUTSIDE = auto()
    ENCRYPTED = auto()


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
