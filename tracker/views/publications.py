"""Reports of HMICFRS and others: how their actions stand, and the response clock."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.access import access, holders_of
from core.dates import today
from inspections.models import Inspection, Publication
from inspections.plenary_forms import items_of
from people.requests import SignedInRequest
from tracker import position
from tracker.models import Action

_readers = holders_of("inspections.view_publication")


@access(_readers)
@require_safe
def publication(request: SignedInRequest, slug: str) -> HttpResponse:
    """One publication with its actions and response clock."""
    found = get_object_or_404(
        Publication.objects.select_related("question__framework", "executive_lead", "plenary"),
        slug=slug,
    )
    return render(
        request,
        "tracker/publication.html",
        {
            "publication": found,
            "inspection": Inspection.objects.visible_to(request.user).filter(report=found).first(),
            "count": position.by_publication(today(), [found.pk]).get(found.pk),
            "items": items_of(found),
            "actions": Action.objects.of_publication(found, request.user, today()),
            "may_govern": request.user.has_perm("tracker.govern_actions"),
        },
    )
