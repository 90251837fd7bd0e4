"""Days: what today is, how people write a date, and how we write one back; months, counted."""

import calendar
import datetime as dt
import re

from django.conf import settings
from django.utils import timezone

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DOTTED = re.compile(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORDED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})\.?,?[ \-](\d{4}|\d{2})$")


def today() -> dt.date:
    """The day every rule and page calls today: the TODAY setting (demonstration), else the
    calendar's.
    """
    return settings.TODAY or timezone.localdate()


def now() -> dt.datetime:
    """This moment; in a demonstration, the time of day on the day it calls today."""
    moment = timezone.localtime()
    return moment.combine(settings.TODAY, moment.timetz()) if settings.TODAY else moment


def parse_date(text: str) -> dt.date:
    """Read a date as people in a force write it: 20.11.24, 20/11/2024, 20 November 2024,
    2024-11-20.

    Args:
        text: the date, day before month; two-digit years are of this century.

    Raises:
        ValueError: not such a date, with a sentence for the reader.
    """
    cleaned = " ".join(text.replace("\xa0", " ").split())
    if match := _ISO.match(cleaned):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DOTTED.match(cleaned):
        day, month, year = (int(part) for part in match.groups())
    elif match := _WORDED.match(cleaned):
        day, year = int(match[1]), int(match[3])
        month = _month_number(match[2])
    else:
        raise ValueError("Enter a date like 20 November 2024, 20/11/2024 or 20.11.24.")
    if year < 100:
        year += 2000
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"“{cleaned}” is not a real date. Check the day and the month.") from None


def _month_number(word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(word.lower()):
            return number
    raise ValueError(f"“{word}” is not a month. Enter a date like 20 November 2024.")


def long_date(day: dt.date) -> str:
    """20 November 2024: for sentences and pages."""
    return f"{day.day} {day:%B %Y}"


def short_date(day: dt.date) -> str:
    """20.11.24: for tables of the committee paper."""
    return f"{day:%d.%m.%y}"


def end_of_month_before(day: dt.date) -> dt.date:
    """The last day of the month before a day's: the usual start of "what has moved lately"."""
    return day.replace(day=1) - dt.timedelta(days=1)


def month_from(day: dt.date, later: int = 0) -> dt.date:
    """The first day of a day's month, or of the month that comes so many after it."""
    years, month = divmod(day.month - 1 + later, 12)
    return dt.date(day.year + years, month + 1, 1)


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends(start: dt.date, end: dt.date) -> list[dt.date]:
    """Every month end from `start` to `end` inclusive, and `end` itself when it is not one."""
    days = []
    last = month_end(start)
    while last <= end:
        days.append(last)
        last = month_end(month_from(last, 1))
    if not days or days[-1] != end:
        days.append(end)
    return days
