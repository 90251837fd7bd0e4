"""Who comes to a Board, who does not, and who decides in the chair's place."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from board.attendance import (
    Overwritten,
    offered,
    own_row,
    record_attendance,
    send_apologies,
    take_back_apologies,
)
from board.attendance_forms import attendance_forms
from board.choices import AttendanceState
from board.meeting_forms import ApologiesForm, NominationForm, people_with
from board.models import Meeting, Nomination, TermsOfReference
from board.nominations import end_nomination, nominate
from board.practical import when_words
from board.views.found import meeting_or_404
from board.views.meetings import why_fixed
from board.views.rules import FORM_METHODS, compilers, nominators, readers
from core.access import access
from core.dates import long_date, today
from core.forms import ErrorLink
from people.requests import SignedInRequest
from tracker.refusals import refusals_on
from tracker.workflow import Refused


@access(compilers)
@require_http_methods(FORM_METHODS)
def attendance(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/attendance/`: who came, who sent apologies, who came in whose place."""
    meeting = meeting_or_404(request, day)
    forms = attendance_forms(request.POST or None, offered(meeting))
    errors: list[ErrorLink] = []
    if forms.is_bound and forms.is_valid():
        try:
            record_attendance(meeting, actor=request.user, rows=forms.rows)
        except Overwritten as overwritten:
            forms.tell_overwritten(overwritten)
        except Refused as refusal:
            errors.append(ErrorLink(str(refusal)))
        else:
            messages.success(request, f"Attendance at the {meeting} is saved.")
            return redirect(_after_saving(request, meeting))
    context = {
        "meeting": meeting,
        "when": when_words(meeting),
        "forms": forms,
        "errors": [*errors, *forms.error_links()] if forms.is_bound else [],
        "people": people_with("board.read_pack"),
        "stands_against": why_fixed(meeting),
        "cancel": meeting.get_absolute_url(),
    }
    return render(request, "board/attendance.html", context)


def _after_saving(request: SignedInRequest, meeting: Meeting) -> str:
    """The list again where more rows are asked for, else the agenda."""
    if "more" in request.POST:
        return reverse("board:attendance", args=[meeting.held_on])
    return meeting.get_absolute_url()


@access(readers)
@require_http_methods(FORM_METHODS)
def apologies(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/apologies/`: I cannot come; this is who comes instead."""
    meeting = meeting_or_404(request, day)
    terms = TermsOfReference.objects.in_force(meeting.held_on)
    own = own_row(meeting, request.user)
    sent = own is not None and own.state == AttendanceState.APOLOGIES
    initial = {"post": own.post, "represented_by": own.represented_by} if own else {}
    form = ApologiesForm(
        request.POST or None, posts=terms.members if terms else [], initial=initial
    )
    if form.is_valid():
        with refusals_on(form):
            said = _answer(request, meeting, form)
        if not form.errors:
            messages.success(request, said)
            return redirect("board:apologies", day=meeting.held_on)
    context = {
        "form": form,
        "meeting": meeting,
        "when": when_words(meeting),
        "own": own if sent else None,
        "heading": f"Apologies for the {meeting}",
        "stands_against": why_fixed(meeting) or _why_late(meeting),
        "cancel": meeting.get_absolute_url(),
    }
    return render(request, "board/apologies.html", context)


def _answer(request: SignedInRequest, meeting: Meeting, form: ApologiesForm) -> str:
    if request.POST.get("do") == "take_back":
        take_back_apologies(meeting, actor=request.user)
        return "Your apologies are withdrawn: you are expected at the Board."
    send_apologies(meeting, actor=request.user, **form.cleaned_data)
    return "Your apologies are on record."


def _why_late(meeting: Meeting) -> str:
    if meeting.held_on >= today():
        return ""
    return "This Board was held. Whoever takes its notes records who came."


@access(nominators)
@require_http_methods(FORM_METHODS)
def deputy(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/deputy/`: who decides in the chair's place, from when until when."""
    meeting = meeting_or_404(request, day)
    form = NominationForm(request.POST or None, meeting=meeting)
    if form.is_valid():
        with refusals_on(form):
            named = nominate(meeting, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{named.deputy} is nominated, and is told so.")
            return redirect("board:deputy", day=meeting.held_on)
    context = {
        "form": form,
        "meeting": meeting,
        "when": when_words(meeting),
        "nominations": [
            {"nomination": each, "over": each.ended_on <= today()}
            for each in meeting.nominations.select_related("deputy", "nominated_by").made()
        ],
        "heading": f"Deputy for the {meeting}",
        "button": "Nominate",
        "stands_against": why_fixed(meeting),
        "cancel": meeting.get_absolute_url(),
    }
    return render(request, "board/deputy.html", context)


@access(nominators)
@require_http_methods(FORM_METHODS)
def deputy_end(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/deputy/<pk>/end/`: a deputy decides no more, once that is confirmed."""
    meeting = meeting_or_404(request, day)
    found = get_object_or_404(meeting.nominations.select_related("deputy"), pk=pk)
    if request.method == "POST":
        try:
            end_nomination(found, actor=request.user)
            messages.success(request, f"{found.deputy} decides no more, and is told so.")
        except Refused as refusal:
            messages.info(request, str(refusal))
        return redirect("board:deputy", day=meeting.held_on)
    context = {"meeting": meeting, "nomination": found, "days": _days(found)}
    return render(request, "board/deputy_end.html", context)


def _days(nomination: Nomination) -> str:
    first, last = nomination.started_on, nomination.last_day
    if first == last:
        return f"on {long_date(first)}"
    return f"from {long_date(first)} until {long_date(last)}"
