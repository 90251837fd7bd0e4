"""The one PDF renderer: tagged, with our own fonts, and never on the network."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from core.pdf import OwnFilesOnly, PdfError, render_pdf

OUR_FONTS = re.compile(r"/[A-Z]{6}\+Source-Sans-3")


@pytest.fixture
def render(tmp_path: Path, settings: Any) -> Any:
    """Render a piece of HTML inside the frame of every PDF."""
    templates = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    settings.TEMPLATES = templates

    def rendered(html: str, *, page: str = "", **context: object) -> PdfReader:
        # A name of its own, because templates are cached by name.
        piece = tmp_path / f"piece-{len(list(tmp_path.iterdir()))}.html"
        piece.write_text(
            '{% extends "pdf/base.html" %}{% block page %}' + page + "{% endblock %}"
            "{% block content %}" + html + "{% endblock %}",
            encoding="utf-8",
        )
        given = {"title": "A paper", "marking": "OFFICIAL", **context}
        return PdfReader(io.BytesIO(render_pdf(piece.name, given)))

    return rendered


def fonts_of(reader: PdfReader) -> dict[str, Any]:
    return {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get_object().get("/Font", {}).values()  # type: ignore[union-attr]
    }


def test_a_pdf_says_its_title_and_language_and_is_tagged(render: Any) -> None:
    reader = render("<h1>Heading</h1>")
    root = reader.trailer["/Root"]
    assert reader.metadata.title == "A paper"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_a_pdf_declares_pdf_ua(render: Any) -> None:
    metadata = render("<h1>x</h1>").trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", metadata)


def test_every_page_has_the_marking_twice_and_its_number(render: Any) -> None:
    reader = render('<h1>One</h1><p style="break-before: page">Two</p>', marking="OFFICIAL")
    texts = [page.extract_text() for page in reader.pages]
    assert [text.count("OFFICIAL") for text in texts] == [2, 2]
    assert "Page 1 of 2" in texts[0]
    assert "Page 2 of 2" in texts[1]


def test_the_footer_is_the_force_unless_told(render: Any) -> None:
    assert "Cleveland Police" in render("<h1>x</h1>").pages[0].extract_text()
    assert "Board of May" in render("<h1>x</h1>", footer="Board of May").pages[0].extract_text()


def test_headings_become_bookmarks(render: Any) -> None:
    assert [each.title for each in render("<h1>First</h1>").outline] == ["First"]


def test_paper_is_a4_portrait_and_landscape_where_asked(render: Any) -> None:
    upright, across = render("<h1>x</h1>").pages[0], render("<h1>x</h1>", page="landscape").pages[0]
    assert (round(upright.mediabox.width), round(upright.mediabox.height)) == (595, 842)
    assert (round(across.mediabox.width), round(across.mediabox.height)) == (842, 595)


def test_all_fonts_are_ours_and_embedded(render: Any) -> None:
    found = fonts_of(render("<h1>Bold</h1><p>Plain <em>slanted</em> and Welsh: ŵ ŷ</p>"))
    assert found
    assert all(OUR_FONTS.match(name) for name in found), found
    descriptors = [
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in found.values()
    ]
    assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)


def test_welsh_letters_are_in_the_text(render: Any) -> None:
    assert "Heddlu ŵ ŷ Ŵ" in render("<h1>Heddlu ŵ ŷ Ŵ</h1>").pages[0].extract_text()


def test_text_from_a_chart_is_text_in_the_pdf(render: Any) -> None:
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 20'>"
        "<text y='15' font-family='Source Sans 3'>47 new</text></svg>"
    )
    reader = render(f'<h1>x</h1><img alt="47" src="data:image/svg+xml,{svg.replace("<", "%3C")}">')
    assert "47 new" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/x.png",
        "http://127.0.0.1/x.png",
        "//elsewhere.example/x.png",
        "ftp://elsewhere.example/x.png",
        "file:///etc/hostname",
        "/account/",
        "/static/../settings.py",
        "https://portal.invalid.elsewhere.example/static/pdf/pdf.css",
    ],
)
def test_a_picture_from_anywhere_else_stops_the_rendering(render: Any, source: str) -> None:
    with pytest.raises(PdfError, match="The PDF could not be made"):
        render(f'<h1>x</h1><img alt="" src="{source}">')


def test_a_picture_inside_a_picture_is_refused_as_well(render: Any) -> None:
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
        "<image href='https://elsewhere.example/x.png' width='9' height='9'/></svg>"
    )
    with pytest.raises(PdfError, match="Failed to render SVG"):
        render(f'<h1>x</h1><img alt="x" src="data:image/svg+xml,{svg.replace("<", "%3C")}">')


@pytest.mark.parametrize(
    "name", ["nothing.png", "%2e%2e/config/settings.py", "..%2f..%2fmanage.py"]
)
def test_a_static_file_that_is_not_there_stops_the_rendering(render: Any, name: str) -> None:
    with pytest.raises(PdfError, match="There is no static file"):
        render(f'<h1>x</h1><img alt="" src="/static/{name}">')


def test_static_files_are_found_by_name_with_query_or_fragment() -> None:
    response = OwnFilesOnly().fetch("https://portal.invalid/static/pdf/pdf.css?v=1#top")
    assert response.content_type == "text/css"
    assert b"@font-face" in response.read()


def test_collected_files_are_found_by_their_hashed_name(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "logo.0a1b2c.unheardof").write_bytes(b"a logo")
    response = OwnFilesOnly().fetch("https://portal.invalid/static/logo.0a1b2c.unheardof")
    assert response.read() == b"a logo"
    assert response.content_type == "application/octet-stream"


def test_fonts_are_given_unpacked() -> None:
    name = "fonts/source-sans-3-latin-400-normal.woff2"
    for _ in range(2):
        response = OwnFilesOnly().fetch(f"https://portal.invalid/static/{name}")
        assert response.content_type == "font/ttf"
        # How a TrueType font begins.
        assert response.read().startswith(b"\x00\x01\x00\x00")


def test_nothing_else_may_open_an_address() -> None:
    with pytest.raises(ValueError, match="may not be opened"):
        OwnFilesOnly().open("https://elsewhere.example/")


def test_no_other_code_writes_a_pdf() -> None:
    rooms = ("config", "core", "people", "inspections", "tracker", "portal", "reports")
    sources = [path for room in rooms for path in (settings.BASE_DIR / room).rglob("*.py")]
    writers = [path for path in sources if "write_pdf" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(settings.BASE_DIR).as_posix() for path in writers] == ["core/pdf.py"]
