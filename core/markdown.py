"""Markdown that people write into the portal, as safe HTML.

Raw HTML stays text and pictures are not fetched: what is written here also goes into PDF files,
whose renderer must not be led to other addresses. Headings become subheadings of their page.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_ELSEWHERE = ("https://", "http://", "mailto:")


class _Parser(MarkdownIt):
    """Links lead to other sites only: an address within a page or a paper would lead nowhere."""

    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(_ELSEWHERE) and super().validateLink(url)


_parser = _Parser("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


@dataclass(frozen=True)
class Part:
    """A paragraph, with the lists, quotations and subheadings that follow it.

    Args:
        html: the whole part as safe HTML.
    """

    html: SafeString


def to_html(text: str, *, heading: int = 3) -> SafeString:
    """The text as HTML.

    Args:
        text: Markdown.
        heading: the level that every heading in it gets (2-6).
    """
    return _render(_parser.parse(text), heading)


def parts(text: str, *, heading: int = 3) -> list[Part]:
    """The text in parts that can be numbered: a new one begins with each paragraph of its own.

    A list, quotation or subheading belongs to the paragraph above it.

    Args:
        text: Markdown.
        heading: the level that every heading in it gets (2-6).
    """
    groups: list[list[Token]] = []
    for token in _parser.parse(text):
        begins = token.level == 0 and token.type == "paragraph_open"
        if begins or not groups:
            groups.append([])
        groups[-1].append(token)
    return [Part(_render(tokens, heading)) for tokens in groups]


def _render(tokens: list[Token], heading: int) -> SafeString:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{heading}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    # Safe: the parser escapes every piece of text and passes no HTML through.
    return mark_safe(html)
