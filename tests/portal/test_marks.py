"""The mark of a row as exported: what its cells said then."""

import datetime as dt

import pytest

from inspections.choices import PublicationType, Scope
from portal.lists.marks import FIELD, FIELDS, Mark, mark_of, shown_in_mark
from portal.lists.start_list import START_LIST
from tests.factories import day
from tracker.choices import Kind, Status

VALUES = {"reference": "ST-0001", "executive": "ACC Baker", "due": "2024-12-31", "level": "2"}


def test_a_mark_knows_what_each_cell_said() -> None:
    mark = Mark.read(mark_of(VALUES))
    assert mark is not None
    assert mark.said("executive", "ACC Baker") is True
    assert mark.said("executive", "ACC Carter") is False
    assert mark.said("due", "2024-12-31") is True
    assert mark.said("due", "") is False
    assert mark.said("delivery", "") is True
    assert mark.said("delivery", "Head of Crime") is False


def test_of_a_field_that_was_not_exported_it_knows_nothing() -> None:
    mark = Mark.read(mark_of(VALUES))
    assert mark is not None
    assert mark.said("weather", "") is None


def test_the_same_value_in_another_field_is_another_mark() -> None:
    assert mark_of({"executive": "ACC Baker"}) != mark_of({"delivery": "ACC Baker"})


def test_every_column_of_the_list_has_a_place_in_the_mark() -> None:
    assert set(FIELDS) == {column.field for column in START_LIST.columns} - {FIELD}


@pytest.mark.parametrize("around", ["{}", "  {} ", "\n{}\xa0", "\t{}\r\n"])
def test_spaces_around_a_mark_do_not_matter(around: str) -> None:
    assert Mark.read(around.format(mark_of(VALUES))) == Mark.read(mark_of(VALUES))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "1:",
        "1:AAAA",
        "2" + mark_of(VALUES)[1:],
        mark_of(VALUES)[:-1],
        mark_of(VALUES)[1:],
        mark_of(VALUES) + "A",
        mark_of(VALUES)[:20] + ("A" if mark_of(VALUES)[20] != "A" else "B") + mark_of(VALUES)[21:],
        mark_of(VALUES).lower(),
        mark_of(VALUES)[:40] + " " + mark_of(VALUES)[40:],
        "1:é" + mark_of(VALUES)[3:],
        "20 November 2024",
    ],
)
def test_a_mark_that_is_damaged_or_of_another_version_is_none(text: str | None) -> None:
    assert Mark.read(text) is None


def test_a_mark_is_short_and_nothing_that_excel_makes_something_of() -> None:
    mark = mark_of({field: f"something about {field}" for field in FIELDS})
    assert len(mark) < 150
    assert not mark.startswith(("=", "+", "-", "@"))
    assert not mark.removeprefix("1:").isdigit()
    assert not set(mark[2:]) & set(" ,;./:")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (2, "2"),
        (2.0, "2"),
        ("  ACC\xa0 Baker ", "ACC Baker"),
        ("one\r\ntwo", "one\ntwo"),
        (day("2024-11-20"), "2024-11-20"),
        (dt.datetime(2024, 11, 20), "2024-11-20"),
        (Kind.CAUSE_OF_CONCERN, "Cause of concern"),
        (Scope.LOCAL, "Local"),
        (PublicationType.PEEL, "PEEL inspection"),
        (Status.CLOSURE_PROPOSED, "Local closure"),
        (Status.AWAITING_ALLOCATION, "In progress"),
        ("x" * 40_000, "x" * 40_000),
    ],
)
def test_what_a_cell_shows(value: object, shown: str) -> None:
    assert shown_in_mark(value) == shown
