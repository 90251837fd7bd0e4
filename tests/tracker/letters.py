"""What tests of letters share: pages as words, forms as they are sent, and letters."""

import io
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.tracker.closures import PDF
from tracker import workflow
from tracker.models import Closure, Letter


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def shown(client: Client, name: str, *args: int, **query: str) -> str:
    return words(client.get(reverse(f"tracker:{name}", args=args), query))


def sent(client: Client, name: str, *args: int, **data: Any) -> str:
    """The page after a form was sent, the one it leads to included."""
    return words(client.post(reverse(f"tracker:{name}", args=args), data, follow=True))


def scan(name: str = "letter.pdf", contents: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, contents)


def drafted(closers: SimpleNamespace, *closures: Closure) -> Letter:
    return workflow.draft_letter(closures, actor=closers.governance, introduction="Dear colleague,")


def filed(client: Client, letter: Letter, **more: Any) -> str:
    values = {"scan": scan(), "signed_on": "25 November 2024", "on": "25 November 2024"}
    return sent(client, "file_letter", letter.pk, **{**values, **more})


def pdf_pages(client: Client, letter: Letter) -> list[str]:
    response = client.get(reverse("tracker:letter_pdf", args=[letter.pk]))
    assert response["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages]


def pdf_text(client: Client, letter: Letter) -> str:
    return " ".join(" ".join(pdf_pages(client, letter)).split())
