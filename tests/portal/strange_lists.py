"""Lists in a layout that nobody has said yet, and imports of them that are to be set up."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook

from people.models import User
from portal.imports.setting_up import choose_columns, choose_place
from portal.layouts.outline import outline_of
from portal.models import SpreadsheetImport, State
from portal.reading.workbook import open_workbook
from tests.factories import make_meaning, make_profile
from tests.workbooks import HEADERS, row, saved

STRANGE = {
    "Local ref": "Our number",
    "Kind": "Sort",
    "Action required": "What they want",
    "Received": "Came in",
}


def strange_list(rows: Sequence[dict[str, Any]], *, title: str = "Tracker") -> io.BytesIO:
    """A list whose headers stand in row 4 under a title, some of them unknown; notes beside it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for cells in (["Cleveland Police"], ["Action tracker"], [None]):
        sheet.append(cells)
    sheet.append([STRANGE.get(header, header) for header in HEADERS])
    for each in rows:
        sheet.append([each.get(header) for header in HEADERS])
    book.create_sheet("Lookups").append(["High", "Medium"])
    book.create_sheet("Blank")
    return saved(book)


def kept(file: io.BytesIO, **fields: Any) -> SpreadsheetImport:
    """An import of this file whose layout nobody has said yet."""
    with open_workbook(file) as sheets:
        outline = outline_of(sheets)
    of_file = SpreadsheetImport(
        original_name="tracker.xlsx",
        sha256="0" * 64,
        size=1,
        state=State.SETTING_UP,
        outline=outline,
        **fields,
    )
    of_file.file.save("tracker.xlsx", ContentFile(file.getvalue()))
    return of_file


def all_fields(of: SpreadsheetImport, **different: str) -> dict[int, str]:
    """What the columns of the strange list hold; `different` by letter."""
    names = {"Our number": "reference", "Sort": "kind", "What they want": "text"}
    names["Came in"] = "received"
    read = {column["index"]: names.get(column["header"], column["field"]) for column in of.columns}
    return read | {ord(letter) - ord("A"): field for letter, field in different.items()}


def to_set_up(actor: User) -> dict[str, int]:
    """Imports at each step of setting up, and what is remembered, for looking at every page."""
    strange = {"Level": "Middling", "Kind": "Recomendation", "Delivery lead": "Head of Crimes"}
    rows = [row(1), {**row(2), **strange}, row(3, Delivery_lead="DCI Hill")]

    def placed() -> SpreadsheetImport:
        of = kept(strange_list(rows))
        return choose_place(of, sheet="Tracker", header_row=4, actor=actor)

    mapped = placed()
    choose_columns(mapped, fields=all_fields(mapped), keep_as="Monthly", actor=actor)
    return {
        "set_down": kept(strange_list(rows)).pk,
        "mapped": mapped.pk,
        "layout": make_profile().pk,
        "word": make_meaning().pk,
        "placed": placed().pk,
    }
