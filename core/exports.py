"""Lists as files: CSV and XLSX that no spreadsheet can be made to execute, and PDF.

CSV and XLSX are written as they are fetched, so that a long list costs no memory.
"""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.workbook.workbook import Workbook

from core.dates import long_date
from core.pdf import render_pdf

# A spreadsheet reads text that begins so as a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
_WIDEST_COLUMN = 60
_SAMPLE = 100


@dataclass(frozen=True)
class Sheet:
    """A list to be written.

    Args:
        title: heading.
        file_name: beginning of the file's name.
        day: the day the list is of.
        marking: protective marking of its rows together.
        sentence: how many rows of what.
        filters: the chosen filters in words.
        made_by: who exports it.
        headings, rows: the table; text, numbers, dates, booleans or None.
    """

    title: str
    file_name: str
    day: dt.date
    marking: str
    sentence: str
    filters: tuple[str, ...]
    made_by: str
    headings: tuple[str, ...]
    rows: Iterable[list[Any]]

    def name(self, extension: str) -> str:
        """actions-2024-11-20.csv; a marking above the usual one is part of the name."""
        marked = "" if self.marking == settings.DEFAULT_MARKING else f"-{slugify(self.marking)}"
        return f"{self.file_name}-{self.day:%Y-%m-%d}{marked}.{extension}"


def respond(kind: str, sheet: Sheet) -> HttpResponseBase:
    """The list as a download.

    Args:
        kind: "csv", "xlsx" or "pdf".
    """
    return {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[kind](sheet)


def safe_text(text: str) -> str:
    """Text no spreadsheet will run: a ' before what begins, after spaces, like a formula.

    Text that begins so already gets one more: whoever takes one off has the text again.
    """
    bare = text.lstrip("'")
    # Spaces alone are taken off first, then all white space: a tab may hide behind spaces, a
    # formula behind a line break.
    hidden = bare.lstrip(" ").startswith(FORMULA_SIGNS) or bare.lstrip().startswith(FORMULA_SIGNS)
    return f"'{text}" if hidden else text


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return safe_text(str(value))


class _Line:
    """What csv.writer writes to: gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The lines of the CSV, with the mark by which Excel knows that it is UTF-8."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([safe_text(heading) for heading in sheet.headings])
    for row in sheet.rows:
        yield writer.writerow([_csv_cell(value) for value in row])


def _csv(sheet: Sheet) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(sheet), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sheet.name("csv")}"'
    return response


def text_cell(worksheet: Any, text: str) -> Any:
    """A cell of a sheet that is written as a stream, of text that no spreadsheet takes for a
    formula.
    """
    try:
        cell = WriteOnlyCell(worksheet, value=text[:_LONGEST_CELL])
    except IllegalCharacterError:
        readable = "".join(each if each.isprintable() or each in "\n\t" else " " for each in text)
        cell = WriteOnlyCell(worksheet, value=readable[:_LONGEST_CELL])
    # openpyxl takes text that begins with "=" for a formula; said to be text, it stays text.
    cell.data_type = "s"
    return cell


def _xlsx_cell(worksheet: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        value = "Yes" if value else "No"
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(worksheet, value=value)
        cell.number_format = "dd/mm/yyyy"
        return cell
    if isinstance(value, int | float):
        return value
    cell = text_cell(worksheet, str(value))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _widths(headings: tuple[str, ...], sample: list[list[Any]]) -> list[int]:
    """Widths, in characters, that show most of the first rows."""
    widths = []
    for index, heading in enumerate(headings):
        longest = max((len(str(row[index])) for row in sample if row[index] is not None), default=0)
        widths.append(min(max(len(heading) + 4, longest + 2, 8), _WIDEST_COLUMN))
    return widths


def write_xlsx(sheet: Sheet, target: Any) -> None:
    """Write the workbook: the list, and beside it a sheet that says what it is a list of.

    Args:
        target: a writable binary file.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.title = f"{sheet.title}, {long_date(sheet.day)}, {sheet.marking}"
    workbook.properties.creator = settings.PRODUCT_NAME
    worksheet = workbook.create_sheet(sheet.title[:31])
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    for index, width in enumerate(_widths(sheet.headings, sample), start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = width
    worksheet.freeze_panes = "A2"
    put_marking(worksheet, sheet.marking)
    headings = []
    for heading in sheet.headings:
        cell = text_cell(worksheet, heading)
        cell.font = Font(bold=True)
        headings.append(cell)
    worksheet.append(headings)
    written = 1
    for row in chain(sample, rows):
        worksheet.append([_xlsx_cell(worksheet, value) for value in row])
        written += 1
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{written}"
    write_about(workbook, sheet)
    workbook.save(target)


def put_marking(worksheet: Any, marking: str) -> None:
    """The protective marking at the top and the foot of every printed page of a sheet."""
    for place in (worksheet.oddHeader, worksheet.oddFooter):
        place.center.text = marking


def write_about(workbook: Workbook, sheet: Sheet) -> None:
    """Add a sheet that says what a list is of, when and for whom it was written."""
    about = workbook.create_sheet("About this list")
    about.column_dimensions["A"].width = 18
    about.column_dimensions["B"].width = 90
    facts = [
        ("List", sheet.title),
        ("Marking", sheet.marking),
        ("As at", long_date(sheet.day)),
        ("Rows", sheet.sentence),
        *(("Filter", words) for words in sheet.filters),
        ("Exported by", sheet.made_by),
        ("From", f"{settings.PRODUCT_NAME}, {settings.FORCE_NAME}"),
    ]
    for name, value in facts:
        about.append([text_cell(about, name), text_cell(about, value)])


def _xlsx(sheet: Sheet) -> HttpResponseBase:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_xlsx(sheet, target)
    return workbook_download(target, sheet.name("xlsx"))


def workbook_download(file: IO[bytes], name: str) -> FileResponse:
    """A workbook that has been written, as a download; sending it closes the file."""
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _paper_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return long_date(value).replace(" ", "\xa0")  # a date in a narrow column stays on one line
    return str(value)


def _pdf(sheet: Sheet) -> HttpResponseBase:
    content = render_pdf(
        "core/listing/list_pdf.html",
        {
            "title": f"{sheet.title} as at {long_date(sheet.day)}",
            "marking": sheet.marking,
            "sheet": sheet,
            "rows": [[_paper_cell(value) for value in row] for row in sheet.rows],
        },
    )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{sheet.name("pdf")}"'},
    )
