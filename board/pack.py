"""The pack of a Board as a PDF, made from its document; once the meeting is closed, its minutes."""

from board.choices import PackReaders
from board.document import Document
from core.markings import Marking
from core.pdf import render_pdf

# Lines of a closure from which its page is set in smaller type, so that a long one still stands on
# one page where it can; how many characters a line takes, and how many lines a row of evidence.
_STEPS = ((33, "smallest"), (24, "smaller"))
_LINE = 95
_TITLE = 52
_ROW = 1.4


def pack_pdf(document: Document) -> bytes:
    """The document as a tagged PDF.

    Raises:
        PdfError: it cannot be made.
    """
    return render_pdf("board/pack/pdf.html", pack_context(document))


def pack_context(document: Document) -> dict[str, object]:
    """What the PDF's template is given."""
    front = document["front"]
    return {
        "document": {**document, "sections": [_sized(each) for each in document["sections"]]},
        "screen": False,
        "title": f"{'Minutes' if document['closed'] else 'Pack'} of the {front['title']}",
        "marking": front["marking"],
        "footer": f"{front['force']}, {front['title']}",
    }


def _sized(section: Document) -> Document:
    return {**section, "items": [{**each, "size": _size(each)} for each in section["items"]]}


def _size(item: Document) -> str:
    """How small the type of an item's page is; "" for what people read most easily."""
    closure = item.get("closure")
    if not closure:
        return ""
    assured = closure["assured"] or {"text": ""}
    decided = closure["decision"] or {"text": ""}
    texts = [closure["asked"], closure["done"], closure["impact"], item["notes"]]
    texts += [item["introduction"], assured["text"], decided["text"]]
    lines: float = sum(_lines(text, _LINE) for text in texts)
    lines += sum(_ROW * _lines(each["title"], _TITLE) for each in closure["evidence"])
    lines += 2 * len(item["arising"])
    return next((size for least, size in _STEPS if lines > least), "")


def _lines(text: str, length: int) -> int:
    return sum(1 + len(line) // length for line in text.splitlines())


def pack_name(document: Document, readers: PackReaders = PackReaders.ALL) -> str:
    """The name of its file: gain-board-2024-11-27-minutes-official-sensitive.pdf.

    Args:
        document: in the version for these readers.
        readers: for whom it is.
    """
    kind = "minutes" if document["closed"] else "pack"
    open_version = readers == PackReaders.OPEN
    sensitive = document["front"]["marking"] == Marking.SENSITIVE
    marking = "-official" if open_version else "-official-sensitive" if sensitive else ""
    return f"gain-board-{document['front']['day']}-{kind}{marking}.pdf"
