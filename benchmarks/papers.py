"""The committee paper, asked for in the browser, beside WeasyPrint alone on the same HTML."""

from collections.abc import Iterator
from unittest.mock import patch

from django.test import Client
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.clock import Result, side_by_side
from benchmarks.scene import quietly
from core import pdf
from people.models import User
from reports.models import CommitteeReport


def compare(reader: User, turns: int) -> Iterator[Result]:
    """The demonstration's paper: counting, wording, charts and laying out, and laying out alone."""
    quietly("import_start_list", "start-list-2024-11-20.xlsx")
    quietly("load_report", "report-2024-12-10.json")
    report = CommitteeReport.objects.get()
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    address = f"{report.get_absolute_url()}paper.pdf"
    html = _html_of(client, address)

    def ours() -> None:
        assert client.get(address).status_code == 200

    def theirs() -> None:
        document = HTML(string=html, base_url=pdf._HERE, url_fetcher=pdf.OwnFilesOnly())
        document.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")

    yield Result(
        "the committee paper as PDF, from the records",
        *side_by_side(ours, theirs, turns),
        "WeasyPrint on the same HTML",
        "1.1",
    )


def _html_of(client: Client, address: str) -> str:
    """The HTML that the paper is laid out from, caught on its way to the renderer."""
    caught: list[str] = []

    def catch(string: str, **options: object) -> HTML:
        caught.append(string)
        return HTML(string=string, **options)

    with patch.object(pdf, "HTML", catch):
        assert client.get(address).status_code == 200
    return caught[0]
