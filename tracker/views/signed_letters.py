"""Signed letters: filing the scan, a new version of it, its download, and the upload to HMICFRS."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.downloads import download
from core.markings import Marking
from core.numbers import listed, mid_sentence
from people.models import User
from people.requests import SignedInRequest
from tracker import workflow
from tracker.choices import ClosureStep
from tracker.letter_document import marking_of
from tracker.letter_forms import FilingForm, ReplacementForm, UploadForm
from tracker.models import Closure, Letter, SignedLetter
from tracker.refusals import refusals_on
from tracker.routes import ROUTES
from tracker.views.found import closure_or_404, letter_or_404
from tracker.views.letter_form import letter_form
from tracker.views.rules import FORM_METHODS, GOVERN, governance, readers
from tracker.workflow import Verb

logger = logging.getLogger("portal.letters")
# Where permissions are held: sign-in by an identity provider has a backend of its own.
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@access(governance)
@require_http_methods(FORM_METHODS)
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/sign/`: file the signed scan."""
    found = letter_or_404(request, pk)
    form = FilingForm(*_sent(request))
    if form.is_valid():
        with refusals_on(form, file="scan"):
            workflow.file_letter(
                found,
                actor=request.user,
                scan=form.cleaned_data["scan"],
                signed_on=form.cleaned_data["signed_on"],
                when=form.when,
            )
        if not form.errors:
            messages.success(
                request,
                f"{found} is filed. Upload it to the HMICFRS portal next, and record that here.",
            )
            return redirect(found)
    effects = _effects(found)
    empty = "" if effects else f"No closure is left in {found}. Draft another one."
    return letter_form(
        request,
        "sign",
        found,
        form,
        effects=effects,
        stands_against=workflow.why_no_draft(found) or empty,
        heading=f"File signed {mid_sentence(str(found))}",
        button="File signed letter",
    )


def _sent(request: SignedInRequest) -> tuple[Any, ...]:
    """What a form with a file is made of."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _effects(found: Letter) -> list[str]:
    """What filing the signed letter does to its actions: one sentence for each kind of route."""
    closing: list[str] = []
    waiting: list[str] = []
    for closure in found.closures.all():
        verified = ROUTES[closure.route].verified
        (waiting if verified else closing).append(closure.action.reference)
    sentences = []
    if closing:
        verb = "closes" if len(closing) == 1 else "close"
        sentences.append(f"{listed(closing)} {verb}. The letter is still to be uploaded.")
    if waiting:
        verb = "goes" if len(waiting) == 1 else "go"
        sentences.append(f"{listed(waiting)} {verb} to HMICFRS once the letter is uploaded.")
    return sentences


@access(governance)
@require_http_methods(FORM_METHODS)
def replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/letters/<pk>/replace/`: a new version of the signed scan, with a reason."""
    found = letter_or_404(request, pk)
    before = found.signed
    first = {"signed_on": before.signed_on} if before else {}
    form = ReplacementForm(*_sent(request), initial=first)
    if form.is_valid():
        with refusals_on(form, file="scan"):
            workflow.replace_letter(found, actor=request.user, **form.cleaned_data)
        if not form.errors:
            messages.success(request, "The new version is filed. Those before it are kept.")
            return redirect(found)
    nothing = f"{found} is not signed yet. File the signed letter first."
    return letter_form(
        request,
        "form",
        found,
        form,
        stands_against="" if before else nothing,
        heading=f"New version of signed {mid_sentence(str(found))}",
        button="File new version",
    )


@access(readers)
@require_safe
def signed_letter(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """`/letters/signed/<pk>/`: download one version of a signed scan."""
    visible = SignedLetter.objects.visible_to(request.user).select_related("letter")
    found = get_object_or_404(visible, pk=pk)
    try:
        response = download(found)
    except FileNotFoundError:
        logger.error(
            "The scan of letter %d, version %d, is missing", found.letter_id, found.version
        )
        return render(request, "tracker/letters/file_missing.html", {"file": found}, status=404)
    closures = list(found.letter.closures.select_related("action"))
    if marking_of(closures) == Marking.SENSITIVE:
        logger.info(
            "%s downloaded version %d of sensitive letter %d",
            request.user.username,
            found.version,
            found.letter_id,
        )
    return response


@access(governance)
@require_http_methods(FORM_METHODS)
def record_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/closures/<pk>/upload/`: when and by whom the letter went to HMICFRS's portal."""
    found = closure_or_404(request, pk)
    visible = Closure.objects.visible_to(request.user).select_related("action", "letter")
    choices = visible.at_step(ClosureStep.TO_UPLOAD).filter(letter=found.letter_id)
    form = UploadForm(
        request.POST or None,
        choices=choices,
        people=User.objects.with_perm(GOVERN, backend=_BACKEND, include_superusers=False),
        initial={"by": request.user, "closures": [each.pk for each in choices]},
    )
    if form.is_valid():
        closures = list(form.cleaned_data.get("closures", [found]))
        with refusals_on(form):
            workflow.record_upload(
                closures, actor=request.user, by=form.cleaned_data["by"], when=form.when
            )
        if not form.errors:
            messages.success(request, _upload_words(closures))
            return redirect(f"{reverse('tracker:letters')}?show=to_upload")
    case, person = (
        workflow.case_of(found.action, found),
        workflow.person_of(request.user, found.action, found),
    )
    context = {
        "closure": found,
        "form": form,
        "stands_against": workflow.verdict(Verb.UPLOAD, case, person),
        "verified": ROUTES[found.route].verified,
        "heading": f"Record the upload: {found.action}",
        "button": "Record upload",
        "cancel": found.get_absolute_url(),
    }
    return render(request, "tracker/letters/upload.html", context)


def _upload_words(closures: list[Closure]) -> str:
    references = listed([closure.action.reference for closure in closures])
    return f"The upload for {references} is recorded."
