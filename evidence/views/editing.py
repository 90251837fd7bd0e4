"""What may be done to a piece of evidence: a newer version, other details, withdrawing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access
from core.collisions import Overtaken
from core.refused import told_on
from evidence.adding import add_version_of
from evidence.editing import FIELDS, WITHDRAWN, change, restore, withdraw
from evidence.forms import ConfirmForm, EditForm, VersionForm, WithdrawForm
from evidence.keeping import keeps, may_keep
from evidence.models import Evidence
from evidence.views.found import evidence_or_404
from evidence.views.rules import FORM_METHODS, adders
from people.requests import SignedInRequest


def _page(
    request: SignedInRequest, template: str, item: Evidence, form: Any, **words: Any
) -> HttpResponse:
    context = {"form": form, "item": item, "cancel": item.get_absolute_url(), **words}
    return render(request, f"evidence/{template}.html", context)


@access(adders)
@require_http_methods(FORM_METHODS)
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/version/`: add a newer version of the file."""
    found = evidence_or_404(request, pk)
    if not may_keep(found, request.user):
        raise PermissionDenied
    sent = request.method == "POST"
    form = VersionForm(request.POST, request.FILES) if sent else VersionForm()
    if form.is_valid():
        with told_on(form):
            added = add_version_of(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"Version {added.version} is kept.")
            return redirect(found)
    words = {"heading": f"Add a version of “{found}”", "button": "Add version"}
    return _page(request, "version", found, form, stands_against=_stands_against(found), **words)


def _stands_against(found: Evidence) -> str:
    return WITHDRAWN if found.withdrawn_at is not None else ""


@access(adders)
@require_http_methods(FORM_METHODS)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/edit/`: change what is known of it."""
    found = evidence_or_404(request, pk)
    if not may_keep(found, request.user):
        raise PermissionDenied
    initial = {name: getattr(found, name) for name in (*FIELDS, "version")}
    sent = request.POST if request.method == "POST" else None
    form = EditForm(sent, evidence=found, initial=initial)
    if form.is_valid():
        try:
            with told_on(form):
                change(found, form.cleaned_data["version"], form.changes, actor=request.user)
            if not form.errors:
                messages.success(request, "The evidence is changed.")
                return _back(request, found)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
    words = {"heading": f"Change “{found}”", "stands_against": _stands_against(found)}
    return _page(request, "edit", found, form, **words)


def _back(request: SignedInRequest, found: Evidence) -> HttpResponse:
    """To the piece; to the list, for somebody who has just given it to others to read."""
    still = Evidence.objects.visible_to(request.user).filter(pk=found.pk).exists()
    return redirect(found) if still else redirect("evidence:items")


@access(adders)
@require_http_methods(FORM_METHODS)
def withdraw_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/withdraw/`: withdraw it, with the reason."""
    found = evidence_or_404(request, pk)
    if not may_keep(found, request.user):
        raise PermissionDenied
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with told_on(form, "reason"):
            withdraw(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"“{found}” is withdrawn.")
            return redirect(found)
    already = "This evidence was withdrawn already." if found.withdrawn_at else ""
    words = {"heading": f"Withdraw “{found}”", "button": "Withdraw", "stands_against": already}
    return _page(request, "withdraw", found, form, **words)


@access(adders)
@require_http_methods(FORM_METHODS)
def restore_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/restore/`: take back what was withdrawn."""
    found = evidence_or_404(request, pk)
    if not keeps(request.user):
        raise PermissionDenied
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with told_on(form):
            restore(found, actor=request.user)
        if not form.errors:
            messages.success(request, f"“{found}” is restored.")
            return redirect(found)
    stands = "" if found.withdrawn_at else "This evidence is not withdrawn."
    words = {"heading": f"Restore “{found}”", "button": "Restore", "stands_against": stands}
    return _page(request, "restore", found, form, **words)
