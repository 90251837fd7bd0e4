"""Which column of a sheet holds what: the headers a list may use, and finding them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.reading import refusals
from portal.reading.cells import text_of
from portal.reading.workbook import Cells, Sheet, column_letter

# Headers need not be in the first row: titles and notes may stand above them.
HEADER_ROWS = 15
NEAR_MISS = 3


@dataclass(frozen=True)
class Column:
    """A column that a list may have.

    Args:
        field: what it fills.
        headers: what it may be headed, the usual one first; letter case and spaces do not matter.
        hint: what to enter in it.
        required: whether a list without it is refused.
        reader: what a cell of it means.
        choices: the words it may say, each with its label; None where it may say anything.
    """

    field: str
    headers: tuple[str, ...]
    hint: str
    required: bool = False
    reader: Callable[[Any], Any] = text_of
    choices: Callable[[], list[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class ColumnMap:
    """The columns of one kind of list.

    Args:
        sheet: the name of the sheet that is looked at first.
        columns: in the order in which they usually stand.
    """

    sheet: str
    columns: tuple[Column, ...]

    def header_of(self, field: str) -> str:
        """The usual header of a field."""
        return next(column.headers[0] for column in self.columns if column.field == field)


@dataclass(frozen=True)
class Layout:
    """Where the columns stand in one sheet.

    Args:
        sheet: the sheet.
        header_row: its row of headers, counted from 1.
        places: field -> column counted from 0.
        headers: field -> the header as it is written.
        unknown: headers that no field is filled from, with their column letters.
    """

    sheet: Sheet
    header_row: int
    places: dict[str, int]
    headers: dict[str, str]
    unknown: tuple[tuple[str, str], ...]

    @property
    def width(self) -> int:
        """How many columns have to be read."""
        return max(self.places.values()) + 1

    def missing(self, columns: ColumnMap) -> list[str]:
        """The usual headers of the columns that this sheet does not have."""
        return [each.headers[0] for each in columns.columns if each.field not in self.places]

    def letter(self, field: str) -> str:
        """The letter of a field's column; "" where the sheet does not have it."""
        return column_letter(self.places[field]) if field in self.places else ""


def find_layout(sheets: list[Sheet], columns: ColumnMap) -> Layout:
    """The first sheet that has the required headers, the expected sheet before the others.

    Raises:
        EmptyWorkbook: no sheet holds anything.
        HeadersMissing: no sheet has them; the message names what the nearest one lacks.
        HeaderTwice: two columns have the same header.
    """
    ordered = sorted(sheets, key=lambda sheet: _folded(sheet.title) != _folded(columns.sheet))
    best: tuple[int, list[str], str | None] = (0, _required(columns), None)
    something = False
    for sheet in ordered:
        for number, row in sheet.rows():
            if number > HEADER_ROWS:
                break
            something = True
            layout = _layout(sheet, number, row, columns)
            required = set(_required(columns))
            missing = [header for header in layout.missing(columns) if header in required]
            if not missing:
                _refuse_twice(row, layout)
                return layout
            if len(layout.places) > max(best[0], NEAR_MISS):
                best = (len(layout.places), missing, sheet.title)
    if not something:
        raise refusals.EmptyWorkbook
    raise refusals.HeadersMissing(best[1], best[2], HEADER_ROWS)


def _required(columns: ColumnMap) -> list[str]:
    return [column.headers[0] for column in columns.columns if column.required]


def _layout(sheet: Sheet, number: int, row: Cells, columns: ColumnMap) -> Layout:
    fields = {
        _folded(header): column.field for column in columns.columns for header in column.headers
    }
    places: dict[str, int] = {}
    headers: dict[str, str] = {}
    unknown = []
    for index, value in enumerate(row):
        folded = _folded(value)
        if not folded:
            continue
        field = fields.get(folded)
        if field is None:
            unknown.append((column_letter(index), _shown(value)))
        elif field not in places:
            places[field] = index
            headers[field] = _shown(value)
    return Layout(sheet, number, places, headers, tuple(unknown))


def _refuse_twice(row: Cells, layout: Layout) -> None:
    counts = Counter(_folded(value) for value in row)
    for header in layout.headers.values():
        if counts[_folded(header)] > 1:
            letters = [
                column_letter(index)
                for index, value in enumerate(row)
                if _folded(value) == _folded(header)
            ]
            raise refusals.HeaderTwice(header, letters)


def _folded(value: Any) -> str:
    return _shown(value).casefold() if value is not None else ""


def _shown(value: Any) -> str:
    return " ".join(str(value).replace("\xa0", " ").split())[:60]
