"""Files made to cost an importer its memory, its time or its safety, and how each must end."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests import workbooks
from tests.workbooks import MEGABYTE, SHEET, padded, part, repacked, row, start_list

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A little less than the largest file that is taken in at all.
LARGE = 10_000_000


@dataclass(frozen=True)
class Hostile:
    """A hostile file.

    Args:
        make: its contents.
        ending: the name of its refusal; "5 rows" where it is read and does no harm.
    """

    make: Callable[[], bytes]
    ending: str


def _adding(parts: dict[str, bytes]) -> bytes:
    return repacked(start_list([row()]), add=parts).getvalue()


def fake_zip() -> bytes:
    return b"PK\x03\x04" + random.Random(1).randbytes(100_000)


def encrypted() -> bytes:
    return OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


def zeros_in_strings() -> bytes:
    file = start_list([row()])
    target = io.BytesIO(file.getvalue())
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(workbooks.STRINGS, "w") as stream,
    ):
        for _ in range(200):
            stream.write(bytes(MEGABYTE))
    return target.getvalue()


def zeros_in_strings_that_lie() -> bytes:
    file = padded(io.BytesIO(zeros_in_strings()), 2_000)
    return workbooks.lying_about_size(file, workbooks.STRINGS).getvalue()


def claiming_a_whole_sheet() -> bytes:
    file = start_list([row()])
    contents = part(file, SHEET).replace(b'ref="A1:X2"', b'ref="A1:XFD1048576"')
    return repacked(file, replace={SHEET: contents}).getvalue()


def merging(*references: str, rows: int = 1, attributes: str = "") -> bytes:
    """A sheet of so many rows of two cells, with merged cells.

    Args:
        attributes: of every row.
    """
    cells = "".join(
        f'<row r="{n}"{attributes}><c r="A{n}"><v>1</v></c><c r="GR{n}"><v>2</v></c></row>'
        for n in range(1, rows + 1)
    )
    merges = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    file = workbooks.with_sheet(cells)
    contents = part(file, SHEET).replace(
        b"</worksheet>", f"<mergeCells>{merges}</mergeCells></worksheet>".encode()
    )
    return padded(repacked(file, replace={SHEET: contents})).getvalue()


def _columns() -> list[str]:
    return [workbooks._column(number) for number in range(1, 201)]


def text(piece: bytes, head: bytes = b"", size: int = LARGE) -> bytes:
    """A text file of one piece again and again."""
    return head + piece * ((size - len(head)) // len(piece))


REFUSED: dict[str, Hostile] = {
    "a fake archive": Hostile(fake_zip, "Damaged"),
    "an encrypted workbook": Hostile(encrypted, "Encrypted"),
    "200 MB of zeros among the strings": Hostile(zeros_in_strings, "Inflated"),
    "200 MB of zeros that say they are few": Hostile(zeros_in_strings_that_lie, "Damaged"),
    "macros": Hostile(lambda: _adding({"xl/vbaProject.bin": b"x"}), "UnsafeContents"),
    "links to other workbooks": Hostile(
        lambda: _adding({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "UnsafeContents"
    ),
    "10,000 entries": Hostile(
        lambda: _adding({f"xl/media/{n}.png": b"" for n in range(10_000)}), "Inflated"
    ),
    "a million merged cells": Hostile(
        lambda: merging(*(f"A{n}:B{n}" for n in range(1, 1_000_001))), "Inflated"
    ),
    "a thousand merged cells over one another": Hostile(
        lambda: merging(*(["A1:XFD1048576"] * 1_000), rows=1_000), "UnsafeContents"
    ),
    "merged cells beyond all sheets": Hostile(lambda: merging("A1:A9999999"), "Damaged"),
    "a line without end": Hostile(lambda: text(b"x"), "CellTooLong"),
    "a cell without end": Hostile(lambda: text(b"x\n", b'"'), "CellTooLong"),
    "nothing but quotation marks": Hostile(lambda: text(b'"'), "CellTooLong"),
    "a quotation mark in each line": Hostile(lambda: text(b'",\n'), "TooManyRows"),
    "a million columns": Hostile(lambda: text(b"x,"), "CellTooLong"),
    "half a million columns in each line": Hostile(
        lambda: text(b"x," * 499_000 + b"\n"), "TooManyColumns"
    ),
    "a million rows": Hostile(lambda: text(b"a,b,c,d,e\n"), "TooManyRows"),
    "millions of empty lines": Hostile(lambda: text(b"\n"), "TooManyRows"),
    "letters of two alphabets": Hostile(
        lambda: text("é".encode() * 20 + b"\n\xe9"), "LettersUnclear"
    ),
    "zeros": Hostile(lambda: text(b"\0"), "NotAWorkbook"),
    "a web page": Hostile(lambda: text(b"<td>x</td>", b"<html><table>"), "NotAWorkbook"),
}
HARMLESS: dict[str, Hostile] = {
    "a sheet that claims 1,048,576 rows of 16,384 columns": Hostile(
        claiming_a_whole_sheet, "2 rows"
    ),
    "one merged cell over the whole sheet": Hostile(
        lambda: merging("A1:XFD1048576", rows=20_000), "1 rows"
    ),
    "whole columns merged, each for itself": Hostile(
        lambda: merging(*(f"{c}1:{c}1048576" for c in _columns()[1:-1]), rows=10_000),
        "10000 rows",
    ),
    "merged cells in each of 20,000 rows": Hostile(
        lambda: merging(*(f"A{n}:GQ{n}" for n in range(1, 20_001)), rows=20_000), "20000 rows"
    ),
    "20,000 hidden rows": Hostile(
        lambda: merging("A1:B1", rows=20_000, attributes=' hidden="1"'), "20000 rows"
    ),
    "lines of empty cells": Hostile(lambda: text(b"x" + b"," * 998_000 + b"\n"), "10 rows"),
    "60,000 rows of 160 letters": Hostile(
        lambda: text(b"x" * 70 + b"," + b'"' + b"y" * 88 + b'"\r\n', size=9_780_000),
        "60000 rows",
    ),
}
