"""The list of Boards, and how they are planned, moved and cancelled."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from board.choices import MeetingState
from board.meeting_forms import CancelForm, ChangeForm, DaysForm, MeetingForm, SeriesForm
from board.meetings import (
    CLOSED,
    cancel_meeting,
    change_meeting,
    plan_meeting,
    plan_series,
    reinstate_meeting,
)
from board.models import Meeting
from board.practical import covers, listed
from board.series import day_off, rule_words
from board.views.found import meeting_or_404
from board.views.rules import FORM_METHODS, planners, readers
from core.access import access
from core.collisions import Overtaken
from core.dates import long_date, today
from people.requests import SignedInRequest
from tracker.refusals import refusals_on
from tracker.workflow import Refused


@access(readers)
@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """`/board/`: the Boards to come and those that were."""
    visible = list(Meeting.objects.visible_to(request.user).select_related("chair"))
    rows = listed(visible, request.user)
    context = {
        "coming": [row for row in reversed(rows) if row.meeting.held_on >= today()],
        "past": [row for row in rows if row.meeting.held_on < today()],
    }
    return render(request, "board/meetings.html", context)


@access(planners)
@require_http_methods(FORM_METHODS)
def plan(request: SignedInRequest) -> HttpResponse:
    """`/board/plan/`: one Board."""
    form = MeetingForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            planned = plan_meeting(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"The {planned} is planned.{_day_off_words([planned])}")
            return redirect("board:meetings")
    return _form_page(request, form, "Plan a meeting", "Plan this meeting")


@access(planners)
@require_http_methods(FORM_METHODS)
def series(request: SignedInRequest) -> HttpResponse:
    """`/board/series/`: a monthly series: what it is like, then its dates, which can be changed."""
    form = SeriesForm(request.POST or None)
    do = request.POST.get("do", "")
    if not form.is_valid() or do == "change":
        return _form_page(request, form, "Plan a series", "Show the dates", "board/form.html")
    days = form.days
    chosen = DaysForm(request.POST if do == "save" else None, days=days)
    if chosen.is_valid():
        with refusals_on(chosen):
            planned = plan_series(actor=request.user, days=chosen.days, **form.details)
        if not chosen.errors:
            number = f"{len(planned)} meetings are" if len(planned) > 1 else "1 meeting is"
            messages.success(request, f"{number} planned.{_day_off_words(planned)}")
            return redirect("board:meetings")
    extra = {
        "asked": form,
        "rule": rule_words(days[0].by_rule, form.cleaned_data["rule"]),
        "days_off": [each.day for each in days if day_off(each.day)],
    }
    button = "Plan these meetings"
    return _form_page(
        request, chosen, "Dates of the series", button, "board/series_days.html", **extra
    )


@access(planners)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/change/`: another day, time, place or chair."""
    meeting = meeting_or_404(request, day)
    form = ChangeForm(request.POST or None, meeting=meeting)
    if form.is_valid():
        try:
            with refusals_on(form):
                version = form.cleaned_data["version"]
                changed = change_meeting(
                    meeting, actor=request.user, version=version, **form.changes
                )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, _change_words(meeting, changed))
            return redirect("board:meetings")
    return _form_page(
        request,
        form,
        f"Change the {meeting}",
        "Save changes",
        stands_against=why_fixed(meeting),
    )


@access(planners)
@require_http_methods(FORM_METHODS)
def cancel(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/cancel/`: it does not take place; or it does after all."""
    meeting = meeting_or_404(request, day)
    if meeting.state == MeetingState.CANCELLED:
        return _reinstate(request, meeting)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            cancel_meeting(meeting, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"The {meeting} is cancelled.")
            return redirect("board:meetings")
    return _form_page(
        request,
        form,
        f"Cancel the {meeting}",
        "Cancel this meeting",
        "board/cancel.html",
        meeting=meeting,
        stands_against=CLOSED if meeting.closed else "",
    )


def _reinstate(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    # Sent without a word of its own, a form that cancels has been sent twice.
    if request.POST.get("do") == "reinstate":
        try:
            reinstate_meeting(meeting, actor=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"The {meeting} takes place after all.")
        return redirect("board:meetings")
    context = {"meeting": meeting, "cancel": reverse("board:meetings")}
    return render(request, "board/reinstate.html", context)


def why_fixed(meeting: Meeting) -> str:
    """Why nothing about a meeting may change any more; "" where it may."""
    if meeting.closed:
        return CLOSED
    if not meeting.open:
        return "This Board is cancelled. It cannot be changed unless it takes place after all."
    return ""


def _change_words(was: Meeting, now: Meeting) -> str:
    """What to say of a change: the new day, and a deputy whom it leaves behind."""
    if was.held_on == now.held_on:
        return f"The {now} is changed."
    left = [
        f" {each.deputy}’s nomination does not cover {long_date(now.held_on)}. Nominate again."
        for each in now.nominations.select_related("deputy")
        if covers(each, was.held_on) and not covers(each, now.held_on)
    ]
    said = f"The Board is moved to {long_date(now.held_on)}.{_day_off_words([now])}"
    return said + "".join(left)


def _day_off_words(planned: list[Meeting]) -> str:
    """Which of some Boards are on no working day, and why that is none."""
    days = [each.held_on for each in planned if day_off(each.held_on)]
    told = [f"{day:%A} {long_date(day)} is {day_off(day)}" for day in days]
    return f" {'; '.join(told)}." if told else ""


def _form_page(
    request: SignedInRequest,
    form: Any,
    heading: str,
    button: str,
    template: str = "board/form.html",
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": reverse("board:meetings"),
        "back": reverse("board:meetings"),
        "back_text": settings.BOARD_NAME,
        **more,
    }
    return render(request, template, context)
