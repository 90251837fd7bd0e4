"""Workbooks for tests, good and bad, written as bytes."""

import io
import random
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook

HEADERS = (
    "Local ref",
    "Portal ref",
    "On portal",
    "Source report",
    "Published",
    "Source type",
    "Kind",
    "Parent ref",
    "Level",
    "Scope",
    "PAF question",
    "Executive lead",
    "Delivery lead",
    "Action required",
    "Received",
    "Due",
    "Stage",
    "Stage date",
    "Delivery confidence",
    "Confidence reason",
    "Latest update",
    "Latest update date",
    "Closed",
    "Closure reason",
)
REPORT = "An inspection of how forces keep dogs"
# A row that is good in every cell; tests say what is different.
GOOD = {
    "Local ref": "ST-0001",
    "Portal ref": "REC-1",
    "On portal": "Yes",
    "Source report": REPORT,
    "Published": "10 January 2023",
    "Source type": "National thematic inspection",
    "Kind": "Recommendation",
    "Parent ref": None,
    "Level": 2,
    "Scope": "National",
    "PAF question": None,
    "Executive lead": "ACC Baker",
    "Delivery lead": "Head of Crime",
    "Action required": "Chief constables should give every dog a bed.",
    "Received": "11 January 2023",
    "Due": "31 December 2024",
    "Stage": "In progress",
    "Stage date": "18 January 2023",
    "Delivery confidence": "Medium",
    "Confidence reason": "Half of the beds are there.",
    "Latest update": "Beds have been ordered.",
    "Latest update date": "20 November 2024",
    "Closed": None,
    "Closure reason": None,
}
CLOSED = {
    "Stage": "Closed",
    "Stage date": "1 March 2024",
    "Closed": "1 March 2024",
    "Closure reason": "Closed by the force; letter held on file.",
}
SUPER_COMPLAINT = {
    "Source report": "Report on the kennels super-complaint",
    "Source type": "Super-complaint",
    "Portal ref": None,
    "On portal": "No",
    "Level": None,
}


def row(number: int = 1, **different: Any) -> dict[str, Any]:
    """A good row; `different` by field with underscores for spaces (`Local_ref="ST-9"`)."""
    values = {**GOOD, "Local ref": f"ST-{number:04}", "Portal ref": f"REC-{number}"}
    return {**values, **{key.replace("_", " "): value for key, value in different.items()}}


def start_list(
    rows: Iterable[dict[str, Any]],
    *,
    headers: Sequence[str] = HEADERS,
    title: str = "StART",
    above: Iterable[Sequence[Any]] = (),
) -> io.BytesIO:
    """A list as a force keeps it.

    Args:
        rows: by header; headers that a row does not have stay empty.
        headers: in the order of the columns.
        title: name of the sheet.
        above: rows above the headers.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for cells in above:
        sheet.append(list(cells))
    sheet.append(list(headers))
    for each in rows:
        sheet.append([each.get(header) for header in headers])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    return saved(book)


def with_long_text(characters: int) -> io.BytesIO:
    """A list with so long a text in one cell; openpyxl itself would cut it."""
    file = start_list([row(Action_required="LONG")])
    contents = part(file, SHEET).replace(b">LONG<", b">" + b"x" * characters + b"<")
    return repacked(file, replace={SHEET: contents})


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def repacked(
    file: io.BytesIO,
    *,
    add: dict[str, bytes] | None = None,
    replace: dict[str, bytes] | None = None,
) -> io.BytesIO:
    """A workbook with parts added to its archive, or with other contents."""
    found = io.BytesIO()
    with (
        zipfile.ZipFile(file) as source,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            target.writestr(name, (replace or {}).get(name) or source.read(name))
        for name, contents in (add or {}).items():
            target.writestr(name, contents)
    found.seek(0)
    return found


def part(file: io.BytesIO, name: str) -> bytes:
    """One part of a workbook's archive."""
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
_TYPES = "[Content_Types].xml"
_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_sheet(xml: str) -> io.BytesIO:
    """A workbook whose only sheet holds this `sheetData`."""
    contents = f"<worksheet {_NAMESPACE}><sheetData>{xml}</sheetData></worksheet>"
    return repacked(start_list([row()]), replace={SHEET: contents.encode()})


def with_strings(xml: str) -> io.BytesIO:
    """A workbook whose shared strings are these."""
    return with_strings_part(f"<sst {_NAMESPACE}>{xml}</sst>")


