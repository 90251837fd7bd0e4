"""Middleware that every request passes: each is named, for logs, audit trail and error pages."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import TemporaryUploadedFile
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


class _Whole:
    """The body of a request, whose sender may break off before its end.

    A server then gives what has come, and no word that more was to come: the first half of a file
    would be taken for the whole.

    Args:
        stream: as the server gives it.
        length: that the request said it has.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._left = length

    def _counted(self, got: bytes, wanted: bool) -> bytes:
        self._left -= len(got)
        if self._left > 0 and wanted:
            raise ConnectionResetError("The sender broke off before the end of the request.")
        return got

    def read(self, *size: int) -> bytes:
        got: bytes = self._stream.read(*size)
        to_the_end = not size or size[0] is None or size[0] < 0
        return self._counted(got, to_the_end or (not got and size[0] > 0))

    def readline(self, *size: int) -> bytes:
        got: bytes = self._stream.readline(*size)
        return self._counted(got, not got)

    def close(self) -> None:
        self._stream.close()


class SaneRequestMiddleware:
    """Refuse what no page of ours asks for: a NUL in the address, more than can be meant, or half
    of what was meant (reading it then fails as Django's `UnreadablePostError`).
    """

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
        if length.isdigit() and int(length):
            # Where Django reads from; no setting or handler sees both the body and its length.
            request._stream = _Whole(request._stream, int(length))  # type: ignore[assignment]
        response = self.get_response(request)
        _close_begun_uploads(request)
        return response


def _close_begun_uploads(request: HttpRequest) -> None:
    """Close the temporary file whose sender broke off: Django closes what came whole."""
    for handler in request.upload_handlers:
        begun = getattr(handler, "file", None)
        if isinstance(begun, TemporaryUploadedFile):
            begun.close()


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
