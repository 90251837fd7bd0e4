"""The list of Boards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.models import Meeting
from board.views.rules import readers
from core.access import access
from core.dates import today
from people.requests import SignedInRequest


@access(readers)
@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """`/board/`: the Boards to come and those that were."""
    visible = Meeting.objects.visible_to(request.user)
    context = {
        "coming": visible.filter(held_on__gte=today()).order_by("held_on"),
        "past": visible.filter(held_on__lt=today()),
    }
    return render(request, "board/meetings.html", context)
