"""An evidence store of any size: invented papers in the words of real publications."""

import datetime as dt
import itertools
import random
import re
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from core.kinds import KINDS
from core.markings import Marking
from evidence.choices import Source, TextState
from evidence.freshness import retention_day, review_day
from evidence.models import (
    CharacteristicEvidence,
    Evidence,
    EvidenceFile,
    EvidenceText,
    EvidenceWords,
)
from evidence.words import folded
from inspections.models import Characteristic, Publication
from people.models import User

_BATCH = 500
_INVENTED = 20_000
_SYLLABLES = ("ar", "ben", "cal", "dor", "est", "fin", "gal", "hol", "ing", "jun", "kel", "lor")
# Characters of a paper: half of them are shorter than three pages, one in twenty is over fifteen.
_MEDIAN, _SPREAD = 3_500, 1.0
_KINDS = ("pdf", "docx", "xlsx", "eml")
# A word every hundredth paper holds, and one that every second does.
RARE, COMMON = "wardrobe", "safeguarding"


def add_evidence(number: int, owner: User) -> None:
    """Record so many pieces with one file each, whose text is there. Written past the audit trail,
    which no list reads.
    """
    press = _Press(random.Random(number), owner)
    first = Evidence.objects.count()
    for start in range(first, first + number, _BATCH):
        press.record(range(start, min(start + _BATCH, first + number)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Press:
    """Writes papers by lot: few words often, most of them seldom, as people write."""

    def __init__(self, chance: random.Random, owner: User) -> None:
        self.chance = chance
        self.owner = owner
        texts = [*Characteristic.objects.values_list("text", flat=True)]
        texts += Publication.objects.values_list("title", flat=True)
        real = list(dict.fromkeys(re.findall(r"[a-z]+", " ".join(texts).lower())))
        invented = {"".join(chance.choices(_SYLLABLES, k=4)) for _ in range(_INVENTED)}
        self.words = [word for word in [*real, *sorted(invented)] if word not in (RARE, COMMON)]
        ranks = (1 / rank for rank in range(1, len(self.words) + 1))
        self.weights = list(itertools.accumulate(ranks))
        self.characteristics = [*Characteristic.objects.all()]

    def record(self, numbers: range) -> None:
        pieces = Evidence.objects.bulk_create([self._piece(n) for n in numbers])
        files = EvidenceFile.objects.bulk_create([self._file(each) for each in pieces])
        texts = [self._paper(n) for n in numbers]
        EvidenceText.objects.bulk_create(
            EvidenceText(file=file, state=TextState.READ, text=text, extracted_at=timezone.now())
            for file, text in zip(files, texts, strict=True)
        )
        EvidenceWords.objects.bulk_create(
            EvidenceWords(evidence=piece, words=f"{folded(piece.title)}\n\n{folded(text)}")
            for piece, text in zip(pieces, texts, strict=True)
        )
        CharacteristicEvidence.objects.bulk_create(self._links(pieces))

    def _piece(self, n: int) -> Evidence:
        dated_on = dt.date(2022, 1, 1) + dt.timedelta(days=self.chance.randrange(1_050))
        return Evidence(
            title=f"{' '.join(self._some(5)).capitalize()} {n}",
            dated_on=dated_on,
            review_by=review_day(dated_on),
            retention_review_on=retention_day(dated_on),
            owner=self.owner,
            source=self.chance.choice(Source.values),
            marking=Marking.SENSITIVE if n % 20 == 0 else Marking.OFFICIAL,
        )

    def _file(self, piece: Evidence) -> EvidenceFile:
        kind = self.chance.choice(_KINDS)
        return EvidenceFile(
            evidence=piece,
            file=f"evidence/{piece.pk}.{kind}",
            original_name=f"paper.{kind}",
            content_type=KINDS[kind].content_type,
            size=100_000,
            sha256=f"{piece.pk:064x}",
        )

    def _some(self, number: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.weights, k=number)

    def _paper(self, n: int) -> str:
        length = int(self.chance.lognormvariate(0, _SPREAD) * _MEDIAN)
        words = self._some(max(20, length // 7))
        if n % 100 == 0:
            words.insert(len(words) // 2, RARE)
        if n % 2 == 0:
            words.insert(len(words) // 3, COMMON)
        return " ".join(words)

    def _links(self, pieces: list[Evidence]) -> Iterator[CharacteristicEvidence]:
        for piece in pieces:
            for one in self.chance.sample(self.characteristics, piece.pk % 3):
                yield CharacteristicEvidence(evidence=piece, characteristic=one)
