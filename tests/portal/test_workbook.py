"""Finding the list in a workbook, and what stands in its cells."""

import io

import pytest
from openpyxl import Workbook

from portal.layouts.columns import Layout, find_layout
from portal.lists.start_list import START_LIST
from portal.reading import refusals
from portal.reading.workbook import (
    UNSAVED_FORMULA,
    ErrorValue,
    clean_file_name,
    column_letter,
    open_workbook,
)
from tests import workbooks
from tests.workbooks import HEADERS, repacked, row, saved, start_list


def layout_of(file: io.BytesIO) -> tuple[str, Layout]:
    """The title of the sheet that is found, and its layout."""
    with open_workbook(file) as sheets:
        sheet, columns, header_row = find_layout(sheets, START_LIST)
        return sheet.title, Layout.of_columns(header_row, columns)


def test_headers_may_stand_in_the_fourth_row() -> None:
    above = [["The list of the force"], [], ["Printed on Friday"]]
    assert layout_of(start_list([row()], above=above))[1].header_row == 4


def test_columns_may_be_shuffled() -> None:
    _, layout = layout_of(start_list([row()], headers=HEADERS[::-1]))
    assert layout.letter("reference") == "X"
    assert layout.letter("closure_wording") == "A"


def test_headers_may_differ_in_case_and_spaces() -> None:
    headers = [header.upper().replace(" ", "\xa0 ") for header in HEADERS]
    assert len(layout_of(start_list([row()], headers=headers))[1].places) == len(HEADERS)


def test_a_header_may_be_one_of_its_other_names() -> None:
    headers = ["Activity level" if header == "Level" else header for header in HEADERS]
    assert layout_of(start_list([row()], headers=headers))[1].headers["level"] == "Activity level"


def test_unknown_headers_are_shown_with_their_columns() -> None:
    headers = [*HEADERS, "Budget", 2024]
    _, layout = layout_of(start_list([row()], headers=headers))  # type: ignore[arg-type]
    assert layout.unknown == (("Y", "Budget"), ("Z", "2024"))


def test_columns_that_a_list_may_do_without_have_no_letter() -> None:
    headers = [header for header in HEADERS if header != "Due"]
    assert layout_of(start_list([row()], headers=headers))[1].letter("due") == ""


def test_the_named_sheet_goes_before_others() -> None:
    book = Workbook()
    for title in ("Old", "start"):
        sheet = book.create_sheet(title)
        sheet.append(HEADERS)
    assert layout_of(saved(book))[0] == "start"


def test_a_list_on_a_sheet_of_another_name_is_found() -> None:
    assert layout_of(start_list([row()], title="Tracker"))[0] == "Tracker"


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_the_sheet() -> None:
    file = start_list([row(1), {"Local ref": " \xa0"}, row(2)])
    with open_workbook(file) as sheets:
        assert [number for number, _ in sheets[0].rows()] == [1, 2, 4]


def sheet_with(cell: str) -> io.BytesIO:
    return workbooks.with_sheet(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>')


def test_a_formula_with_its_saved_result_reads_as_the_result() -> None:
    with open_workbook(sheet_with('<c r="C1"><f>1+1</f><v>2</v></c>')) as sheets:
        assert list(sheets[0].rows(columns=3)) == [(1, (1, None, 2))]


@pytest.mark.parametrize("result", ["", "<v/>", "<v></v>"])
def test_a_formula_without_a_saved_result_is_not_taken_for_an_empty_cell(result: str) -> None:
    with open_workbook(sheet_with(f'<c r="C1"><f>1+1</f>{result}</c>')) as sheets:
        ((_, cells),) = sheets[0].rows()
    assert cells[2] is UNSAVED_FORMULA


def test_a_formula_beyond_the_last_value_of_its_row_is_seen() -> None:
    file = workbooks.with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    contents = workbooks.part(file, workbooks.SHEET).replace(
        b"</row>", b'<c r="E1"><f>A1</f></c></row>'
    )
    with open_workbook(repacked(file, replace={workbooks.SHEET: contents})) as sheets:
        ((_, cells),) = sheets[0].rows(columns=2)
    assert cells[4] is UNSAVED_FORMULA


def test_a_formula_error_is_not_taken_for_text() -> None:
    with open_workbook(sheet_with('<c r="B1" t="e"><v>#REF!</v></c>')) as sheets:
        ((_, cells),) = sheets[0].rows()
    assert cells[1] == ErrorValue("#REF!")


def test_a_cell_without_a_good_name_does_no_harm() -> None:
    with (
        open_workbook(sheet_with('<c r="9Z"><f>A1</f></c>')) as sheets,
        pytest.raises(refusals.Damaged),
    ):
        list(sheets[0].rows())


def test_merged_cells_read_as_one_value_and_blanks() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["a", None, "c"])
    sheet.merge_cells("A1:B1")
    with open_workbook(saved(book)) as sheets:
        assert list(sheets[0].rows(columns=3)) == [(1, ("a", None, "c"))]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("list.xlsx", "list.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\StART list.xlsx", "StART list.xlsx"),
        ("a\x00b\n\u202ec.xlsx", "abc.xlsx"),
        ("  two   spaces.xlsx ", "two spaces.xlsx"),
        ("", "workbook.xlsx"),
        ("..", "workbook.xlsx"),
    ],
)
def test_the_name_of_a_file_is_text_without_a_path(name: str, kept: str) -> None:
    assert clean_file_name(name) == kept


@pytest.mark.parametrize("name", [f"{'x' * 400}.xlsx", "y" * 400])
def test_a_long_name_is_shortened_and_keeps_its_ending(name: str) -> None:
    kept = clean_file_name(name)
    assert len(kept) <= 150
    assert kept.endswith(".xlsx") == name.endswith(".xlsx")


def test_columns_have_the_letters_of_the_spreadsheet() -> None:
    assert [column_letter(index) for index in (0, 25, 26)] == ["A", "Z", "AA"]
