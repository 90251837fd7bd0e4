"""The page of one piece of evidence."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import access
from core.dates import long_date
from evidence.choices import Freshness, ReadAs
from evidence.keeping import keeps, may_keep
from evidence.models import Evidence, EvidenceFile
from evidence.panels import panels_of
from evidence.previews import shown_as
from evidence.readings import latest_readings, may_see_readings, note
from evidence.views.rules import readers
from people.requests import SignedInRequest

_COLOURS = {Freshness.FRESH: "green", Freshness.DUE: "yellow", Freshness.STALE: "red"}


# The portal's pages frame nothing but the previews on this one, which come from the portal itself.
@access(readers)
@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    """`/evidence/<id>/`: one piece of evidence with its versions."""
    visible = Evidence.objects.visible_to(request.user).with_files()
    found = get_object_or_404(visible.select_related("meeting", "withdrawn_by"), pk=pk)
    note(found, request.user, ReadAs.PAGE)
    withdrawn = found.withdrawn_at is not None
    may_change = may_keep(found, request.user) and not withdrawn
    context = {
        "item": found,
        "facts": _facts(found),
        "freshness": _freshness(found),
        "versions": sorted(found.files.all(), key=lambda each: -each.version),
        "preview": _preview(found, asked=request.GET.get("preview") == "yes"),
        "may_change": may_change,
        "may_add_version": may_change and not found.link,
        "may_restore": withdrawn and keeps(request.user),
        "panels": panels_of(found, request.user),
        **_readings(found, request),
    }
    return render(request, "evidence/item.html", context)


def _facts(found: Evidence) -> list[dict[str, str]]:
    source = found.get_source_display()
    facts = [
        {"key": "Date of the evidence", "value": long_date(found.dated_on)},
        {"key": "Owner", "value": str(found.owner)},
        {"key": "Where it comes from", "value": str(found.meeting) if found.meeting else source},
        {"key": "To be reviewed by", "value": long_date(found.review_by)},
        {"key": "Retention review", "value": long_date(found.retention_review_on)},
    ]
    if found.meeting:
        facts[2]["note"] = source
    if found.link:
        facts.append({"key": "Link", "value": found.link, "as_link": found.link})
    return facts


def _freshness(found: Evidence) -> dict[str, str] | None:
    """Text and colour of its badge; None for what was withdrawn, which nobody reviews."""
    if found.withdrawn_at is not None:
        return None
    return {"text": found.freshness.label, "colour": _COLOURS[found.freshness]}


def _preview(found: Evidence, *, asked: bool) -> dict[str, Any] | None:
    """What is shown of its newest file; of a sensitive one only that it can be, until somebody asks
    for it: that, too, is written down.
    """
    newest: EvidenceFile | None = found.latest
    kind = shown_as(newest) if newest else ""
    if newest is None or not kind:
        return None
    return {
        "file": newest,
        "kind": kind,
        "shown": asked or not found.is_sensitive,
        "address": reverse("evidence:preview", args=[newest.pk]),
    }


def _readings(found: Evidence, request: SignedInRequest) -> dict[str, Any]:
    if not may_see_readings(found, request.user):
        return {}
    latest, count = latest_readings(found)
    return {"readings": latest, "readings_count": count}
