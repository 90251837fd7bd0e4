"""Boards in calendars: one meeting as a file, and all of them under a secret address."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from board.calendar import calendar_of, end_feed, make_feed, meetings_in_feed, reader_of
from board.models import CalendarFeed, Meeting
from board.views.found import meeting_or_404
from board.views.rules import FORM_METHODS, readers
from core.access import access, everyone
from people.requests import SignedInRequest

_TYPE = "text/calendar; charset=utf-8"
# Where the secret stays between making it and showing it, once.
_SHOWN_ONCE = "board_calendar_secret"


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

    response = HttpResponse(calendar_of(found, link=link), content_type=_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


@access(readers)
@require_http_methods(FORM_METHODS)
def calendar(request: SignedInRequest) -> HttpResponse:
    """`/board/calendar/`: the secret address of my calendar: made, made anew, ended."""
    do = request.POST.get("do", "")
    if do == "make":
        request.session[_SHOWN_ONCE] = make_feed(request.user)
        return redirect("board:calendar")
    if do == "end":
        end_feed(request.user)
        request.session.pop(_SHOWN_ONCE, None)
        messages.success(request, "The address of your calendar has ended.")
        return redirect("board:calendar")
    secret = request.session.pop(_SHOWN_ONCE, "")
    address = request.build_absolute_uri(reverse("board:feed", args=[secret])) if secret else ""
    context = {
        "address": address,
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
    }
    return render(request, "board/calendar.html", context)
