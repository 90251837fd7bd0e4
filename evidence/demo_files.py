"""The files of the demonstration's evidence, made from its texts: a PDF, a Word document, a
workbook or a picture. The same text always gives the same file.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import slugify
from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook

from core.charts import DARK, MIDDLE, to_png
from core.dates import long_date
from core.pdf import render_pdf

ILLUSTRATIVE = "Illustrative: made for the demonstration. It is no record of any force."
_FIGURES = ("Month", "Looked at", "Met the standard")
_STAMP = dt.datetime(2024, 11, 25, 9, 0)
# A workbook says when it was saved, whatever it is told.
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(?=<)")


def file_of(piece: Mapping[str, Any], *, newer: bool = False) -> tuple[str, bytes]:
    """The name of a file and its contents.

    Args:
        piece: as `fixtures/evidence-2024.json` tells of a piece of evidence.
        newer: its second version instead of its first.
    """
    kind = piece["file"]
    lines = [line for line in piece["lines"] if line]
    if newer:
        lines += piece["newer"]["lines"]
    contents = _MAKERS[kind](piece, lines)
    return f"{slugify(piece['title'])[:80]}.{kind}", contents


def _head(piece: Mapping[str, Any]) -> str:
    day = long_date(dt.date.fromisoformat(piece["dated_on"]))
    return f"{day}. {piece.get('marking', 'OFFICIAL')}"


def _pdf(piece: Mapping[str, Any], lines: list[str]) -> bytes:
    return render_pdf(
        "pdf/illustrative.html",
        {
            "title": piece["title"],
            "marking": piece.get("marking", "OFFICIAL"),
            "illustrative": ILLUSTRATIVE,
            "head": _head(piece),
            "lines": lines,
        },
    )


def _docx(piece: Mapping[str, Any], lines: list[str]) -> bytes:
    # Nothing else of the portal writes Word documents.
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = piece["title"], "Demonstration"
    properties.created = properties.modified = _STAMP
    document.add_heading(piece["title"], level=1)
    document.add_paragraph(ILLUSTRATIVE)
    document.add_paragraph(_head(piece))
    for line in lines:
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return _without_the_hour(held.getvalue())


def _xlsx(piece: Mapping[str, Any], lines: list[str]) -> bytes:
    book = Workbook()
    book.properties.title, book.properties.creator = piece["title"], "Demonstration"
    book.properties.created = _STAMP
    sheet: Any = book.active
    sheet.title = "Figures"
    for row in ([piece["title"]], [ILLUSTRATIVE], [_head(piece)], *([line] for line in lines), []):
        sheet.append(row)
    sheet.append(list(_FIGURES))
    for cell in (sheet["A1"], *sheet[sheet.max_row]):
        cell.font = Font(bold=True)
    for row in piece["figures"]:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return _without_the_hour(held.getvalue())


def _png(piece: Mapping[str, Any], lines: list[str]) -> bytes:
    rows = [
        {"month": month, "what": what, "number": number}
        for month, looked_at, met in piece["figures"]
        for what, number in ((_FIGURES[1], looked_at), (_FIGURES[2], met))
    ]
    months = [month for month, *_ in piece["figures"]]
    return to_png(
        {
            "title": {"text": piece["title"], "subtitle": [ILLUSTRATIVE, _head(piece)]},
            "background": "white",
            "width": 520,
            "height": 260,
            "data": {"values": rows},
            "mark": "bar",
            "encoding": {
                "x": {
                    "field": "month",
                    "type": "nominal",
                    "sort": months,
                    "title": None,
                    "axis": {"labelAngle": 0},
                },
                "xOffset": {"field": "what"},
                "y": {"field": "number", "type": "quantitative", "title": "Number"},
                "color": {
                    "field": "what",
                    "type": "nominal",
                    "title": None,
                    "scale": {"range": [DARK, MIDDLE]},
                },
            },
        }
    )


_MAKERS: dict[str, Callable[[Mapping[str, Any], list[str]], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "png": _png,
}


def _without_the_hour(package: bytes) -> bytes:
    """A document whose parts say nothing of the hour at which it was made."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as made,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in made.namelist():
            contents = made.read(name)
            if name == "docProps/core.xml":
                contents = _SAVED.sub(rb"\g<1>2024-11-25T09:00:00Z", contents)
            part = zipfile.ZipInfo(name, date_time=_STAMP.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, contents)
    return held.getvalue()
