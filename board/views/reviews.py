"""Commissioning an internal review."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from board import reviews
from board.choices import Section
from board.models import AgendaItem, Meeting
from board.views.found import meeting_or_404
from board.views.rules import FORM_METHODS, compilers
from core.access import access
from core.dates import today
from core.numbers import key_in
from inspections.inspection_forms import ReviewForm
from people.requests import SignedInRequest
from tracker.refusals import refusals_on


@access(compilers)
@require_http_methods(FORM_METHODS)
def commission(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/commission/?item=`: an internal review, from an item of the agenda or not."""
    meeting = meeting_or_404(request, day)
    item = _asked_item(request, meeting)
    first = {"title": item.title, "why": item.introduction} if item else {}
    form = ReviewForm(request.POST or None, initial=first)
    if form.is_valid():
        with refusals_on(form):
            made = reviews.commission(meeting, actor=request.user, item=item, **form.cleaned_data)
        if not form.errors:
            done = "commissioned" if meeting.held_on <= today() else "proposed to the Board"
            words = '<a class="govuk-link" href="{}">“{}”</a> is {}.'
            where = reverse("tracker:inspection", args=[made.inspection_id])
            messages.success(request, format_html(words, where, made.inspection, done))
            return redirect(meeting)
    context = {
        "form": form,
        "meeting": meeting,
        "heading": "Commission an internal review",
        "button": "Commission it" if meeting.held_on <= today() else "Propose it to the Board",
        "cancel": meeting.get_absolute_url(),
        "lead": "It gets a report and actions of its own, which are counted apart from what "
        "HMICFRS asks of the force.",
    }
    return render(request, "board/item_form.html", context)


def _asked_item(request: SignedInRequest, meeting: Meeting) -> AgendaItem | None:
    """The item in the address, where a review may arise from it."""
    items: AgendaItem | None = (
        meeting.items.standing()
        .filter(section=Section.RISKS, order__gt=0, inspection=None)
        .filter(pk=key_in(request.GET.get("item", "")) or 0)
        .first()
    )
    return items
