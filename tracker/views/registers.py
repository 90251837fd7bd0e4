"""The registers: what counts in the position, and other bodies and internal reviews beside it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import access, holders_of
from core.dates import today
from inspections.choices import PublicationType
from inspections.models import Publication
from people.requests import SignedInRequest
from tracker import position
from tracker.choices import COUNTED_REGISTERS, Register
from tracker.position import RegisterCount

_TITLES = {Register.OTHER_BODY: "Other bodies", Register.INTERNAL: "Internal reviews"}
# The reports that actions of a register come from.
_TYPES = {
    Register.OTHER_BODY: PublicationType.OTHER_BODY,
    Register.INTERNAL: PublicationType.INTERNAL_REVIEW,
}

# What belongs in a register that holds nothing yet.
_BELONGS = {
    Register.OTHER_BODY: "Reports of other bodies with actions for the force belong here: of the "
    "Independent Office for Police Conduct, the College of Policing, internal audit and the like.",
    Register.INTERNAL: "Reviews that the force itself commissions belong here, once they report.",
}


@access(holders_of("inspections.view_publication"))
@require_safe
def registers(request: SignedInRequest) -> HttpResponse:
    """`/publications/registers/`: how many actions each register holds, and the reports of those
    that are counted apart.
    """
    day = today()
    counts = position.by_register(day)
    context = {
        "as_at": day,
        "counted": [_row(each) for each in counts if each.counted],
        "live": sum(each.live for each in counts if each.counted),
        "apart": [{**_row(each), **_reports(each)} for each in counts if not each.counted],
    }
    return render(request, "tracker/registers.html", context)


def _row(count: RegisterCount) -> dict[str, Any]:
    return {
        "count": count,
        "title": _TITLES.get(count.register, count.register.label),
        "href": f"{reverse('tracker:actions')}?register={count.register}",
    }


def _reports(count: RegisterCount) -> dict[str, Any]:
    """The reports that the actions of a register come from, with how those stand."""
    kind = _TYPES[count.register]
    publications = list(Publication.objects.filter(type=kind).order_by("-published_on", "title"))
    others = [each for each in Register if each not in COUNTED_REGISTERS]
    keys = [each.pk for each in publications]
    counts = position.by_publication(today(), keys, registers=others)
    return {
        "publications": [
            {"publication": each, "count": counts.get(each.pk)} for each in publications
        ],
        "belongs": _BELONGS[count.register],
        "all_reports": f"{reverse('tracker:publications')}?type={kind}",
    }
