"""Days that come again every month by a rule."""

import calendar
import datetime as dt


def place_in_month(day: dt.date) -> int:
    """Which of its weekday in the month a day is, from 0: the third Wednesday is 2."""
    return (day.day - 1) // 7


def same_weekday(first: dt.date, months_later: int) -> dt.date:
    """The same weekday of a later month: of the third Wednesday, the third Wednesday. A fifth
    weekday is taken as the last of its month.
    """
    start, last = _month(first, months_later)
    offset = (first.weekday() - start.weekday()) % 7
    day = 1 + offset + 7 * place_in_month(first)
    return start.replace(day=day if day <= last else day - 7)


def same_date(first: dt.date, months_later: int) -> dt.date:
    """The same date of a later month; its last day where the month does not have that date."""
    start, last = _month(first, months_later)
    return start.replace(day=min(first.day, last))


def _month(first: dt.date, months_later: int) -> tuple[dt.date, int]:
    """The first day of the month that comes so many months after that of a day, and its length."""
    years, month = divmod(first.month - 1 + months_later, 12)
    start = dt.date(first.year + years, month + 1, 1)
    return start, calendar.monthrange(start.year, start.month)[1]
