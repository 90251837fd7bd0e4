"""The index of an inspection pack, as a workbook and as a paper; and the names of its files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify

from core.batches import in_batches
from core.dates import today
from core.exports import Sheet, write_xlsx
from core.pdf import render_pdf
from evidence.freshness import freshness
from evidence.models import Evidence, EvidenceFile, PackRequest

_LONGEST_NAME = 60
# Entries in one table of the paper: what a table costs grows faster than it does.
_PART = 100
_HEADINGS = (
    "Number",
    "Title",
    "What it shows",
    "Stands for",
    "Date of the evidence",
    "Owner",
    "Marking",
    "Review",
    "Review by",
    "File in this pack",
    "Link",
    "Size in bytes",
    "Fingerprint (SHA-256)",
    "Note",
)


@dataclass
class Entry:
    """A row of the index.

    Args:
        number: in the index.
        evidence: what it is.
        stands_for: in words.
        name: of its file in the archive; "" for a link, and where the file is missing.
        size, sha256: of that file as it was copied.
        fault: what is wrong with it, for the reader of the index.
    """

    number: int
    evidence: Evidence
    stands_for: Sequence[str]
    name: str = ""
    size: int | None = None
    sha256: str = ""
    fault: str = ""

    @property
    def review(self) -> str:
        """How fresh it is on the day of the pack."""
        return str(freshness(self.evidence.review_by, today()).label)

    @property
    def lines(self) -> list[str]:
        """What it stands for, each in words that stay on one line."""
        return [words.replace(" ", "\xa0") for words in self.stands_for]

    @property
    def size_words(self) -> str:
        return filesizeformat(self.size) if self.size is not None else ""


def name_in_pack(number: int, count: int, evidence: Evidence, file: EvidenceFile) -> str:
    """What a file is called in the archive: "03-wardrobe-audit.pdf".

    Args:
        number: of the entry.
        count: how many entries there are; every number is written with as many digits.
        evidence: by whose title it is called.
        file: whose ending it has, which was vetted.
    """
    digits = max(2, len(str(count)))
    words = slugify(evidence.title)[:_LONGEST_NAME].strip("-_") or "evidence"
    ending = PurePosixPath(str(file.original_name)).suffix.lower()
    kept = ending if re.fullmatch(r"\.[a-z0-9]{1,10}", ending) else ""
    return f"{number:0{digits}}-{words}{kept}"


def write_index_workbook(pack: PackRequest, entries: Sequence[Entry], target: IO[bytes]) -> None:
    """Write the index as a workbook.

    Args:
        pack: whose index it is; its marking is known.
        entries: its rows.
        target: a writable binary file.
    """
    write_xlsx(
        Sheet(
            title="Index of an inspection pack",
            file_name="index",
            day=today(),
            marking=pack.marking,
            sentence=contents_words(entries),
            filters=tuple(choice_words(pack)),
            made_by=str(pack.made_by),
            headings=_HEADINGS,
            rows=[_row(entry) for entry in entries],
        ),
        target,
    )


def _row(entry: Entry) -> list[Any]:
    evidence = entry.evidence
    return [
        entry.number,
        evidence.title,
        evidence.shows,
        "; ".join(entry.stands_for),
        evidence.dated_on,
        str(evidence.owner),
        evidence.marking,
        entry.review,
        evidence.review_by,
        entry.name or None,
        evidence.link or None,
        entry.size,
        entry.sha256 or None,
        entry.fault or None,
    ]


def index_pdf(pack: PackRequest, entries: Sequence[Entry]) -> bytes:
    """The index as a paper."""
    return render_pdf(
        "evidence/packs/index_pdf.html",
        {
            "title": "Inspection pack: index",
            "marking": pack.marking,
            "pack": pack,
            "day": today(),
            "parts": [*in_batches(entries, _PART)],
            "contents": contents_words(entries),
            "choices": choice_words(pack),
            "faults": [entry for entry in entries if entry.fault],
        },
    )


def contents_words(entries: Sequence[Entry]) -> str:
    """ "12 pieces of evidence: 10 files and 2 links"."""
    links = sum(1 for entry in entries if entry.evidence.link)
    return counted_words(len(entries) - links, links)


def counted_words(files: int, links: int) -> str:
    """How many pieces there are, as files and as links, in words."""
    parts = [
        f"{count:,} {word if count == 1 else word + 's'}"
        for count, word in ((files, "file"), (links, "link"))
        if count
    ]
    total = files + links
    pieces = "piece" if total == 1 else "pieces"
    return f"{total:,} {pieces} of evidence" + (f": {' and '.join(parts)}" if parts else "")


def choice_words(pack: PackRequest) -> list[str]:
    """What was chosen, in sentences."""
    words = [f"Evidence of {', '.join(pack.words)}"]
    if pack.only_demonstrating:
        words.append("For question areas, only what demonstrates a characteristic")
    if pack.without_stale:
        words.append("Without stale evidence")
    return words
