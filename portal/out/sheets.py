"""What the workbooks that go out have in common: cells, drop-down lists, dates that are dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from textwrap import shorten
from typing import Any

from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.comments.comments import Comment
from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from core.exports import FORMULA_SIGNS
from portal.layouts.columns import Column
from portal.out.choices import Choice
from portal.reading.cells import EARLIEST, LATEST

DATES = ("published", "received", "due", "stage_date", "updated", "closed")
_REFERENCES = ("reference", "portal_reference", "parent")
_LONG = ("text", "update")
_MIDDLING = ("publication", "confidence_reason", "closure_wording")
# What a spreadsheet does not change; what is needed.
GREY = "E7E6E6"
YELLOW = "FFF2CC"
DATE_FORMAT = "dd/mm/yyyy"
_AS_TEXT = "@"
_LAST_ROW = 1_048_576
_LISTS = "Lists"
# What Excel takes of a message beside a cell, and of its title.
_LONGEST_PROMPT = 255
_LONGEST_PROMPT_TITLE = 32


@dataclass(frozen=True)
class Look:
    """How a cell looks.

    Args:
        bold: as headings are.
        fill: the colour behind it, "" for none.
        number_format: in Excel's words.
        wrap: text on several lines.
        quoted: Excel takes it for text even when somebody edits it.
    """

    bold: bool = False
    fill: str = ""
    number_format: str = "General"
    wrap: bool = False
    quoted: bool = False


class Pen:
    """Writes the cells of one sheet; each look is made once, since that costs more than a cell.

    Args:
        sheet: of a workbook that is written as a stream.
    """

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._styles: dict[Look, Any] = {}

    def cell(self, value: Any, look: Look) -> Any:
        """A cell; text stays text, whatever it begins with."""
        is_text = isinstance(value, str)
        if is_text and value.lstrip().startswith(FORMULA_SIGNS):
            look = replace(look, quoted=True)
        cell = WriteOnlyCell(self.sheet, value=value)
        if is_text:
            cell.data_type = "s"
        cell._style = self._style(look)
        return cell

    def heading(self, text: str, note: str, *, fill: str = "") -> Any:
        """A header, with a note that shows when somebody points at it."""
        cell = self.cell(text, Look(bold=True, fill=fill, wrap=True))
        cell.comment = Comment(note, "StART", height=110, width=260)
        return cell

    def row(self, *texts: str | None, bold: bool = False) -> None:
        """Append a row of texts, as a guide has them."""
        look = Look(bold=bold, wrap=True)
        self.sheet.append([self.cell(text or "", look) for text in texts])

    def _style(self, look: Look) -> Any:
        if look not in self._styles:
            cell = WriteOnlyCell(self.sheet)
            cell.font = Font(bold=look.bold)
            cell.number_format = look.number_format
            cell.alignment = Alignment(wrap_text=look.wrap, vertical="top")
            cell.quotePrefix = look.quoted
            if look.fill:
                cell.fill = PatternFill("solid", fgColor=look.fill)
            self._styles[look] = cell._style
        return self._styles[look]


def look_of(field: str, *, fill: str = "") -> Look:
    """How the cells of a column look."""
    if field in DATES:
        return Look(fill=fill, number_format=DATE_FORMAT)
    if field in _REFERENCES:
        return Look(fill=fill, number_format=_AS_TEXT)
    return Look(fill=fill, wrap=True)


def lay_out(sheet: Any, columns: Sequence[Column]) -> None:
    """Widths and formats of the columns, and a header that stays; before the first row."""
    sheet.freeze_panes = "B2"
    for index, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = _width(column)
        dimension.number_format = look_of(column.field).number_format


def _width(column: Column) -> int:
    if column.field in _LONG:
        return 60
    return 36 if column.field in _MIDDLING else max(14, len(column.headers[0]) + 4)


def add_lists(workbook: Workbook, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Add a hidden sheet that holds what may be chosen.

    Returns:
        Field -> where its choices stand, as a validation names them.
    """
    sheet = workbook.create_sheet(_LISTS)
    sheet.sheet_state = "hidden"
    pen = Pen(sheet)
    for row in zip_longest(*(choice.values for choice in choices.values())):
        sheet.append([None if value is None else pen.cell(value, Look()) for value in row])
    places = {}
    for index, (field, choice) in enumerate(choices.items(), start=1):
        letter = get_column_letter(index)
        places[field] = f"{_LISTS}!${letter}$1:${letter}${len(choice.values)}"
    return places


def validate(
    sheet: Any,
    columns: Sequence[Column],
    choices: Mapping[str, Choice],
    places: Mapping[str, str],
    messages: Mapping[str, str],
) -> None:
    """Give each column its drop-down list or its kind of value, and a message beside its cells.

    Args:
        columns: as they stand, from A on.
        choices: field -> what may be chosen.
        places: what `add_lists` gave.
        messages: field -> what somebody is told who enters one of its cells.
    """
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        rule = _rule(column.field, choices.get(column.field), places.get(column.field, ""))
        if message := messages.get(column.field):
            rule.promptTitle = column.headers[0][:_LONGEST_PROMPT_TITLE]
            rule.prompt = shorten(message, _LONGEST_PROMPT, placeholder=" …")
            rule.showInputMessage = True
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.data_validations.append(rule)


def _rule(field: str, choice: Choice | None, place: str) -> DataValidation:
    if choice is not None:
        return DataValidation(
            type="list",
            formula1=place,
            allow_blank=True,
            showErrorMessage=not choice.others,
            errorTitle="Choose from the list",
            error="Choose one of the values of the list, or leave the cell empty.",
        )
    if field in DATES:
        return DataValidation(
            type="date",
            operator="between",
            formula1=str(int(to_excel(EARLIEST))),
            formula2=str(int(to_excel(LATEST))),
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Enter a date",
            error="Enter a date such as 20/11/2024, or leave the cell empty.",
        )
    return DataValidation(allow_blank=True)
