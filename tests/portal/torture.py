"""Lists as people really send them: each case a file, and what must become of each of its rows.

`CASES` holds a builder by name. A row is either in `faults`, with words of the message that it must
end with, or must be taken as it is.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from tests import workbooks
from tests.workbooks import HEADERS, REPORT, SHEET, part, repacked, row, saved

Row = dict[str, Any]
DAY = dt.date(2024, 11, 20)
LONG = "Chief constables should give every dog a bed. " * 217


@dataclass(frozen=True)
class Case:
    """A list, and what must become of it.

    Args:
        contents, name: the file.
        rows: sheet row -> header -> what the reader gives for its cell; empty cells are left out.
        header_row: the row of headers.
        sheet: which sheet, counted from 0.
        meant: sheet row -> header -> what the cell means, where that is not what it says.
        faults: sheet row -> header -> words of what is to be said of that cell.
        remarks: what is said of the sheet.
    """

    contents: bytes
    name: str
    rows: dict[int, Row]
    header_row: int = 1
    sheet: int = 0
    meant: dict[int, Row] = field(default_factory=dict)
    faults: dict[int, dict[str, str]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


Builder = Callable[[], Case]
CASES: dict[str, Builder] = {}


def case(name: str) -> Callable[[Builder], Builder]:
    """Enter a builder in `CASES`."""

    def entered(builder: Builder) -> Builder:
        CASES[name] = builder
        return builder

    return entered


def filled(values: Row) -> Row:
    """The cells of a row that say something."""
    return {header: value for header, value in values.items() if value is not None}


def numbered(rows: Iterable[Row], first: int = 2) -> dict[int, Row]:
    """Rows by their number in the sheet."""
    return {number: filled(values) for number, values in enumerate(rows, start=first)}


def _book(rows: Sequence[Row], headers: Sequence[str] = HEADERS, above: int = 0) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "StART"
    for place, header in enumerate(headers, start=1):
        sheet.cell(above + 1, place, header)
        for number, values in enumerate(rows, start=above + 2):
            cell = sheet.cell(number, place, values.get(header))
            if cell.data_type == "f":
                cell.data_type = "s"
    return book


def _letter(header: str) -> str:
    return workbooks._column(HEADERS.index(header) + 1)


def _each(header: str, values: Iterable[Any], **of_all: Any) -> list[Row]:
    return [
        {**row(number, **of_all), header: value} for number, value in enumerate(values, start=1)
    ]


def _xlsx(book: Workbook) -> bytes:
    return saved(book).getvalue()


@case("plain rows, and a thousand blank rows with borders below")
def trailing_blanks() -> Case:
    rows = [row(1), row(2)]
    contents = part(saved(_book(rows)), SHEET)
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(4, 1_004))
    contents = contents.replace(b"</sheetData>", f"{blank}</sheetData>".encode())
    file = repacked(saved(_book(rows)), replace={SHEET: contents})
    return Case(file.getvalue(), "list.xlsx", numbered(rows))


@case("a merged title above the headers, hidden rows and a hidden column")
def title_block() -> Case:
    rows = [row(1), row(2), row(3)]
    book = _book(rows, above=3)
    sheet = book.worksheets[0]
    sheet["A1"] = "Level of the force’s list"
    sheet.merge_cells("A1:X2")
    for number in (6, 7):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions[_letter("Level")].hidden = True
    remarks = (
        "2 rows are hidden in Excel; they are read like the others.",
        f"Column {_letter('Level')} is hidden in Excel; it is read like the others.",
    )
    return Case(_xlsx(book), "list.xlsx", numbered(rows, 5), header_row=4, remarks=remarks)


@case("one publication merged over five rows, with a blank row among them")
def merged_publication() -> Case:
    rows = [row(n) for n in range(1, 5)]
    sent = [*rows[:3], {}, {**rows[3], "Source report": None}]
    for values in sent[1:3]:
        values["Source report"] = None
    book = _book(sent)
    place = _letter("Source report")
    book.worksheets[0].merge_cells(f"{place}2:{place}6")
    expected = {n: {**filled(sent[n - 2]), "Source report": REPORT} for n in (2, 3, 4, 6)}
    remarks = ("Merged cells are read as if each of them held their value.",)
    return Case(_xlsx(book), "list.xlsx", expected, remarks=remarks)


@case("headers of two rows, merged downwards")
def tall_headers() -> Case:
    rows = [row(1), row(2)]
    book = _book(rows, above=1)
    sheet = book.worksheets[0]
    for place, header in enumerate(HEADERS, start=1):
        if header not in ("Received", "Due"):
            sheet.cell(1, place, header)
            sheet.cell(2, place).value = None
            sheet.merge_cells(start_row=1, end_row=2, start_column=place, end_column=place)
    sheet[f"{_letter('Received')}1"] = "Dates"
    sheet.merge_cells(f"{_letter('Received')}1:{_letter('Due')}1")
    remarks = ("Merged cells are read as if each of them held their value.",)
    return Case(_xlsx(book), "list.xlsx", numbered(rows, 3), header_row=2, remarks=remarks)


@case("a cover sheet and a hidden sheet before the list")
def cover_sheet() -> Case:
    rows = [row(1)]
    book = _book(rows)
    cover = book.create_sheet("Cover", 0)
    cover.append(["The force’s list"])
    old = book.create_sheet("Old", 1)
    old.append(["Notes", "More notes"])
    old.sheet_state = "hidden"
    return Case(_xlsx(book), "list.xlsx", numbered(rows), sheet=2)


@case("columns in another order, with one that nothing is known of")
def shuffled() -> Case:
    rows = [row(1, Budget=5)]
    return Case(_xlsx(_book(rows, [*HEADERS[::-1], "Budget"])), "list.xlsx", numbered(rows))


DATES: tuple[Any, ...] = (
    "20/11/2024",
    "20-11-2024",
    "20.11.24",
    "20/11/24",
    "20 November 2024",
    "20 Nov 2024",
    "2024-11-20",
    "Wednesday 20th November 2024",
    "20/11/2024 00:00",
    "20\xa0November\xa02024",
    "45616",
    45616,
    45616.5,
)
BAD_DATES: dict[Any, str] = {
    "31/02/2024": "which is not a real date",
    "11/20/2024": "Put the day before the month: 20/11/2024",
    "end of the year": "which is not a date. Enter a date like 20 November 2024.",
    "1/1/1902": "too long ago",
    2024: "which is not a date",
}


@case("days as text in every shape, as numbers of Excel, and days that are none")
def days() -> Case:
    rows = _each("Due", [*DATES, *BAD_DATES])
    bad = range(len(DATES) + 2, len(rows) + 2)
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        meant={number: {"Due": DAY} for number in range(2, len(DATES) + 2)},
        faults={n: {"Due": words} for n, words in zip(bad, BAD_DATES.values(), strict=True)},
    )


@case("days of a workbook that counts from 1904")
def from_1904() -> Case:
    rows = [row(1, Due=dt.datetime(2024, 11, 20))]
    book = _book(rows)
    book.epoch = dt.datetime(1904, 1, 1)
    return Case(_xlsx(book), "list.xlsx", numbered(rows), meant={2: {"Due": DAY}})


@case("levels in every shape")
def levels() -> Case:
    good = (2, 2.0, "2", "2.0", "L2", "l2", "Level 2", "LEVEL\xa02", " level  2 ", "Lvl 2")
    bad = ("2 or 3", "2 - national", 5, "two")
    rows = _each("Level", [*good, *bad])
    first_bad = len(good) + 2
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        meant={number: {"Level": 2} for number in range(2, first_bad)},
        faults={
            number: {"Level": "The activity level is 1, 2, 3 or 4."}
            for number in range(first_bad, len(rows) + 2)
        },
    )


@case("formulas with their results, without them, and with errors")
def formulas() -> Case:
    from portal.reading.workbook import UNSAVED_FORMULA, ErrorValue

    rows = _each("Delivery lead", ["WITH", "EMPTY", "WITHOUT", "ERROR"])
    file = saved(_book(rows))
    contents = part(file, SHEET)
    place = _letter("Delivery lead")
    for number, cell in enumerate(
        (
            't="str"><f>A1</f><v>Head of Crime</v>',
            't="str"><f>A1</f><v></v>',
            "><f>A1</f>",
            't="e"><f>A1</f><v>#N/A</v>',
        ),
        start=2,
    ):
        start = contents.index(f'<c r="{place}{number}"'.encode())
        end = contents.index(b"</c>", start)
        contents = contents[:start] + f'<c r="{place}{number}" {cell}'.encode() + contents[end:]
    expected = numbered(rows)
    expected[2]["Delivery lead"] = "Head of Crime"
    del expected[3]["Delivery lead"]
    expected[4]["Delivery lead"] = UNSAVED_FORMULA
    expected[5]["Delivery lead"] = ErrorValue("#N/A")
    return Case(
        repacked(file, replace={SHEET: contents}).getvalue(),
        "list.xlsx",
        expected,
        faults={
            4: {"Delivery lead": "a formula whose result was not saved"},
            5: {"Delivery lead": "shows the error #N/A"},
        },
    )


INERT = ("=1+1", "+44 is a number", "-5 degrees", "@everyone", "=cmd|' /C calc'!A0")


@case("text that begins like a formula")
def inert() -> Case:
    rows = _each("Action required", INERT)
    return Case(_xlsx(_book(rows)), "list.xlsx", numbered(rows))


@case("references used twice")
def duplicates() -> Case:
    rows = [row(1), row(2), row(1, Portal_ref=None), row(3, Portal_ref="REC-2")]
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        faults={
            2: {"Local ref": "is also in row 4"},
            3: {"Portal ref": "is also in row 5"},
            4: {"Local ref": "is also in row 2"},
            5: {"Portal ref": "is also in row 3"},
        },
    )


@case("spaces that do not break, and characters that nobody sees")
def unseen() -> Case:
    rows = [
        row(1, Kind="\xa0Recommendation\xa0", Level="\u20092\u202f", Scope="Nat\u200bional"),
        row(2, Action_required="First_x000D_\nsecond\xa0 line\u200b"),
    ]
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        meant={2: {"Level": 2}, 3: {"Action required": "First\nsecond line"}},
    )


@case("texts at and over what can be kept")
def long_texts() -> Case:
    rows = _each("Action required", [LONG[:10_000].strip() + ".", "x" * 10_000, "x" * 32_767])
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        meant={3: {"Action required": "x" * 10_000}},
        faults={4: {"Action required": "has 32,767 characters; at most 10,000 can be kept"}},
    )


@case("words that are not known")
def unknown_words() -> Case:
    rows = [row(1, Kind="Finding"), row(2, Scope="Regional"), row(3, PAF_question="Investigations")]
    return Case(
        _xlsx(_book(rows)),
        "list.xlsx",
        numbered(rows),
        faults={
            2: {"Kind": "“Finding”"},
            3: {"Scope": "“Regional”"},
            4: {"PAF question": "“Investigations”"},
        },
    )


def as_text(values: Row) -> Row:
    """A row as a text file gives it."""
    return {header: str(value) for header, value in values.items() if value is not None}


def _csv(rows: Sequence[Row], divider: str, alphabet: str, said: bool = False) -> bytes:
    text = io.StringIO()
    if said:
        text.write(f"sep={divider}\r\n")
    writer = csv.writer(text, delimiter=divider)
    writer.writerow(HEADERS)
    writer.writerows([values.get(header) for header in HEADERS] for values in rows)
    return text.getvalue().encode(alphabet)


def _text_rows() -> list[Row]:
    return [
        row(1, Action_required="Two lines;\nwith “quotes”, a comma, a\ttab and £20."),
        row(2, Confidence_reason=None, Due="20.11.24"),
        row(3, Executive_lead='The "acting" lead'),
    ]


def _text_case(divider: str, alphabet: str, remark: str) -> Builder:
    def builder() -> Case:
        rows = _text_rows()
        return Case(
            _csv(rows, divider, alphabet),
            "list.csv",
            numbered(map(as_text, rows)),
            meant={3: {"Due": DAY, "Level": 2}},
            remarks=(remark,) if remark else (),
        )

    return builder


for _alphabet, _named in {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
}.items():
    for _divider, _words in {
        ",": "commas",
        ";": "semicolons",
        "\t": "tabs",
        "|": "upright strokes",
    }.items():
        _usual = (_named, _divider) == ("UTF-8", ",")
        _remark = "" if _usual else f"Read as {_named} text with columns divided by {_words}."
        CASES[f"text in {_alphabet} divided by {_words}"] = _text_case(_divider, _alphabet, _remark)


@case("text whose first line says what divides columns")
def said_divider() -> Case:
    rows = _text_rows()
    return Case(
        _csv(rows, "^", "cp1252", said=True),
        "list.csv",
        numbered(map(as_text, rows)),
        remarks=("Read as Windows-1252 text with columns divided by “^”.",),
    )


@case("text that begins like a formula, as we export it")
def inert_text() -> Case:
    from core.exports import safe_text

    rows = _each("Action required", INERT)
    quoted = [{**each, "Action required": safe_text(each["Action required"])} for each in rows]
    return Case(_csv(quoted, ",", "utf-8-sig"), "list.csv", numbered(map(as_text, rows)))


@case("rows with too few cells, and one with a cell too many")
def ragged() -> Case:
    rows = [row(1), row(2)]
    lines = _csv(rows, ",", "utf-8").decode().splitlines()
    # Nothing stands in the last two columns.
    lines[1] = lines[1].removesuffix(",,")
    lines.append(lines[2].replace("ST-0002", "ST-0003").replace("REC-2", "REC-3") + "one, two")
    last = {**row(3), "Closure reason": "one"}
    return Case(
        "\r\n".join(lines).encode(),
        "list.csv",
        numbered(map(as_text, [*rows, last])),
        faults={4: {"Closure reason": "is filled in, but the stage is not Closed"}},
        remarks=(
            "Row 4 has more cells than the 24 of most rows. Check there: a text that has commas in "
            "it must stand in quotation marks.",
        ),
    )
