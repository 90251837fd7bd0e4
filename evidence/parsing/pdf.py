"""Text of PDF files."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from pypdf import PdfReader


def in_pdf(file: IO[bytes], pages: int) -> Iterator[str]:
    """The text of each page, up to so many; a page that cannot be read is passed over.

    Raises:
        ValueError: no page at all could be read, or a password protects it.
    """
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("protected with a password")
    read = failed = 0
    for page in islice(reader.pages, pages):
        try:
            text = page.extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:
            failed += 1
            continue
        read += 1
        yield f"{text}\n"
    if failed and not read:
        raise ValueError("no page could be read")
