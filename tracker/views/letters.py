"""Letters of self-certification: their queues, and each letter until it is signed."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.collisions import Overtaken
from core.forms import GovukForm
from core.listing import Tab
from core.pdf import PdfError, render_pdf
from people.requests import SignedInRequest
from tracker import workflow
from tracker.choices import ClosureStep
from tracker.letter_document import ADDRESSEE, compose, standing_introduction
from tracker.letter_forms import DraftForm, IntroductionForm
from tracker.models import Closure, Letter
from tracker.refusals import refusals_on
from tracker.views.found import letter_or_404
from tracker.views.letter_form import letter_form
from tracker.views.rules import FORM_METHODS, GOVERN, governance, readers
from tracker.views.waiting import ROWS_A_PAGE, waiting_page

logger = logging.getLogger("portal.letters")


# The lists ----------------------------------------------------------------------------------------


@access(readers)
@require_safe
def letters(request: SignedInRequest) -> HttpResponse:
    """`/letters/?show=`: what awaits a letter, a signature or the upload, and what is signed."""
    closures = Closure.objects.visible_to(request.user)
    visible = Letter.objects.visible_to(request.user)
    lists: dict[str, tuple[str, QuerySet[Any]]] = {
        "awaited": ("To draft", closures.without_letter()),
        "drafts": ("To be signed", visible.drafts()),
        "to_upload": ("To upload", closures.at_step(ClosureStep.TO_UPLOAD)),
        "signed": ("Signed", visible.signed()),
    }
    counts = {key: found.count() for key, (_, found) in lists.items()}
    show = request.GET.get("show", "")
    if show not in lists:
        show = next((key for key in lists if counts[key]), "awaited")
    address = reverse("tracker:letters")
    context: dict[str, Any] = {
        "show": show,
        "may_govern": request.user.has_perm(GOVERN),
        "tabs": [
            Tab(text=text, href=f"{address}?show={key}", count=counts[key], current=key == show)
            for key, (text, _) in lists.items()
        ],
    }
    found: Any = lists[show][1]
    if show in ("awaited", "to_upload"):
        context.update(waiting_page(request, found.select_related("action", "letter")))
    else:
        page = Paginator(found.with_contents(), ROWS_A_PAGE)
        context["page"] = page.get_page(request.GET.get("page"))
    return render(request, "tracker/letters/list.html", context)


# A draft ------------------------------------------------------------------------------------------


@access(governance)
@require_http_methods(FORM_METHODS)
def draft(request: SignedInRequest) -> HttpResponse:
    """`/letters/new/?closure=`: one letter for one or several approved closures."""
    waiting = Closure.objects.visible_to(request.user).without_letter()
    choices = waiting.select_related("action")
    first = {
        "closures": request.GET.getlist("closure"),
        "introduction": standing_introduction(),
    }
    form = DraftForm(request.POST or None, choices=choices, initial=first)
    if form.is_valid():
        with refusals_on(form):
            letter = workflow.draft_letter(
                list(form.cleaned_data["closures"]),
                actor=request.user,
                introduction=form.cleaned_data["introduction"],
            )
        if not form.errors:
            messages.success(request, f"{letter} is drafted. Download it for signature.")
            return redirect(letter)
    context = {
        "form": form,
        "stands_against": "" if choices else "No closure waits for a letter.",
        "heading": "Draft a letter",
        "button": "Draft letter",
        "cancel": reverse("tracker:letters"),
    }
    return render(request, "tracker/letters/draft.html", context)


@access(readers)
@require_safe
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/`: the letter as it stands, and its signed scans."""
    found = letter_or_404(request, pk)
    to_upload = Closure.objects.at_step(ClosureStep.TO_UPLOAD).filter(letter=found)
    context = {
        "letter": found,
        "document": compose(found, request.user),
        "addressee": ADDRESSEE,
        "chief_constable": settings.CHIEF_CONSTABLE,
        "scans": sorted(found.scans.all(), key=lambda each: -each.version),
        "to_upload": to_upload.select_related("action"),
        "may_govern": request.user.has_perm(GOVERN),
    }
    return render(request, "tracker/letters/letter.html", context)


@access(readers)
@require_safe
def pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/letter.pdf`: the draft, ready for signature.

    What is signed is the scan: from then on this leads back to the letter.
    """
    found = letter_or_404(request, pk)
    if found.signed is not None:
        messages.info(request, f"{found} is signed: download the signed letter instead.")
        return redirect(found)
    document = compose(found, request.user)
    context: dict[str, object] = {
        "title": f"Letter of self-certification ({found})",
        "marking": document.marking,
        "footer": f"{settings.FORCE_NAME}, {found}",
        "letter": found,
        "document": document,
        "addressee": ADDRESSEE,
        "chief_constable": settings.CHIEF_CONSTABLE,
    }
    try:
        content = render_pdf("tracker/letters/pdf.html", context)
    except PdfError as error:
        logger.exception("The PDF of letter %d cannot be made", found.pk)
        messages.error(request, f"{error} Look at the texts of the letter.")
        return redirect(found)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="letter-{found.pk}.pdf"'},
    )


@access(governance)
@require_http_methods(FORM_METHODS)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/edit/`: the introduction of a draft."""
    found = letter_or_404(request, pk)
    first = {"introduction": found.introduction, "version": found.version}
    form = IntroductionForm(request.POST or None, initial=first)
    if form.is_valid():
        with refusals_on(form):
            try:
                workflow.change_letter(found, actor=request.user, **form.cleaned_data)
            except Overtaken as overtaken:
                form.tell_overtaken(overtaken)
        if not form.errors:
            messages.success(request, "The introduction is saved.")
            return redirect(found)
    return letter_form(
        request,
        "form",
        found,
        form,
        stands_against=workflow.why_no_draft(found),
        heading=f"Introduction of {found}",
    )


@access(governance)
@require_http_methods(FORM_METHODS)
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/put-away/`: ask, then put a draft away; a second time does no harm."""
    awaited = f"{reverse('tracker:letters')}?show=awaited"
    if Letter.objects.put_away().filter(pk=pk).exists():
        messages.info(request, f"Letter {pk} is put away already.")
        return redirect(awaited)
    found = letter_or_404(request, pk)
    form = GovukForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            workflow.discard_letter(found, actor=request.user)
        if not form.errors:
            messages.success(request, f"{found} is put away. Its closures wait for another letter.")
            return redirect(awaited)
    return letter_form(
        request,
        "discard",
        found,
        form,
        stands_against=workflow.why_no_draft(found),
        heading=f"Put {found} away?",
        button="Put away",
    )
