"""Lists as people really send them, taken in: every row ends applied, or with a message that names
its sheet, row, column and the cure.
"""

import io
from pathlib import Path

import pytest

from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import Outcome, SpreadsheetImport, State
from tests.factories import make_framework
from tests.portal.torture import CASES
from tracker.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def framework(db: None, media: Path) -> None:
    make_framework(questions=11)


def taken_in(name: str) -> SpreadsheetImport:
    made = CASES[name]()
    received = receive(io.BytesIO(made.contents), made.name, actor=None)
    # Nothing had to be asked: all of them have the usual headers.
    assert received.state == State.PREVIEWED, received.refusal
    assert received.header_row == made.header_row
    return received


@pytest.mark.parametrize("name", CASES)
def test_every_row_is_applied_or_says_why_not(name: str) -> None:
    made = CASES[name]()
    received = taken_in(name)
    rows = {row.sheet_row: row for row in received.rows.all()}
    assert rows.keys() == made.rows.keys()
    for number, row in rows.items():
        faults = made.faults.get(number, {})
        if not faults:
            assert row.outcome == Outcome.NEW, (number, row.problems)
            continue
        assert row.outcome == Outcome.UNREADABLE, number
        said = {problem["header"]: problem for problem in row.problems}
        for header, words in faults.items():
            assert words in said[header]["message"], (number, header)
            # Where it is, and more than what is wrong: what to do.
            assert said[header]["column"]
            assert said[header]["message"].endswith(".")
    if received.good_rows:
        apply_import(received, actor=None)
    good = [row for row in rows.values() if row.outcome == Outcome.NEW]
    assert Action.objects.count() == len(good)


@pytest.mark.parametrize("name", CASES)
def test_the_same_file_again_changes_nothing(name: str) -> None:
    first = taken_in(name)
    if first.good_rows:
        apply_import(first, actor=None)
    again = taken_in(name)
    assert again.good_rows == 0
    assert again.counts[Outcome.UNCHANGED] == first.counts[Outcome.NEW]
    assert again.counts[Outcome.UNREADABLE] == first.counts[Outcome.UNREADABLE]
