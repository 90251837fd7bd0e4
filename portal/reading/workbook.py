"""Reading a workbook safely: vetted first (`portal.reading.vetting`), then streamed row by row."""

import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
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
from portal.reading.vetting import EMPTY_ROWS_ALLOWED, MAX_COLUMNS, column_number, vet

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
        unsaved: cells such as "C7" that hold a formula without a saved value.
    """

    def __init__(
        self, title: str, cells: Callable[[int], Iterator[Cells]], unsaved: set[str]
    ) -> None:
        self.title = title
        self._cells = cells
        self._unsaved: dict[int, list[int]] = {}
        for cell in unsaved:
            if match := re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", cell):
                self._unsaved.setdefault(int(match[2]), []).append(column_number(match[1]))

    def rows(self, first: int = 1, columns: int = MAX_COLUMNS) -> Iterator[tuple[int, Cells]]:
        """Sheet row numbers, from `first` on, and the values of each row that is not empty.

        Args:
            first: the sheet row to begin with.
            columns: how many columns to read.

        Formula errors and formulas without a saved value come as `ErrorValue` and
        `UNSAVED_FORMULA`.

        Raises:
            TooManyRows: more than SPREADSHEET_MAX_ROWS rows that are not empty.
            Damaged: the sheet cannot be read to its end.
        """
        filled = 0
        blank: Cells | None = None
        with broken_is_damaged():
            for number, values in enumerate(self._cells(columns), start=1):
                if number > settings.SPREADSHEET_MAX_ROWS + EMPTY_ROWS_ALLOWED:
                    raise refusals.TooManyRows(settings.SPREADSHEET_MAX_ROWS)
                # For rows that the file leaves out the reader gives one and the same row.
                if number < first or values is blank:
                    continue
                row = self._with_stand_ins(number, values)
                if is_blank(row):
                    blank = row
                    continue
                filled += 1
                # One more for the headers.
                if filled > settings.SPREADSHEET_MAX_ROWS + 1:
                    raise refusals.TooManyRows(settings.SPREADSHEET_MAX_ROWS)
                yield number, row

    def _with_stand_ins(self, number: int, values: Cells) -> Cells:
        unsaved = self._unsaved.get(number)
        has_error = any(value in _ERROR_VALUES for value in values if type(value) is str)
        if not unsaved and not has_error:
            return values
        row = [ErrorValue(value) if value in _ERROR_VALUES else value for value in values]
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
    unsaved = vet(file)
    file.seek(0)
    with broken_is_damaged():
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        yield [_sheet(sheet, unsaved) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet(sheet: Any, unsaved: set[tuple[str, str]]) -> Sheet:
    # A sheet may claim any size: what it claims is forgotten, what is there is read.
    sheet.reset_dimensions()
    part = sheet._worksheet_path
    return Sheet(
        sheet.title,
        lambda columns: sheet.iter_rows(max_col=columns, values_only=True),
        {cell for name, cell in unsaved if name == part and cell},
    )


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
