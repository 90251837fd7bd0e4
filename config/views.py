"""The home page, the brand's style sheet, pages for machines, and the error pages."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.home import home_context
from core.access import access, everyone, signed_in
from core.kept import is_from_here, kept_form
from core.middleware import current_request_id
from people.requests import SignedInRequest


@access(signed_in)
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "home.html", home_context(request.user, request.session.get("last_here", ""))
    )


@access(everyone)
@require_safe
@cache_control(max_age=3600)
def brand(request: HttpRequest) -> HttpResponse:
    """The force's colour as a custom property: a style sheet of its own, since the CSP forbids
    inline ones.
    """
    colour = settings.FORCE_COLOUR
    rule = f":root {{ --force-colour: {colour}; --govuk-brand-colour: {colour}; }}\n"
    return HttpResponse(rule, content_type="text/css")


@access(everyone)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@access(everyone)
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process answers and its database does too; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with another token than the browser's: usually somebody has signed in again since.

    What came from one of our own pages can be sent again by the person who looks at it; what came
    from elsewhere is not shown.
    """
    ours = request.user.is_authenticated and is_from_here(request)
    return render(request, "errors/csrf.html", kept_form(request) if ours else {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the reason is that the database cannot be reached. Neither page asks it
    anything.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(_plain("errors/503.html"), status=503, headers={"Retry-After": "30"})
    return HttpResponse(_plain("errors/500.html"), status=500)


def _plain(template: str) -> str:
    return render_to_string(
        template,
        {
            "product_name": settings.PRODUCT_NAME,
            "force_name": settings.FORCE_NAME,
            "request_id": current_request_id(),
        },
    )
