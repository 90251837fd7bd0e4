"""Working days: Monday to Friday, but for the bank holidays of the force's part of the country.

The holidays are those of GOV.UK as the library carries them; nothing is fetched.
"""

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from govuk_bank_holidays.bank_holidays import BankHolidays

_A_DAY = dt.timedelta(days=1)


@cache
def _calendar() -> "BankHolidays":
    # The library brings a client for the web along, which nothing else here needs to load.
    from govuk_bank_holidays.bank_holidays import BankHolidays

    return BankHolidays(use_cached_holidays=True)


def is_working_day(day: dt.date) -> bool:
    """Whether a day is neither at the weekend nor a bank holiday."""
    return bool(_calendar().is_work_day(day, division=settings.BANK_HOLIDAYS))


def working_days_before(day: dt.date, number: int) -> dt.date:
    """The working day that comes so many working days before a day.

    Args:
        day: any day; it is not counted itself.
        number: 1 or more: two working days before a Wednesday is the Monday.

    Raises:
        ValueError: the number is less than one.
    """
    if number < 1:
        raise ValueError("Count at least one working day back.")
    found = day
    for _ in range(number):
        found -= _A_DAY
        while not is_working_day(found):
            found -= _A_DAY
    return found


def working_day_from(day: dt.date) -> dt.date:
    """A day itself where it is a working day, else the next one that is."""
    while not is_working_day(day):
        day += _A_DAY
    return day


def first_of_the_week(day: dt.date) -> dt.date:
    """The first working day of a day's week: Monday, or what follows a holiday. In a week without
    any, and before the first, the day itself.
    """
    monday = day - day.weekday() * _A_DAY
    days = (monday + number * _A_DAY for number in range(day.weekday()))
    return next(filter(is_working_day, days), day)


def holidays_known_until() -> dt.date:
    """The last bank holiday that is known."""
    last: dt.date = _calendar().get_holidays(division=settings.BANK_HOLIDAYS)[-1]["date"]
    return last
