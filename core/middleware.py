"""Middleware that every request passes: each is named, for logs, audit trail and error pages."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
GetResponse = Callable[[HttpRequest], HttpResponse]


def current_request_id() -> str:
    """The id of the request being answered, `-` outside one."""
    return _request_id.get()


class RequestIdFilter(logging.Filter):
    """Give every log line the id of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


class SaneRequestMiddleware:
    """Refuse what no page of ours asks for: a NUL in the address, or more than can be meant."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise BadRequest("The address holds a NUL character.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            return HttpResponse(
                "This is larger than the portal takes. Go back and choose a smaller file.",
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class RequestIdMiddleware:
    """Name each request, for the logs, the audit trail and the error pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Never taken back: what is logged of a request after its answer is still of that request.
        _request_id.set(uuid.uuid4().hex[:12])
        response = self.get_response(request)
        response["X-Request-ID"] = current_request_id()
        return response
