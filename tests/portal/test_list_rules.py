"""What the guide says of each column is what the rules of a list ask for."""

from typing import Any

import pytest

from portal.lists.start_list import START_LIST
from portal.out.guide import list_columns, needed_words
from tests.portal.conftest import TakeIn
from tests.workbooks import CLOSED, SUPER_COMPLAINT, row

pytestmark = pytest.mark.django_db
LEVEL_3 = {"Level": 3, "Stage": "With HMICFRS"}
LOCAL = {"Stage": "Local closure"}
CAUSE = {"Kind": "Cause of concern", "Level": None}
KINDS_OF_ROWS: list[dict[str, Any]] = [{}, CLOSED, LEVEL_3, LOCAL, CAUSE, SUPER_COMPLAINT]


def lacking(header: str, take_in: TakeIn) -> set[bool]:
    """Whether rows of each kind are taken over that have nothing in a column, and say nothing of it
    elsewhere.
    """
    rows = [
        row(number, **{**each, header: None, "Source report": f"Report {number}"})
        if header != "Source report"
        else row(number, **{**each, header: None})
        for number, each in enumerate(KINDS_OF_ROWS, start=1)
    ]
    received = take_in(rows)
    return {each.outcome == "new" for each in received.rows.all()}


def test_rows_of_every_kind_are_taken_over_as_they_are(take_in: TakeIn) -> None:
    received = take_in([row(number, **each) for number, each in enumerate(KINDS_OF_ROWS, start=1)])
    assert [each.problems for each in received.rows.all() if each.problems] == []


@pytest.mark.parametrize("column", list_columns(), ids=lambda column: column.field)
def test_a_column_is_needed_exactly_where_the_guide_says_so(column: Any, take_in: TakeIn) -> None:
    outcomes = lacking(column.headers[0], take_in)
    if column.required:
        assert outcomes == {False}
    elif column.needed:
        # Of a report that is not recorded here, every row has to say it.
        assert False in outcomes
        assert needed_words(column).startswith("Needed ")
    else:
        assert outcomes == {True}
        assert "Needed" not in column.hint


def test_what_is_needed_at_times_says_so_in_its_hint() -> None:
    for column in START_LIST.columns:
        if column.needed:
            assert "Need" in column.hint
