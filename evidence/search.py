"""Finding evidence: which pieces hold every word, and the passages that show it.

A piece is found by its title, by what it shows and by the text of the newest version of its file:
older versions were replaced, and do not count. Each word must occur, in any of the three; part of
a word is enough. What stands in double quotes must occur as it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.kinds import kind_words
from evidence.database import FTS
from evidence.words import folded, squeezed, terms_of

if TYPE_CHECKING:
    from evidence.models import Evidence

# Shorter ones have no trigram.
_INDEXED_FROM = 3
_BEFORE, _AFTER = 70, 130
_PASSAGES = 2
_MOST_PLACES = 10_000


def matching(terms: list[str]) -> Q:
    """That an `EvidenceWords` holds every one of these (as `terms_of` gives them).

    The one place that knows how a database searches: on PostgreSQL its trigram index serves LIKE;
    SQLite is asked for the trigrams by name.
    """
    found = Q()
    for term in terms:
        if connection.vendor == "postgresql" or len(term) < _INDEXED_FROM:
            found &= Q(words__contains=term)
    long = [term for term in terms if len(term) >= _INDEXED_FROM]
    if connection.vendor == "sqlite" and long:
        phrases = " ".join('"{}"'.format(term.replace('"', '""')) for term in long)
        found &= Q(pk__in=RawSQL(f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s", [phrases]))
    return found


@dataclass(frozen=True)
class Hit:
    """Where words were found in a piece of evidence.

    Args:
        where: "Title", "What it shows", or the file with its version.
        passage: the text around them, the words in <mark>.
    """

    where: str
    passage: SafeString


def hits_in(pieces: "Iterable[Evidence]", query: str) -> "dict[int, list[Hit]]":
    """Where each of these pieces holds words of a query, in one more query of the database.

    Args:
        pieces: that the reader may read, with their `files`.
        query: what was searched for.

    Returns:
        primary key -> hits: title, what it shows, file.
    """
    from evidence.models import EvidenceText

    terms = terms_of(query)
    pieces = list(pieces)
    newest = {each.pk: each.latest for each in pieces}
    files = [file.pk for file in newest.values() if file]
    texts = dict(EvidenceText.objects.filter(file__in=files).values_list("file", "text"))
    found: dict[int, list[Hit]] = {}
    for piece in pieces:
        file = newest[piece.pk]
        places = [("Title", piece.title), ("What it shows", piece.shows)]
        if file:
            where = f"{kind_words(file.content_type)}, version {file.version}"
            places.append((where, texts.get(file.pk, "")))
        held = ((where, passages(text, terms)) for where, text in places)
        found[piece.pk] = [Hit(where, passage) for where, passage in held if passage]
    return found


def marked(text: str, terms: list[str]) -> SafeString:
    """Text with every occurrence of these in <mark>, and nothing else of it taken for HTML."""
    text, _, spans = _spans(text, terms)
    return _written(text, spans, 0, len(text))


def passages(text: str, terms: list[str]) -> SafeString:
    """The text around the first occurrences of these, which stand in <mark>; "" without any."""
    text, firsts, spans = _spans(text, terms)
    windows: list[tuple[int, int]] = []
    for first in sorted(firsts):
        if windows and first < windows[-1][1]:
            continue
        if len(windows) == _PASSAGES:
            break
        windows.append(_window(text, first, windows[-1][1] if windows else 0))
    parts = []
    for start, end in windows:
        before = "…" if start else ""
        after = "…" if end < len(text) else ""
        parts.append((format_html("{}{}{}", before, _written(text, spans, start, end), after),))
    return format_html_join(" ", "{}", parts)


def _window(text: str, at: int, after: int) -> tuple[int, int]:
    """Where a passage around a place begins and ends: between words, after the one before."""
    start, end = max(after, at - _BEFORE), min(len(text), at + _AFTER)
    if start > after:
        start = text.find(" ", start, at) + 1 or start
    if end < len(text):
        last = text.rfind(" ", at, end)
        end = last if last > at else end
    return start, end


def _spans(text: str, terms: list[str]) -> tuple[str, list[int], list[tuple[int, int]]]:
    """The text as it is kept, where each term is first, and every place, none over another."""
    text = squeezed(text)
    low = folded(text)
    if len(low) != len(text):
        # A letter that folds into two moves what follows: such text is shown as it is searched.
        text = low
    firsts: list[int] = []
    found: list[tuple[int, int]] = []
    for term in terms:
        at = low.find(term)
        if at >= 0:
            firsts.append(at)
        while at >= 0 and len(found) < _MOST_PLACES:
            found.append((at, at + len(term)))
            at = low.find(term, at + len(term))
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return text, firsts, spans


def _written(text: str, spans: list[tuple[int, int]], start: int, end: int) -> SafeString:
    parts, at = [], start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        first, last = max(first, start), min(last, end)
        parts += [("", text[at:first]), ("mark", text[first:last])]
        at = last
    parts.append(("", text[at:end]))
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", part) if kind else part,) for kind, part in parts if part),
    )
