"""My own page: what I am told, and what waits for me."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.access import access, holders_of
from core.dates import today
from people.models import Lead, LeadDelegate, Notice
from people.notices import mark_read
from people.requests import SignedInRequest
from tracker.work import asked_of, own_actions

_readers = holders_of("tracker.view_action")
_NOTICES_SHOWN = 25


@access(_readers)
@require_safe
def work(request: SignedInRequest) -> HttpResponse:
    """`/work/`: notices, and everything that waits for the reader with how to put it right."""
    user, day = request.user, today()
    mine = Notice.objects.filter(user=user)
    context = {
        "notices": list(mine.unread_first()[:_NOTICES_SHOWN]),
        "unread": mine.unread().count(),
        "asked": asked_of(user),
        "own": own_actions(user, day),
        "held": list(Lead.objects.held_by(user, day)),
        "delegations": list(LeadDelegate.objects.on(day).filter(user=user)),
    }
    return render(request, "tracker/work.html", context)


@access(_readers)
@require_POST
def notices_read(request: SignedInRequest) -> HttpResponse:
    """`/work/notices/`: mark one notice as read, or all of them."""
    key = request.POST.get("notice", "")
    if key == "all":
        mark_read(request.user)
        messages.success(request, "All notices are marked as read.")
    elif key.isascii() and key.isdigit():
        mark_read(request.user, int(key[:18]))
    return redirect("tracker:work")
