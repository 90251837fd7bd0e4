"""Pages of the register of good practice: one of them, recording, changing, taking up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.collisions import Overtaken
from core.dates import long_date
from core.numbers import key_in
from core.refused import told_on
from evidence import practice as writing
from evidence.models import GoodPractice
from evidence.practice_forms import ChangePracticeForm, PracticeForm, TakeUpForm
from evidence.views.rules import FORM_METHODS, adders, readers
from people.requests import SignedInRequest


@access(readers)
@require_safe
def practice(request: SignedInRequest, pk: int) -> HttpResponse:
    """One good practice: where it comes from, who could use it, who took it up."""
    found = _found(request, pk)
    context = {
        "practice": found,
        "could_use": found.could_use.all(),
        "take_ups": found.take_ups.all(),
        "may_change": writing.may_change(found, request.user),
        "may_take_up": writing.leads_to_take_up(found, request.user).exists(),
    }
    return render(request, "evidence/practice/practice.html", context)


@access(adders)
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest) -> HttpResponse:
    """`/evidence/good-practice/add/`; with `?evidence=` or `?publication=` it begins with where
    it comes from.
    """
    first = {
        "evidence": request.GET.get("evidence", "")[:9],
        "publication": key_in(request.GET.get("publication", "")),
    }
    form = PracticeForm(request.POST or None, initial=first, reader=request.user)
    if form.is_valid():
        with told_on(form, "evidence"):
            added = writing.record_practice(actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{added}” is on the register.")
            return redirect(added)
    return _form_page(request, form, "Record good practice", "Record")


@access(adders)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the register says of it."""
    found = _found(request, pk)
    if not writing.may_change(found, request.user):
        raise PermissionDenied
    form = ChangePracticeForm(
        request.POST or None, initial=_first(found), reader=request.user, kept=found.evidence
    )
    if form.is_valid():
        version = form.cleaned_data["version"]
        with told_on(form, "evidence"):
            try:
                writing.change_practice(found, actor=request.user, version=version, **form.changes)
            except Overtaken as overtaken:
                form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The good practice is changed.")
            return redirect(found)
    return _form_page(request, form, f"Change “{found}”", "Save", found)


def _first(found: GoodPractice) -> dict[str, Any]:
    names = ("title", "what", "publication", "other_force", "marking", "version")
    evidence = str(found.evidence_id) if found.evidence_id else ""
    could_use = list(found.could_use.all())
    return {
        **{name: getattr(found, name) for name in names},
        "evidence": evidence,
        "could_use": could_use,
    }


@access(readers)
@require_http_methods(FORM_METHODS)
def take_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """That a lead took it up."""
    found = _found(request, pk)
    leads = writing.leads_to_take_up(found, request.user)
    if not leads:
        raise PermissionDenied
    form = TakeUpForm(request.POST or None, leads=leads)
    if form.is_valid():
        with told_on(form):
            said = writing.take_up(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            day = long_date(said.taken_up_on)
            messages.success(request, f"{said.lead} took it up on {day}.")
            return redirect(found)
    return _form_page(request, form, f"“{found}” was taken up", "Save", found)


def _found(request: SignedInRequest, pk: int) -> GoodPractice:
    visible = GoodPractice.objects.visible_to(request.user).with_origin(request.user)
    return get_object_or_404(visible.with_leads().select_related("recorded_by"), pk=pk)


def _form_page(
    request: SignedInRequest,
    form: Any,
    heading: str,
    button: str,
    found: GoodPractice | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": found.get_absolute_url() if found else reverse("evidence:practices"),
        "back_words": found.title if found else "Good practice",
    }
    return render(request, "evidence/practice/form.html", context)