def with_strings_part(contents: str) -> io.BytesIO:
    """A workbook whose part of shared strings is this."""
    file = start_list([row()])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = part(file, _TYPES).replace(
        b"</Types>", f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'.encode()
    )
    return repacked(file, replace={_TYPES: types}, add={STRINGS: contents.encode()})


def entity_bomb() -> io.BytesIO:
    """Ten entities, each ten of the one before: a kilobyte that becomes gigabytes."""
    entities = ['<!ENTITY e0 "ha">'] + [
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)
    ]
    contents = (
        f'<?xml version="1.0"?><!DOCTYPE sst [{"".join(entities)}]>'
        f"<sst {_NAMESPACE}><si><t>&e9;</t></si></sst>"
    )
    return with_strings_part(contents)


def zip_bomb(megabytes: int = 90) -> io.BytesIO:
    """A sheet of nothing but spaces, which packs a thousandfold."""
    return with_sheet("<row><c><v>" + " " * megabytes * 1024 * 1024 + "</v></c></row>")


def padded(file: io.BytesIO, kilobytes: int = 750) -> io.BytesIO:
    """The workbook with noise beside it, so that it does not look blown up for its size."""
    return repacked(file, add={"xl/media/noise.bin": random.Random(1).randbytes(kilobytes * 1024)})


def lying_about_size(file: io.BytesIO, name: str, claimed: int = 1_000) -> io.BytesIO:
    """The workbook, its directory claiming that a part unpacks to so many bytes."""
    contents = bytearray(file.getvalue())
    with zipfile.ZipFile(file) as archive:
        start = archive.start_dir
    place = contents.index(name.encode(), start) - 46
    contents[place + 24 : place + 28] = claimed.to_bytes(4, "little")
    return io.BytesIO(bytes(contents))


def _column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def wide_sheet(rows: int = 300, columns: int = 16_384) -> io.BytesIO:
    """A sheet that says something in each of 16,384 columns."""
    cells = [_column(number) for number in range(1, columns + 1)]
    xml = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>1</v></c>' for c in cells) + "</row>"
        for r in range(1, rows + 1)
    )
    return with_sheet(xml)


MEGABYTE = 1024 * 1024
# Workbooks that would cost hundreds of megabytes or minutes if they were simply opened.
BOMBS: dict[str, Callable[[], io.BytesIO]] = {
    "spaces without end": zip_bomb,
    "spaces without end, padded": lambda: padded(zip_bomb(60)),
    "a size that is a lie": lambda: lying_about_size(zip_bomb(), SHEET),
    "entities in entities": entity_bomb,
    "16,384 columns": lambda: padded(wide_sheet(50)),
    "a row of a million cells": lambda: padded(with_sheet("<row>" + "<c/>" * 1_000_000 + "</row>")),
    "millions of empty rows": lambda: padded(with_sheet("<row/>" * 5_000_000)),
    "a row number beyond all sheets": lambda: with_sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999"><c><v>1</v></c></row>'
    ),
    "millions of strings": lambda: padded(with_strings("<si><t>a</t></si>" * 2_000_000)),
    "one endless string": lambda: padded(with_strings(f"<si><t>😀{'a' * 30 * MEGABYTE}</t></si>")),
    "wide characters in every string": lambda: padded(
        with_strings(f"<si><t>😀{'a' * 1_000_000}</t></si>" * 80)
    ),
    "a string in a million pieces": lambda: padded(
        with_strings("<si>" + "<r><t>a</t></r>" * 1_000_000 + "</si>")
    ),
    "elements in elements": lambda: with_sheet("<c>" * 100_000 + "</c>" * 100_000),
    "an endless attribute": lambda: padded(with_sheet(f'<row spans="{"1" * 60 * MEGABYTE}"/>')),
    "a million links": lambda: padded(
        repacked(
            start_list([row()]),
            replace={
                SHEET: (
                    f"<worksheet {_NAMESPACE}><sheetData/><hyperlinks>"
                    + '<hyperlink ref="A1"/>' * 1_000_000
                    + "</hyperlinks></worksheet>"
                ).encode()
            },
        )
    ),
    "styles that call themselves a sheet": lambda: padded(
        repacked(
            start_list([row()]),
            replace={
                "xl/styles.xml": (
                    b'<worksheet xmlns="urn:x">' + b'<a b=""/>' * 200_000 + b"</worksheet>"
                )
            },
        )
    ),
    "endless styles": lambda: padded(
        repacked(
            start_list([row()]),
            replace={
                "xl/styles.xml": (
                    f"<styleSheet {_NAMESPACE}><cellXfs>"
                    + "<xf/>" * 4_000_000
                    + "</cellXfs></styleSheet>"
                ).encode()
            },
        )
    ),
}
