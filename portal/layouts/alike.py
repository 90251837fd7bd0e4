"""How alike a word of a spreadsheet is to the words that are known here."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from rapidfuzz import fuzz, process, utils

Key = TypeVar("Key")
# A word that is so like one of ours is suggested; the person sees and may change it.
_CLOSE = 88
_LIKE = 60
_LIKE_SHOWN = 3


def similar(word: str, known: Mapping[Key, str]) -> list[tuple[Key, bool]]:
    """The known words that a word reads most like.

    Args:
        word: of a spreadsheet.
        known: anything -> a word.

    Returns:
        A few keys of `known`, the most alike first, each with whether it is so like that it may be
        suggested.
    """
    found = process.extract(
        word,
        known,
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        limit=_LIKE_SHOWN,
        score_cutoff=_LIKE,
    )
    return [(key, score >= _CLOSE) for _, score, key in found]


def may_be_one_of(word: str, known: Iterable[str]) -> bool:
    """Whether a name may be one of these, written otherwise: nearly the same letters, or the same
    words with some more or some left out (“Baker”, “T/ACC Baker”).
    """
    best = process.extractOne(
        word, list(known), scorer=_as_a_name, processor=utils.default_process, score_cutoff=_CLOSE
    )
    return best is not None


def _as_a_name(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    mine, theirs = set(one.split()), set(other.split())
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return 100.0
    return fuzz.token_sort_ratio(one, other, score_cutoff=score_cutoff)
