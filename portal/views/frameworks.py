"""Taking in a version of the framework: send a file, look at what it would change, take it in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.access import access, holders_of
from core.dates import long_date, parse_date
from core.numbers import counted, listed
from inspections.mapping import before
from inspections.versions import Comparison, VersionRefused, compare
from people.requests import SignedInRequest
from portal.framework_forms import FrameworkForm
from portal.frameworks.taking_in import apply_framework, receive_framework, seen_in
from portal.models import FrameworkUpload

_takers = holders_of("inspections.add_framework")
# So many problems are told at once; there may be more.
_MOST_TOLD = 20


@access(_takers)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: SignedInRequest) -> HttpResponse:
    """Choose a file with a version of the framework."""
    sent = request.method == "POST"
    form = FrameworkForm(*((request.POST, request.FILES) if sent else ()))
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            received = receive_framework(
                upload.file, upload.name, told=form.told, actor=request.user
            )
        except VersionRefused as refusal:
            for problem in _so_many(refusal.problems):
                form.add_error("upload", problem)
        else:
            return redirect(received)
    return render(
        request,
        "portal/frameworks/send.html",
        {
            "form": form,
            "heading": "Import a version of the framework",
            "button": "Upload and preview",
            "cancel": reverse("tracker:frameworks"),
        },
    )


@access(_takers)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a version that was sent would change; taking it in."""
    found = get_object_or_404(FrameworkUpload.objects.select_related("applied_by"), pk=pk)
    problems: list[str] = []
    if request.method == "POST":
        try:
            taken = apply_framework(found, seen=request.POST.get("seen", ""), actor=request.user)
        except VersionRefused as refusal:
            problems = _so_many(refusal.problems)
            found.refresh_from_db()
        else:
            messages.success(request, f"Version {taken.version} is taken in.")
            # Next somebody says what became of the version before.
            page = "tracker:mapping" if before(taken) else "tracker:framework"
            return redirect(page, taken.version)
    comparison = None
    try:
        comparison = compare(found.document)
    except VersionRefused as refusal:
        problems = problems or _so_many(refusal.problems)
    return render(
        request,
        "portal/frameworks/upload.html",
        {
            "upload": found,
            "comparison": comparison,
            "seen": seen_in(comparison) if comparison else "",
            "problems": [{"text": problem, "href": ""} for problem in problems],
            "sentences": _sentences(comparison) if comparison else [],
            "facts": _facts(found),
        },
    )


def _so_many(problems: list[str]) -> list[str]:
    more = len(problems) - _MOST_TOLD
    told = problems[:_MOST_TOLD]
    return [*told, f"There is more to correct: {more} further problems."] if more > 0 else told


def _facts(found: FrameworkUpload) -> list[dict[str, str]]:
    document: dict[str, Any] = found.document
    since = long_date(parse_date(document["in_force_from"]))
    facts = [
        {"key": "Framework", "value": document["framework"]},
        {"key": "Version", "value": document["version"]},
        {"key": "In force from", "value": since},
        {"key": "File", "value": str(found), "note": f"SHA-256 {found.sha256}"},
    ]
    if found.applied_at:
        value = f"{long_date(timezone.localdate(found.applied_at))} by {found.applied_by}"
        facts.append({"key": "Taken in", "value": value})
    return facts


def _sentences(comparison: Comparison) -> list[str]:
    """What taking it in would do."""
    told = []
    if comparison.new:
        kinds = [counted(number, kind) for kind, number in comparison.counts.items()]
        told.append(f"{listed(kinds)} will be recorded")
    if comparison.reworded:
        told.append(f"{counted(len(comparison.reworded), 'part')} will be reworded")
    told += [
        f"{label}: “{theirs or 'nothing'}” instead of “{ours or 'nothing'}”"
        for label, ours, theirs in comparison.facts
    ]
    if comparison.became and comparison.before:
        parts = counted(len(comparison.became), "part")
        told.append(f"what {parts} of {comparison.before.version} became will be recorded")
    if comparison.unchanged:
        told.append(f"{counted(comparison.unchanged, 'part')} will stay as here")
    return told
