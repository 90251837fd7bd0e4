"""One Board: its agenda, decisions and notes."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.views.found import meeting_or_404
from board.views.rules import readers
from core.access import access
from people.requests import SignedInRequest


@access(readers)
@require_safe
def meeting(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/`: the agenda of one Board."""
    found = meeting_or_404(request, day)
    return render(request, "board/meeting.html", {"meeting": found})
