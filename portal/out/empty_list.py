"""An empty workbook in the shape of the force's list, to be filled in."""

import io

from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook

from portal.lists.start_list import START_LIST

_WIDTH = 22
_WIDE = 90


def empty_list() -> bytes:
    """The workbook: a sheet of headers, and one that says what each column takes."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = START_LIST.sheet
    sheet.append([column.headers[0] for column in START_LIST.columns])
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = _WIDTH
    guide = book.create_sheet("How to fill it in")
    guide.append(["Column", "Needed", "What to enter"])
    for column in START_LIST.columns:
        guide.append([column.headers[0], "Yes" if column.required else "", column.hint])
    for cell in guide[1]:
        cell.font = Font(bold=True)
    for row in guide.iter_rows(min_row=2, min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    guide.column_dimensions["A"].width = _WIDTH
    guide.column_dimensions["C"].width = _WIDE
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
