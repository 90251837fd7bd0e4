"""Finding the list in a workbook, and what stands in its cells."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from portal.layouts.columns import Layout
from portal.layouts.guessing import guess
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
        found = guess(sheets, START_LIST, [])
        assert found
        columns = [column.as_json() for column in found.found]
        return sheets[found.sheet].title, Layout.of_columns(found.header_row, columns)


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


def test_a_formula_whose_saved_result_is_an_empty_text_is_an_empty_cell() -> None:
    with open_workbook(sheet_with('<c r="C1" t="str"><f>""</f><v></v></c>')) as sheets:
        assert list(sheets[0].rows(columns=3)) == [(1, (1, None, None))]


def test_a_formula_in_a_cell_without_a_name_is_seen() -> None:
    cells = "<row><c><v>1</v></c><c/><c><f>A1</f></c></row>"
    with open_workbook(workbooks.with_sheet(cells)) as sheets:
        assert list(sheets[0].rows(columns=3)) == [(1, (1, None, UNSAVED_FORMULA))]


def merged(rows: list[Any], *areas: str) -> io.BytesIO:
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in rows:
        sheet.append(cells)
    for area in areas:
        sheet.merge_cells(area)
    return saved(book)


def test_every_merged_cell_reads_as_their_value() -> None:
    rows = [["a", None, "c"], ["d", "e", "f"], [None, "g", "h"], [None, "i", "j"], ["k", "l", None]]
    with open_workbook(merged(rows, "A1:B1", "A2:A4")) as sheets:
        assert list(sheets[0].rows(columns=3)) == [
            (1, ("a", "a", "c")),
            (2, ("d", "e", "f")),
            (3, ("d", "g", "h")),
            (4, ("d", "i", "j")),
            (5, ("k", "l", None)),
        ]
        assert sheets[0].remarks == ["Merged cells are read as if each of them held their value."]
        assert sheets[0].spread(1) == {1}
        assert sheets[0].spread(2) == frozenset()


def test_merged_cells_are_known_to_rows_that_begin_below_their_first() -> None:
    rows = [["a", "b"], [None, "c"], [None, "d"]]
    with open_workbook(merged(rows, "A1:A3")) as sheets:
        assert list(sheets[0].rows(first=3, columns=2)) == [(3, ("a", "d"))]


def test_a_row_with_nothing_but_what_is_merged_into_it_is_no_row() -> None:
    rows = [["a", "b"], [None, None], [None, "\xa0"], [None, "c"]]
    with open_workbook(merged(rows, "A1:A4")) as sheets:
        assert [number for number, _ in sheets[0].rows()] == [1, 4]


def test_a_column_merged_to_the_end_of_the_sheet_fills_only_rows_that_exist() -> None:
    rows = [["a", "b"], [None, "c"]]
    file = merged(rows, "A1:A2")
    contents = workbooks.part(file, workbooks.SHEET).replace(b"A1:A2", b"A1:A1048576")
    with open_workbook(repacked(file, replace={workbooks.SHEET: contents})) as sheets:
        assert list(sheets[0].rows(columns=2)) == [(1, ("a", "b")), (2, ("a", "c"))]


def test_an_error_in_merged_cells_is_an_error_in_each() -> None:
    rows = [["#REF!", "b"], [None, "c"]]
    with open_workbook(merged(rows, "A1:A2")) as sheets:
        assert [cells[0] for _, cells in sheets[0].rows()] == [ErrorValue("#REF!")] * 2


def test_merged_cells_over_one_another_are_refused() -> None:
    with (
        pytest.raises(refusals.UnsafeContents, match="merged cells that lie over one another"),
        open_workbook(merged([["a"]], "A1:C3", "C3:D4")),
    ):
        pass


def test_merged_cells_side_by_side_and_below_one_another_are_read() -> None:
    rows = [["a", None, "b"], [None, None, "c"], ["d", None, "e"], [None, None, "f"]]
    with open_workbook(merged(rows, "A1:B2", "A3:B4")) as sheets:
        assert [cells for _, cells in sheets[0].rows(columns=3)] == [
            ("a", "a", "b"),
            ("a", "a", "c"),
            ("d", "d", "e"),
            ("d", "d", "f"),
        ]


def test_hidden_sheets_rows_and_columns_are_read_and_said() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for number in range(1, 7):
        sheet.append([number, "x", "y"])
    for number in (2, 3, 5, 90):
        sheet.row_dimensions[number].hidden = True
    for letter in ("B", "C", "H"):
        sheet.column_dimensions[letter].hidden = True
    other = book.create_sheet("Old")
    other.append(["a", "b"])
    other.sheet_state = "veryHidden"
    other.row_dimensions[1].hidden = True
    other.column_dimensions["B"].hidden = True
    with open_workbook(saved(book)) as (shown, hidden):
        assert (shown.hidden, hidden.hidden) == (False, True)
        assert len(list(shown.rows())) == len(list(shown.rows())) == 6
        assert list(hidden.rows(columns=2)) == [(1, ("a", "b"))]
        assert shown.remarks == [
            "3 rows are hidden in Excel; they are read like the others.",
            "Columns B and C are hidden in Excel; they are read like the others.",
        ]
        assert hidden.remarks == [
            "1 row is hidden in Excel; it is read like the others.",
            "Column B is hidden in Excel; it is read like the others.",
        ]


def test_a_plain_sheet_has_no_remarks() -> None:
    with open_workbook(start_list([row()])) as sheets:
        assert len(list(sheets[0].rows())) == 2
        assert sheets[0].remarks == []


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
