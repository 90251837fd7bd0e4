"""Journals of files that are being kept, so that a process that is killed leaves none behind.

A file is written before the transaction that records it is committed. Between the two, a process
may end without a chance to tidy up. So each file is noted in the journal of its transaction, a file
in the data directory with a name a line, before anything of it is written; the journal goes when
the transaction has ended, whichever way. A journal is locked by the process that made it, and the
kernel drops the lock with the process: a journal that can be locked is one whose process is dead,
and of its files those are kept that are recorded.
"""

import fcntl
import logging
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.files.storage import default_storage

from core.stored import is_recorded

logger = logging.getLogger("portal.uploads")
_ENDING = ".journal"


def _journals() -> Path:
    return Path(settings.DATA_DIR) / "unfinished"


class Journal:
    """The files that one transaction keeps, from before each is written until it has ended. It
    takes one open file, and none as long as nothing is kept.
    """

    def __init__(self) -> None:
        self._path = _journals() / f"{uuid.uuid4().hex}{_ENDING}"
        self._held: IO[str] | None = None

    def add(self, name: str) -> None:
        """Note that a file is being kept.

        Args:
            name: of the file in the storage.

        Raises:
            OSError: it cannot be noted; then nothing of the file should be written.
        """
        if self._held is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._held = _locked(self._path)
        self._held.write(f"{quote(name, safe='')}\n")
        self._held.flush()

    def end(self) -> None:
        """Every file is recorded, or gone."""
        if self._held is not None:
            self._path.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """Nothing can be done about some file now: leave it to the next `sweep`."""
        if self._held is not None:
            self._held.close()
            self._held = None


def _locked(path: Path) -> IO[str]:
    """The journal, made and locked; made again where a sweeper took it away before it was."""
    while True:
        held = path.open("a")
        fcntl.flock(held, fcntl.LOCK_EX)
        if path.exists():
            return held
        held.close()


def _names_in(path: Path) -> list[str]:
    """What a journal names; of earlier releases, each file had a note of its own, by its name."""
    if path.suffix != _ENDING:
        return [unquote(path.name)]
    # A line without an end was never written to its end, and neither was anything of its file.
    lines = path.read_text().splitlines(keepends=True)
    return [unquote(line[:-1]) for line in lines if line.endswith("\n")]


def _left() -> Iterable[Path]:
    """Journals of processes that are dead, each locked."""
    try:
        paths = sorted(_journals().iterdir())
    except FileNotFoundError:
        return
    for path in paths:
        try:
            with path.open() as journal:
                fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield path
        except (BlockingIOError, FileNotFoundError):
            continue  # Its process is at work, or has just finished.


def under_way() -> set[str]:
    """Names of the files that processes of this machine are keeping at this moment."""
    left = set(_left())
    try:
        at_work = [path for path in _journals().iterdir() if path not in left]
    except FileNotFoundError:
        return set()
    names: set[str] = set()
    for path in at_work:
        try:
            names.update(_names_in(path))
        except FileNotFoundError:
            continue
    return names


def left() -> set[str]:
    """Names of the files that `sweep` would remove."""
    names = (name for journal in _left() for name in _names_in(journal))
    return {name for name in names if not is_recorded(name) and default_storage.exists(name)}


def sweep() -> list[str]:
    """Remove what processes that were killed have left: files that no record stands for.

    Not within a transaction: what it has taken off the records may come back.

    Returns:
        The names of the files that were removed.
    """
    removed: list[str] = []
    for journal in _left():
        gone = [_is_gone(name, removed) for name in _names_in(journal)]
        if all(gone):
            journal.unlink(missing_ok=True)
    return removed


def _is_gone(name: str, removed: list[str]) -> bool:
    """Whether nothing of a file is left without a record; it is removed where there is."""
    if is_recorded(name):
        return True
    try:
        if default_storage.exists(name):
            default_storage.delete(name)
            removed.append(name)
            logger.warning("Removed %s, left by an upload that was broken off", name)
    except Exception:  # Whatever the storage raises, the others are to be removed.
        logger.exception("A file that was left could not be removed")
        return False
    return True
