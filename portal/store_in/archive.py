"""A ZIP of files with an index: vetted before anything is unpacked, then read file by file.

Nothing is unpacked to a place that a name in it decides: each file is read into a temporary file of
our own, no further than its limit, so memory stays the same whatever the size.
"""

import shutil
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.core.files import File

from core.archives import MAX_RATIO, RATIO_FROM, has_long_directory
from core.kinds import UploadRefused
from core.stored import plain_name
from core.uploads import NAME_LENGTH, vet
from portal.reading.files import open_spreadsheet
from portal.reading.refusals import EmptyFile, WorkbookRefused
from portal.reading.workbook import Sheet

INDEX_NAMES = ("index.xlsx", "index.csv")
MAX_FILES = 5_000
_LONGEST_NAME = 255
_IN_MEMORY = 1024 * 1024
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What operating systems leave behind.
_LITTER = (".ds_store", "thumbs.db", "desktop.ini")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_DAMAGED = (
    "This ZIP file is damaged and cannot be read. Pack the folder again and choose that file."
)
# What the key of a file outside the folder of the index begins with (`contents_of`).
OUTSIDE = "../"
_OUTSIDE_SENTENCE = (
    "It lies outside the folder of the index. Put it beside the index, or in a folder there."
)
_TOO_MANY = (
    f"This ZIP file holds more than {MAX_FILES:,} files. Split the folder into several, each with "
    "an index of its own."
)
_AGAIN = "Pack the folder again and choose that file."


class ArchiveRefused(WorkbookRefused):
    """A ZIP file is not used; `str()` says why and what to do."""


def check_archive_size(file: IO[bytes]) -> int:
    """The size of a ZIP file in bytes.

    Raises:
        EmptyFile, ArchiveRefused: nothing in it, or more than EVIDENCE_STORE_MAX_BYTES.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise EmptyFile
    if size > settings.EVIDENCE_STORE_MAX_BYTES:
        megabytes = settings.EVIDENCE_STORE_MAX_BYTES / 1024 / 1024
        raise ArchiveRefused(
            f"This ZIP file is larger than {megabytes:.0f} MB. Split the folder into several, each "
            "with an index of its own."
        )
    return size


@contextmanager
def open_index(file: IO[bytes], name: str) -> Iterator[list[Sheet]]:
    """The sheets of the index in a ZIP file that has passed every check.

    Args:
        file: the ZIP file, readable and seekable; it stays open.
        name: what its sender calls it.

    Raises:
        WorkbookRefused: the ZIP file or its index is not used; the message says why.
    """
    with (
        _opened(file) as archive,
        _unpacked(archive, _index_of(archive)) as index,
        open_spreadsheet(index, name) as sheets,
    ):
        yield sheets


def contents_of(file: IO[bytes]) -> dict[str, dict[str, Any]]:
    """Every file in a ZIP file but its index, vetted as any upload is.

    Args:
        file: the ZIP file, readable and seekable.

    Returns:
        Key of the name (`name_key`) -> {"name": as it stands there, "sha256", "size", "refusal"}:
        a sentence where it is not let in, else "". The key of one that lies outside the folder of
        the index begins with `OUTSIDE`; such files are told, and left.

    Raises:
        WorkbookRefused: as for `open_index`.
    """
    with _opened(file) as archive:
        index = _index_of(archive)
        found = {}
        for entry in _files(archive):
            name = _within(entry, index)
            if not name:
                # What a row names by its own folder is never taken from elsewhere.
                key = f"{OUTSIDE}{name_key(entry.filename)}"
                found[key] = {"name": entry.filename, **_refused(_OUTSIDE_SENTENCE)}
            elif entry is not index:
                found[name_key(name)] = {"name": name, **_vetted(archive, entry)}
        return found


@contextmanager
def files_of(file: IO[bytes]) -> Iterator["Files"]:
    """The files of a ZIP file, to be unpacked one after another.

    Args:
        file: the ZIP file, readable and seekable; it stays open.

    Raises:
        ArchiveRefused: it is not what it was when it was received.
    """
    with _opened(file) as archive:
        yield Files(archive)


class Files:
    """The files of an open archive by their names, as `contents_of` gives them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        index = _index_of(archive)
        self._archive = archive
        named = ((_within(entry, index), entry) for entry in _files(archive))
        self._entries = {name: entry for name, entry in named if name}

    @contextmanager
    def unpacked(self, name: str) -> Iterator[File]:
        """One of them, in a temporary file.

        Raises:
            ArchiveRefused: it is not there any more, or damaged.
        """
        if name not in self._entries:
            raise ArchiveRefused(_DAMAGED)
        with _unpacked(self._archive, self._entries[name]) as file:
            yield File(file, name=_plain(name))


