"""Closing a Board: what is missing, and the step that freezes it."""

import datetime as dt
import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from board.closing import Check, checklist, close_meeting, leave_for_next_board
from board.models import Meeting
from board.views.found import meeting_or_404
from board.views.rules import FORM_METHODS, compilers
from core.access import access
from core.dates import today
from core.forms import GovukForm
from core.numbers import counted
from core.pdf import PdfError
from people.requests import SignedInRequest
from tracker.workflow import Refused

logger = logging.getLogger("portal.board")


@access(compilers)
@require_http_methods(FORM_METHODS)
def close(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/close/`: what is missing, then close; a second time does no harm."""
    found = meeting_or_404(request, day)
    if found.closed:
        messages.info(request, f"This Board is closed already by {found.closed_by}.")
        return redirect(found)
    form = GovukForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = _answer(request, found, form)
        if answer is not None:
            return answer
    return render(request, "board/close.html", _close_page(request, found, form))


def _answer(request: SignedInRequest, found: Meeting, form: GovukForm) -> HttpResponse | None:
    """Take the step that was asked for; None where something stands against it."""
    try:
        if request.POST.get("do") == "leave":
            left = leave_for_next_board(found, actor=request.user)
            words = counted(len(left), "closure waits", "closures wait")
            messages.success(request, f"{words[:1].upper()}{words[1:]} for the next Board.")
            return redirect(request.path)
        close_meeting(found, actor=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    except PdfError as error:
        logger.exception("The minutes of the %s cannot be made", found)
        form.add_error(None, f"{error} Nothing was closed: look at what was last written.")
        return None
    messages.success(request, f"The {found} is closed, and its minutes are stored.")
    return redirect(found)


def _close_page(request: SignedInRequest, found: Meeting, form: GovukForm) -> dict[str, object]:
    checks = checklist(found, request.user)
    ready = all(each.done or not each.needed for each in checks)
    return {
        "meeting": found,
        "form": form,
        "heading": f"Close the {found}",
        "cancel": found.get_absolute_url(),
        "checks": checks,
        "ready": ready and found.open,
        "may_leave": _may_leave(found, checks),
        "stands_against": "" if found.open else "This Board is cancelled: nothing is closed.",
    }


def _may_leave(found: Meeting, checks: list[Check]) -> bool:
    """Whether closures that were not reached may be left for the next Board now."""
    decided = next(each for each in checks if each.key == "decided")
    return found.open and found.held_on <= today() and not decided.done
