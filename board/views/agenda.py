"""One Board: its agenda, decisions and notes; once it is closed, what it said."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from board.agenda_page import with_controls
from board.choices import MeetingState
from board.document import shown_to
from board.meetings import moved_from
from board.models import AgendaItem, Meeting
from board.practical import Link, links_of
from board.views.found import meeting_or_404
from board.views.rules import readers
from board.views.told import with_messages
from core.access import access
from core.dates import long_date, today
from people.models import User
from people.requests import SignedInRequest


@access(readers)
@require_safe
def meeting(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/`: the agenda of one Board, as far as the reader may read it. The day a Board
    was moved from leads to it.
    """
    if not Meeting.objects.filter(held_on=day).exists() and (moved := moved_from(day)):
        messages.info(request, f"The Board of {long_date(day)} was moved.")
        return redirect(moved)
    found = meeting_or_404(request, day)
    document = shown_to(found, request.user)
    compiles = found.open and request.user.has_perm("board.compile_agenda")
    if found.open:
        document = with_controls(document, found, request.user)
    off = AgendaItem.objects.visible_to(request.user).filter(meeting=found)
    context = {
        "meeting": found,
        "day": day.isoformat(),
        "document": document,
        "messages": with_messages(request, document),
        "compiled": found.compiled_at is not None,
        "may_compile": compiles,
        "stands": _how_it_stands(found),
        "steps": _steps(found, request.user),
        "links": _links(found, request.user),
        "taken_off": off.taken_off() if compiles else [],
    }
    return render(request, "board/meeting.html", context)


def _how_it_stands(meeting: Meeting) -> str:
    """What a reader should know before the agenda; "" where it speaks for itself."""
    if meeting.state == MeetingState.CANCELLED:
        return f"This Board is cancelled: {meeting.cancelled_reason}"
    if meeting.open and meeting.compiled_at is None:
        return "The agenda is not compiled yet."
    if meeting.open and meeting.held_on < today():
        return "This Board is past and not closed yet: its notes can still be completed."
    return ""


def _steps(meeting: Meeting, user: User) -> list[dict[str, str]]:
    """The buttons of the page, the first one the likeliest."""
    day = meeting.held_on.isoformat()
    compiled = meeting.compiled_at is not None
    steps = []
    if meeting.open and compiled and user.has_perm("board.compile_agenda"):
        if meeting.held_on <= today():
            steps.append({"text": "Close this Board", "href": reverse("board:close", args=[day])})
        steps.append({"text": "Add to the agenda", "href": reverse("board:item_add", args=[day])})
    if compiled:
        text = "Minutes (PDF)" if meeting.closed else "Pack (PDF)"
        steps.append({"text": text, "href": reverse("board:pack", args=[day])})
    for step in steps[1:]:
        step["style"] = "secondary"
    return steps


def _links(meeting: Meeting, user: User) -> list[Link]:
    """What else may be read and arranged about the meeting."""
    day = [meeting.held_on.isoformat()]
    links = [
        Link("All exceptions", reverse("board:exceptions", args=day)),
        *links_of(meeting, user),
    ]
    if meeting.open and meeting.compiled_at and user.has_perm("board.compile_agenda"):
        commission = reverse("board:commission", args=day)
        links.insert(1, Link("Commission an internal review", commission))
    return links
