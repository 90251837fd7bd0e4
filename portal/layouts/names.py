"""Which field a header names: exactly, or nearly enough that no other can be meant."""

import re
from collections import defaultdict

from rapidfuzz import fuzz, process

from portal.layouts.columns import ColumnMap

# Alike enough to be a slip of the pen, and so much more alike than any other field's header. A
# wrong guess is worse than none: the person who looks at it may not see it.
_NEAR = 92
_AHEAD = 4
_SHORTEST = 5
# What is so much shorter than a header is not near it, whatever its letters.
_SHORTER = _NEAR / (200 - _NEAR) - 0.01
_NOT_WORDS = re.compile(r"[\W_]+")
# What people write for the same word.
_SAME = {
    "ref": "reference",
    "refs": "reference",
    "references": "reference",
    "exec": "executive",
    "del": "delivery",
}
# Words that make a header longer or shorter when they are written as most people do.
_REWRITTEN = {*_SAME, "reference"}
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
        # Plain header -> field and header; number of words -> plain headers.
        self._plain: dict[str, tuple[str, str]] = {}
        self._of_length: dict[int, list[str]] = defaultdict(list)
        for column in columns.columns:
            for header in column.headers:
                plain = _plain(name_key(header))
                if plain not in self._plain:
                    self._plain[plain] = (column.field, header)
                    self._of_length[len(plain.split())].append(plain)
        # Number of words -> how short and how long a header may be that is near one of them.
        self._lengths = {
            words: (_SHORTER * min(map(len, known)), max(map(len, known)) / _SHORTER)
            for words, known in self._of_length.items()
        }
        # What has been asked: a sheet says much the same many times.
        self._keys: dict[str, str] = {}
        self._near: dict[str, tuple[str, str]] = {}

    def exact(self, text: str) -> str:
        """The field that has this very header; "" for none."""
        return self._fields.get(self._key(text), "")

    def near(self, text: str) -> tuple[str, str]:
        """The field whose header is nearly this one, and that header; two empty texts for none.

        It has as many words, differs in a letter or two or in their order, and no other field's
        header is nearly as like.
        """
        key = self._key(text)
        if key not in self._near:
            self._near[key] = self._nearest(_plain(key)) if self._may_be_near(key) else ("", "")
        return self._near[key]

    def _key(self, text: str) -> str:
        if text not in self._keys:
            self._keys[text] = name_key(text)
        return self._keys[text]

    def _may_be_near(self, key: str) -> bool:
        words = key.split()
        if not _REWRITTEN.isdisjoint(words):
            return True
        shortest, longest = self._lengths.get(len(words), (1, 0))
        return shortest <= len(key) <= longest

    def _nearest(self, plain: str) -> tuple[str, str]:
        known = self._of_length.get(len(plain.split()))
        if known is None or len(plain) < _SHORTEST:
            return "", ""
        like = process.extract(plain, known, scorer=fuzz.ratio, score_cutoff=_NEAR - _AHEAD)
        if not like or like[0][1] < _NEAR:
            return "", ""
        field, header = self._plain[like[0][0]]
        others = [score for each, score, _ in like if self._plain[each][0] != field]
        if others and others[0] > like[0][1] - _AHEAD:
            return "", ""
        return field, header


def _plain(key: str) -> str:
    """The words of a header's key in alphabetical order, each as most people write it."""
    words: list[str] = []
    for word in key.split():
        if words and words[-1] == "reference" and word in _AFTER_REFERENCE:
            continue
        words.append(_SAME.get(word, word))
    return " ".join(sorted(words))
