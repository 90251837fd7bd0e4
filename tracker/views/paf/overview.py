"""All question areas of a framework on one page, and the same as a document."""

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.access import access
from core.dates import long_date, parse_date, today
from core.pdf import PdfError
from inspections.models import Framework
from people.requests import SignedInRequest
from tracker.models import Confidence
from tracker.paf import overview
from tracker.paf.statement import statement_name, statement_pdf
from tracker.views.paf.found import readers

logger = logging.getLogger("portal.paf")


@access(readers)
@require_safe
def frameworks(request: SignedInRequest) -> HttpResponse:
    """`/paf/`: the framework in force; an empty state when none is loaded."""
    framework = Framework.objects.in_force()
    if framework is None:
        return render(request, "tracker/paf/none.html")
    return redirect("tracker:framework", version=framework.version)


@access(readers)
@require_safe
def framework(request: SignedInRequest, version: str) -> HttpResponse:
    """`/paf/<version>/`: how its question areas stand, side by side."""
    found = get_object_or_404(Framework, version=version)
    lowest = Confidence.objects.last()
    context = {
        "framework": found,
        "in_force": Framework.objects.in_force(),
        "versions": Framework.objects.all(),
        "lowest": lowest,
        "low_query": f"&confidence={lowest.order}" if lowest else "",
        "overview": overview(found, today(), request.user),
    }
    return render(request, "tracker/paf/framework.html", context)


@access(readers)
@require_safe
def statement(request: SignedInRequest, version: str) -> HttpResponse:
    """`/paf/<version>/statement.pdf?as_at=`: the position statement, as at today unless told."""
    found = get_object_or_404(Framework, version=version)
    as_at = today()
    if asked := request.GET.get("as_at", "").strip():
        try:
            as_at = parse_date(asked)
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("tracker:framework", version=version)
        if not found.in_force_from <= as_at <= today():
            first, last = long_date(found.in_force_from), long_date(today())
            messages.error(request, f"{long_date(as_at)} is not a day from {first} to {last}.")
            return redirect("tracker:framework", version=version)
    try:
        content = statement_pdf(found, as_at)
    except PdfError as error:
        logger.exception("The position statement of %s cannot be made", found)
        messages.error(request, str(error))
        return redirect("tracker:framework", version=version)
    name = statement_name(found, as_at)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
