"""The days of a monthly series of Boards, by a rule that follows from the first of them."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db import models

from core.dates import long_date
from core.recurring import place_in_month, same_date, same_weekday
from core.working_days import is_working_day, working_day_from

# A series is planned for three years at most; nobody knows the places of rooms any longer.
MOST = 36
_PLACES = ("first", "second", "third", "fourth")


class Rule(models.TextChoices):
    """What the Boards of a series have in common."""

    WEEKDAY = "weekday", "The same weekday of the month, for example the third Wednesday"
    DATE = "date", "The same day of the month, for example the 20th"


@dataclass(frozen=True)
class Occurrence:
    """A day of a series.

    Args:
        day: when the Board would be.
        by_rule: the day that the rule gives; it differs where that is no working day.
    """

    day: dt.date
    by_rule: dt.date

    @property
    def words(self) -> str:
        """ "Friday, moved from Wednesday 25 December 2024, a bank holiday"."""
        off = day_off(self.by_rule)
        why = f", {off}" if off else ""
        if self.day == self.by_rule:
            return f"{self.day:%A}{why}"
        return f"{self.day:%A}, moved from {self.by_rule:%A} {long_date(self.by_rule)}{why}"


def day_off(day: dt.date) -> str:
    """What stands against a Board on a day: "a weekend", "a bank holiday"; "" on a working day."""
    if is_working_day(day):
        return ""
    return "a weekend" if day.weekday() >= calendar.SATURDAY else "a bank holiday"


def rule_words(first: dt.date, rule: str) -> str:
    """A rule as it follows from the first day: "the third Wednesday of the month"."""
    if rule == Rule.DATE:
        return f"day {first.day} of the month"
    place = place_in_month(first)
    which = _PLACES[place] if place < len(_PLACES) else "last"
    return f"the {which} {first:%A} of the month"


def series(
    first: dt.date,
    rule: str,
    *,
    months: int | None = None,
    until: dt.date | None = None,
    moved: bool = True,
) -> list[Occurrence]:
    """The days of a monthly series.

    A fifth weekday is taken as the last of its month; a day that a month does not have as its last.

    Args:
        first: the first Board.
        rule: a value of `Rule`.
        months: how many Boards; or
        until: the last day there may be one. `MOST` at most either way.
        moved: whether a day that is no working day goes to the next one that is.
    """
    found: list[Occurrence] = []
    for number in range(min(months or MOST, MOST)):
        by_rule = _day_by_rule(first, rule, number)
        if until is not None and by_rule > until:
            break
        found.append(Occurrence(working_day_from(by_rule) if moved else by_rule, by_rule))
    return found


def _day_by_rule(first: dt.date, rule: str, months_later: int) -> dt.date:
    return (same_date if rule == Rule.DATE else same_weekday)(first, months_later)
