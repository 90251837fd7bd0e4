"""The terms of reference: the version in force, every version, and writing the next one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from board.models import TermsOfReference
from board.terms import approve_terms, begin_draft, change_draft, suggested_version
from board.terms_forms import ApprovalForm, BeginForm, DraftForm
from board.views.rules import FORM_METHODS, planners, readers
from core.access import access
from core.collisions import Overtaken
from core.dates import long_date, today
from people.requests import SignedInRequest
from tracker.refusals import refusals_on


@access(readers)
@require_safe
def terms(request: SignedInRequest) -> HttpResponse:
    """`/board/terms/`: the version in force, with the document control of all of them."""
    return _page(request, TermsOfReference.objects.in_force(today()))


@access(readers)
@require_safe
def version(request: SignedInRequest, version: str) -> HttpResponse:
    """`/board/terms/<version>/`: one version."""
    return _page(request, _found(version))


def _page(request: SignedInRequest, shown: TermsOfReference | None) -> HttpResponse:
    context = {
        "terms": shown,
        "in_force": TermsOfReference.objects.in_force(today()),
        "draft": TermsOfReference.objects.draft(),
        "versions": TermsOfReference.objects.order_by("-pk"),
    }
    return render(request, "board/terms.html", context)


@access(planners)
@require_http_methods(FORM_METHODS)
def new(request: SignedInRequest) -> HttpResponse:
    """`/board/terms/new/`: a new version begins as a copy of the newest."""
    draft = TermsOfReference.objects.draft()
    if draft is not None and request.method != "POST":
        messages.info(request, f"Version {draft.version} is being written already.")
        return redirect("board:terms_edit", version=draft.version)
    form = BeginForm(request.POST or None, initial={"number": suggested_version()})
    if form.is_valid():
        with refusals_on(form):
            begun = begin_draft(actor=request.user, version=form.cleaned_data["number"])
        if not form.errors:
            return redirect("board:terms_edit", version=begun.version)
    return _form_page(request, form, "New version of the terms of reference", "Begin")


@access(planners)
@require_http_methods(FORM_METHODS)
def edit(request: SignedInRequest, version: str) -> HttpResponse:
    """`/board/terms/<version>/edit/`: what a draft says."""
    found = _found(version)
    form = DraftForm(request.POST or None, terms=found)
    if form.is_valid():
        try:
            with refusals_on(form):
                seen = form.cleaned_data["version"]
                changed = change_draft(found, actor=request.user, version=seen, fields=form.said)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, f"Version {changed.version} is saved as a draft.")
            return redirect(changed)
    return _form_page(
        request,
        form,
        f"Terms of reference: version {found.version}",
        "Save draft",
        stands_against=_why_not_written(found),
    )


@access(planners)
@require_http_methods(FORM_METHODS)
def approve(request: SignedInRequest, version: str) -> HttpResponse:
    """`/board/terms/<version>/approve/`: the Board has approved a draft."""
    found = _found(version)
    said = f"Approved at the Board’s meeting on {long_date(today())}."
    form = ApprovalForm(request.POST or None, initial={"status": said})
    if form.is_valid():
        with refusals_on(form):
            approve_terms(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, f"Version {found.version} is approved and in force.")
            return redirect("board:terms")
    return _form_page(
        request,
        form,
        f"Approve version {found.version}",
        "Record the approval",
        "board/terms_approve.html",
        stands_against=_why_not_written(found),
    )


def _found(version: str) -> TermsOfReference:
    return get_object_or_404(TermsOfReference, version=version)


def _why_not_written(found: TermsOfReference) -> str:
    if found.approved:
        return "This version was approved, so it is not changed any more. Begin a new one."
    if found != TermsOfReference.objects.draft():
        return "A later version has taken the place of this draft."
    return ""


def _form_page(
    request: SignedInRequest,
    form: Any,
    heading: str,
    button: str,
    template: str = "board/form.html",
    **more: Any,
) -> HttpResponse:
    back = reverse("board:terms")
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": back,
        "back": back,
        "back_text": "Terms of reference",
        **more,
    }
    return render(request, template, context)
