"""Boards in calendars: one meeting as a file, and all of them under a secret address."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from board.calendar import calendar_of, meetings_in_feed, reader_of
from board.models import CalendarFeed, Meeting
from board.views.found import meeting_or_404
from board.views.rules import FORM_METHODS, readers
from core.access import access, everyone
from core.ical import calendar_answer
from people.feed_views import FeedPage
from people.requests import SignedInRequest

_PAGE = FeedPage(CalendarFeed, "board:calendar", "board:feed", "board/calendar.html")


@access(readers)
@require_safe
def ics(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/meeting.ics`: one Board for a calendar."""
    meeting = meeting_or_404(request, day)
    response = _calendar(request, [meeting])
    name = f"board-{meeting.held_on.isoformat()}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@access(everyone)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """`/board/feed/<token>.ics`: every Board, for the calendar of whoever has the secret."""
    if reader_of(token) is None:
        raise Http404("There is no such calendar.")
    return _calendar(request, list(meetings_in_feed()))


def _calendar(request: HttpRequest, found: list[Meeting]) -> HttpResponse:
    def link(meeting: Meeting) -> str:
        return request.build_absolute_uri(meeting.get_absolute_url())

    return calendar_answer(calendar_of(found, link=link))


@access(readers)
@require_http_methods(FORM_METHODS)
def calendar(request: SignedInRequest) -> HttpResponse:
    """`/board/calendar/`: the secret address of my calendar: made, made anew, ended."""
    return _PAGE.answer(request)
