"""The pieces that a paper is laid out from; each names the template that shows it."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString

from reports.figures import QuestionFacts


@dataclass(frozen=True)
class Numbered:
    """A paragraph with its number in it, and the lists that belong to it."""

    html: SafeString
    template: ClassVar[str] = "reports/paper/numbered.html"


@dataclass(frozen=True)
class Text:
    """Text without a number (appendices)."""

    html: SafeString
    template: ClassVar[str] = "reports/paper/text.html"


@dataclass(frozen=True)
class Entry:
    """A numbered paragraph under a heading of its own: one publication of section 6."""

    number: str
    title: str
    text: str
    href: str
    template: ClassVar[str] = "reports/paper/entry.html"


@dataclass(frozen=True)
class Cell:
    """A figure in a table, and on screen the list of exactly the actions it counts."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row: its heading, its cells, and whether it is the total of those above."""

    heading: str
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first heading is that of the row headings."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    numeric: bool = True
    template: ClassVar[str] = "reports/paper/table.html"


@dataclass(frozen=True)
class Figure:
    """A chart: markup for the screen, the same picture as an address for the PDF, and its words."""

    caption: str
    markup: SafeString
    image: str
    alt: str
    template: ClassVar[str] = "reports/paper/figure.html"


@dataclass(frozen=True)
class Question:
    """A question area of the framework with its topics (Appendix B)."""

    facts: QuestionFacts
    template: ClassVar[str] = "reports/paper/question.html"


Block = Numbered | Text | Entry | Table | Figure | Question
