"""The text of files for search: read in the background where a worker runs, in the request where
none does, and always in a process of its own (`evidence.parsing.child`); what waits is read
together, by forks of one process (`evidence.readers`).

A file may be made to hang or to exhaust whoever opens it. So the process has limits of time,
memory, pages and characters; a file that meets one of the first two is kept as it is, and its text
"could not be read".
"""

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from core.kinds import KINDS
from evidence.choices import TextState
from evidence.models import EvidenceFile, EvidenceText
from evidence.readers import Readers, Unreadable
from evidence.words import keep_words, squeezed

logger = logging.getLogger("portal.evidence")
PROCESSOR_SECONDS = 20
WALL_SECONDS = 40
MEMORY = 1024 * 1024 * 1024
PAGES = 500
# As many as a book of two hundred pages holds.
CHARACTERS = 500_000
# A timer tries a file that failed so often; a busy machine may have been to blame.
MAX_TRIES = 3
_WITHOUT_TEXT = ("png", "jpg", "jpeg")
_ENDINGS = {kind.content_type: ending for ending, kind in reversed(KINDS.items())}
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from evidence.parsing.child import main; main(sys.argv[2], *map(int, sys.argv[3:]))"
)


# What reads a file of a kind, as `read_apart` does.
Reads = Callable[[IO[bytes], str], str]
_HELD_BACK: ContextVar[bool] = ContextVar("texts held back", default=False)


@contextmanager
def held_back() -> Iterator[None]:
    """Within the block, texts are left waiting: whoever stores many files reads them together
    afterwards, with `extract_waiting`.
    """
    before = _HELD_BACK.set(True)
    try:
        yield
    finally:
        _HELD_BACK.reset(before)


def extract_later(record: EvidenceFile) -> None:
    """Have the text of a file read once it is on record for good.

    Args:
        record: stored in the transaction that is under way.
    """
    EvidenceText.objects.get_or_create(file=record)
    if _HELD_BACK.get():
        return
    # What fails from here on leaves the file sound; the timer finds it waiting.
    transaction.on_commit(lambda: extract_in_background.enqueue(record.pk), robust=True)


@task()
def extract_in_background(pk: int) -> None:
    """Read the text of a file that waits for it. Run twice, the second does nothing.

    Args:
        pk: of the file.
    """
    record = EvidenceFile.objects.filter(pk=pk).exclude(text__state__in=_DONE).first()
    if record is not None:
        extract(record)


_DONE = (TextState.READ, TextState.NOTHING)


def extract(record: EvidenceFile, read: Reads | None = None) -> EvidenceText:
    """Read the text of a file now, and make the words it is found by anew.

    Args:
        record: the file.
        read: what reads it; `read_apart` unless told.

    Returns:
        What became of it; a file that cannot be read is no error.
    """
    try:
        text = _text_of(record, read or read_apart)
    except Unreadable as error:
        logger.warning("The text of evidence file %d could not be read: %s", record.pk, error)
        return _keep(record, TextState.FAILED, "")
    return _keep(record, TextState.READ if text else TextState.NOTHING, text)


@transaction.atomic
def _keep(record: EvidenceFile, state: TextState, text: str) -> EvidenceText:
    found, _ = EvidenceText.objects.get_or_create(file=record)
    found.state, found.text = state, text
    found.extracted_at = timezone.now()
    found.tries += 1
    found.save()
    keep_words(record.evidence_id)
    return found


def _text_of(record: EvidenceFile, read: Reads) -> str:
    kind = _ENDINGS.get(record.content_type, "")
    if kind in _WITHOUT_TEXT:
        return ""
    if kind not in KINDS:
        raise Unreadable(f"files of type {record.content_type} are not read")
    try:
        with record.file.open("rb") as file:
            return squeezed(read(file, kind))
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error})") from error


def read_apart(file: IO[bytes], kind: str) -> str:
    """The text of a file, read by a process that is ended when it meets a limit.

    Args:
        file: at its start, with a number of its own in the system.
        kind: its ending, such as "pdf".

    Raises:
        Unreadable: within the limits it could not be read.
    """
    limits = (PROCESSOR_SECONDS, MEMORY, PAGES, CHARACTERS)
    command = [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), kind]
    with tempfile.TemporaryFile() as target:
        try:
            done = subprocess.run(
                [*command, *map(str, limits)],
                stdin=file.fileno(),
                stdout=target,
                stderr=subprocess.DEVNULL,
                # No keys and no addresses of databases: whatever takes it over finds nothing.
                env={"OPENPYXL_LXML": "False"},
                cwd="/",
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable(f"it took longer than {WALL_SECONDS} seconds") from error
        if done.returncode != 0:
            raise Unreadable(f"its reader ended with {done.returncode}")
        target.seek(0)
        return target.read().decode("utf-8", "replace")


def waiting_files(*, again: bool = False) -> "Any":
    """Files whose text is yet to be read, or failed and may be tried once more.

    Args:
        again: every one that failed, however often it has been tried.
    """
    may_be_tried = Q() if again else Q(text__tries__lt=MAX_TRIES)
    return EvidenceFile.objects.filter(
        Q(text=None)
        | Q(text__state=TextState.WAITING)
        | Q(text__state=TextState.FAILED) & may_be_tried
    ).order_by("pk")


def extract_waiting(
    *, again: bool = False, told: Callable[[EvidenceText], None] = lambda text: None
) -> int:
    """Read the text of every file that waits for it, one after the other.

    Args:
        again: as for `waiting_files`.
        told: called with what became of each.

    Returns:
        How many files were opened.
    """
    keys = list(waiting_files(again=again).values_list("pk", flat=True))
    with Readers(WALL_SECONDS, (PROCESSOR_SECONDS, MEMORY, PAGES, CHARACTERS)) as readers:
        for key in keys:
            record = EvidenceFile.objects.filter(pk=key).exclude(text__state__in=_DONE).first()
            if record is not None:
                told(extract(record, readers.read))
    return len(keys)
