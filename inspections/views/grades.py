"""`/inspections/grades/`: the grades of each round side by side, and recording them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from inspections import grading
from inspections.choices import PublicationType
from inspections.grade_forms import GradesForm
from inspections.models import Framework, Grade, Publication
from inspections.views.pages import (
    FORM_METHODS,
    GOVERN,
    form_page,
    governance,
    readers,
    saved,
    tabs,
)
from people.requests import SignedInRequest


@access(readers)
@require_safe
def grades(request: SignedInRequest) -> HttpResponse:
    """The grades of each round that has any, the oldest on the left."""
    rounds = grading.rounds()
    graded = [each for each in rounds if each.grades]
    oldest = Framework.objects.order_by("in_force_from").first()
    too_old = [each for each in rounds if not each.grades and _is_before(each, oldest)]
    context = {
        "tabs": tabs("grades"),
        "to_record": [each for each in rounds if each not in too_old],
        "too_old": too_old,
        "oldest": oldest,
        "graded": graded,
        "rows": grading.side_by_side(graded),
        "scale": Grade.objects.all(),
        "may_govern": request.user.has_perm(GOVERN),
    }
    return render(request, "inspections/grades.html", context)


def _is_before(round_: grading.Round, oldest: Framework | None) -> bool:
    """Whether a report came out before the oldest version of the framework that is recorded."""
    return oldest is None or round_.publication.published_on < oldest.in_force_from


@access(governance)
@require_http_methods(FORM_METHODS)
def record(request: SignedInRequest, slug: str) -> HttpResponse:
    """`/inspections/grades/<slug>/`: the grades that a PEEL report gives."""
    peel = Publication.objects.filter(type=PublicationType.PEEL)
    publication: Publication = get_object_or_404(peel, slug=slug)
    framework = grading.framework_of(publication)
    if framework is None:
        messages.info(
            request,
            "No version of the framework of that time is recorded. It holds the questions, so "
            "it is loaded first.",
        )
        return redirect("inspections:grades")
    form = GradesForm(
        request.POST or None, graded=grading.round_of(publication), framework=framework
    )
    if saved(form, lambda: (_record(request, publication, form),)):
        messages.success(request, f"The grades of “{publication}” are recorded.")
        return redirect("inspections:grades")
    if form.errors and form.is_bound:
        form.show_again(seen=grading.round_of(publication).seen)
    return form_page(
        request,
        form,
        f"Grades of “{publication}”",
        reverse("inspections:grades"),
        "Grades",
        lead_text=f"By the questions of {framework}. Leave a question that was not graded.",
    )


def _record(request: SignedInRequest, publication: Publication, form: GradesForm) -> int:
    return grading.record_grades(
        publication, actor=request.user, seen=form.cleaned_data["seen"], grades=form.grades
    )
