"""What the reader gives for lists as people really send them."""

import io
from typing import Any

import pytest

from portal.reading.cells import CellNotRead, date_of, level_of, line_of, question_of, text_of
from portal.reading.files import open_spreadsheet
from portal.reading.workbook import Sheet
from tests.portal.torture import CASES, Case

READERS: dict[str, Any] = {
    "Due": date_of,
    "Level": level_of,
    "PAF question": question_of,
    "Action required": text_of,
    "Delivery lead": line_of,
}


def rows_of(sheet: Sheet, header_row: int) -> dict[int, dict[str, Any]]:
    """Sheet row -> header -> value of what stands below headers."""
    rows = sheet.rows(first=header_row)
    _, headers = next(rows)
    return {
        number: {
            headers[place]: value
            for place, value in enumerate(cells)
            if value is not None and headers[place]
        }
        for number, cells in rows
    }


def opened(made: Case) -> tuple[dict[int, dict[str, Any]], list[str]]:
    with open_spreadsheet(io.BytesIO(made.contents), made.name) as sheets:
        sheet = sheets[made.sheet]
        return rows_of(sheet, made.header_row), sheet.remarks


@pytest.mark.parametrize("name", CASES)
def test_every_cell_is_read_as_it_stands(name: str) -> None:
    made = CASES[name]()
    rows, remarks = opened(made)
    assert rows == made.rows
    assert remarks == list(made.remarks)


@pytest.mark.parametrize("name", CASES)
def test_what_a_cell_means_or_why_it_cannot_be_read_is_said(name: str) -> None:
    made = CASES[name]()
    rows, _ = opened(made)
    for number, meanings in made.meant.items():
        for header, meaning in meanings.items():
            assert READERS[header](rows[number][header]) == meaning, (number, header)
    for number, faults in made.faults.items():
        for header in faults.keys() & READERS.keys():
            with pytest.raises(CellNotRead) as caught:
                READERS[header](rows[number][header])
            assert faults[header] in str(caught.value), (number, header)
