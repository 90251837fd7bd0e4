"""Actions arising: asking, changing, and recording that they are done."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from board.agenda_forms import ArisingChangeForm, ArisingForm, DoneForm
from board.arising import ask, change, finish
from board.models import ActionArising
from board.views.found import arising_or_404, item_or_404
from board.views.rules import FORM_METHODS, compilers
from board.views.told import tell
from core.access import access, signed_in
from core.collisions import Overtaken
from people.models import User
from people.requests import SignedInRequest
from tracker.refusals import refusals_on


def may_finish(user: User, arising: ActionArising) -> bool:
    """Whether this person records that it is done: its owner, or who keeps the notes."""
    return arising.owner_id == user.pk or user.has_perm("board.compile_agenda")


@access(compilers)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest, day: dt.date, pk: int) -> HttpResponse:
    """`/board/<day>/items/<pk>/arising/`: what is asked of whom, by when. With `?from=notes` it
    leads back to the notes on the item.
    """
    item = item_or_404(request, day, pk)
    from_notes = request.GET.get("from") == "notes"
    notes = reverse("board:notes", args=[day, pk])
    form = ArisingForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            arising = ask(item, actor=request.user, **form.cleaned_data)
        if not form.errors:
            said = f"{arising.owner} is asked, and told."
            if from_notes:
                messages.success(request, said)
                return redirect(notes)
            tell(request, item, said)
            return redirect(item)
    context = {
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "heading": f"Add an action arising from “{item}”",
        "button": "Add the action",
        "cancel": notes if from_notes else item.get_absolute_url(),
        "back_text": "Notes" if from_notes else "",
    }
    return render(request, "board/item_form.html", context)


@access(signed_in)
@require_safe
def arising(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/board/arising/<pk>/`: what is asked, and what came of it."""
    found = arising_or_404(request, pk)
    context = {
        "arising": found,
        "may_finish": found.done_on is None and may_finish(request.user, found),
        "may_change": found.done_on is None and request.user.has_perm("board.compile_agenda"),
        "reads_agenda": request.user.has_perm("board.read_pack"),
    }
    return render(request, "board/arising.html", context)


@access(compilers)
@require_http_methods(FORM_METHODS)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/board/arising/<pk>/edit/`: what is asked, of whom and by when."""
    found = arising_or_404(request, pk)
    first = {name: getattr(found, name) for name in ("text", "owner", "due_on", "version")}
    form = ArisingChangeForm(request.POST or None, initial=first)
    if form.is_valid():
        with refusals_on(form):
            try:
                change(
                    found,
                    actor=request.user,
                    version=form.cleaned_data["version"],
                    **form.changes,
                )
            except Overtaken as overtaken:
                form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The action arising is changed.")
            return redirect(found)
    context = {
        "form": form,
        "meeting": found.meeting,
        "heading": "Change the action arising",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)


@access(signed_in)
@require_http_methods(FORM_METHODS)
def done(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/board/arising/<pk>/done/`: that it is done, and what came of it."""
    found = arising_or_404(request, pk)
    if not may_finish(request.user, found):
        raise PermissionDenied("Its owner, or who takes the notes, records that it is done.")
    form = DoneForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            finish(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "Recorded as done. The next Board sees what came of it.")
            return redirect(found)
    context = {
        "form": form,
        "meeting": found.meeting,
        "heading": "Record as done",
        "lead": found.text,
        "button": "Record as done",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "board/item_form.html", context)
