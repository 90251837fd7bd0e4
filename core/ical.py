"""Events for people's calendars, as an iCalendar file (RFC 5545)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.http import HttpResponse
from django.utils.text import slugify
from icalendar import Calendar, Event

# A calendar asks again twice a day.
_ASK_AGAIN = dt.timedelta(hours=12)
_CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class CalendarEvent:
    """Something that takes place.

    Args:
        key: names it for ever, such as "board-3".
        summary: what calendars show; no word of what only some may read.
        starts, ends: moments; or days, of which the last is the day after it.
        link: the address of its page in full.
        changed_at: when it was changed last.
        changes: how often it was changed, so that calendars know the newer of two states.
        place: where.
        cancelled: it does not take place; calendars then strike it out.
        busy: it fills the reader's day.
    """

    key: str
    summary: str
    starts: dt.date
    ends: dt.date
    link: str
    changed_at: dt.datetime
    changes: int = 0
    place: str = ""
    cancelled: bool = False
    busy: bool = True


def calendar_file(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """Events as an iCalendar file, with the time zones their times are in.

    Args:
        name: of the calendar.
        events: cancelled ones among them.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.FORCE_NAME}//{settings.PRODUCT_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _ASK_AGAIN)
    for each in events:
        calendar.add_component(_component(each))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def calendar_answer(contents: bytes) -> HttpResponse:
    """The answer to a calendar that asks: a `calendar_file` that nobody on the way keeps."""
    response = HttpResponse(contents, content_type=_CONTENT_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


def _component(told: CalendarEvent) -> Event:
    event = Event()
    event.add("uid", f"{told.key}@{slugify(settings.FORCE_NAME)}")
    event.add("dtstamp", told.changed_at)
    event.add("last-modified", told.changed_at)
    event.add("sequence", told.changes)
    event.add("summary", f"{'Cancelled: ' if told.cancelled else ''}{told.summary}")
    event.add("dtstart", told.starts)
    event.add("dtend", told.ends)
    if told.place:
        event.add("location", told.place)
    event.add("url", told.link)
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    if not told.busy:
        event.add("transp", "TRANSPARENT")
    return event


def changed_at(records: Iterable[models.Model]) -> dict[int, dt.datetime]:
    """When each of some records of one tracked model was changed last, by primary key."""
    found = list(records)
    if not found:
        return {}
    history: Any = type(found[0]).history  # type: ignore[attr-defined]
    rows = history.filter(id__in=[each.pk for each in found]).values_list("id").order_by("id")
    return dict(rows.annotate(Max("history_date")))
