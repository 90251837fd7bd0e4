"""The calendar of inspections: month by month on a page, and as a feed for one's own calendar."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, everyone
from core.dates import month_from, today
from core.ical import calendar_answer
from inspections import calendar as calendars
from inspections.models import InspectionFeed
from inspections.views.pages import FORM_METHODS, readers, tabs
from people.feed_views import FeedPage
from people.feeds import reader_of
from people.requests import SignedInRequest

_PAGE = FeedPage(
    InspectionFeed, "inspections:calendar_address", "inspections:feed", "inspections/feed.html"
)
_QUARTER = 3
_YEARS = range(1990, 2101)


@dataclass(frozen=True)
class Month:
    """A month with what takes place in it.

    Args:
        first: its first day.
        entries: what touches it, in order.
    """

    first: dt.date
    entries: list[calendars.Entry]


@access(readers)
@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """`/inspections/calendar/`: three months, or one (`?show=month`), from `?from=2024-11` on."""
    first = _month(request.GET.get("from", ""))
    length = 1 if request.GET.get("show") == "month" else _QUARTER
    months = [month_from(first, number) for number in range(length)]
    end = month_from(first, length) - dt.timedelta(days=1)
    found = calendars.entries(request.user, first, end)
    show = "month" if length == 1 else "quarter"
    context: dict[str, Any] = {
        "tabs": tabs("calendar"),
        "months": [Month(each, _within(found, each)) for each in months],
        "later": calendars.not_known_to_the_month(request.user, first),
        "first": first,
        "end": end,
        "show": show,
        "spans": [
            {
                "text": text,
                "href": f"?from={first:%Y-%m}&show={name}",
                "count": None,
                "current": name == show,
            }
            for name, text in (("month", "One month"), ("quarter", "Three months"))
        ],
        "before": f"?from={month_from(first, -length):%Y-%m}&show={show}",
        "after": f"?from={month_from(first, length):%Y-%m}&show={show}",
    }
    return render(request, "inspections/calendar.html", context)


def _month(text: str) -> dt.date:
    """The month an address asks for; this one where it asks for none that there is."""
    try:
        asked = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        asked = today()
    return month_from(asked if asked.year in _YEARS else today())


def _within(found: list[calendars.Entry], month: dt.date) -> list[calendars.Entry]:
    following = month_from(month, 1)
    return [each for each in found if each.starts_on < following and each.ends_on >= month]


@access(readers)
@require_http_methods(FORM_METHODS)
def address(request: SignedInRequest) -> HttpResponse:
    """`/inspections/calendar/address/`: the secret address of my calendar."""
    return _PAGE.answer(request)


@access(everyone)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """`/inspections/feed/<token>.ics`: what the owner of the secret may see."""
    reader = reader_of(InspectionFeed, token, calendars.READS)
    if reader is None:
        raise Http404("There is no such calendar.")
    contents = calendars.feed_of(reader, link=request.build_absolute_uri)
    return calendar_answer(contents)
