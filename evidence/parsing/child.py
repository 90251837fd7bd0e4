"""The process that opens a file: it lays its own limits first, and they cannot be taken off again.

The file is its standard input, the text its standard output; any ending but 0 means that the file
could not be read.
"""

import logging
import resource
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import IO

# Ending -> module and function. Only what a file needs is loaded, which takes most of the time.
READERS = {
    "pdf": ("pdf", "in_pdf"),
    "docx": ("office", "in_writing"),
    "xlsx": ("workbooks", "in_workbook"),
    "pptx": ("office", "in_presentation"),
    "csv": ("plain", "in_text"),
    "txt": ("plain", "in_text"),
    "eml": ("mails", "in_mail"),
    "msg": ("mails", "in_message"),
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


def read_within(
    kind: str,
    source: IO[bytes],
    target: IO[bytes],
    seconds: int,
    memory: int,
    pages: int,
    characters: int,
) -> None:
    """Lay limits on this process, and write the text of a file.

    Args:
        kind: an ending such as "pdf".
        source: the file.
        target: where its text goes.
        seconds, memory: as for `lay_limits`.
        pages, characters: no more of them is read.
    """
    lay_limits(seconds=seconds, memory=memory, written=_BYTES * characters)
    # Libraries tell what is odd about a file; nobody reads it.
    logging.disable(logging.CRITICAL)
    module, function = READERS[kind]
    reader = getattr(import_module(f"evidence.parsing.{module}"), function)
    for piece in no_more_than(characters, reader(source, pages)):
        target.write(piece.encode("utf-8", "replace"))
    target.flush()


def main(kind: str, *limits: int) -> None:
    """Read standard input as a file of this kind; the limits as for `read_within`."""
    read_within(kind, sys.stdin.buffer, sys.stdout.buffer, *limits)
