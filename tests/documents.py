"""Documents for tests, good and bad, written as bytes."""

import io
import zipfile
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.html import strip_tags

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(20)
MESSAGE = OLE + bytes(504) + "__properties_version1.0".encode("utf-16-le") + bytes(100)
ENCRYPTED = OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(100)
MAIL = b"From: head.of.crime@force.example\r\nSubject: Wardrobes\r\n\r\nThey are fixed.\r\n"
TEXT = "Wardrobes: 12 checked – all safe.\r\n".encode()


def office(folder: str = "word", **parts: bytes) -> bytes:
    """A document of Office.

    Args:
        folder: where its parts are: word, xl or ppt.
        parts: further parts; two underscores in a name stand for a slash, one for a dot.
    """
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(f"{folder}/document.xml", b"<document/>")
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return contents.getvalue()


def sent(name: str = "audit.pdf", contents: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it, of whatever type the browser says."""
    return SimpleUploadedFile(name, contents, content_type="application/x-nonsense")


def unprinted(template: str, context: dict[str, Any]) -> bytes:
    """What `core.pdf.render_pdf` would print, as words only: it takes a hundredth of the time."""
    words = strip_tags(render_to_string(template, context))
    return " ".join(unescape(words).split()).encode()
