"""Lists as text: which alphabet, which divider, and what is refused rather than read wrongly."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from core import exports
from portal.reading import refusals
from portal.reading.files import open_spreadsheet
from portal.reading.workbook import ErrorValue, Sheet

LIST = [
    ["Local ref", "Action required", "Due"],
    ["ST-1", "Give every dog a bed, a bowl; and a name.", "20/11/2024"],
    ["ST-2", "The officer’s “notes”\nstand on two lines.", None],
    ["ST-3", "£20 for each café", "1.1.2025"],
]


def written(rows: list[Any], divider: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=divider, quoting=quoting).writerows(rows)
    return text.getvalue()


def read(contents: bytes, name: str = "list.csv") -> tuple[list[list[Any]], Sheet]:
    with open_spreadsheet(io.BytesIO(contents), name) as (sheet,):
        return [list(cells) for _, cells in sheet.rows(columns=3)], sheet


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize(
    ("divider", "words"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "strokes")]
)
@pytest.mark.parametrize(
    ("alphabet", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_a_list_is_read_in_every_alphabet_and_with_every_divider(
    alphabet: str, named: str, divider: str, words: str, quoting: Any
) -> None:
    rows, sheet = read(written(LIST, divider, quoting).encode(alphabet))
    assert rows == LIST
    if (named, divider) == ("UTF-8", ","):
        assert sheet.remarks == []
    else:
        (remark,) = sheet.remarks
        assert remark.startswith(f"Read as {named} text with columns divided by ")
        assert remark.endswith(f"{words}.")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_lines_may_end_in_three_ways(ending: str) -> None:
    rows, _ = read(f"a,b,c{ending}d,e,f{ending}".encode())
    assert rows == [["a", "b", "c"], ["d", "e", "f"]]


def test_what_the_first_line_says_of_the_divider_counts() -> None:
    with open_spreadsheet(io.BytesIO(b"sep=~\r\na~b,x~c\r\n"), "list.csv") as (sheet,):
        assert list(sheet.rows(columns=3)) == [(1, ("a", "b,x", "c"))]
        assert sheet.remarks == ["Read as UTF-8 text with columns divided by “~”."]


@pytest.mark.parametrize(
    "text",
    [
        # Decimal commas, and commas in prose.
        "Ref;Score;Note\nST-1;1,5;one, two\nST-2;2,5;one\n",
        # A title and notes above, as somebody types them.
        "The list, as at Friday\n\nFor us, by Governance\nRef;Text;Due\nST-1;a;b\nST-2;c;d\n",
        # One divider in every text, another between cells, and rows of different lengths.
        'Ref;Text;Due\nST-1;a, b\nST-2;"c, d";e;f\nST-3;g, h;i\n',
    ],
)
def test_the_divider_is_the_one_that_makes_columns(text: str) -> None:
    _, sheet = read(text.encode())
    assert sheet.remarks[0] == "Read as UTF-8 text with columns divided by semicolons."


def test_a_list_of_one_column_is_divided_by_commas() -> None:
    rows, sheet = read(b"Local ref\nST-1\nST-2\n")
    assert rows == [["Local ref", None, None], ["ST-1", None, None], ["ST-2", None, None]]
    assert sheet.remarks == []


def test_spaces_may_stand_before_a_quotation_mark() -> None:
    rows, _ = read(b'"a", "b, x", "c"\n"d", "e ""y"", z", "f"\n')
    assert rows == [["a", "b, x", "c"], ["d", 'e "y", z', "f"]]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    contents = b'a,"b\nb\nb",c\n\n ,\xc2\xa0,\nd,e,f\n\n\n'
    with open_spreadsheet(io.BytesIO(contents), "list.csv") as (sheet,):
        assert [number for number, _ in sheet.rows()] == [1, 4]
        assert list(sheet.rows(first=4, columns=2)) == [(4, ("d", "e"))]


def test_two_readings_do_not_disturb_each_other() -> None:
    contents = "".join(f"ST-{n},{'x' * 90}\n" for n in range(5_000)).encode()
    with open_spreadsheet(io.BytesIO(contents), "list.csv") as (sheet,):
        pairs = list(zip(sheet.rows(columns=1), sheet.rows(columns=1), strict=True))
    assert len(pairs) == 5_000
    assert all(one == two for one, two in pairs)


def test_an_upload_stays_open() -> None:
    upload = SimpleUploadedFile("My list.of 2024.csv", b"a,b\nc,d\n")
    with open_spreadsheet(upload, "C:\\Users\\me\\My list.of 2024.csv") as (sheet,):  # type: ignore[arg-type]
        assert sheet.title == "My list.of 2024"
        assert not sheet.hidden
        assert len(list(sheet.rows())) == 2
    assert not upload.closed


def test_rows_with_a_cell_too_many_are_said() -> None:
    contents = b"a,b,c\nd,e,f\ng,h,i\nST-1,one, two,3\nj,k,l,,\n"
    rows, sheet = read(contents)
    assert len(rows) == 5
    assert sheet.remarks == [
        "Row 4 has more cells than the 3 of most rows. Check there: a text that has commas in it "
        "must stand in quotation marks."
    ]


def test_many_rows_with_a_cell_too_many_are_counted() -> None:
    _, sheet = read(b"a;b\n" * 10 + b"a;b;c\n" * 7)
    assert sheet.remarks[1].startswith("Rows 11, 12, 13, 14, 15 and 2 more have more cells than")


def test_short_rows_are_filled_with_nothing() -> None:
    rows, sheet = read(b"a,b,c\nd\ne,f\n")
    assert rows == [["a", "b", "c"], ["d", None, None], ["e", "f", None]]
    assert sheet.remarks == []


def test_an_error_that_excel_has_written_is_no_text() -> None:
    rows, _ = read(b"a,#REF!,c\n")
    assert rows == [["a", ErrorValue("#REF!"), "c"]]


REFUSED: dict[str, tuple[bytes, type[refusals.WorkbookRefused], str]] = {
    "nothing": (b"", refusals.EmptyFile, "This file is empty"),
    "a PDF": (b"%PDF-1.7\n", refusals.NotAWorkbook, "is a PDF. A list cannot be read from it"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", refusals.NotAWorkbook, "is a picture"),
    "a photograph": (b"\xff\xd8\xff\xe0", refusals.NotAWorkbook, "is a picture"),
    "a packed archive": (b"\x1f\x8b\x08", refusals.NotAWorkbook, "is a packed archive"),
    "a web page named .xls": (
        b"\xef\xbb\xbf \r\n<HTML><table><tr><td>ST-1",
        refusals.NotAWorkbook,
        "is a web page, whatever its name says. Open it in Excel",
    ),
    "a web page in UTF-16": (
        "<table><tr>".encode("utf-16"),
        refusals.NotAWorkbook,
        "is a web page",
    ),
    "an old XML workbook": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>',
        refusals.NotAWorkbook,
        "Open it in Excel",
    ),
    "zeros": (b"a,b\n\0,c\n", refusals.NotAWorkbook, "neither an Excel workbook nor a CSV file"),
    "zeros in UTF-16": ("a,b\n\0".encode("utf-16"), refusals.NotAWorkbook, "neither"),
    "UTF-16 that says nothing of itself": (
        "a,b\n".encode("utf-16-le"),
        refusals.NotAWorkbook,
        "neither",
    ),
    "UTF-32": ("a,b\n".encode("utf-32"), refusals.LettersUnclear, "CSV UTF-8"),
    "half of UTF-16": ("a,b\n".encode("utf-16")[:-1], refusals.LettersUnclear, "Line 1"),
    "UTF-8 that is none": (
        b"\xef\xbb\xbfa,b\nc,d\ncaf\xe9,x\n",
        refusals.LettersUnclear,
        "Line 3 of this file has letters that cannot be read with certainty",
    ),
    "two alphabets": (
        "café,naïve,’\n".encode() + "café\n".encode("cp1252"),
        refusals.LettersUnclear,
        "Line 2",
    ),
    "bytes of no alphabet": (b"a,\x81\x8d\n", refusals.LettersUnclear, "Line 1"),
    "a quotation mark that is not closed": (
        b'a,b\n"c,d\ne,f\n',
        refusals.QuotesAmiss,
        "From row 2 of this file on it is not clear where cells end",
    ),
    "a quotation mark within a cell": (
        b'a,b\nc,d\ne,"the "old" way"\n',
        refusals.QuotesAmiss,
        "From row 3 .* each quotation mark is written twice",
    ),
    "a cell without end": (
        b'a,b\n"' + b"x\n" * 200_000,
        refusals.CellTooLong,
        "Row 2 of this file goes on for more than 131,072 characters",
    ),
    "a line without end": (b"x" * 2_000_000, refusals.CellTooLong, "Row 1 .* 1,000,000"),
    "201 columns": (b"a," * 200 + b"a\n", refusals.TooManyColumns, "more than 200 columns"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_is_refused_with_its_own_sentence(name: str) -> None:
    contents, refusal, words = REFUSED[name]
    with (
        pytest.raises(refusal, match=words),
        open_spreadsheet(io.BytesIO(contents), "list.xls") as (sheet,),
    ):
        list(sheet.rows())


def test_empty_columns_beyond_the_last_allowed_do_no_harm() -> None:
    rows, _ = read(b"a,b,c" + b"," * 5_000 + b"\n")
    assert rows == [["a", "b", "c"]]


def test_a_few_letters_that_look_like_utf_8_leave_a_file_what_it_is() -> None:
    contents = "Local ref,Text\nST-1,Â£20\nST-2,café ’ naïve ü “x”\n".encode("cp1252")
    rows, _ = read(contents)
    assert rows[2][1] == "café ’ naïve ü “x”"


def test_too_many_rows_are_refused(settings: Any) -> None:
    settings.SPREADSHEET_MAX_ROWS = 3
    assert len(read(b"a,b\n" * 4)[0]) == 4
    with pytest.raises(refusals.TooManyRows, match="more than 3"):
        read(b"a,b\n" * 5)


def exported(rows: list[list[Any]], headings: tuple[str, ...]) -> bytes:
    day = dt.date(2024, 11, 20)
    sheet = exports.Sheet("List", "list", day, "OFFICIAL", "", (), "Me", headings, rows)
    return "".join(exports.csv_lines(sheet)).encode()


def test_what_we_export_reads_as_it_was() -> None:
    texts = ["=1+1", "-5 degrees", "'=quoted", "''@twice", "'tis", "@home", " +1", "\t=x", "a"]
    rows, sheet = read(exported([[text, "x", None] for text in texts], ("@a", "b", "c")))
    assert rows == [["@a", "b", "c"], *([text, "x", None] for text in texts)]
    assert sheet.remarks == []


# Without zeros, which text never has, and surrogates, which no file can hold.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(rows=st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_whatever_we_export_reads_as_it_was(rows: list[tuple[str, str]]) -> None:
    contents = exported([["x", *cells] for cells in rows], ("a", "b", "c"))
    read_back, sheet = read(contents)
    assert read_back[1:] == [["x", *cells] for cells in rows]
    assert sheet.remarks == []
