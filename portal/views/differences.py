"""Pages of one difference with HMICFRS's portal: both sides, and what governance decides."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.collisions import Overtaken
from core.dates import long_date
from core.numbers import capitalised, counted, listed
from core.uploads import atomic_with_files
from evidence.models import Evidence
from people.requests import SignedInRequest
from portal.models import DifferenceKind, PortalDifference
from portal.reconciliation import answers
from portal.reconciliation.adopting import (
    ADOPTABLE,
    Adopted,
    Document,
    Way,
    adopt,
    name_action,
    way_of,
)
from portal.reconciliation.beside import both_sides, changes_of, how_it_went, places_to_correct
from portal.reconciliation.forms import (
    AdoptForm,
    AdoptWithDocumentForm,
    AnswerForm,
    NoteForm,
    OurActionForm,
    OwnerForm,
    PortalReferenceForm,
)
from portal.reconciliation.listing import reference_of
from tracker.attaching import attach_new, evidence_of_action
from tracker.models import Action
from tracker.refusals import refusals_on
from tracker.workflow import When

readers = holders_of("tracker.view_action")
governance = holders_of("portal.reconcile")
FORM_METHODS = ["GET", "HEAD", "POST"]
_NAMED_BY = {
    DifferenceKind.ONLY_THERE: "This is one of our actions",
    DifferenceKind.ONLY_HERE: "Give its portal reference",
}


def difference_or_404(request: SignedInRequest, pk: int) -> PortalDifference:
    """A difference with all that is shown of it.

    Raises:
        Http404: there is none that this person may read.
    """
    readable = PortalDifference.objects.visible_to(request.user).with_all()
    found: PortalDifference = get_object_or_404(readable.select_related("answered_by"), pk=pk)
    return found


@access(readers)
@require_safe
def difference(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/`: both sides beside each other, and what was decided."""
    found = difference_or_404(request, pk)
    may_reconcile = request.user.has_perm("portal.reconcile") and found.is_open
    way = way_of(found, request.user) if may_reconcile and found.kind in ADOPTABLE else None
    owns = found.is_open and found.owner == request.user
    context = {
        "difference": found,
        "reference": reference_of(found),
        "sides": both_sides(found),
        "entries": changes_of(found),
        "how_it_went": how_it_went(found),
        "way": way,
        "buttons": _buttons(found, way) if may_reconcile else _own_buttons(found) if owns else [],
        "places": places_to_correct(found) if may_reconcile else [],
    }
    return render(request, "portal/reconciliation/difference.html", context)


def _buttons(found: PortalDifference, way: Way | None) -> list[dict[str, str]]:
    """What governance may decide; none of it is what is usual."""
    steps = [("Record a decision", "portal:answer")]
    if found.kind in _NAMED_BY:
        steps.append((_NAMED_BY[DifferenceKind(found.kind)], "portal:name"))
    if way is not None and not way.against:
        steps.append(("Adopt what the portal says", "portal:adopt"))
    steps.append(("Owner and note", "portal:owner"))
    return [_button(found, text, address) for text, address in steps]


def _own_buttons(found: PortalDifference) -> list[dict[str, str]]:
    return [_button(found, "Write a note", "portal:note")]


def _button(found: PortalDifference, text: str, address: str) -> dict[str, str]:
    return {"text": text, "href": reverse(address, args=[found.pk]), "style": "secondary"}


def _open_or_back(request: SignedInRequest, pk: int) -> PortalDifference | HttpResponse:
    """An open difference; the way to its page, with a sentence, where it is settled."""
    found = difference_or_404(request, pk)
    if found.closed_on is None:
        return found
    messages.info(
        request,
        f"This difference is settled since {long_date(found.closed_on)}: there is nothing to "
        "decide.",
    )
    return redirect(found)


