"""Pages on which somebody says what a piece of evidence stands for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import access
from core.refused import told_on
from evidence.linked import linkable_areas
from evidence.linking import choose, confirm, may_link, unlink
from evidence.linking_forms import StandsForForm, SureForm
from evidence.models import CharacteristicEvidence, Evidence
from evidence.views.found import evidence_or_404
from evidence.views.rules import FORM_METHODS, readers
from inspections.models import Characteristic, CoreQuestion, Framework
from people.requests import SignedInRequest


def _linkable_or_404(request: SignedInRequest, pk: int) -> Evidence:
    """A piece of evidence that this person may read and link.

    Raises:
        Http404: there is none that they may read.
        PermissionDenied: they may read it, and not say what it stands for.
    """
    found = evidence_or_404(request, pk)
    if not may_link(found, request.user):
        raise PermissionDenied
    return found


def _link_or_404(request: SignedInRequest, pk: int) -> CharacteristicEvidence:
    """A link of evidence that this person may read, where they may change it.

    Raises:
        Http404: there is none of evidence that they may read.
        PermissionDenied: they may read it, and not say what it stands for.
    """
    visible = CharacteristicEvidence.objects.visible_to(request.user)
    found: CharacteristicEvidence = get_object_or_404(visible.with_ends(), pk=pk)
    if not may_link(found.evidence, request.user, found.characteristic.topic.question):
        raise PermissionDenied
    return found


@access(readers)
@require_safe
def areas(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<pk>/characteristics/`: the question areas to choose in, each with how many of
    its characteristics the evidence stands for.
    """
    found = _linkable_or_404(request, pk)
    framework = Framework.objects.in_force()
    mine = linkable_areas(found, request.user)
    counts = found.characteristic_links.not_taken_off().counted_by_question()
    questions = framework.questions.order_by("number") if framework else []
    rows = [
        {"question": question, "count": counts.get(question.pk, 0)}
        for question in questions
        if mine is None or question.pk in mine
    ]
    context = {"item": found, "framework": framework, "rows": rows}
    return render(request, "evidence/link_areas.html", context)


@access(readers)
@require_http_methods(FORM_METHODS)
def characteristics(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """`/evidence/<pk>/characteristics/<number>/`: what it stands for within a question area."""
    found = _linkable_or_404(request, pk)
    question = _question_or_404(number)
    if not may_link(found, request.user, question):
        raise PermissionDenied
    links = found.characteristic_links.not_taken_off().of_question(question)
    form = StandsForForm(
        request.POST if request.method == "POST" else None,
        characteristics=Characteristic.objects.of_question(question),
        holding=links.strengths(),
    )
    if form.is_valid():
        with told_on(form):
            choose(found, question, actor=request.user, chosen=form.chosen, shown=form.was_shown)
        if not form.errors:
            messages.success(request, f"What it stands for in {question} is saved.")
            return redirect(found)
    context = {
        "item": found,
        "question": question,
        "form": form,
        "heading": f"What it stands for in {question}",
        "cancel": reverse("evidence:link_areas", args=[found.pk]),
    }
    return render(request, "evidence/link_characteristics.html", context)


def _question_or_404(number: int) -> CoreQuestion:
    framework = Framework.objects.in_force()
    if framework is None:
        raise Http404
    found: CoreQuestion = get_object_or_404(framework.questions, number=number)
    return found


@access(readers)
@require_http_methods(FORM_METHODS)
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/links/<pk>/remove/`: ask, then take the evidence off a characteristic."""
    found = _link_or_404(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        unlink(found, actor=request.user)
        messages.success(request, f"It does not stand for {found.characteristic.code} any more.")
        return redirect(found.evidence)
    context = {"link": found, "form": form, "cancel": found.evidence.get_absolute_url()}
    return render(request, "evidence/link_remove.html", context)


@access(readers)
@require_POST
def confirm_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/links/<pk>/confirm/`: that what was carried over still holds."""
    found = _link_or_404(request, pk)
    try:
        confirm(found, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"It is confirmed for {found.characteristic.code}.")
    return redirect(found.evidence)
