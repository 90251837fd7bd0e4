"""Documents that people send: what is let in, and how it is kept.

A name says what a file claims to be; its first bytes and its parts say what it is. Only kinds on
the list come in, and nothing that runs, hides its contents or grows without end.
"""

import codecs
import logging
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

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
from core.stored import StoredFile, fingerprint, plain_name
from core.unfinished import Journal, sweep

logger = logging.getLogger("portal.uploads")
NAME_LENGTH = 160
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
_OTHER_KIND = (
    "Files of this kind are not kept here. Choose a PDF, a Word, Excel or PowerPoint file (.docx, "
    ".xlsx, .pptx), a CSV or text file, a picture (.png, .jpg) or an e-mail (.msg, .eml)."
)
_EMPTY = "This file is empty. Choose one that has something in it."
_MACROS = "This file holds macros, so it was not kept. Save it without macros and choose it again."
_ENCRYPTED = (
    "This file is protected with a password. Remove the password, save it and choose it again."
)
_NOT_STORED = (
    "The file could not be stored, and nothing was saved. There may be no room left: tell your "
    "administrator."
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
class Vetted:
    """What is known of a file that may be kept.

    Args:
        original_name: what its sender calls it, as plain text.
        content_type: of its kind; what the browser said does not count.
        size: in bytes.
        sha256: its fingerprint.
    """

    original_name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class _Kind:
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
_JPEG = _Kind("image/jpeg", "JPEG picture", _begins_as(".jpg"))
# Ending -> kind. What is not here does not come in.
KINDS = {
    "pdf": _Kind("application/pdf", "PDF", _begins_as(".pdf")),
    "docx": _Kind(f"{_OFFICE}wordprocessingml.document", "Word document", _is_office("word/")),
    "xlsx": _Kind(f"{_OFFICE}spreadsheetml.sheet", "Excel workbook", _is_office("xl/")),
    "pptx": _Kind(
        f"{_OFFICE}presentationml.presentation", "PowerPoint presentation", _is_office("ppt/")
    ),
    "csv": _Kind("text/csv", "CSV file", _is_text),
    "txt": _Kind("text/plain", "Text file", _is_text),
    "png": _Kind("image/png", "PNG picture", _begins_as(".png")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "msg": _Kind("application/vnd.ms-outlook", "Outlook message", _is_message),
    "eml": _Kind("message/rfc822", "E-mail", _is_mail),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


def kind_words(content_type: str) -> str:
    """What people call files of a content type; "File" for one that is not on the list."""
    return next(
        (kind.words for kind in KINDS.values() if kind.content_type == content_type), "File"
    )


def limit_words() -> str:
    """The largest file that is let in, such as "25 MB"."""
    return f"{settings.UPLOAD_MAX_BYTES / 1024 / 1024:.0f} MB"


def too_large() -> str:
    """What is said of a file over the limit."""
    return f"This file is larger than {limit_words()}. Choose a smaller one."


def vet(upload: File, *, other_kind: str = _OTHER_KIND) -> Vetted:
    """Check a file that somebody sent, in pieces; it is never in memory as a whole.

    Args:
        upload: readable and seekable, with the name that its sender gave it; left at its start.
        other_kind: what is said of a kind that does not come in, by whoever takes fewer kinds.

    Raises:
        UploadRefused: it is not let in; the message says why and what to do.
    """
    name = plain_name(upload.name or "", NAME_LENGTH)
    _, dot, ending = name.rpartition(".")
    kind = KINDS.get(ending.lower()) if dot else None
    if kind is None:
        raise UploadRefused(other_kind)
    file: IO[Any] = upload.open("rb")
    size = file.seek(0, 2)
    if size == 0:
        raise UploadRefused(_EMPTY)
    if size > settings.UPLOAD_MAX_BYTES:
        raise UploadRefused(too_large())
    if not kind.looks_right(file):
        raise UploadRefused(
            f"This file is named .{ending}, but its contents are of another kind. Open it in its "
            "own program, save it again and choose that file."
        )
    return Vetted(name, kind.content_type, size, fingerprint(file))


class _Kept:
    """Files written in a transaction or a part of one.

    Args:
        outer: of the transaction that this is a part of; they share a journal of
            `core.unfinished`.
    """

    def __init__(self, outer: "_Kept | None") -> None:
        self.files: list[FieldFile] = []
        self.outer = outer
        self.journal: Journal = outer.journal if outer else Journal()
        # Some file could not be removed: the journal stays, and it is swept later.
        self.left = False

    def undo(self) -> None:
        """Remove them, whatever the storage raises: why they go is what matters."""
        for file in self.files:
            try:
                file.storage.delete(str(file.name))
            except Exception:
                logger.exception("A file could not be removed")
                self.left = True
        self.files = []
        self.end()

    def end(self) -> None:
        """The transaction, or this part of it, has ended."""
        if self.outer is not None:
            self.outer.files += self.files
            self.outer.left = self.outer.left or self.left
        elif self.left:
            self.journal.leave()
        else:
            self.journal.end()


# What was written in the transaction that is under way; None outside any.
_written: ContextVar[_Kept | None] = ContextVar("written", default=None)


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """`transaction.atomic` for rows with files: when it fails, its files go with its rows.

    Whatever calls something that stores a file opens its own transaction with this too, all the
    way up. Within a plain `transaction.atomic`, whose end nobody would hear of, it refuses to work.
    What a process leaves that is killed within it, `core.unfinished.sweep` removes: before the next
    of these begins, since within it what is on record may be undone, or seen as it was.

    Raises:
        RuntimeError: within a plain `transaction.atomic`.
    """
    outer = _written.get()
    if outer is None:
        _sweep_first()
    kept = _Kept(outer)
    token = _written.set(kept)
    try:
        with transaction.atomic(durable=outer is None):
            yield
    except BaseException:
        kept.undo()
        raise
    finally:
        _written.reset(token)
    kept.end()


def _sweep_first() -> None:
    """Remove what uploads have left whose process was killed; where that fails it is for the next
    one, and a place of files that has gone is told to whoever stores a file.
    """
    try:
        _check_place(default_storage)
        sweep()
    except FileNotFoundError:
        return
    except OSError:
        logger.exception("Files of broken uploads were not looked for")


def store(
    upload: File,
    vetted: Vetted,
    *,
    record: StoredFile,
    actor: Any,
    same_as: StoredFile | None = None,
) -> None:
    """Keep a vetted file, and save the record that stands for it.

    Args:
        upload: the file that was vetted.
        vetted: what `vet` found.
        record: not saved yet, complete but for the file.
        actor: who sent it; None for a command.
        same_as: a record of the very same contents, whose file then stands for both; it is written
            again only where that file is gone.

    Raises:
        UploadRefused: there is no room, or the place of files cannot be written to.
        ValidationError: the record is not complete.
        RuntimeError: within a transaction that is not `atomic_with_files`.
    """
    record.original_name = vetted.original_name
    record.content_type = vetted.content_type
    record.size = vetted.size
    record.sha256 = vetted.sha256
    record.stored_by = actor
    with atomic_with_files():
        if same_as is not None and _still_there(same_as):
            record.file = str(same_as.file.name)
        else:
            record.file = record.file.field.generate_filename(record, vetted.original_name)
            _write(upload, record.file)
        # Nobody sends the file of a command: empty is right there, and would be refused here.
        record.full_clean(exclude=["stored_by"])
        record.save()


def _still_there(record: StoredFile) -> bool:
    """Whether the file of a record is where files are kept, at its full length."""
    try:
        return bool(record.file.size == record.size)
    except Exception:  # Not every storage raises what a disk does.
        return False


def _write(upload: File, kept: FieldFile) -> None:
    """Write a file; named and noted before it is, so that half of one is found and removed."""
    written = _written.get()
    assert written is not None
    try:
        _check_place(kept.storage)
        written.journal.add(str(kept.name))
        written.files.append(kept)
        kept.storage.save(str(kept.name), upload)
    except Exception as error:  # Not every storage raises what a disk does.
        logger.exception("A file could not be stored")
        raise UploadRefused(_NOT_STORED) from error


def _check_place(storage: Storage) -> None:
    """A place of files that has gone is not made anew, on whatever disk stands there instead."""
    if isinstance(storage, FileSystemStorage) and not Path(storage.location).is_dir():
        raise FileNotFoundError(f"The place of files is gone: {storage.location}")