@access(governance)
@require_http_methods(FORM_METHODS)
def owner(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/owner/`: who sees to it, and a note."""
    found = _open_or_back(request, pk)
    if isinstance(found, HttpResponse):
        return found
    form = OwnerForm(request.POST or None, difference=found)
    if form.is_valid():
        with refusals_on(form):
            answers.give(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "Owner and note are recorded.")
            return redirect(found)
    return _form_page(request, found, form, "Owner and note")


@access(readers)
@require_http_methods(FORM_METHODS)
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/note/`: what the owner has found out.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    found = _open_or_back(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if not answers.may_write_note(found, request.user):
        raise PermissionDenied
    form = NoteForm(request.POST or None, difference=found)
    if form.is_valid():
        with refusals_on(form):
            answers.write_note(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "The note is recorded.")
            return redirect(found)
    return _form_page(request, found, form, "Note")


@access(governance)
@require_http_methods(FORM_METHODS)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/answer/`: it waits, is accepted until a date, or is our error."""
    found = _open_or_back(request, pk)
    if isinstance(found, HttpResponse):
        return found
    form = AnswerForm(request.POST or None, difference=found)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            answers.answer(
                found,
                actor=request.user,
                said=form.answer,
                note=given["note"],
                until=given["until"],
                seen=given["seen"],
            )
        if not form.errors:
            messages.success(request, "The decision is recorded.")
            return redirect(found)
    return _form_page(request, found, form, "Record a decision")


@access(governance)
@require_http_methods(FORM_METHODS)
def adopt_value(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/adopt/`: what the portal says becomes ours, by the usual step."""
    found = _open_or_back(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if found.kind not in ADOPTABLE:
        raise Http404
    way = way_of(found, request.user)
    form = _adopt_form(request, found, way)
    if form.is_valid() and _adopted(request, found, form):
        return redirect(found)
    return _form_page(request, found, form, "Adopt what the portal says", way=way, button="Adopt")


def _adopt_form(
    request: SignedInRequest, found: PortalDifference, way: Way
) -> AdoptForm | AdoptWithDocumentForm:
    sent = request.method == "POST"
    if way.document == Document.NONE:
        return AdoptForm(request.POST if sent else None, difference=found, way=way)
    action: Any = found.action
    return AdoptWithDocumentForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        difference=found,
        way=way,
        choices=evidence_of_action(action, request.user).latest_first(),
    )


def _adopted(
    request: SignedInRequest, found: PortalDifference, form: AdoptForm | AdoptWithDocumentForm
) -> bool:
    given = form.cleaned_data
    when = When(given.get("on"), given.get("late_reason", ""))
    try:
        with refusals_on(form), atomic_with_files():
            now = adopt(
                found,
                actor=request.user,
                text=given["text"],
                when=when,
                document=_document(request, found, when, given),
                seen=given["seen"],
            )
    except Overtaken as overtaken:
        form.add_error(None, f"{overtaken} Nothing was recorded: look at the action first.")
    if form.errors:
        return False
    _say_what_came_of_it(request, now)
    return True


def _document(
    request: SignedInRequest, found: PortalDifference, when: When, given: dict[str, Any]
) -> Evidence | None:
    """The document in which HMICFRS says so; a new one becomes evidence of the action."""
    upload: File | None = given.get("upload")
    link: str = given.get("link") or ""
    if upload is None and not link:
        return given.get("document")
    action: Any = found.action
    return attach_new(
        action,
        actor=request.user,
        title=f"What HMICFRS says of {action}, {long_date(when.day)}",
        dated_on=when.day,
        marking=action.marking,
        upload=upload,
        link=link,
    )


def _say_what_came_of_it(request: SignedInRequest, now: Adopted) -> None:
    """Whether it is settled, and what else the new comparison brought."""
    about, settled = reference_of(now.difference), now.difference.closed_on is not None
    also = []
    if now.compared is not None:
        others = now.compared.closed - settled
        if now.compared.opened:
            new = counted(now.compared.opened, "new difference was", "new differences were")
            also.append(f"{new} found")
        if others:
            also.append(f"{counted(others, 'other was', 'others were')} settled")
    brought = f" {capitalised(listed(also))}." if also else ""
    if settled:
        messages.success(request, f"Recorded. {about}: this difference is settled.{brought}")
    else:
        messages.info(
            request,
            f"Recorded, and compared again: {about} still differs from the portal.{brought}",
        )


@access(governance)
@require_http_methods(FORM_METHODS)
def name(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/portal/differences/<pk>/name/`: which action and which record are one and the same."""
    found = _open_or_back(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if found.kind not in _NAMED_BY:
        raise Http404
    form = _name_form(request, found)
    if form.is_valid() and _named(request, found, form):
        return redirect(found)
    return _form_page(
        request, found, form, _NAMED_BY[DifferenceKind(found.kind)], offered=form.found
    )


def _name_form(
    request: SignedInRequest, found: PortalDifference
) -> OurActionForm | PortalReferenceForm:
    data = request.POST or None
    if found.kind == DifferenceKind.ONLY_HERE:
        return PortalReferenceForm(data, difference=found)
    readable = Action.objects.visible_to(request.user)
    return OurActionForm(data, difference=found, actions=readable)


def _named(
    request: SignedInRequest,
    found: PortalDifference,
    form: OurActionForm | PortalReferenceForm,
) -> bool:
    if isinstance(form, OurActionForm):
        action, reference = form.action, str(found.record)
    else:
        ours: Any = found.action
        action, reference = ours, form.cleaned_data["named"]
    with refusals_on(form, names={"portal_reference": "reference"}):
        now = name_action(
            found,
            actor=request.user,
            action=action,
            reference=reference,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )
    if form.errors:
        return False
    _say_what_came_of_it(request, now)
    return True


def _text_of(found: PortalDifference) -> str:
    """What is asked by the side that the other one lacks."""
    there = found.action or found.record
    return there.text if there else ""


def _form_page(
    request: SignedInRequest,
    found: PortalDifference,
    form: Any,
    heading: str,
    *,
    way: Way | None = None,
    button: str = "Save",
    offered: Sequence[Any] = (),
) -> HttpResponse:
    context = {
        "difference": found,
        "reference": reference_of(found),
        "form": form,
        "heading": heading,
        "button": button,
        "way": way,
        "offered": offered,
        "is_only_there": found.kind == DifferenceKind.ONLY_THERE,
        "text": _text_of(found) if found.kind in _NAMED_BY else "",
        "stands_against": way.against if way else "",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "portal/reconciliation/form.html", context)
