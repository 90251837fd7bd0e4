"""Boards in people's calendars: one as a file, all of them as a feed under a secret address.

Only when and where is told, and a link; never what is on an agenda.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from board.choices import MeetingState
from board.models import CalendarFeed, Meeting
from core.dates import long_date, today
from core.ical import CalendarEvent, calendar_file, changed_at
from inspections.calendar import Entry
from people import feeds

if TYPE_CHECKING:
    from people.models import User

_KEPT = dt.timedelta(days=366)
READS = "board.read_pack"


def calendar_of(meetings: Iterable[Meeting], *, link: Callable[[Meeting], str]) -> bytes:
    """Boards as an iCalendar file, with the time zone their times are in.

    Args:
        meetings: cancelled ones among them, which calendars then strike out.
        link: gives the address of a meeting's page in full.
    """
    found = list(meetings)
    changed = changed_at(found)
    events = (_event(each, link(each), changed[each.pk]) for each in found)
    return calendar_file(settings.BOARD_NAME, events)


def _event(meeting: Meeting, link: str, changed: dt.datetime) -> CalendarEvent:
    zone = ZoneInfo(settings.TIME_ZONE)
    return CalendarEvent(
        key=f"board-{meeting.pk}",
        summary=settings.BOARD_NAME,
        starts=dt.datetime.combine(meeting.held_on, meeting.starts_at, zone),
        ends=dt.datetime.combine(meeting.held_on, meeting.ends_at, zone),
        link=link,
        changed_at=changed,
        changes=meeting.version - 1,
        place=meeting.place,
        cancelled=meeting.state == MeetingState.CANCELLED,
    )


def meetings_in_feed() -> Iterable[Meeting]:
    """The Boards that calendars show: those to come, and those of the last year."""
    return Meeting.objects.filter(held_on__gte=today() - _KEPT).order_by("held_on")


def make_feed(user: "User") -> str:
    """Make a new secret address for somebody's calendar of Boards: as `people.feeds.make_feed`."""
    return feeds.make_feed(CalendarFeed, user)


def reader_of(secret: str) -> "User | None":
    """Whose calendar asks with a secret; None where nobody has it, or has the Board no more."""
    return feeds.reader_of(CalendarFeed, secret, READS)


def boards_between(user: "User", first: dt.date, last: dt.date) -> Iterator[Entry]:
    """The Boards of some days for the calendar of inspections, for those who may read of them."""
    if not user.has_perm(READS):
        return
    found = Meeting.objects.filter(held_on__range=(first, last))
    for meeting in found.exclude(state=MeetingState.CANCELLED).order_by("held_on"):
        yield Entry(
            key=f"board-{meeting.pk}",
            kind="Board",
            title=settings.BOARD_NAME,
            starts_on=meeting.held_on,
            ends_on=meeting.held_on,
            when=long_date(meeting.held_on),
            href=meeting.get_absolute_url(),
        )
