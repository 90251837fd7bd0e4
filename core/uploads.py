"""Documents that people send: what is let in (by its kind: `core.kinds`), and how it is kept."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from core.kinds import KINDS, UploadRefused
from core.stored import StoredFile, fingerprint, plain_name
from core.unfinished import Journal, sweep

logger = logging.getLogger("portal.uploads")
NAME_LENGTH = 160
_OTHER_KIND = (
    "Files of this kind are not kept here. Choose a PDF, a Word, Excel or PowerPoint file (.docx, "
    ".xlsx, .pptx), a CSV or text file, a picture (.png, .jpg) or an e-mail (.msg, .eml)."
)
_EMPTY = "This file is empty. Choose one that has something in it."
_NOT_STORED = (
    "The file could not be stored, and nothing was saved. There may be no room left: tell your "
    "administrator."
)


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
