"""Days that come again every month by a rule."""

import pytest

from core.recurring import place_in_month, same_date, same_weekday
from core.working_days import working_day_from
from tests.factories import day


@pytest.mark.parametrize(
    ("first", "months", "found"),
    [
        ("2024-11-20", 0, "2024-11-20"),
        ("2024-11-20", 1, "2024-12-18"),
        ("2024-11-20", 13, "2025-12-17"),
        # A fifth Wednesday is the last of a month that has only four.
        ("2024-10-30", 1, "2024-11-27"),
        ("2024-10-30", 2, "2024-12-25"),
    ],
)
def test_the_same_weekday_of_a_later_month(first: str, months: int, found: str) -> None:
    assert same_weekday(day(first), months) == day(found)


@pytest.mark.parametrize(
    ("first", "months", "found"),
    [("2024-11-20", 2, "2025-01-20"), ("2024-01-31", 1, "2024-02-29")],
)
def test_the_same_date_of_a_later_month(first: str, months: int, found: str) -> None:
    assert same_date(day(first), months) == day(found)


def test_the_place_of_a_weekday_in_its_month_counts_from_nought() -> None:
    assert [place_in_month(day(f"2024-11-{each:02}")) for each in (1, 7, 8, 20, 29)] == [
        0,
        0,
        1,
        2,
        4,
    ]


def test_a_day_that_is_no_working_day_goes_to_the_next_that_is() -> None:
    assert working_day_from(day("2024-12-25")) == day("2024-12-27")
    assert working_day_from(day("2024-11-20")) == day("2024-11-20")
