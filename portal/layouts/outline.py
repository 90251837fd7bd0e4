"""The first rows of every sheet as texts: what a person looks at to say where the headers are."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from core.dates import long_date
from portal.reading.cells import CellNotRead, line_of
from portal.reading.workbook import Cells, ErrorValue, Sheet, UnsavedFormula

ROWS = 30
COLUMNS = 12
CHARACTERS = 40


def outline_of(sheets: list[Sheet]) -> list[dict[str, Any]]:
    """The first rows of each sheet, as `SpreadsheetImport.outline` keeps them.

    Args:
        sheets: of an open spreadsheet, in its own order.

    Returns:
        For each sheet its title, whether it is hidden, and the first 30 rows that are not empty
        as [row number, [texts]]: 12 columns, each text cut to 40 characters.
    """
    return [
        {
            "title": sheet.title,
            "hidden": sheet.hidden,
            "rows": [
                [number, [cell_words(value, CHARACTERS) for value in cells[:COLUMNS]]]
                for number, cells in first_rows(sheet, ROWS)
            ],
        }
        for sheet in sheets
    ]


def first_rows(sheet: Sheet, count: int) -> Iterator[tuple[int, Cells]]:
    """So many rows of a sheet that are not empty, with their numbers."""
    if count < 1:
        return
    for place, numbered in enumerate(sheet.rows(), start=1):
        yield numbered
        if place == count:
            return


def cell_words(value: Any, length: int) -> str:
    """The value of a cell in one line, cut to a length with an ellipsis; "" for an empty one."""
    if isinstance(value, UnsavedFormula):
        return "(formula)"
    if isinstance(value, ErrorValue):
        return value.text
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return f"{long_date(value.date())}, {value:%H:%M}"
    try:
        # Long cells are cut before they are cleaned: only their beginning is shown.
        words = line_of(value[: length * 4] if isinstance(value, str) else value) or ""
    except CellNotRead:
        return "(cannot be shown)"
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
