"""Applying an import, and how far that has come."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access
from core.numbers import key_in
from people.requests import SignedInRequest
from portal.imports import progress as progress_of
from portal.imports.applying import apply_import
from portal.imports.refused import ImportNotPossible
from portal.models import State
from portal.views.found import import_or_404, importers


@access(importers)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: SignedInRequest, pk: int) -> HttpResponse:
    found = import_or_404(request.user, pk)
    if request.method != "POST":
        if found.state != State.PREVIEWED or not found.good_rows:
            return redirect(found)
        return render(request, "portal/apply.html", {"import": found})
    try:
        applied = apply_import(
            found,
            actor=request.user,
            seen=key_in(request.POST.get("preview", "")) or 0,
            progress=progress_of.teller(pk),
        )
    except ImportNotPossible as error:
        messages.error(request, str(error))
    else:
        number = applied.good_rows
        messages.success(request, f"{number:,} {'row' if number == 1 else 'rows'} applied.")
    finally:
        progress_of.forget(pk)
    return redirect("portal:import", pk)


@access(importers)
@require_safe
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far applying has come; `done` is null while nothing is under way."""
    found = import_or_404(request.user, pk)
    done, total = progress_of.told(pk) or (None, found.good_rows)
    return JsonResponse(
        {
            "state": found.state,
            "done": done,
            "total": total,
            "page": reverse("portal:import", args=[pk]),
        }
    )
