"""One question area, and one characteristic of good with what was said of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.charts import inline
from core.collisions import Overtaken
from core.dates import today
from evidence.coverage import coverage
from inspections.assessing import confirm_assessment, may_assess
from inspections.models import Framework
from inspections.queries import neighbours
from people.requests import SignedInRequest
from tracker.paf import CharacteristicStands, area
from tracker.views.paf.found import characteristic_or_404, question_or_404, readers
from tracker.views.rules import FORM_METHODS


@access(readers)
@require_safe
def question(request: SignedInRequest, version: str, number: int) -> HttpResponse:
    """`/paf/<version>/<n>/`: who leads it, how it stands, what is said, shown and planned."""
    found = question_or_404(version, number)
    stands = area(found, request.user, today())
    context = {
        "area": stands,
        "question": found,
        "framework": found.framework,
        "is_in_force": Framework.objects.in_force() == found.framework,
        "chart": inline(stands.chart),
        "numbers": neighbours(found),
        "publications": found.publications.from_outside(),
    }
    return render(request, "tracker/paf/question.html", context)


@access(readers)
@require_http_methods(FORM_METHODS)
def characteristic(
    request: SignedInRequest, version: str, number: int, topic: int, characteristic: int
) -> HttpResponse:
    """`/paf/<version>/<n>/characteristics/<topic>.<m>/`: what was said of one characteristic, the
    latest first; what was carried over is confirmed here.
    """
    of_question = question_or_404(version, number)
    found = characteristic_or_404(of_question, topic, characteristic)
    history = list(found.assessments.select_related("made_by", "carried_from"))
    covers = coverage(of_question.framework, today())[number].covers
    cover = next(each for each in covers if each.characteristic == found)
    stands = CharacteristicStands(cover, history[0] if history else None)
    allowed = may_assess(of_question, request.user)
    if request.method == "POST":
        if stands.said is None or request.POST.get("said") != str(stands.said.pk):
            messages.error(request, "Somebody has assessed this meanwhile. Nothing was confirmed.")
        else:
            try:
                confirm_assessment(stands.said, actor=request.user)
                messages.success(request, f"{found.code} is confirmed.")
            except Overtaken as overtaken:
                messages.error(request, f"{overtaken} Nothing was confirmed.")
        return redirect(request.path)
    context = {
        "framework": of_question.framework,
        "question": of_question,
        "characteristic": found,
        "stands": stands,
        "history": history,
        "may_assess": allowed,
        "is_in_force": Framework.objects.in_force() == of_question.framework,
    }
    return render(request, "tracker/paf/characteristic.html", context)
