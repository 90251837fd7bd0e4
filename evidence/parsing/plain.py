"""Text of plain text files."""

import codecs
from collections.abc import Iterator
from typing import IO

_CHUNK = 64 * 1024


def decoded(start: bytes) -> str:
    """The encoding of plain text that begins so, as uploads tell it."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def in_text(file: IO[bytes], pages: int) -> Iterator[str]:
    """Plain text, piece by piece."""
    start = file.read(_CHUNK)
    yield from _pieces(start, file, decoded(start))


def _pieces(start: bytes, file: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    chunk = start
    while chunk:
        yield decoder.decode(chunk)
        chunk = file.read(_CHUNK)
    yield decoder.decode(b"", final=True)
