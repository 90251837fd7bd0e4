"""The one PDF renderer: a template and its context in, a tagged A4 document out.

It never reaches the network. Pictures come as `data:` addresses, style sheets and fonts from the
project's own static files; anything else stops the rendering, because a picture that is silently
missing from a public paper is worse than no paper.
"""

import io
import logging
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from fontTools.ttLib import woff2
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Templates give static files as "/static/pdf/paper.css"; WeasyPrint wants whole addresses.
# The reserved name ".invalid" can belong to nobody.
_HERE = "https://portal.invalid/"


class PdfError(Exception):
    """The document could not be made; the message says which file was refused or is missing."""


class OwnFilesOnly(URLFetcher):
    """Gives `data:` addresses and our own static files, and refuses the rest."""

    def __init__(self) -> None:
        super().__init__(
            allowed_protocols={"data", "https"}, allow_redirects=False, fail_on_errors=True
        )

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content behind an address.

        Raises:
            ValueError: the address is neither `data:` nor one of our static files.
        """
        if urlsplit(url).scheme == "data":
            return super().fetch(url, headers)
        root = urljoin(_HERE, settings.STATIC_URL)
        address = url.partition("#")[0].partition("?")[0]
        if not address.startswith(root):
            raise ValueError(f"{url} is not one of the portal’s own files.")
        name = unquote(address.removeprefix(root))
        contents = _static_file(name)
        if name.endswith(".woff2"):
            return URLFetcherResponse(url, _unpacked(contents), {"Content-Type": "font/ttf"})
        return URLFetcherResponse(url, contents, {"Content-Type": _type_of(name)})

    def open(self, url: Any, data: Any = None, timeout: Any = None) -> NoReturn:
        """Refused: the parent's way round `fetch`, which would open any address."""
        raise ValueError(f"{url} may not be opened.")


def _type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


@lru_cache(maxsize=16)
def _unpacked(font: bytes) -> bytes:
    """The font inside a WOFF2 file; kept, for unpacking ours anew takes half a second a paper."""
    plain = io.BytesIO()
    woff2.decompress(io.BytesIO(font), plain)
    return plain.getvalue()


def _static_file(name: str) -> bytes:
    """A static file by its plain name (sources) or its hashed one (collected).

    Raises:
        ValueError: there is no such file.
    """
    try:
        found = finders.find(name)
        if isinstance(found, str):
            with open(found, "rb") as source:  # noqa: PTH123 - finders give text paths
                return source.read()
        with staticfiles_storage.open(name) as collected:
            return bytes(collected.read())
    except (OSError, SuspiciousFileOperation) as error:
        raise ValueError(f"There is no static file “{name}”.") from error


class _Complaints(logging.Handler):
    """Collects the renderer's errors of one thread; it logs them and would carry on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.thread = threading.get_ident()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.found.append(record.getMessage())


@contextmanager
def _no_complaints() -> Iterator[None]:
    """Turn an error that was only logged (a picture that cannot be drawn) into a failure.

    Raises:
        PdfError: with the first of them.
    """
    complaints, logger = _Complaints(), logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    try:
        yield
    finally:
        logger.removeHandler(complaints)
    if complaints.found:
        raise PdfError(f"The PDF could not be made: {complaints.found[0][:200]}")


def render_pdf(template: str, context: dict[str, object]) -> bytes:
    """Render a template (it extends "pdf/base.html") as a tagged PDF, PDF/UA-1 targeted.

    Args:
        template: name of the template.
        context: its variables; the force's and the product's names are added.

    Raises:
        PdfError: the template asks for a file that is not ours or is missing, or holds a picture
            that cannot be drawn, or is nested beyond measure.
    """
    installation: dict[str, object] = {
        "force_name": settings.FORCE_NAME,
        "force_short_name": settings.FORCE_SHORT_NAME,
        "product_name": settings.PRODUCT_NAME,
    }
    html = render_to_string(template, {**installation, **context})
    fonts = FontConfiguration()
    try:
        with _no_complaints():
            document = HTML(string=html, base_url=_HERE, url_fetcher=OwnFilesOnly())
            pdf: bytes = document.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    except RecursionError as error:
        raise PdfError(
            "The PDF could not be made: something in it is nested too deeply."
        ) from error
    except FatalURLFetchingError as error:
        # Not an Exception in WeasyPrint, so it would end the worker instead of the request.
        raise PdfError(f"The PDF could not be made: {error.__cause__ or error}") from error
    return pdf
