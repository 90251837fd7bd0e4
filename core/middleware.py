"""Middleware that every request passes: each is named, for logs, audit trail and error pages."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar

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


class NoNulMiddleware:
    """Refuse an address with a NUL character in it: nobody types one, and PostgreSQL takes none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise BadRequest("The address holds a NUL character.")
        return self.get_response(request)


class RequestIdMiddleware:
    """Name each request, for the logs, the audit trail and the error pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request_id.set(uuid.uuid4().hex[:12])
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id()
            return response
        finally:
            _request_id.reset(token)
