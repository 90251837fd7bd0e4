"""The standing reminder (paper 4.4): on which days a corporate meeting takes place, and of which of
them there is no evidence yet.

A day is answered by evidence of the meeting that is dated on it, or later but before the meeting
takes place again; or by somebody who says that there was nothing to keep.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from core.recurring import place_in_month, same_weekday
from core.working_days import working_day_from
from evidence.choices import Every
from evidence.models import CorporateMeeting, DayWithout, Evidence

if TYPE_CHECKING:
    from people.models import User

# So many days after a meeting the reminder ends by itself.
REMINDED_FOR_DAYS = 14
# What a page shows of the days that were.
SHOWN_DAYS = 8
_DAYS_APART = {Every.WEEK: 7, Every.FORTNIGHT: 14}
_MONTHS_APART = {Every.MONTH: 1, Every.QUARTER: 3}
_PLACES = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Occurrence:
    """A day on which a meeting took place.

    Args:
        meeting: the meeting.
        day: the day.
        kept: how many current pieces of evidence there are of it, whoever may read them.
        without: what somebody said of it, where there is nothing to keep.
    """

    meeting: CorporateMeeting
    day: dt.date
    kept: int = 0
    without: DayWithout | None = None

    @property
    def answered(self) -> bool:
        return bool(self.kept or self.without)

    @property
    def add_address(self) -> str:
        """The form for new evidence, with meeting and date filled in."""
        query = urlencode({"meeting": str(self.meeting.pk), "date": self.day.isoformat()})
        return f"{reverse('evidence:add')}?{query}"

    @property
    def nothing_address(self) -> str:
        """Where one says that there was nothing to keep."""
        query = urlencode({"date": self.day.isoformat()})
        return f"{reverse('evidence:nothing_to_keep', args=[self.meeting.pk])}?{query}"


def when_words(meeting: CorporateMeeting) -> str:
    """How often a meeting takes place: "The third Wednesday of every month"."""
    weekday = f"{meeting.first_on:%A}"
    if meeting.every in _DAYS_APART:
        return f"Every {'second ' if meeting.every == Every.FORTNIGHT else ''}{weekday}"
    place = place_in_month(meeting.first_on)
    which = _PLACES[place] if place < len(_PLACES) else "last"
    often = "every month" if meeting.every == Every.MONTH else "every third month"
    return f"The {which} {weekday} of {often}"


def days_of(meeting: CorporateMeeting, since: dt.date, until: dt.date) -> list[dt.date]:
    """The days on which a meeting takes place, from one day to another, both included.

    They follow from its first day; one that is no working day goes to the next that is.
    """
    last = min(until, meeting.last_day or until)
    found: list[dt.date] = []
    for number in count(_first_number(meeting, since)):
        day = working_day_from(_by_rule(meeting, number))
        if day > last:
            return found
        if day >= since and day not in found:
            found.append(day)
    return found


def next_day(meeting: CorporateMeeting, day: dt.date) -> dt.date | None:
    """When a meeting takes place next, on a day or after it; None where it is no longer held."""
    # The longest time between two of them, and what holidays may add.
    coming = days_of(meeting, day, max(day, meeting.first_on) + dt.timedelta(days=120))
    return coming[0] if coming else None


def _first_number(meeting: CorporateMeeting, since: dt.date) -> int:
    """A number of its days that surely comes before a day, and not by many."""
    passed = (since - meeting.first_on).days
    apart = _DAYS_APART.get(Every(meeting.every))
    if apart is None:
        apart = 31 * _MONTHS_APART[Every(meeting.every)]
    return max(0, passed // apart - 1)


def _by_rule(meeting: CorporateMeeting, number: int) -> dt.date:
    """The day of this number, from 0, whether it is a working day or not."""
    every = Every(meeting.every)
    if every in _DAYS_APART:
        return meeting.first_on + dt.timedelta(days=number * _DAYS_APART[every])
    return same_weekday(meeting.first_on, number * _MONTHS_APART[every])


def occurrences(
    meetings: Iterable[CorporateMeeting], since: dt.date, until: dt.date
) -> list[Occurrence]:
    """The days of meetings from one day to another, with how each was answered; the latest first.
    Two queries, however many there are.
    """
    listed = list(meetings)
    dated = Evidence.objects.current().filter(meeting__in=listed, dated_on__gte=since)
    evidence: dict[int, list[dt.date]] = {}
    for key, day in dated.values_list("meeting", "dated_on"):
        evidence.setdefault(key, []).append(day)
    said = {
        (each.meeting_id, each.held_on): each
        for each in DayWithout.objects.filter(
            meeting__in=listed, held_on__range=(since, until)
        ).select_related("said_by")
    }
    found = []
    for meeting in listed:
        dates = evidence.get(meeting.pk, [])
        before: dt.date | None = next_day(meeting, until + dt.timedelta(days=1))
        for day in reversed(days_of(meeting, since, until)):
            kept = sum(day <= each and (before is None or each < before) for each in dates)
            found.append(Occurrence(meeting, day, kept, said.get((meeting.pk, day))))
            before = day
    return sorted(found, key=lambda each: each.day, reverse=True)


def to_keep(user: "User", day: dt.date) -> list[Occurrence]:
    """The days that somebody is reminded of on a day: those of the last two weeks, but today,
    without evidence and without a word that there is none; the latest first. Three queries.
    """
    meetings = CorporateMeeting.objects.filter(reminded=user)
    since, until = day - dt.timedelta(days=REMINDED_FOR_DAYS), day - dt.timedelta(days=1)
    return [each for each in occurrences(meetings, since, until) if not each.answered]
