"""Those who lead a question area say how good the force is at it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access
from core.dates import today
from inspections.assessing import SomeRefused, assess_question
from inspections.assessment_forms import AssessmentForm
from inspections.models import CoreQuestion
from people.requests import SignedInRequest
from tracker.paf.area import TopicStands, topics_of
from tracker.views.paf.found import question_to_assess, readers
from tracker.views.rules import FORM_METHODS


@access(readers)
@require_http_methods(FORM_METHODS)
def assess(request: SignedInRequest, version: str, number: int) -> HttpResponse:
    """`/paf/<version>/<n>/assess/`: all characteristics of a question area on one page."""
    question = question_to_assess(request, version, number)
    topics = topics_of(question, today())
    stands = [each for topic in topics for each in topic.characteristics]
    form = AssessmentForm(
        request.POST or None, stands=[(each.characteristic, each.said) for each in stands]
    )
    if form.is_valid() and (written := _assessed(request, question, form)) is not None:
        _tell(request, question, written)
        return redirect("tracker:question", version, number)
    context = {
        "form": form,
        "question": question,
        "framework": question.framework,
        "topics": _with_lines(topics, form),
        "heading": f"Assess question area {number}",
        "button": "Save the assessment",
        "cancel": reverse("tracker:question", args=[version, number]),
    }
    return render(request, "tracker/paf/assess.html", context)


def _assessed(request: SignedInRequest, question: CoreQuestion, form: AssessmentForm) -> int | None:
    """How many were assessed anew; None where something stands against it."""
    try:
        return assess_question(
            question,
            actor=request.user,
            said=form.said(),
            made_on=form.cleaned_data["made_on"],
        )
    except SomeRefused as refused:
        form.tell(refused)
        return None


def _tell(request: SignedInRequest, question: CoreQuestion, written: int) -> None:
    if written:
        many = f"{written} characteristic{'' if written == 1 else 's'}"
        messages.success(request, f"{many} of {question} {'is' if written == 1 else 'are'} saved.")
    else:
        messages.info(request, "Nothing was changed, so nothing was saved.")


def _with_lines(topics: tuple[TopicStands, ...], form: AssessmentForm) -> list[dict[str, Any]]:
    """The topic areas, each with how its characteristics stand and their lines of the form."""
    lines = {line.characteristic.pk: line for line in form.lines()}
    return [
        {
            "topic": topic.topic,
            "lines": [(each, lines[each.characteristic.pk]) for each in topic.characteristics],
        }
        for topic in topics
    ]
