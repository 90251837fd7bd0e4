"""Working days: weekends, bank holidays, and the day on which the known holidays end."""

import datetime as dt
from typing import Any

import pytest
from django.core.checks import run_checks
from govuk_bank_holidays.bank_holidays import BankHolidays

from core import checks
from core.working_days import (
    first_of_the_week,
    holidays_known_until,
    is_working_day,
    working_days_before,
)
from tests.factories import day


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2024-11-25", True),  # a Monday
        ("2024-11-23", False),  # a Saturday
        ("2024-11-24", False),
        ("2024-08-26", False),  # summer bank holiday
        ("2024-12-24", True),
        ("2024-12-25", False),
        ("2024-12-26", False),
        ("2024-12-27", True),
        ("2021-12-27", False),  # Christmas Day, in lieu of a Saturday
        ("2021-12-28", False),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(text: str, works: bool) -> None:
    assert is_working_day(day(text)) is works


def test_the_holidays_are_those_of_the_forces_part_of_the_country(settings: Any) -> None:
    st_andrews_day = day("2026-11-30")
    assert is_working_day(st_andrews_day)
    settings.BANK_HOLIDAYS = BankHolidays.SCOTLAND
    assert not is_working_day(st_andrews_day)


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [
        ("2024-11-27", 2, "2024-11-25"),  # Wednesday -> Monday
        ("2024-11-25", 2, "2024-11-21"),  # Monday -> Thursday
        ("2024-11-24", 1, "2024-11-22"),  # Sunday -> Friday
        ("2024-08-27", 1, "2024-08-23"),  # after the holiday: before the weekend
        ("2024-08-27", 2, "2024-08-22"),
        ("2024-08-28", 2, "2024-08-23"),
        ("2024-12-27", 2, "2024-12-23"),
        ("2025-01-02", 3, "2024-12-27"),
    ],
)
def test_working_days_are_counted_back(text: str, number: int, found: str) -> None:
    assert working_days_before(day(text), number) == day(found)


def test_no_working_day_back_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_days_before(day("2024-11-27"), 0)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2024-11-25", "2024-11-25"),
        ("2024-11-26", "2024-11-25"),
        ("2024-11-24", "2024-11-18"),
        ("2024-08-26", "2024-08-26"),  # a holiday, and no working day before it
        ("2024-08-27", "2024-08-27"),
        ("2024-08-30", "2024-08-27"),
        ("2025-04-22", "2025-04-22"),  # after Easter Monday
        ("2025-04-23", "2025-04-22"),
        ("2028-12-27", "2028-12-27"),  # Monday and Tuesday are Christmas Day and Boxing Day
    ],
)
def test_the_first_working_day_of_a_week(text: str, first: str) -> None:
    assert first_of_the_week(day(text)) == day(first)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("The web was asked.")

    monkeypatch.setattr("requests.get", fetched)
    monkeypatch.setattr("requests.Session.request", fetched)
    from core import working_days

    working_days._calendar.cache_clear()
    assert not is_working_day(day("2024-08-26"))


@pytest.mark.parametrize(
    ("days", "ids"),
    [
        (-366, []),
        (-365, []),
        (-364, ["core.W001"]),
        (0, ["core.W001"]),
        (1, ["core.E003"]),
    ],
)
def test_the_end_of_the_known_holidays_is_told_a_year_before(
    settings: Any, days: int, ids: list[str]
) -> None:
    settings.TODAY = holidays_known_until() + dt.timedelta(days=days)
    assert [problem.id for problem in checks.bank_holidays_are_known()] == ids


def test_the_end_is_that_of_the_forces_part_of_the_country(settings: Any) -> None:
    data = BankHolidays(use_cached_holidays=True).data
    for division in BankHolidays.ALL_DIVISIONS:
        settings.BANK_HOLIDAYS = division
        assert holidays_known_until() == max(each["date"] for each in data[division])


def test_the_check_is_among_those_of_every_start(settings: Any) -> None:
    settings.TODAY = holidays_known_until() + dt.timedelta(days=1)
    found = {problem.id: problem for problem in run_checks()}
    assert "The bank holidays that are known ended on" in found["core.E003"].msg
