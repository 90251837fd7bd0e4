"""The days of a monthly series against a calendar, by hand."""

import datetime as dt

import pytest

from board.series import MOST, Rule, rule_words, series
from tests.factories import day


def days(*args: object, **kwargs: object) -> list[str]:
    return [each.day.isoformat() for each in series(*args, **kwargs)]  # type: ignore[arg-type]


def test_the_third_wednesday_of_each_month_over_the_new_year() -> None:
    first = day("2024-11-20")

    assert days(first, Rule.WEEKDAY, months=4) == [
        "2024-11-20",
        "2024-12-18",
        "2025-01-15",
        "2025-02-19",
    ]
    assert rule_words(first, Rule.WEEKDAY) == "the third Wednesday of the month"


def test_a_fifth_weekday_is_the_last_of_its_month() -> None:
    first = day("2025-01-29")

    assert days(first, Rule.WEEKDAY, months=5) == [
        "2025-01-29",
        "2025-02-26",
        "2025-03-26",
        "2025-04-30",
        "2025-05-28",
    ]
    assert rule_words(first, Rule.WEEKDAY) == "the last Wednesday of the month"


def test_the_same_day_of_the_month_goes_to_monday_from_a_weekend() -> None:
    found = series(day("2024-11-28"), Rule.DATE, months=3)

    assert [(each.day.isoformat(), each.words) for each in found] == [
        ("2024-11-28", "Thursday"),
        ("2024-12-30", "Monday, moved from Saturday 28 December 2024, a weekend"),
        ("2025-01-28", "Tuesday"),
    ]
    assert rule_words(day("2024-11-28"), Rule.DATE) == "day 28 of the month"


def test_a_day_on_a_weekend_stays_where_that_is_wanted() -> None:
    assert days(day("2024-11-28"), Rule.DATE, months=2, moved=False) == ["2024-11-28", "2024-12-28"]


def test_a_month_without_the_day_has_its_last_one() -> None:
    assert days(day("2024-12-31"), Rule.DATE, months=3) == [
        "2024-12-31",
        "2025-01-31",
        "2025-02-28",
    ]


def test_a_series_ends_with_the_last_day_there_may_be_one() -> None:
    assert days(day("2024-11-20"), Rule.WEEKDAY, until=day("2025-01-15")) == [
        "2024-11-20",
        "2024-12-18",
        "2025-01-15",
    ]
    assert len(series(day("2024-11-20"), Rule.WEEKDAY, until=day("2099-01-01"))) == MOST


def test_bank_holidays_are_passed_over_and_named() -> None:
    found = series(day("2024-11-25"), Rule.DATE, months=2)
    assert (found[1].day, found[1].words) == (
        day("2024-12-27"),
        "Friday, moved from Wednesday 25 December 2024, a bank holiday",
    )
    stays = series(day("2024-11-25"), Rule.DATE, months=2, moved=False)[1]
    assert (stays.day, stays.words) == (day("2024-12-25"), "Wednesday, a bank holiday")


@pytest.mark.parametrize("weekday", range(7))
def test_every_weekday_stays_the_same_for_three_years(weekday: int) -> None:
    first = dt.date(2024, 11, 4) + dt.timedelta(days=weekday)
    found = [each.by_rule for each in series(first, Rule.WEEKDAY, months=MOST)]

    assert {each.weekday() for each in found} == {first.weekday()}
    assert len({(each.year, each.month) for each in found}) == MOST
