"""Empty workbooks to fill in: the whole list, and one for updates of actions that are here."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.http import FileResponse
from openpyxl.workbook.workbook import Workbook

from core.exports import workbook_download
from portal.layouts.columns import Column
from portal.lists.start_list import START_LIST
from portal.out.choices import choices
from portal.out.guide import KEY, examples, list_columns, words_of
from portal.out.sheets import YELLOW, Pen, add_lists, lay_out, validate

GUIDE = "How to fill it in"
UPDATE_FIELDS = (
    "reference",
    "executive",
    "delivery",
    "due",
    "confidence",
    "confidence_reason",
    "update",
    "updated",
)
_LIST_RULES = (
    "One row for each action. The columns with a yellow header are needed for every new action; "
    "when another is needed is said below.",
    "A row whose local reference is here already changes that action; an empty cell changes "
    "nothing.",
    "Dates are real dates, or text such as 20.11.24 or 20 November 2024.",
)
_UPDATE_HINTS = {
    KEY: "The reference that the action has here; a row of any other reference cannot be read.",
}
_UPDATE_RULES = (
    "One row for each action that is here already. Only the local reference is needed; an empty "
    "cell changes nothing.",
    "An update needs its date; earlier updates are kept. A confidence beside it counts from that "
    "day, one that stands alone from the day you bring it in.",
    "To start from what is recorded, export the list of actions instead: “Excel, to edit and "
    "bring back”.",
)


def empty_list() -> FileResponse:
    """The list with all its columns, as a download."""
    return _workbook("empty-list.xlsx", list_columns(), _LIST_RULES, new_actions=True)


def empty_updates() -> FileResponse:
    """The columns of an update only, as a download."""
    columns = tuple(
        replace(column, hint=_UPDATE_HINTS.get(column.field, column.hint))
        for column in list_columns()
        if column.field in UPDATE_FIELDS
    )
    return _workbook("empty-updates.xlsx", columns, _UPDATE_RULES, new_actions=False)


def _workbook(
    name: str, columns: Sequence[Column], rules: Sequence[str], *, new_actions: bool
) -> FileResponse:
    workbook = Workbook(write_only=True)
    workbook.properties.creator = settings.PRODUCT_NAME
    sheet = workbook.create_sheet(START_LIST.sheet)
    lay_out(sheet, columns)
    pen = Pen(sheet)
    needed = {column.field for column in columns if _is_needed(column, new_actions)}
    sheet.append(
        [
            pen.heading(
                column.headers[0],
                f"Needed. {column.hint}" if column.field in needed else column.hint,
                fill=YELLOW if column.field in needed else "",
            )
            for column in columns
        ]
    )
    offered = {
        field: choice
        for field, choice in choices().items()
        if any(column.field == field for column in columns)
    }
    guide = workbook.create_sheet(GUIDE)
    example = examples(new_actions=new_actions)
    for letter, width in zip("ABCDE", (24, 20, 60, 50, 50), strict=True):
        guide.column_dimensions[letter].width = width
    pen = Pen(guide)
    for rule in rules:
        pen.row("", "", rule)
    pen.row("Column", "Needed", "What to enter", "Words to choose from", "For example", bold=True)
    for column in columns:
        pen.row(
            column.headers[0],
            "Yes" if column.field in needed else column.needed,
            column.hint,
            words_of(column.field, offered),
            example.get(column.field, ""),
        )
    messages = {column.field: column.hint for column in columns}
    validate(sheet, columns, offered, add_lists(workbook, offered), messages)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    workbook.save(target)
    return workbook_download(target, name)


def _is_needed(column: Column, new_actions: bool) -> bool:
    return bool(column.required) if new_actions else column.field == KEY
