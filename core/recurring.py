"""Days that come again every month by a rule."""

import datetime as dt

from core.dates import month_end, month_from


def place_in_month(day: dt.date) -> int:
    """Which of its weekday in the month a day is, from 0: the third Wednesday is 2."""
    return (day.day - 1) // 7


def same_weekday(first: dt.date, months_later: int) -> dt.date:
    """The same weekday of a later month: of the third Wednesday, the third Wednesday. A fifth
    weekday is taken as the last of its month.
    """
    start = month_from(first, months_later)
    offset = (first.weekday() - start.weekday()) % 7
    day = 1 + offset + 7 * place_in_month(first)
    return start.replace(day=day if day <= month_end(start).day else day - 7)


def same_date(first: dt.date, months_later: int) -> dt.date:
    """The same date of a later month; its last day where the month does not have that date."""
    last = month_end(month_from(first, months_later))
    return last.replace(day=min(first.day, last.day))
