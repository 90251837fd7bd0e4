"""A list of actions to edit in Excel and bring back: in the layout that an import reads."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook

from core.dates import long_date
from core.exports import Sheet, put_marking, workbook_download, write_about
from core.markings import Marking
from portal.layouts.columns import Column
from portal.lists import marks
from portal.lists.as_listed import LONGEST, Listed, as_listed
from portal.lists.start_list import START_LIST
from portal.out.choices import choices
from portal.out.guide import CHANGEABLE, KEY, NOT_CHANGED, RULES, list_columns
from portal.out.sheets import GREY, Look, Pen, add_lists, lay_out, look_of, validate

if TYPE_CHECKING:
    from people.models import User

KIND = "for-editing"
GUIDE = "How to edit"
_TOLD = 200


@dataclass
class _Written:
    """What is known of the list once it has been written."""

    rows: int = 0
    sensitive: bool = False
    # Reference and headers of what a cell does not hold.
    too_long: list[tuple[str, str]] = field(default_factory=list)


def for_editing(keys: Sequence[Any], about: Sheet, user: "User") -> FileResponse:
    """The workbook as a download.

    Args:
        keys: primary keys of the actions, in the order wanted.
        about: what is known of the list: heading, day, marking, filters (its rows are not used).
        user: who takes it away; what they may not read is not in it.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    written = write_for_editing(as_listed(keys, user), about, target)
    return workbook_download(target, written.name("xlsx"))


def write_for_editing(actions: Iterable[Listed], about: Sheet, target: IO[bytes]) -> Sheet:
    """Write the workbook, row by row as the actions come.

    Returns:
        What is known of the list, with the marking of all that is in it.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(START_LIST.sheet)
    columns = list_columns()
    lay_out(sheet, columns)
    mark_letter = get_column_letter(len(columns) + 1)
    sheet.column_dimensions[mark_letter].hidden = True
    written = _write_rows(Pen(sheet), actions)
    sheet.auto_filter.ref = f"A1:{mark_letter}{written.rows + 1}"
    marking = str(Marking.SENSITIVE) if written.sensitive else about.marking
    about = replace(about, file_name=f"{about.file_name}-to-edit", marking=marking)
    put_marking(sheet, marking)
    _write_guide(workbook, written)
    write_about(workbook, about)
    offered = choices()
    messages = {
        column.field: NOT_CHANGED for column in columns if column.field not in (*CHANGEABLE, KEY)
    }
    validate(sheet, columns, offered, add_lists(workbook, offered), messages)
    workbook.properties.title = f"{about.title}, {long_date(about.day)}, {marking}"
    workbook.properties.creator = settings.PRODUCT_NAME
    workbook.save(target)
    return about


def _write_rows(pen: Pen, actions: Iterable[Listed]) -> _Written:
    columns = list_columns()
    looks = {
        column.field: look_of(column.field, fill="" if column.field in CHANGEABLE else GREY)
        for column in columns
    }
    pen.sheet.append([*(_heading(pen, column) for column in columns), _mark_heading(pen)])
    mark_look = Look(fill=GREY, number_format="@")
    headers = {column.field: column.headers[0] for column in columns}
    written = _Written()
    for action in actions:
        mark = marks.mark_of(
            {name: marks.shown_in_mark(value) for name, value in action.values.items()}
        )
        cells = [pen.cell(action.values[name], look) for name, look in looks.items()]
        pen.sheet.append([*cells, pen.cell(mark, mark_look)])
        written.rows += 1
        written.sensitive = written.sensitive or action.sensitive
        written.too_long += [(action.reference, headers[name]) for name in action.too_long]
    return written


def _heading(pen: Pen, column: Column) -> Any:
    fill = "" if column.field in CHANGEABLE else GREY
    return pen.heading(column.headers[0], _what_it_does(column), fill=fill)


def _what_it_does(column: Column) -> str:
    if column.field == KEY:
        return "Says which action the row is of."
    return f"Changes it. {column.hint}" if column.field in CHANGEABLE else NOT_CHANGED


def _mark_heading(pen: Pen) -> Any:
    return pen.cell(marks.HEADER, Look(bold=True, fill=GREY))


def _write_guide(workbook: Workbook, written: _Written) -> None:
    guide = workbook.create_sheet(GUIDE)
    guide.column_dimensions["A"].width = 26
    guide.column_dimensions["B"].width = 100
    pen = Pen(guide)
    pen.row("How to edit this list in Excel", bold=True)
    for what, how in RULES:
        pen.row(what, how)
    if written.too_long:
        pen.row("Cells left empty", bold=True)
        pen.row(
            "Too long for a cell",
            f"These texts have more than {LONGEST:,} characters. They are left out rather than "
            "cut, and stay as they are.",
        )
        for reference, header in written.too_long[:_TOLD]:
            pen.row(reference, header)
        if len(written.too_long) > _TOLD:
            pen.row(f"and {len(written.too_long) - _TOLD:,} more")
    pen.row("Column", "What a spreadsheet does with it", bold=True)
    for column in list_columns():
        pen.row(column.headers[0], _what_it_does(column))
