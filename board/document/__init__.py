"""What the page, the pack and the minutes of a Board say: one document of words and numbers.

It can be kept as JSON: a closed meeting keeps it, and says for ever what it said then. Days are
words; where a page leads somewhere, the address stands beside the words.
"""

from board.document.composing import document_of, marked_since, shown_to
from board.document.withheld import Document, for_reader, marking_of, sees_sensitive

__all__ = [
    "Document",
    "document_of",
    "for_reader",
    "marked_since",
    "marking_of",
    "sees_sensitive",
    "shown_to",
]
