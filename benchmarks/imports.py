"""Taking in a list of many rows beside openpyxl reading the same workbook and doing nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test import Client
from openpyxl.reader.excel import load_workbook

from benchmarks.clock import Result, highest_memory, seconds
from benchmarks.scene import write_list
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.undoing import take_in_again, undo_import
from portal.models import SpreadsheetImport
from tracker.models import Action

_PAGE = "/actions/?rows=50"


def _bare(path: Path) -> None:
    book = load_workbook(path, read_only=True, data_only=True)
    for _ in book["StART"].iter_rows(values_only=True):
        pass
    book.close()


def _preview(path: Path, actor: User) -> SpreadsheetImport:
    with path.open("rb") as file:
        return receive(file, path.name, actor=actor)


@contextmanager
def _reading_meanwhile(reader: User, times: list[float]) -> Iterator[None]:
    """Somebody opens the list of actions again and again; fills in how long each took."""
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    done = threading.Event()
    statuses: set[int] = set()

    def read() -> None:
        while True:
            times.append(seconds(lambda: statuses.add(client.get(_PAGE).status_code)))
            if done.wait(0.5):
                break
        connection.close()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    assert statuses == {200}, statuses


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
    undo = seconds(lambda: undo_import(kept[0], actor=actor))
    assert not Action.objects.exists()
    yield Result("undoing them", undo, bare, against)
    told: list[tuple[int, int]] = []
    pages: list[float] = []
    with _reading_meanwhile(actor, pages):
        anew = take_in_again(SpreadsheetImport.objects.get(pk=kept[0].pk), actor=actor)
        apply_import(anew, actor=actor, progress=lambda *so_far: told.append(so_far))
    yield Result("times that progress was told meanwhile", str(len(told)))
    yield Result(f"slowest of {len(pages)} pages read meanwhile", max(pages))
    memory = f"{highest_memory()} MB"
    yield Result("highest memory of them all", memory, f"{before} MB", against, "flat")
