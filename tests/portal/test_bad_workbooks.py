"""Workbooks that must not be opened: each gets its own sentence, quickly and in little memory."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test.utils import override_settings
from openpyxl import Workbook

from portal.imports.receiving import receive
from portal.layouts.outline import outline_of
from portal.models import ImportRow, SpreadsheetImport, State
from portal.reading import refusals
from portal.reading.workbook import open_workbook
from tests import workbooks
from tests.workbooks import repacked, row, start_list
from tracker.models import Action

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def encrypted() -> io.BytesIO:
    return io.BytesIO(OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500))


def with_encrypted_entry() -> io.BytesIO:
    contents = bytearray(start_list([row()]).getvalue())
    # Bit 0 of the flags of the first entry, in the directory.
    contents[contents.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(contents))


def cut_short() -> io.BytesIO:
    return io.BytesIO(start_list([row()]).getvalue()[:-300])


def with_sheet_cut_short() -> io.BytesIO:
    file = start_list([row()])
    contents = workbooks.part(file, workbooks.SHEET)
    return repacked(file, replace={workbooks.SHEET: contents[: len(contents) // 2]})


def with_workbook_part(contents: bytes) -> io.BytesIO:
    return repacked(start_list([row()]), replace={"xl/workbook.xml": contents})


def plain_archive() -> io.BytesIO:
    return repacked(io.BytesIO(b"PK\x05\x06" + bytes(18)), add={"notes.txt": b"Hello"})


def adding(name: str, contents: bytes = b"x") -> Callable[[], io.BytesIO]:
    return lambda: repacked(start_list([row()]), add={name: contents})


def many_formulas() -> io.BytesIO:
    cells = "".join(f'<row r="{n}"><c r="A{n}"><f>1+1</f></c></row>' for n in range(1, 20_003))
    return workbooks.with_sheet(cells)


# What it is -> how it is made, how it is refused, words of the sentence.
BAD: dict[str, tuple[Callable[[], io.BytesIO], type[refusals.WorkbookRefused], str]] = {
    "an archive of something else": (plain_archive, refusals.NotAWorkbook, "not an Excel"),
    "nothing": (lambda: io.BytesIO(b""), refusals.EmptyFile, "This file is empty"),
    "an old workbook": (lambda: io.BytesIO(OLE + bytes(900)), refusals.OldFormat, "(.xls)"),
    "an encrypted workbook": (encrypted, refusals.Encrypted, "password"),
    "an encrypted entry": (with_encrypted_entry, refusals.Encrypted, "password"),
    "half a file": (cut_short, refusals.Damaged, "damaged"),
    "half a sheet": (with_sheet_cut_short, refusals.Damaged, "damaged"),
    "a broken workbook part": (
        lambda: with_workbook_part(b"<workbook"),
        refusals.Damaged,
        "damaged",
    ),
    "macros": (adding("xl/vbaProject.bin"), refusals.UnsafeContents, "macros"),
    "old macros": (adding("xl/macrosheets/sheet1.xml"), refusals.UnsafeContents, "macros"),
    "links to other workbooks": (
        adding("xl/externalLinks/externalLink1.xml"),
        refusals.UnsafeContents,
        "links to other workbooks",
    ),
    "chart sheets": (adding("xl/chartsheets/sheet1.xml"), refusals.UnsafeContents, "chart sheets"),
    "a binary list": (adding("xl/workbook.bin"), refusals.UnsafeContents, "xlsb"),
    "a path upwards": (adding("../../etc/cron.d/x"), refusals.UnsafeContents, "outside"),
    "a path from the root": (adding("/etc/passwd"), refusals.UnsafeContents, "outside"),
    "a path with backslashes": (adding("xl\\..\\..\\x"), refusals.UnsafeContents, "outside"),
    "2,001 entries": (
        lambda: repacked(start_list([row()]), add={f"xl/{n}": b"" for n in range(2_000)}),
        refusals.Inflated,
        "unpacks to far more",
    ),
    "formulas without results": (many_formulas, refusals.FormulasUnsaved, "not saved"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_workbook_is_refused_with_its_own_sentence(name: str) -> None:
    make, refusal, words = BAD[name]
    with (
        pytest.raises(refusal) as caught,
        open_workbook(make()) as sheets,
    ):
        outline_of(sheets)
        for sheet in sheets:
            list(sheet.rows())
    assert words in str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_a_bad_workbook_leaves_the_records_and_the_files_alone(name: str, media: Path) -> None:
    received = receive(BAD[name][0](), "list.xlsx", actor=None)
    assert received.state == State.REFUSED
    assert BAD[name][2] in received.refusal
    assert not received.file
    assert list(media.rglob("*.xlsx")) == []
    assert not ImportRow.objects.exists()
    assert not Action.objects.exists()
    assert SpreadsheetImport.objects.get() == received


@override_settings(SPREADSHEET_MAX_BYTES=3_000)
def test_a_workbook_over_the_limit_is_refused() -> None:
    with pytest.raises(refusals.TooLarge, match=r"larger than"), open_workbook(start_list([row()])):
        pass


@override_settings(SPREADSHEET_MAX_ROWS=3)
def test_a_list_of_too_many_rows_is_refused() -> None:
    four = start_list([row(n) for n in range(1, 5)])
    with open_workbook(four) as sheets, pytest.raises(refusals.TooManyRows, match=r"more than 3"):
        list(sheets[0].rows())


@override_settings(SPREADSHEET_MAX_ROWS=3)
def test_a_list_of_just_as_many_rows_as_allowed_is_read() -> None:
    with open_workbook(start_list([row(n) for n in range(1, 4)])) as sheets:
        assert len(list(sheets[0].rows())) == 4


def test_a_sheet_that_claims_to_be_immense_is_read_as_it_is() -> None:
    file = start_list([row()])
    contents = workbooks.part(file, workbooks.SHEET)
    claims = contents.replace(b'ref="A1:X2"', b'ref="A1:XFD1048576"')
    assert claims != contents
    with open_workbook(repacked(file, replace={workbooks.SHEET: claims})) as sheets:
        assert [number for number, _ in sheets[0].rows()] == [1, 2]


@pytest.mark.parametrize(
    "make", [lambda: workbooks.saved(Workbook()), lambda: with_workbook_part(b"<workbook/>")]
)
@pytest.mark.django_db
def test_a_workbook_that_says_nothing_is_refused(
    make: Callable[[], io.BytesIO], media: Path
) -> None:
    assert "has nothing in it" in receive(make(), "list.xlsx", actor=None).refusal