def name_key(name: str) -> str:
    """A name as names are compared: whatever the slashes, letter case and composed letters."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()
    return "/".join(part.strip() for part in plain.split("/") if part.strip() not in ("", "."))


def _plain(name: str) -> str:
    return plain_name(name, NAME_LENGTH)


def _within(entry: zipfile.ZipInfo, index: zipfile.ZipInfo) -> str:
    """A name as seen from the folder of the index; "" for one that lies outside it."""
    parts, (*folder, _) = _parts(entry.filename), _parts(index.filename)
    above, below = parts[: len(folder)], parts[len(folder) :]
    return "/".join(below) if [*map(name_key, above)] == [*map(name_key, folder)] else ""


def _parts(name: str) -> list[str]:
    plain = name.replace("\\", "/")
    return [part for part in plain.split("/") if part.strip() not in ("", ".")]


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    size = check_archive_size(file)
    start = file.read(len(_SIGNATURES[0]))
    file.seek(0)
    if start not in _SIGNATURES:
        raise ArchiveRefused(
            "This is not a ZIP file. Put the files and the index into one folder, pack it as a ZIP "
            "file and choose that."
        )
    if has_long_directory(file, MAX_FILES):
        raise ArchiveRefused(_TOO_MANY)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise ArchiveRefused(_DAMAGED) from error
    with archive:
        _check_directory(archive, size)
        yield archive


def _check_directory(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise ArchiveRefused(_TOO_MANY)
    unpacked = sum(entry.file_size for entry in entries)
    overlapping = sum(entry.compress_size for entry in entries) > size
    much = unpacked > RATIO_FROM and unpacked > MAX_RATIO * size
    if overlapping or much or unpacked > 4 * settings.EVIDENCE_STORE_MAX_BYTES:
        raise ArchiveRefused(
            f"This ZIP file unpacks to far more than documents need, so it was not opened. {_AGAIN}"
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ArchiveRefused(
            "This ZIP file is protected with a password. Pack the folder again without one and "
            "choose that file."
        )
    if any(_points_outside(entry) for entry in entries):
        raise ArchiveRefused(
            f"This ZIP file holds names that point outside it, so it was not opened. {_AGAIN}"
        )
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise ArchiveRefused(
            "This ZIP file is packed in a way that cannot be read here. Pack the folder again as "
            "an ordinary ZIP file and choose that."
        )
    names = Counter(name_key(entry.filename) for entry in entries if not entry.is_dir())
    if names and max(names.values()) > 1:
        twice = max(names, key=lambda name: names[name])[:80]
        raise ArchiveRefused(f"“{twice}” is in this ZIP file more than once. {_AGAIN}")


def _points_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/")
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or ":" in name.partition("/")[0]
        or len(name) > _LONGEST_NAME
        or stat.S_ISLNK(entry.external_attr >> 16)
    )


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files that people have put there."""
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/").casefold()
        last = name.rpartition("/")[2]
        litter = last in _LITTER or last.startswith(("~$", "._")) or name.startswith("__macosx/")
        if not (entry.is_dir() or litter):
            yield entry


def _index_of(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The index: of several, the one that lies highest."""
    found: dict[int, list[zipfile.ZipInfo]] = {}
    for entry in _files(archive):
        name = entry.filename.replace("\\", "/").casefold()
        if name.rpartition("/")[2] in INDEX_NAMES:
            found.setdefault(name.count("/"), []).append(entry)
    if not found:
        raise ArchiveRefused(
            "This ZIP file has no index. Put a workbook “index.xlsx” beside the files, with a row "
            "for each of them, pack the folder again and choose that file."
        )
    highest = found[min(found)]
    if len(highest) > 1:
        raise ArchiveRefused(
            f"This ZIP file has more than one index. Keep one “index.xlsx” or “index.csv”. {_AGAIN}"
        )
    return highest[0]


@contextmanager
def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A file of an archive in a temporary file, which ends with the block; no longer than it says
    it is.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as unpacked:
        try:
            with archive.open(entry) as stream:
                shutil.copyfileobj(stream, unpacked)
        except _BROKEN as error:
            raise ArchiveRefused(_DAMAGED) from error
        unpacked.seek(0)
        yield unpacked


def _vetted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> dict[str, Any]:
    if entry.file_size > settings.UPLOAD_MAX_BYTES:
        megabytes = settings.UPLOAD_MAX_BYTES / 1024 / 1024
        return _refused(f"This file is larger than {megabytes:.0f} MB. Choose a smaller one.")
    with _unpacked(archive, entry) as unpacked:
        try:
            vetted = vet(File(unpacked, name=_plain(entry.filename)))
        except UploadRefused as refusal:
            return _refused(str(refusal))
    return {"sha256": vetted.sha256, "size": vetted.size, "refusal": ""}


def _refused(sentence: str) -> dict[str, Any]:
    return {"sha256": "", "size": 0, "refusal": sentence}
