"""Taking in a list of many rows beside openpyxl reading the same workbook and doing nothing."""

from collections.abc import Iterator
from pathlib import Path

from openpyxl.reader.excel import load_workbook

from benchmarks.clock import Result, highest_memory, seconds
from benchmarks.scene import write_list
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import SpreadsheetImport
from tracker.models import Action


def _bare(path: Path) -> None:
    book = load_workbook(path, read_only=True, data_only=True)
    for _ in book["StART"].iter_rows(values_only=True):
        pass
    book.close()


def _preview(path: Path, actor: User) -> SpreadsheetImport:
    with path.open("rb") as file:
        return receive(file, path.name, actor=actor)


def compare(folder: Path, actor: User, rows: int) -> Iterator[Result]:
    """Preview of a list that is all new, its application, and the preview of it once more."""
    path = folder / "list.xlsx"
    write_list(path, rows)
    bare = min(seconds(lambda: _bare(path)) for _ in range(2))
    before = highest_memory()
    kept: list[SpreadsheetImport] = []
    preview = seconds(lambda: kept.append(_preview(path, actor)))
    assert kept[0].counts["new"] == rows, kept[0].counts
    against = "openpyxl reading it"
    yield Result(f"preview of {rows:,} new rows", preview, bare, against, "2")
    apply = seconds(lambda: apply_import(kept[0], actor=actor))
    assert Action.objects.count() == rows
    yield Result("applying them", apply, bare, against, "3")
    again = seconds(lambda: kept.append(_preview(path, actor)))
    assert kept[1].counts["unchanged"] == rows, kept[1].counts
    yield Result(f"preview of {rows:,} rows that are here already", again, bare, against, "2")
    memory = f"{highest_memory()} MB"
    yield Result("highest memory of the three", memory, f"{before} MB", against, "flat")
