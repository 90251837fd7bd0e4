"""Which field a header names: exactly, or nearly enough that no other can be meant."""

import re

from rapidfuzz import fuzz

from portal.layouts.columns import ColumnMap

# Alike enough to be a slip of the pen, and so much more alike than any other field's header. A
# wrong guess is worse than none: the person who looks at it may not see it.
_NEAR = 92
_AHEAD = 4
_SHORTEST = 5
_NOT_WORDS = re.compile(r"[\W_]+")
# What people write for the same word.
_SAME = {
    "ref": "reference",
    "refs": "reference",
    "references": "reference",
    "exec": "executive",
    "del": "delivery",
}
_AFTER_REFERENCE = {"no", "num", "nr", "number", "id"}


def name_key(text: str) -> str:
    """A header without letter case, spaces and punctuation."""
    return " ".join(_NOT_WORDS.sub(" ", text).split()).casefold()


class Names:
    """The headers that the columns of a purpose may have.

    Args:
        columns: of the purpose.
    """

    def __init__(self, columns: ColumnMap) -> None:
        self._fields = {
            name_key(header): column.field
            for column in columns.columns
            for header in column.headers
        }
        self._near: dict[str, tuple[str, str]] = {}
        self._headers = [
            (column.field, header, _plain(header))
            for column in columns.columns
            for header in column.headers
        ]

    def exact(self, text: str) -> str:
        """The field that has this very header; "" for none."""
        return self._fields.get(name_key(text), "")

    def near(self, text: str) -> tuple[str, str]:
        """The field whose header is nearly this one, and that header; two empty texts for none.

        It has as many words, differs in a letter or two or in their order, and no other field's
        header is nearly as like.
        """
        plain = _plain(text)
        if plain not in self._near:
            self._near[plain] = self._nearest(plain)
        return self._near[plain]

    def _nearest(self, plain: str) -> tuple[str, str]:
        if len(plain) < _SHORTEST:
            return "", ""
        best: dict[str, tuple[float, str]] = {}
        for field, header, known in self._headers:
            score = _likeness(plain, known)
            if score > best.get(field, (0.0, ""))[0]:
                best[field] = (score, header)
        ranked = sorted(best.items(), key=lambda each: -each[1][0])
        if not ranked or ranked[0][1][0] < _NEAR:
            return "", ""
        if len(ranked) > 1 and ranked[1][1][0] > ranked[0][1][0] - _AHEAD:
            return "", ""
        return ranked[0][0], ranked[0][1][1]


def _plain(text: str) -> str:
    words: list[str] = []
    for word in name_key(text).split():
        if words and words[-1] == "reference" and word in _AFTER_REFERENCE:
            continue
        words.append(_SAME.get(word, word))
    return " ".join(words)


def _likeness(one: str, other: str) -> float:
    if len(one.split()) != len(other.split()):
        return 0.0
    return float(fuzz.token_sort_ratio(one, other))
