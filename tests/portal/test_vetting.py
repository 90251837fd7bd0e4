"""Each limit of what a workbook may hold, with limits small enough to see them one by one."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from portal.reading import refusals, vetting
from portal.reading.vetting import Limits, vet
from portal.reading.workbook import open_workbook
from tests.workbooks import (
    SHEET,
    part,
    repacked,
    row,
    start_list,
    with_sheet,
    with_strings,
    with_strings_part,
)

SMALL = Limits(elements=600, below=100, units=20, size=100_000)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of a few hundred where the product has millions."""
    monkeypatch.setattr(vetting, "_LIMITS", {"worksheet": SMALL, "sst": SMALL})
    monkeypatch.setattr(vetting, "_OTHER", SMALL)
    monkeypatch.setattr(vetting, "_MAX_BESIDE_ROWS", 50)
    monkeypatch.setattr(vetting, "_MAX_TEXT", 3_000)
    monkeypatch.setattr(vetting, "_MAX_TOKEN", 5_000)
    monkeypatch.setattr(vetting, "EMPTY_ROWS_ALLOWED", 0)


def beside_rows(xml: str) -> io.BytesIO:
    file = start_list([row()])
    contents = part(file, SHEET).replace(b"</worksheet>", f"{xml}</worksheet>".encode())
    return repacked(file, replace={SHEET: contents})


OVER: dict[str, tuple[Callable[[], io.BytesIO], type[refusals.WorkbookRefused]]] = {
    "elements": (lambda: with_sheet("<row><c/></row>" * 301), refusals.Inflated),
    "cells in a row": (
        lambda: with_sheet(f"<row>{'<c/>' * 101}</row>"),
        refusals.TooManyColumns,
    ),
    "pieces of a string": (
        lambda: with_strings(f"<si>{'<r/>' * 101}</si>"),
        refusals.Inflated,
    ),
    "strings": (lambda: with_strings("<si/>" * 21), refusals.Inflated),
    "elements beside rows": (lambda: beside_rows("<a/>" * 51), refusals.Inflated),
    "depth": (lambda: with_sheet("<c>" * 65 + "</c>" * 65), refusals.Inflated),
    "text": (lambda: with_strings(f"<si><t>{'x' * 3_001}</t></si>"), refusals.Inflated),
    "an attribute": (
        lambda: with_sheet(f'<row spans="{"1" * 70_000}"/>'),
        refusals.Inflated,
    ),
    "size": (lambda: with_sheet(f"<row/>{' ' * 100_001}"), refusals.Inflated),
    "a definition": (
        lambda: with_strings_part("<!DOCTYPE sst [<!ENTITY a 'b'>]><sst/>"),
        refusals.UnsafeContents,
    ),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", OVER)
def test_a_workbook_over_one_limit_is_refused(name: str) -> None:
    make, refusal = OVER[name]
    with pytest.raises(refusal):
        vet(make())


@pytest.mark.usefixtures("small")
def test_a_workbook_within_every_limit_is_let_by() -> None:
    assert vet(start_list([row()])) == {}


@pytest.mark.usefixtures("small")
def test_rows_are_counted_even_where_they_are_empty(settings: Any) -> None:
    settings.SPREADSHEET_MAX_ROWS = 10
    with pytest.raises(refusals.TooManyRows):
        vet(with_sheet("<row/>" * 11))


def test_parts_that_are_no_xml_are_let_by() -> None:
    file = repacked(start_list([row()]), add={"xl/media/logo.png": b"\x89PNG" + bytes(200_000)})
    assert vet(file) == {}


def test_folders_in_the_archive_are_let_by() -> None:
    assert vet(repacked(start_list([row()]), add={"xl/media/": b""})) == {}


def test_a_value_beyond_the_last_column_allowed_is_refused() -> None:
    with pytest.raises(refusals.TooManyColumns, match="more than 200 columns"):
        vet(with_sheet('<row r="1"><c r="GS1"><v>1</v></c></row>'))


def test_an_empty_cell_beyond_the_last_column_allowed_does_no_harm() -> None:
    assert vet(with_sheet('<row r="1"><c r="XFD1"/></row>')) == {}


def test_an_archive_that_unpacks_to_too_much_in_all_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vetting, "MAX_UNPACKED", 10_000)
    with pytest.raises(refusals.Inflated):
        vet(start_list([row()]))


def test_what_is_unpacked_is_counted_and_not_what_the_directory_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vetting, "_check_directory", lambda archive, size: None)
    monkeypatch.setattr(vetting, "MAX_UNPACKED", 10_000)
    with pytest.raises(refusals.Inflated):
        vet(start_list([row()]))


def test_an_archive_that_names_a_part_twice_is_refused() -> None:
    file = start_list([row()])
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = repacked(file, add={SHEET: b"<worksheet/>"})
    with pytest.raises(refusals.Damaged):
        vet(twice)


def test_rows_that_the_file_leaves_out_are_passed_over() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900"><c r="A900"><v>2</v></c></row>'
    with open_workbook(with_sheet(cells)) as sheets:
        assert [number for number, _ in sheets[0].rows()] == [1, 900]
