"""Pages of the standing reminder: the corporate meetings, their days, and who is reminded."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.collisions import Overtaken
from core.dates import long_date, today
from core.forms import GovukForm
from core.refused import told_on
from evidence import meetings as writing
from evidence.meeting_forms import (
    ChangeMeetingForm,
    EndMeetingForm,
    MeetingForm,
    NothingForm,
    RemindForm,
)
from evidence.models import CorporateMeeting
from evidence.reminders import (
    SHOWN_DAYS,
    Occurrence,
    days_of,
    next_day,
    occurrences,
    to_keep,
    when_words,
)
from evidence.views.rules import FORM_METHODS, readers
from people.models import User
from people.requests import SignedInRequest

_keepers = holders_of(writing.KEEPS)
# The days a page shows lie within so many days; quarterly meetings fill it too.
_LOOK_BACK_DAYS = 366


@access(readers)
@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """`/evidence/meetings/`: every meeting, and what the reader is reminded of now."""
    day = today()
    every = list(CorporateMeeting.objects.prefetch_related("reminded"))
    last = _last_days(every, day)
    rows = [
        {
            "meeting": each,
            "when": when_words(each),
            "next": next_day(each, day),
            "last": last.get(each.pk),
            "ended": each.ended_on is not None and each.ended_on <= day,
        }
        for each in every
    ]
    context = {
        "held": [row for row in rows if not row["ended"]],
        "ended": [row for row in rows if row["ended"]],
        "to_keep": to_keep(request.user, day),
        "may_keep": request.user.has_perm(writing.KEEPS),
    }
    return render(request, "evidence/meetings/list.html", context)


def _last_days(every: list[CorporateMeeting], day: dt.date) -> dict[int, Occurrence]:
    """The last day on which each meeting took place, by key."""
    found: dict[int, Occurrence] = {}
    for each in occurrences(every, day - dt.timedelta(days=_LOOK_BACK_DAYS), day):
        found.setdefault(each.meeting.pk, each)
    return found


@access(readers)
@require_safe
def meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    """One meeting with its last days, and who is reminded of it."""
    found = _found(pk)
    day = today()
    since = day - dt.timedelta(days=_LOOK_BACK_DAYS)
    context = {
        "meeting": found,
        "facts": _facts(found, day),
        "days": occurrences([found], since, day)[:SHOWN_DAYS],
        "reminded": found.reminded.all(),
        "may_keep": request.user.has_perm(writing.KEEPS),
        "may_answer": writing.may_answer(found, request.user),
    }
    return render(request, "evidence/meetings/meeting.html", context)


def _facts(found: CorporateMeeting, day: dt.date) -> list[dict[str, str]]:
    facts = [{"key": "Takes place", "value": when_words(found)}]
    if found.ended_on:
        facts.append({"key": "No longer held from", "value": long_date(found.ended_on)})
    coming = next_day(found, day)
    if coming:
        facts.append({"key": "Next", "value": f"{coming:%A} {long_date(coming)}"})
    return facts


@access(_keepers)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """Put a meeting on the list."""
    form = MeetingForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            added = writing.add_meeting(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{added}” is on the list. Say who is reminded of it.")
            return redirect(added)
    return _form_page(request, form, "Add a corporate meeting", "Add meeting")


@access(_keepers)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name, and how often a meeting takes place."""
    found = _found(pk)
    first = {name: getattr(found, name) for name in ("name", "every", "first_on", "version")}
    form = ChangeMeetingForm(request.POST or None, initial=first)
    if form.is_valid():
        version = form.cleaned_data["version"]
        with told_on(form):
            try:
                writing.change_meeting(found, actor=request.user, version=version, **form.changes)
            except Overtaken as overtaken:
                form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The meeting is changed.")
            return redirect(found)
    return _form_page(request, form, f"Change “{found}”", "Save", found)


@access(_keepers)
@require_http_methods(FORM_METHODS)
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """That a meeting is no longer held."""
    found = _found(pk)
    form = EndMeetingForm(request.POST or None)
    if form.is_valid():
        with told_on(form, "ended_on"):
            writing.end_meeting(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"Nobody is reminded of “{found}” from that day.")
            return redirect(found)
    return _form_page(request, form, f"“{found}” is no longer held", "Save", found)


@access(_keepers)
@require_http_methods(FORM_METHODS)
def remind(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who is to keep what a meeting showed."""
    found = _found(pk)
    form = RemindForm(request.POST or None)
    if form.is_valid():
        with told_on(form):
            writing.remind(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"{form.cleaned_data['user']} is reminded of it.")
            return redirect(found)
    return _form_page(request, form, f"Remind somebody of “{found}”", "Remind this person", found)


@access(_keepers)
@require_http_methods(FORM_METHODS)
def stop_reminding(request: SignedInRequest, pk: int, user: int) -> HttpResponse:
    """Remind somebody of a meeting no more; asked first."""
    found = _found(pk)
    person = get_object_or_404(User, pk=user)
    if request.method == "POST":
        writing.stop_reminding(found, actor=request.user, user=person)
        messages.success(request, f"{person} is not reminded of it any more.")
        return redirect(found)
    heading = f"Remind {person} of “{found}” no more"
    return _form_page(request, GovukForm(), heading, "Remind no more", found)


@access(readers)
@require_http_methods(FORM_METHODS)
def nothing_to_keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?date=`: that there is no evidence to keep from this day of the meeting."""
    found = _found(pk)
    if not writing.may_answer(found, request.user):
        raise PermissionDenied
    day = _day_asked(request, found)
    form = NothingForm(request.POST or None)
    if form.is_valid():
        with told_on(form, "why"):
            writing.say_nothing_to_keep(
                found, actor=request.user, held_on=day, why=form.cleaned_data["why"]
            )
        if not form.errors:
            messages.success(request, f"Nobody is reminded of {long_date(day)} any more.")
            return redirect("evidence:meetings")
    heading = f"Nothing to keep from “{found}” of {long_date(day)}"
    return _form_page(request, form, heading, "Save", found)


def _day_asked(request: SignedInRequest, found: CorporateMeeting) -> dt.date:
    """The day in the address; without one, the last on which the meeting took place.

    Raises:
        Http404: there is no such day.
    """
    text = request.GET.get("date", "")
    try:
        day = dt.date.fromisoformat(text) if text else _last_day(found)
    except ValueError:
        day = None
    if day is None or day > today() or day not in days_of(found, day, day):
        raise Http404("The meeting has not taken place on such a day.")
    return day


def _last_day(found: CorporateMeeting) -> dt.date | None:
    days = days_of(found, today() - dt.timedelta(days=_LOOK_BACK_DAYS), today())
    return days[-1] if days else None


def _found(pk: int) -> CorporateMeeting:
    return get_object_or_404(CorporateMeeting, pk=pk)


def _form_page(
    request: SignedInRequest,
    form: Any,
    heading: str,
    button: str,
    found: CorporateMeeting | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": found.get_absolute_url() if found else reverse("evidence:meetings"),
        "back_words": found.name if found else "Corporate meetings",
    }
    return render(request, "evidence/meetings/form.html", context)
