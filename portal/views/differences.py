"""Pages of one difference with HMICFRS's portal: both sides, and what governance decides."""

from typing import Any

from django.contrib import messages
from django.core.files import File
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, holders_of
from core.collisions import Overtaken
from core.dates import long_date
from core.uploads import atomic_with_files
from evidence.models import Evidence
from people.requests import SignedInRequest
from portal.models import DifferenceKind, PortalDifference
from portal.reconciliation import answers
from portal.reconciliation.adopting import ADOPTABLE, Document, Way, adopt, name_action, way_of
from portal.reconciliation.beside import both_sides, changes_of, places_to_correct
from portal.reconciliation.forms import (
    AdoptForm,
    AdoptWithDocumentForm,
    AnswerForm,
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
    context = {
        "difference": found,
        "reference": reference_of(found),
        "sides": both_sides(found),
        "entries": changes_of(found),
        "may_reconcile": may_reconcile,
        "buttons": _buttons(found) if may_reconcile else [],
        "places": places_to_correct(found) if may_reconcile else [],
    }
    return render(request, "portal/reconciliation/difference.html", context)


def _buttons(found: PortalDifference) -> list[dict[str, str]]:
    steps = [("Say what becomes of it", "portal:answer")]
    if found.kind in ADOPTABLE:
        steps.insert(0, ("Adopt what the portal says", "portal:adopt"))
    if found.kind in _NAMED_BY:
        steps.insert(0, (_NAMED_BY[DifferenceKind(found.kind)], "portal:name"))
    steps.append(("Owner and note", "portal:owner"))
    return [
        {
            "text": text,
            "href": reverse(address, args=[found.pk]),
            "style": "secondary" if place else "",
        }
        for place, (text, address) in enumerate(steps)
    ]


def _open_or_back(request: SignedInRequest, pk: int) -> PortalDifference | HttpResponse:
    """An open difference; the way to its page, with a sentence, where it is gone."""
    found = difference_or_404(request, pk)
    if found.closed_on is None:
        return found
    messages.info(
        request,
        f"This difference is gone since {long_date(found.closed_on)}: there is nothing to decide.",
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
            messages.success(request, "What becomes of this difference is recorded.")
            return redirect(found)
    return _form_page(request, found, form, "What becomes of it?")


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


def _say_what_came_of_it(request: SignedInRequest, now: PortalDifference) -> None:
    if now.closed_on is not None:
        messages.success(request, f"Recorded. {reference_of(now)}: this difference is gone.")
    else:
        messages.info(
            request,
            f"Recorded, and compared again: {reference_of(now)} still differs from the portal.",
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
    return _form_page(request, found, form, _NAMED_BY[DifferenceKind(found.kind)])


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
) -> HttpResponse:
    context = {
        "difference": found,
        "reference": reference_of(found),
        "form": form,
        "heading": heading,
        "button": button,
        "way": way,
        "text": _text_of(found) if found.kind in _NAMED_BY else "",
        "stands_against": way.against if way else "",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "portal/reconciliation/form.html", context)
