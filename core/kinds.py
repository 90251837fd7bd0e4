"""Kinds of documents that people may send: what a name claims, first bytes and parts must bear out.

Only kinds on the list come in, and nothing that runs, hides its contents or grows without end.
"""

import codecs
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import puremagic

from core.archives import (
    ENCRYPTED_STREAM,
    OLE_SIGNATURE,
    Fault,
    fault_in,
    folded_names,
    has_long_directory,
    has_macros,
    holds,
)

_CHUNK = 1024 * 1024
_START = 4096
# Every Outlook message has this stream; so no other OLE file is taken for one.
_MESSAGE_STREAM = "__properties_version1.0".encode("utf-16-le")
# An e-mail begins with a header ("Received: ...").
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?:From |[!-9;-~]+:)")

# What an archive that is none inside makes its reader raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_MACROS = "This file holds macros, so it was not kept. Save it without macros and choose it again."
_ENCRYPTED = (
    "This file is protected with a password. Remove the password, save it and choose it again."
)
_FAULTS = {
    Fault.INFLATED: "This file unpacks to far more than a document needs, so it was not kept. "
    "Save its contents in a new document and choose that one.",
    Fault.DAMAGED: "This file is damaged and cannot be read. Open it in its own program, save it "
    "under a new name and choose that file.",
    Fault.POINTS_OUTSIDE: "This file holds parts that point outside it, so it was not kept. Save "
    "its contents in a new document and choose that one.",
    Fault.ENCRYPTED: _ENCRYPTED,
}


class UploadRefused(ValueError):
    """The file is not kept; `str()` is a sentence for the person who chose it."""


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    Args:
        content_type: as it is served.
        words: what people call it.
        looks_right: whether the contents of a file are of this kind.

    `looks_right` raises UploadRefused where more can be said than that they are not.
    """

    content_type: str
    words: str
    looks_right: Callable[[IO[bytes]], bool]


def _start_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(_START)


def _signatures(file: IO[bytes]) -> set[str]:
    """The endings of the kinds that begin as this file does."""
    try:
        return {found.extension for found in puremagic.magic_string(_start_of(file))}
    except puremagic.PureError:
        return set()


def _begins_as(ending: str) -> Callable[[IO[bytes]], bool]:
    return lambda file: ending in _signatures(file)


def _is_office(folder: str) -> Callable[[IO[bytes]], bool]:
    def looks_right(file: IO[bytes]) -> bool:
        if _start_of(file).startswith(OLE_SIGNATURE) and holds(file, ENCRYPTED_STREAM):
            raise UploadRefused(_ENCRYPTED)
        if ".docx" not in _signatures(file):
            return False
        if has_long_directory(file):
            raise UploadRefused(_FAULTS[Fault.INFLATED])
        try:
            with zipfile.ZipFile(file) as archive:
                return _archive_is_office(archive, file.seek(0, 2), folder)
        except UploadRefused:
            raise
        except _BROKEN as error:
            raise UploadRefused(_FAULTS[Fault.DAMAGED]) from error

    return looks_right


def _archive_is_office(archive: zipfile.ZipFile, size: int, folder: str) -> bool:
    if fault := fault_in(archive, size):
        raise UploadRefused(_FAULTS[fault])
    names = folded_names(archive)
    if has_macros(names):
        raise UploadRefused(_MACROS)
    # Reads every part in pieces, no further than the directory says, and compares checksums.
    if archive.testzip() is not None:
        raise UploadRefused(_FAULTS[Fault.DAMAGED])
    return "[content_types].xml" in names and any(name.startswith(folder) for name in names)


def _is_message(file: IO[bytes]) -> bool:
    return _start_of(file).startswith(OLE_SIGNATURE) and holds(file, _MESSAGE_STREAM)


def _is_text(file: IO[bytes]) -> bool:
    start = _start_of(file)
    if ".pdf" in _signatures(file):
        return False
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encodings = ("utf-16",) if start.startswith(marks) else ("utf-8", "cp1252")
    return any(_decodes(file, encoding) for encoding in encodings)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mail(file: IO[bytes]) -> bool:
    return _HEADER.match(_start_of(file)) is not None and _is_text(file)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_JPEG = Kind("image/jpeg", "JPEG picture", _begins_as(".jpg"))
# Ending -> kind. What is not here does not come in.
KINDS = {
    "pdf": Kind("application/pdf", "PDF", _begins_as(".pdf")),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", "Word document", _is_office("word/")),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", "Excel workbook", _is_office("xl/")),
    "pptx": Kind(
        f"{_OFFICE}presentationml.presentation", "PowerPoint presentation", _is_office("ppt/")
    ),
    "csv": Kind("text/csv", "CSV file", _is_text),
    "txt": Kind("text/plain", "Text file", _is_text),
    "png": Kind("image/png", "PNG picture", _begins_as(".png")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "msg": Kind("application/vnd.ms-outlook", "Outlook message", _is_message),
    "eml": Kind("message/rfc822", "E-mail", _is_mail),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


def kind_words(content_type: str) -> str:
    """What people call files of a content type; "File" for one that is not on the list."""
    return next(
        (kind.words for kind in KINDS.values() if kind.content_type == content_type), "File"
    )
