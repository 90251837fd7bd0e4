"""Exports: what a spreadsheet gets, and what it can never be made to do."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

import pytest
from openpyxl.reader.excel import load_workbook
from pypdf import PdfReader

from core.exports import Sheet, csv_lines, respond, safe_text, write_xlsx
from core.markings import Marking

DAY = dt.date(2024, 11, 20)


def a_sheet(rows: Iterable[list[Any]], **fields: Any) -> Sheet:
    values: dict[str, Any] = {
        "title": "Actions",
        "file_name": "actions",
        "day": DAY,
        "marking": "OFFICIAL",
        "sentence": "2 live actions as at 20 November 2024",
        "filters": ("Level 2",),
        "made_by": "A. Person",
        "headings": ("Ref", "Due", "Age", "Overdue"),
        "rows": rows,
    }
    return Sheet(**{**values, **fields})


def workbook_of(sheet: Sheet) -> Any:
    target = io.BytesIO()
    write_xlsx(sheet, target)
    target.seek(0)
    return load_workbook(target)


def csv_rows(sheet: Sheet) -> list[list[str]]:
    text = "".join(csv_lines(sheet))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", " \t1", "\xa0=1"],
)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Work = done", "1-2", "a@b.test", "Plain\ttext"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_csv_is_marked_as_utf_8_and_quotes_every_cell() -> None:
    first = next(csv_lines(a_sheet([])))
    assert first == '\ufeff"Ref","Due","Age","Overdue"\r\n'


def test_csv_writes_dates_numbers_and_nothing_plainly() -> None:
    assert csv_rows(a_sheet([["=A1", DAY, -3, True], [None, None, 0, False]]))[1:] == [
        ["'=A1", "2024-11-20", "-3", "Yes"],
        ["", "", "0", "No"],
    ]


def test_csv_headings_are_made_safe_too() -> None:
    assert csv_rows(a_sheet([], headings=("=1",)))[0] == ["'=1"]


def test_xlsx_keeps_a_formula_as_the_text_it_is() -> None:
    cell = workbook_of(a_sheet([["=1+1", None, None, None]]))["Actions"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_xlsx_holds_real_dates_and_numbers() -> None:
    sheet = workbook_of(a_sheet([["ST-1", DAY, 12, True]]))["Actions"]
    assert sheet["B2"].value.date() == DAY
    assert sheet["B2"].number_format == "dd/mm/yyyy"
    assert (sheet["C2"].value, sheet["C2"].data_type) == (12, "n")
    assert sheet["D2"].value == "Yes"


def test_xlsx_has_a_bold_frozen_head_with_filters_and_widths() -> None:
    sheet = workbook_of(a_sheet([["ST-1", DAY, 12, None], ["A longer reference", DAY, 1, None]]))[
        "Actions"
    ]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert sheet.column_dimensions["A"].width == 20


def test_xlsx_writes_every_row_of_a_long_list() -> None:
    rows = ([f"ST-{number}", None, number, None] for number in range(250))
    sheet = workbook_of(a_sheet(rows))["Actions"]
    assert sheet.max_row == 251
    assert [sheet["A2"].value, sheet["A102"].value, sheet["A251"].value] == [
        "ST-0",
        "ST-100",
        "ST-249",
    ]


def test_xlsx_replaces_control_characters_that_no_workbook_can_hold() -> None:
    sheet = workbook_of(a_sheet([["a\x01b\nc", None, None, None]]))["Actions"]
    assert sheet["A2"].value == "a b\nc"


def test_xlsx_cuts_text_at_what_a_cell_can_hold() -> None:
    sheet = workbook_of(a_sheet([["x" * 40_000, None, None, None]]))["Actions"]
    assert len(sheet["A2"].value) == 32_767


def test_xlsx_says_what_it_is_a_list_of() -> None:
    about = workbook_of(a_sheet([]))["About this list"]
    facts = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert facts["As at"] == "20 November 2024"
    assert facts["Filter"] == "Level 2"
    assert facts["Rows"] == "2 live actions as at 20 November 2024"
    assert facts["Exported by"] == "A. Person"


def test_xlsx_prints_its_marking_on_every_sheet() -> None:
    sheet = workbook_of(a_sheet([], marking=Marking.SENSITIVE.value))["Actions"]
    assert sheet.oddHeader.center.text == "OFFICIAL-SENSITIVE"
    assert sheet.oddFooter.center.text == "OFFICIAL-SENSITIVE"


@pytest.mark.django_db  # to close a response is to end a request, which asks for the connection
@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_file_is_named_after_its_list_and_day(kind: str) -> None:
    response = respond(kind, a_sheet([["ST-1", DAY, 1, None]]))
    response.close()
    assert response["Content-Disposition"] == f'attachment; filename="actions-2024-11-20.{kind}"'


def test_the_name_of_a_sensitive_file_says_so() -> None:
    assert (
        a_sheet([], marking=Marking.SENSITIVE.value).name("csv")
        == "actions-2024-11-20-official-sensitive.csv"
    )


def test_a_pdf_carries_marking_day_filters_rows_and_page_numbers() -> None:
    rows = [[f"ST-{number}", DAY, number, number % 2 == 0] for number in range(80)]
    content = respond("pdf", a_sheet(rows, marking=Marking.SENSITIVE.value)).content  # type: ignore[attr-defined]
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text().replace("\xa0", " ")
        assert text.count("OFFICIAL-SENSITIVE") == 2
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "Due" in text  # the head of the table repeats
    first = reader.pages[0].extract_text().replace("\xa0", " ")
    assert (
        "2 live actions as at 20 November 2024. Filters: Level 2. Exported by A. Person." in first
    )
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert width > height


def test_a_pdf_writes_dates_yes_and_nothing_in_words() -> None:
    content = respond("pdf", a_sheet([["ST-1", DAY, None, True]])).content  # type: ignore[attr-defined]
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text().replace("\xa0", " ")
    assert "Yes" in text
    assert "None" not in text
