"""The portal's addresses and a few that fail, for the tests of its error pages."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as portal
from core.access import access, everyone

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAILURES: dict[str, type[Exception]] = {
    "broken": ZeroDivisionError,
    "database-gone": OperationalError,
    "connection-lost": InterfaceError,
    "tampered": SuspiciousOperation,
    "forbidden": PermissionDenied,
}


@access(everyone)
def fail(request: HttpRequest, failure: str) -> HttpResponse:
    raise FAILURES[failure]("the reason, which no page may show")


def without_rule(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never seen")


urlpatterns = [
    *portal,
    path("fail/<str:failure>/", fail, name="fail"),
    path("without-rule/", without_rule, name="without_rule"),
]
