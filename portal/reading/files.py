"""Opening a list, whatever kind of file it is: its contents say what it is, never its name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from core.archives import OLE_SIGNATURE
from portal.reading import refusals
from portal.reading.text_file import text_sheet
from portal.reading.vetting import check_size
from portal.reading.workbook import Sheet, open_workbook

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", OLE_SIGNATURE)
_AS_WORKBOOK = "Open it in Excel, save it as “Excel Workbook (.xlsx)” and choose that file."
_PICTURE = ("a picture", "Choose the workbook or the CSV file that holds the list.")
_PACKED = ("a packed archive", "Unpack it and choose the list that is in it.")
# First bytes -> what such a file is, and what to do.
_OTHERS = {
    b"%PDF": (
        "a PDF",
        "A list cannot be read from it. Ask for the workbook that it was made from, and choose "
        "that file.",
    ),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"RIFF": _PICTURE,
    b"{\\rtf": ("a Word document (RTF)", "Copy its table into Excel, save that and choose it."),
    b"\x1f\x8b": _PACKED,
    b"7z\xbc\xaf": _PACKED,
    b"Rar!": _PACKED,
}
_START = 4096
_MARKS = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*")
_PAGE = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|meta|style|table|div|workbook)|mime-version:",
    re.IGNORECASE,
)


@contextmanager
def open_spreadsheet(file: IO[bytes], name: str) -> Iterator[list[Sheet]]:
    """The sheets of a workbook (.xlsx), or the one sheet of a text file with columns (CSV).

    Args:
        file: readable and seekable; it stays open.
        name: what its sender calls it: the title of a text file's sheet.

    Raises:
        WorkbookRefused: the message says what is wrong and what to do.
    """
    check_size(file)
    start = file.read(_START)
    file.seek(0)
    if start.startswith(_ARCHIVES):
        with open_workbook(file) as sheets:
            yield sheets
    else:
        _refuse_others(start)
        yield [text_sheet(file, name)]


def _refuse_others(start: bytes) -> None:
    for signature, (what, remedy) in _OTHERS.items():
        if start.startswith(signature):
            raise refusals.NotAWorkbook(what, remedy)
    # Every second byte of UTF-16 is a zero.
    plain = _MARKS.sub(b"", start).replace(b"\0", b"")
    if _PAGE.match(plain):
        raise refusals.NotAWorkbook("a web page, whatever its name says", _AS_WORKBOOK)
