"""Text as search reads it, and the words a piece of evidence is found by."""

import re
import unicodedata

from django.db import transaction

from core.signs import shown
from evidence.models import Evidence, EvidenceFile, EvidenceText, EvidenceWords

MAX_TERMS = 20
# What people type for what documents hold; one sign for one, so that places stay the same.
_TYPED = str.maketrans("‘’‚‛′“”„‟″‐‑‒–—−", "'''''\"\"\"\"\"------")
_QUOTED_OR_WORD = re.compile(r'"([^"]+)"|([^\s"]+)')


def squeezed(text: str) -> str:
    """Text as it is kept: one way to write each character, one space between words, nothing that
    cannot be shown.
    """
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    if not spaced.isprintable():
        spaced = " ".join(shown(spaced).split())
    return spaced


def folded(text: str) -> str:
    """Text as it is searched: squeezed, without difference of case, quotes and dashes as typed."""
    return squeezed(text).casefold().translate(_TYPED)


def terms_of(query: str) -> list[str]:
    """What has to occur, folded: each word, and what stands in double quotes as a whole."""
    found = ((quoted or word).strip() for quoted, word in _QUOTED_OR_WORD.findall(folded(query)))
    return list(dict.fromkeys(term for term in found if term))[:MAX_TERMS]


@transaction.atomic
def keep_words(evidence_pk: int) -> None:
    """Make the words of a piece of evidence anew from what is on record now.

    Called by every function that changes a title, what a piece shows, or its newest file. Whoever
    changes the piece or reads its file holds its row meanwhile, so neither loses the
    other's words.
    """
    locked = Evidence.objects.select_for_update().only("title", "shows").get(pk=evidence_pk)
    newest = EvidenceFile.objects.filter(evidence=locked).order_by("-version").values("pk")[:1]
    text = EvidenceText.objects.filter(file__in=list(newest.values_list("pk", flat=True)))
    said = (locked.title, locked.shows, *text.values_list("text", flat=True))
    EvidenceWords.objects.update_or_create(
        evidence=locked, defaults={"words": "\n".join(folded(each) for each in said)}
    )


def keep_missing_words() -> int:
    """Make the words of every piece of evidence that has none.

    Returns:
        Of how many.
    """
    keys = list(Evidence.objects.without_words().values_list("pk", flat=True))
    for key in keys:
        keep_words(key)
    return len(keys)
