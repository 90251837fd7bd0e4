"""My own page: what I am told, and what waits for me."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.access import access
from core.dates import today
from core.numbers import key_in
from people.models import Lead, LeadDelegate, Notice
from people.notices import mark_read
from people.requests import SignedInRequest
from tracker.views.rules import readers
from tracker.work import asked_elsewhere, asked_of, own_actions

_NOTICES_SHOWN = 25


@access(readers)
@require_safe
def work(request: SignedInRequest) -> HttpResponse:
    """`/work/`: notices, and everything that waits for the reader with how to put it right."""
    user, day = request.user, today()
    mine = Notice.objects.filter(user=user)
    context = {
        "notices": list(mine.unread_first()[:_NOTICES_SHOWN]),
        "unread": mine.unread().count(),
        "asked": [*asked_of(user), *asked_elsewhere(user)],
        "own": own_actions(user, day),
        "held": list(Lead.objects.held_by(user, day)),
        "delegations": list(LeadDelegate.objects.on(day).filter(user=user)),
    }
    return render(request, "tracker/work.html", context)


@access(readers)
@require_POST
def notices_read(request: SignedInRequest) -> HttpResponse:
    """`/work/notices/`: mark one notice as read, or all of them."""
    key = request.POST.get("notice", "")
    if key == "all":
        mark_read(request.user)
        messages.success(request, "All notices are marked as read.")
    elif number := key_in(key):
        mark_read(request.user, number)
    return redirect("tracker:work")
