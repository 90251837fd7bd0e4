"""A journal of files that are being kept, so that a process that is killed leaves none behind.

A file is written before the transaction that records it is committed. Between the two, a process
may end without a chance to tidy up. So each file is noted, as an empty file of its own in the data
directory, before anything of it is written; the note goes when the transaction has ended, whichever
way. A note is locked by the process that made it, and the kernel drops the lock with the process:
a note that can be locked is one whose process is dead, and its file is kept only if it is recorded.
"""

import fcntl
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.files.storage import default_storage

from core.stored import is_recorded

logger = logging.getLogger("portal.uploads")


def _notes() -> Path:
    return Path(settings.DATA_DIR) / "unfinished"


class Note:
    """That a file is being kept, from before it is written until its transaction has ended.

    Args:
        name: of the file in the storage.

    Raises:
        OSError: the note cannot be written; then nothing of the file should be.
    """

    def __init__(self, name: str) -> None:
        self._path = _notes() / quote(name, safe="")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._held = _locked(self._path)

    def end(self) -> None:
        """The file is recorded, or it is gone."""
        self._path.unlink(missing_ok=True)
        self._held.close()

    def leave(self) -> None:
        """Nothing can be done about the file now: leave it to the next `sweep`."""
        self._held.close()


def _locked(path: Path) -> IO[str]:
    """The note, made and locked; made again where a sweeper took it away before it was locked."""
    while True:
        held = path.open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
        if path.exists():
            return held
        held.close()


def _left() -> Iterable[tuple[str, Path]]:
    """Names of files that were being kept when their process ended, each with its locked note."""
    try:
        paths = sorted(_notes().iterdir())
    except FileNotFoundError:
        return
    for path in paths:
        try:
            with path.open() as note:
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield unquote(path.name), path
        except (BlockingIOError, FileNotFoundError):
            continue  # Its process is at work, or has just finished.


def under_way() -> set[str]:
    """Names of the files that processes of this machine are keeping at this moment."""
    try:
        noted = {unquote(path.name) for path in _notes().iterdir()}
    except FileNotFoundError:
        return set()
    return noted - {name for name, _ in _left()}


def left() -> set[str]:
    """Names of the files that `sweep` would remove."""
    return {name for name, _ in _left() if not is_recorded(name) and default_storage.exists(name)}


def sweep() -> list[str]:
    """Remove what processes that were killed have left: files that no record stands for.

    Not within a transaction: what it has taken off the records may come back.

    Returns:
        The names of the files that were removed.
    """
    removed = []
    for name, note in _left():
        if not is_recorded(name) and default_storage.exists(name):
            try:
                default_storage.delete(name)
            except OSError:
                logger.exception("A file that was left could not be removed")
                continue
            removed.append(name)
            logger.warning("Removed %s, left by an upload that was broken off", name)
        note.unlink(missing_ok=True)
    return removed
