"""The process that opens a file: it lays its own limits first, and they cannot be taken off again.

The file is its standard input, the text its standard output; any ending but 0 means that the file
could not be read.
"""

import logging
import resource
import sys
from collections.abc import Iterator
from typing import IO

from evidence.parsing.mails import in_mail, in_message
from evidence.parsing.office import in_presentation, in_workbook, in_writing
from evidence.parsing.plain import in_pdf, in_text

READERS = {
    "pdf": in_pdf,
    "docx": in_writing,
    "xlsx": in_workbook,
    "pptx": in_presentation,
    "csv": in_text,
    "txt": in_text,
    "eml": in_mail,
    "msg": in_message,
}
# Most bytes of a character in UTF-8.
_BYTES = 4


def lay_limits(*, seconds: int, memory: int, written: int) -> None:
    """From here on this process has no more than this.

    Args:
        seconds: of processor time.
        memory: bytes of address space.
        written: bytes in any file.
    """
    limits = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, value in limits:
        resource.setrlimit(limit, (value, value))


def no_more_than(characters: int, pieces: Iterator[str]) -> Iterator[str]:
    """Pieces of text up to so many characters; what comes after is not read at all."""
    left = characters
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def main(kind: str, seconds: int, memory: int, pages: int, characters: int) -> None:
    """Read standard input as a file of this kind (an ending such as "pdf")."""
    lay_limits(seconds=seconds, memory=memory, written=_BYTES * characters)
    # Libraries tell what is odd about a file; nobody reads it.
    logging.disable(logging.CRITICAL)
    source: IO[bytes] = sys.stdin.buffer
    target = sys.stdout.buffer
    for piece in no_more_than(characters, READERS[kind](source, pages)):
        target.write(piece.encode("utf-8", "replace"))
    target.flush()
