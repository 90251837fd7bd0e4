"""Dates as far as they are known: a day, a week, a month, "early 2025", a range of years.

A span is held as its first and last day, both known to the precision that is recorded beside them;
what people say of it ("weeks commencing 7 and 21 October 2024") goes before what we would make of
its days.
"""

import datetime as dt
from typing import NamedTuple

from core.dates import long_date, month_end, month_from
from inspections.choices import Precision

_WEEK = dt.timedelta(days=6)
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
# What is known no better than this has no place in a month of the calendar.
VAGUE = (Precision.SEASON, Precision.YEAR, Precision.YEARS)


class Span(NamedTuple):
    """From a first to a last day; without a last day it goes on, nobody knows until when."""

    starts_on: dt.date
    ends_on: dt.date | None


def whole(precision: str, starts_on: dt.date, ends_on: dt.date | None, open_ended: bool) -> Span:
    """The span that somebody means who names any day of its first and last week, month or year.

    Args:
        precision: a value of `Precision`.
        starts_on: a day of its first unit.
        ends_on: a day of its last unit; None where it is the first.
        open_ended: nobody knows when it ends.

    Raises:
        ValueError: it ends before it starts, with a sentence for the reader.
    """
    first = _unit(precision, starts_on)[0]
    if open_ended:
        return Span(first, None)
    last = _unit(precision, ends_on or starts_on)[1]
    if last < first:
        raise ValueError("It cannot end before it starts. Check the two dates.")
    return Span(first, last)


def _unit(precision: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the week, month, season or year that holds a day."""
    if precision == Precision.WEEK:
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + _WEEK
    if precision == Precision.MONTH:
        return month_from(day), month_end(day)
    if precision == Precision.SEASON:
        first = month_from(day, -(day.month % 3))
        return first, month_end(month_from(first, 2))
    if precision in (Precision.YEAR, Precision.YEARS):
        return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
    return day, day


def in_words(precision: str, starts_on: dt.date, ends_on: dt.date | None) -> str:
    """ "20 November 2024", "week beginning 7 October 2024", "June 2024", "2026 to 2027".

    Args:
        precision: a value of `Precision`.
        starts_on, ends_on: of a `whole` span.
    """
    first = _named(precision, starts_on)
    if ends_on is None:
        return f"from {first}"
    last = _named(precision, _unit(precision, ends_on)[0])
    if first == last:
        return first
    if precision == Precision.WEEK:
        return f"{first.replace('week', 'weeks', 1)} to {long_date(_unit(precision, ends_on)[0])}"
    return f"{first} to {last}"


def _named(precision: str, day: dt.date) -> str:
    if precision == Precision.WEEK:
        return f"week beginning {long_date(day)}"
    if precision == Precision.MONTH:
        return f"{day:%B %Y}"
    if precision == Precision.SEASON:
        years = f"{day.year}/{(day.year + 1) % 100:02}" if day.month == 12 else f"{day.year}"
        return f"{_SEASONS[day.month]} {years}"
    if precision in (Precision.YEAR, Precision.YEARS):
        return f"{day.year}"
    return long_date(day)
