"""Boards in people's calendars: one as a file, all of them as a feed under a secret address.

Only when and where is told, and a link; never what is on an agenda.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from icalendar import Calendar, Event

from board.choices import MeetingState
from board.models import CalendarFeed, Meeting
from core.dates import today
from core.history import attribute
from people.models import User

# A calendar asks again twice a day.
_ASK_AGAIN = dt.timedelta(hours=12)
_KEPT = dt.timedelta(days=366)
_READS = "board.read_pack"


def calendar_of(meetings: Iterable[Meeting], *, link: Callable[[Meeting], str]) -> bytes:
    """Boards as an iCalendar file (RFC 5545), with the time zone their times are in.

    Args:
        meetings: cancelled ones among them, which calendars then strike out.
        link: gives the address of a meeting's page in full.
    """
    found = list(meetings)
    changed = _changed_at(found)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.FORCE_NAME}//{settings.PRODUCT_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", settings.BOARD_NAME)
    calendar.add("x-wr-calname", settings.BOARD_NAME)
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _ASK_AGAIN)
    for meeting in found:
        calendar.add_component(_event(meeting, link(meeting), changed[meeting.pk]))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, link: str, changed_at: dt.datetime) -> Event:
    cancelled = meeting.state == MeetingState.CANCELLED
    zone = ZoneInfo(settings.TIME_ZONE)
    event = Event()
    event.add("uid", f"board-{meeting.pk}@{slugify(settings.FORCE_NAME)}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    # The version counts changes, so calendars know the newer of two states.
    event.add("sequence", meeting.version - 1)
    event.add("summary", f"{'Cancelled: ' if cancelled else ''}{settings.BOARD_NAME}")
    event.add("dtstart", dt.datetime.combine(meeting.held_on, meeting.starts_at, zone))
    event.add("dtend", dt.datetime.combine(meeting.held_on, meeting.ends_at, zone))
    if meeting.place:
        event.add("location", meeting.place)
    event.add("url", link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _changed_at(meetings: Iterable[Meeting]) -> dict[int, dt.datetime]:
    """When each of some meetings was changed last."""
    keys = [meeting.pk for meeting in meetings]
    history: Any = Meeting.history
    rows = history.filter(id__in=keys).values_list("id").order_by("id")
    return dict(rows.annotate(Max("history_date")))


def meetings_in_feed() -> Iterable[Meeting]:
    """The Boards that calendars show: those to come, and those of the last year."""
    return Meeting.objects.filter(held_on__gte=today() - _KEPT).order_by("held_on")


@transaction.atomic
def make_feed(user: User) -> str:
    """Make a new secret address for somebody's calendar; one they had before ends.

    Returns:
        The secret of the address, which is kept nowhere.
    """
    secret = secrets.token_urlsafe(32)
    _lock(user)
    feed = CalendarFeed.objects.filter(user=user).first()
    feed = feed or CalendarFeed(user=user)
    feed.sha256, feed.made_at = _hashed(secret), timezone.now()
    attribute(feed, user, "Calendar address made")
    feed.full_clean()
    feed.save()
    return secret


@transaction.atomic
def end_feed(user: User) -> None:
    """End the secret address of somebody's calendar, where there is one."""
    _lock(user)
    feed = CalendarFeed.objects.filter(user=user).first()
    if feed is not None:
        attribute(feed, user, "Calendar address ended")
        feed.delete()


def _lock(user: User) -> None:
    """Let two windows of one person wait for one another; before the first address there is no
    row of its own to lock.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def reader_of(secret: str) -> User | None:
    """Whose calendar asks with a secret; None where nobody has it, or has the Board no more."""
    feed = CalendarFeed.objects.filter(sha256=_hashed(secret)).select_related("user").first()
    if feed is None or not feed.user.is_active or not feed.user.has_perm(_READS):
        return None
    user: User = feed.user
    return user


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
