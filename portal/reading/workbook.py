"""Reading a workbook safely: vetted first (`portal.reading.vetting`), then streamed row by row."""

import logging
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.conf import settings
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from core.stored import plain_name
from portal.reading import refusals
from portal.reading.merges import Filling, column_number, filled, own
from portal.reading.vetting import EMPTY_ROWS_ALLOWED, MAX_COLUMNS, PLAIN, Shape, vet

logger = logging.getLogger("portal.reading.workbook")
Cells = tuple[Any, ...]
# What openpyxl raises on a workbook that is no workbook inside.
_BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    OverflowError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ParseError,
    DefusedXmlException,
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
)
_ERROR_VALUES = frozenset(
    ("#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
# Values that stand for an error; numbers without end among them.
_ERRORS = _ERROR_VALUES | {math.inf, -math.inf}
_NAME_LENGTH = 150


@dataclass(frozen=True)
class UnsavedFormula:
    """Stands in a cell whose formula was saved without its result."""


@dataclass(frozen=True)
class ErrorValue:
    """Stands in a cell whose formula ended in an error such as #REF!."""

    text: str


UNSAVED_FORMULA = UnsavedFormula()


class Sheet:
    """A sheet of an open workbook.

    Args:
        title: its name.
        cells: gives a fresh iterator of rows of so many cell values.
        shape: what was found of it while it was vetted.
        hidden: whether Excel does not show it.
    """

    def __init__(
        self,
        title: str,
        cells: Callable[[int], Iterator[Cells]],
        shape: Shape = PLAIN,
        *,
        hidden: bool = False,
    ) -> None:
        self.title = title
        self.hidden = hidden
        self._cells = cells
        self._shape = shape
        self._unsaved: dict[int, list[int]] = {}
        for cell in shape.unsaved:
            if match := re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", cell):
                self._unsaved.setdefault(int(match[2]), []).append(column_number(match[1]))
        self._hidden_read: set[int] = set()
        self._merged_read = False
        # Columns, from 0, whose being hidden is as it should be.
        self.expected_hidden: frozenset[int] = frozenset()

    @property
    def remarks(self) -> list[str]:
        """What is to be said of how the sheet was read; complete once its rows have been read."""
        said = []
        if rows := len(self._hidden_read):
            said.append(
                f"{rows:,} rows are hidden in Excel; they are read like the others."
                if rows > 1
                else "1 row is hidden in Excel; it is read like the others."
            )
        hidden = [each for each in self._shape.hidden_columns if each not in self.expected_hidden]
        if letters := [column_letter(index) for index in hidden]:
            said.append(
                f"Columns {', '.join(letters[:-1])} and {letters[-1]} are hidden in Excel; they "
                "are read like the others."
                if letters[1:]
                else f"Column {letters[0]} is hidden in Excel; it is read like the others."
            )
        if self._merged_read:
            said.append("Merged cells are read as if each of them held their value.")
        return said

    def spread(self, number: int) -> frozenset[int]:
        """Columns, from 0, of a row that only carry on a merged cell to their left."""
        return frozenset(
            column
            for area in self._shape.merged
            if area.top <= number <= area.bottom
            for column in range(area.left + 1, area.right + 1)
        )

    def rows(self, first: int = 1, columns: int = MAX_COLUMNS) -> Iterator[tuple[int, Cells]]:
        """Sheet row numbers, from `first` on, and the values of each row that is not empty.

        Args:
            first: the sheet row to begin with.
            columns: how many columns to read.

        Every one of several merged cells comes with their value; a row that has nothing but what
        is merged into it from above counts as empty. Formula errors and formulas without a saved
        value come as `ErrorValue` and `UNSAVED_FORMULA`.

        Raises:
            TooManyRows: more than SPREADSHEET_MAX_ROWS rows that are not empty.
            Damaged: the sheet cannot be read to its end.
        """
        count = 0
        blank: Cells | None = None
        filling = Filling(self._shape.merged) if self._shape.merged else None
        with broken_is_damaged():
            for number, values in enumerate(self._cells(columns), start=1):
                if number > settings.SPREADSHEET_MAX_ROWS + EMPTY_ROWS_ALLOWED:
                    raise refusals.TooManyRows(settings.SPREADSHEET_MAX_ROWS)
                # For rows that the file leaves out the reader gives one and the same row.
                if values is blank or (number < first and filling is None):
                    continue
                row = self._with_stand_ins(number, values)
                spans = filling.spans(number, row) if filling else None
                if is_blank(own(row, spans) if spans else row):
                    blank = values
                    continue
                if number < first:
                    continue
                count += 1
                # One more for the headers.
                if count > settings.SPREADSHEET_MAX_ROWS + 1:
                    raise refusals.TooManyRows(settings.SPREADSHEET_MAX_ROWS)
                if number in self._shape.hidden_rows:
                    self._hidden_read.add(number)
                if spans:
                    self._merged_read = True
                    row = tuple(filled(row, spans))
                yield number, row

    def _with_stand_ins(self, number: int, values: Cells) -> Cells:
        unsaved = self._unsaved.get(number)
        if not unsaved and _ERRORS.isdisjoint(values):
            return values
        row = [_error(value) if value in _ERRORS else value for value in values]
        for column in unsaved or ():
            row.extend([None] * (column - len(row)))
            if row[column - 1] is None:
                row[column - 1] = UNSAVED_FORMULA
        return tuple(row)


@contextmanager
def broken_is_damaged() -> Iterator[None]:
    """Turn whatever a broken workbook makes the reader raise into one refusal; log the cause."""
    try:
        yield
    except refusals.WorkbookRefused:
        raise
    except _BROKEN as error:
        logger.info("Workbook cannot be read: %r", error)
        raise refusals.Damaged from error


@contextmanager
def open_workbook(file: IO[bytes]) -> Iterator[list[Sheet]]:
    """The sheets of a workbook that has passed every check.

    Args:
        file: the workbook, readable and seekable; it stays open.

    Raises:
        WorkbookRefused: the message says what is wrong and what to do.
    """
    shapes = vet(file)
    file.seek(0)
    with broken_is_damaged():
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        yield [_sheet(sheet, shapes) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet(sheet: Any, shapes: Mapping[str, Shape]) -> Sheet:
    # A sheet may claim any size: what it claims is forgotten, what is there is read.
    sheet.reset_dimensions()
    return Sheet(
        sheet.title,
        lambda columns: sheet.iter_rows(max_col=columns, values_only=True),
        shapes.get(sheet._worksheet_path, PLAIN),
        hidden=sheet.sheet_state != "visible",
    )


def _error(value: Any) -> ErrorValue:
    return ErrorValue(value if type(value) is str else "#NUM!")


def is_blank(row: Sequence[Any]) -> bool:
    """Whether no cell of a row holds anything but spaces."""
    return not any(
        value is not None and (type(value) is not str or value.strip("\xa0 \t\r\n"))
        for value in row
    )


def column_letter(index: int) -> str:
    """The letter of a column counted from 0, as Excel shows it."""
    return str(get_column_letter(index + 1))


def clean_file_name(name: str) -> str:
    """The name of an uploaded workbook as text: no path, no control characters, not too long."""
    return plain_name(name, _NAME_LENGTH) or "workbook.xlsx"
