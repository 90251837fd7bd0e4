"""The PEEL Assessment Framework with its leads and how many live actions stand against each
question.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.access import access, holders_of
from core.dates import today
from inspections.models import Framework
from inspections.queries import neighbours, question_in_full, questions_with_leads
from people.requests import SignedInRequest
from tracker import position
from tracker.models import Action

_readers = holders_of("inspections.view_framework")


@access(_readers)
@require_safe
def frameworks(request: SignedInRequest) -> HttpResponse:
    """The framework in force; an empty state when none is loaded."""
    framework = Framework.objects.in_force()
    if framework is None:
        return render(request, "tracker/frameworks_empty.html")
    return redirect("tracker:framework", version=framework.version)


@access(_readers)
@require_safe
def framework(request: SignedInRequest, version: str) -> HttpResponse:
    """One version: its question areas, their leads and live actions."""
    found = get_object_or_404(Framework, version=version)
    live = position.by_question(today())
    questions = questions_with_leads(found, today())
    return render(
        request,
        "tracker/framework.html",
        {
            "framework": found,
            "versions": Framework.objects.all(),
            "questions": [(question, live.get(question.pk, 0)) for question in questions],
            "unaligned": live.get(None, 0),
        },
    )


@access(_readers)
@require_safe
def question(request: SignedInRequest, version: str, number: int) -> HttpResponse:
    """One question area: leads, live actions, publications, and what good looks like."""
    found = question_in_full(get_object_or_404(Framework, version=version), number, today())
    if found is None:
        raise Http404
    return render(
        request,
        "tracker/question.html",
        {
            "question": found,
            "framework": found.framework,
            "numbers": neighbours(found),
            "live": position.by_question(today()).get(found.pk, 0),
            "actions": Action.objects.live_in_question(found, request.user, today()),
            "publications": found.publications.from_outside(),
        },
    )
