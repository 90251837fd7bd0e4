"""Changing the agenda of a Board: compiling it, its items, the deep dive, the notes."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from board.agenda import (
    add_item,
    change_item,
    compile_agenda,
    following_item,
    move_up,
    put_back,
    remove_item,
    swap_deep_dive,
)
from board.agenda_forms import (
    IntroductionForm,
    ItemForm,
    ItemWordsForm,
    NotesForm,
    RemovalForm,
    SwapForm,
)
from board.models import AgendaItem
from board.rotation import rotation
from board.views.found import item_or_404, meeting_or_404
from board.views.rules import FORM_METHODS, compilers
from board.views.told import tell
from core.access import access
from core.collisions import Overtaken, VersionedForm
from core.numbers import counted
from people.requests import SignedInRequest
from tracker.refusals import refusals_on
from tracker.workflow import Refused


@access(compilers)
@require_POST
def compile_now(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/compile/`: put on the agenda what is on record and not on it yet."""
    meeting = meeting_or_404(request, day)
    again = meeting.compiled_at is not None
    try:
        added = compile_agenda(meeting, actor=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(meeting)
    said = f"{counted(len(added), 'item')} added." if added else "Nothing new has come."
    messages.success(request, said if again else f"The agenda is compiled: {said}")
    return redirect(meeting)


@access(compilers)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/add/?section=`: something that is on no record."""
    meeting = meeting_or_404(request, day)
    form = ItemForm(request.POST or None, initial={"section": request.GET.get("section", "")})
    if form.is_valid():
        with refusals_on(form):
            item = add_item(meeting, actor=request.user, **form.cleaned_data)
        if not form.errors:
            tell(request, item, f"“{item}” is on the agenda.")
            return redirect(item)
    context = {
        "form": form,
        "meeting": meeting,
        "heading": "Add to the agenda",
        "button": "Add to the agenda",
        "cancel": meeting.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)


@access(compilers)
@require_http_methods(FORM_METHODS)
def edit(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/edit/`: the briefing note, which members read beforehand."""
    item = item_or_404(request, day, pk)
    on_record = item.is_head or item.closure or item.publication or item.question
    form_class: type[VersionedForm] = IntroductionForm if on_record else ItemWordsForm
    first = {"title": item.title, "introduction": item.introduction, "version": item.version}
    form = form_class(request.POST or None, initial=first)
    if form.is_valid() and _changed(request, item, form):
        tell(request, item, "Saved.")
        return redirect(item)
    context = {
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "heading": f"Briefing note on “{item}”" if on_record else f"Change “{item}”",
        "cancel": item.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)


@access(compilers)
@require_http_methods(FORM_METHODS)
def notes(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/notes/`: what was said; then an action arising from it, the next
    item, or back.
    """
    item = item_or_404(request, day, pk)
    following = following_item(item, request.user)
    form = NotesForm(request.POST or None, initial={"notes": item.notes, "version": item.version})
    if form.is_valid() and _changed(request, item, form):
        return _after_notes(request, item, following)
    context = {
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "following": following,
        "heading": f"Notes on “{item}”",
        "button": "Save notes",
        "cancel": item.get_absolute_url(),
        "arising": item.arising.select_related("owner"),
    }
    return render(request, "board/notes.html", context)


def _after_notes(
    request: SignedInRequest, item: AgendaItem, following: AgendaItem | None
) -> HttpResponse:
    """Where the button leads with which notes were saved."""
    go, day = request.POST.get("go"), item.meeting.held_on
    if go == "arising":
        messages.success(request, f"The notes on “{item}” are saved.")
        asking = reverse("board:arising_add", args=[day, item.pk])
        return redirect(f"{asking}?{urlencode({'from': 'notes'})}")
    if go == "next" and following is not None:
        messages.success(request, f"The notes on “{item}” are saved.")
        return redirect("board:notes", day, following.pk)
    tell(request, item, "The notes are saved.")
    return redirect(item)


def _changed(request: SignedInRequest, item: AgendaItem, form: VersionedForm) -> bool:
    """Save the words of an item; what stands against it is told on the form."""
    with refusals_on(form):
        try:
            change_item(
                item, actor=request.user, version=form.cleaned_data["version"], **form.changes
            )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
    return not form.errors


@access(compilers)
@require_http_methods(FORM_METHODS)
def remove(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/remove/`: take an item off the agenda, and why."""
    item = item_or_404(request, day, pk)
    form = RemovalForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            remove_item(item, actor=request.user, reason=form.cleaned_data["reason"])
        if not form.errors:
            messages.success(request, f"“{item}” is removed from the agenda.")
            return redirect(item.meeting)
    context = {
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "heading": f"Remove “{item}” from the agenda",
        "button": "Remove from the agenda",
        "cancel": item.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)


@access(compilers)
@require_POST
def restore(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/restore/`: put back what was taken off."""
    return _done_at_once(request, put_back, item_or_404(request, day, pk))


@access(compilers)
@require_POST
def up(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/up/`: one place further up in its part of the agenda."""
    return _done_at_once(request, move_up, item_or_404(request, day, pk))


def _done_at_once(request: SignedInRequest, step: object, item: AgendaItem) -> HttpResponse:
    """A step that asks nothing; what stands against it is told above the agenda."""
    assert callable(step)
    try:
        step(item, actor=request.user)
    except Refused as refusal:
        tell(request, item, str(refusal), level=messages.WARNING)
    return redirect(item)


@access(compilers)
@require_http_methods(FORM_METHODS)
def swap(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """`/board/<day>/deep-dive/`: which question area, and why not the one whose turn it is."""
    meeting = meeting_or_404(request, day)
    turns = rotation(meeting.held_on)
    if not turns:
        messages.warning(request, "No framework is in force on the day of this Board.")
        return redirect(meeting)
    current = meeting.items.deep_dives().first()
    chosen = current.question_id if current else turns[0].question.pk
    form = SwapForm(
        request.POST or None,
        turns=turns,
        initial={"question": chosen, "reason": current.swap_reason if current else ""},
    )
    if form.is_valid():
        with refusals_on(form):
            item = swap_deep_dive(meeting, actor=request.user, **form.cleaned_data)
        if not form.errors:
            tell(request, item, "The deep dive is chosen.")
            return redirect(item)
    context = {
        "form": form,
        "meeting": meeting,
        "heading": "Choose the deep dive",
        "cancel": meeting.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)
