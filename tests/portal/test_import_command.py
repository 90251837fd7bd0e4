"""`manage.py import_start_list`: the same as the page, in words on a terminal."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.models import SpreadsheetImport, State
from tests.factories import make_framework
from tests.workbooks import CLOSED, HEADERS, row, start_list
from tracker.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(db: None, media: Path) -> None:
    make_framework()


def run(tmp_path: Path, rows: list[dict[str, Any]], *options: str, **of_sheet: Any) -> str:
    """What the command says about a list of these rows."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(start_list(rows, **of_sheet).getvalue())
    said = io.StringIO()
    call_command("import_start_list", str(path), *options, stdout=said)
    return said.getvalue()


def test_it_says_what_becomes_of_the_rows_and_applies_the_good_ones(tmp_path: Path) -> None:
    said = run(tmp_path, [row(1), row(2, Level=9)])
    assert "Row 3 (ST-0002), column I (Level): is “9”. The activity level is" in said
    assert "New publications: An inspection of how forces keep dogs." in said
    assert "New leads: ACC Baker; Head of Crime." in said
    assert "Rows: 1 new, 0 changed, 0 unchanged, 1 cannot be read" in said
    assert "Applied 1 rows." in said
    assert Action.objects.get().reference == "ST-0001"
    assert SpreadsheetImport.objects.get().state == State.APPLIED


def test_again_there_is_nothing_to_apply(tmp_path: Path) -> None:
    run(tmp_path, [row()])
    said = run(tmp_path, [row()])
    assert "Rows: 0 new, 0 changed, 1 unchanged, 0 cannot be read" in said
    assert "Nothing to apply." in said


def test_notes_are_said_too(tmp_path: Path) -> None:
    run(tmp_path, [row()])
    assert "column I (Level): Cannot be changed by spreadsheet." in run(tmp_path, [row(Level=3)])


def test_columns_that_are_not_read_are_said(tmp_path: Path) -> None:
    said = run(tmp_path, [row()], headers=[*HEADERS, "Budget"])
    assert "Columns that are not read: Budget." in said


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, media: Path) -> None:
    rows = [row(1), row(2), row(2), row(3, Level=9), {**row(4), **CLOSED, "Closure reason": "?"}]
    said = run(tmp_path, rows, "--dry-run")
    assert "Row 3 (ST-0002), column A (Local ref): is also in row 4." in said
    assert "Row 6 (ST-0004), column X (Closure reason): The wording is not known" in said
    assert "Rows: 2 new, 0 changed, 0 unchanged, 3 cannot be read" in said
    assert "Dry run: nothing was written." in said
    assert not Action.objects.exists()
    assert not SpreadsheetImport.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_workbook_that_cannot_be_used_ends_it(options: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="layout of this list is not known here"):
        headers = ["Level", "Kind", "Scope"]
        run(tmp_path, [row()], *options, headers=headers)
    assert not Action.objects.exists()
    assert not SpreadsheetImport.objects.exists()


def test_a_file_that_is_not_there_ends_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_start_list", str(tmp_path / "none.xlsx"))


def test_it_can_be_done_for_somebody(tmp_path: Path, cast: SimpleNamespace) -> None:
    run(tmp_path, [row()], "--as", "admin")
    assert SpreadsheetImport.objects.get().applied_by == cast.admin


@pytest.mark.parametrize("name", ["staff", "nobody"])
def test_it_is_not_done_for_somebody_who_may_not(
    name: str, tmp_path: Path, cast: SimpleNamespace
) -> None:
    with pytest.raises(CommandError, match="nobody who may import spreadsheets"):
        run(tmp_path, [row()], "--as", name)
    assert not Action.objects.exists()
