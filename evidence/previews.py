"""Which files a browser shows within a page, and the headers that seal what it shows.

Pictures run nothing. A PDF may hold a script: the viewers of browsers run it, if at all, in a
process or an origin of their own, where it reaches neither the portal nor its cookies. They do not
start in a sandboxed document, though (Chromium shows an error page instead), so a PDF is served
without `sandbox`, and with a policy under which nothing else may be fetched, framed or sent; any
other kind is not shown at all. Only the portal's own pages may frame either.
"""

from django.http import FileResponse

from core.downloads import download
from evidence.models import EvidenceFile

_PICTURES = ("image/png", "image/jpeg")
_PDF = "application/pdf"
_FRAMED = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_PICTURE_POLICY = f"{_FRAMED}; sandbox; img-src 'self'; style-src 'unsafe-inline'"
_PDF_POLICY = f"{_FRAMED}; object-src 'self'; style-src 'unsafe-inline'"


def shown_as(file: EvidenceFile) -> str:
    """How a file can be previewed: "picture", "document", or "" for not at all."""
    if file.content_type in _PICTURES:
        return "picture"
    return "document" if file.content_type == _PDF else ""


def preview(file: EvidenceFile) -> FileResponse:
    """A file for a frame or a picture of the portal's own pages.

    Raises:
        OSError: the file is not where files are kept, or cannot be read.
    """
    policy = _PICTURE_POLICY if shown_as(file) == "picture" else _PDF_POLICY
    response = download(file, attached=False, policy=policy)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
