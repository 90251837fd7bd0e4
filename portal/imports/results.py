"""What is said of the rows of a spreadsheet, whatever it is taken in for."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Choices

from core.dates import long_date
from portal.models import Outcome
from portal.reading.stored import Source


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, and what to do; or what else is to be said about it.

    Args:
        column: letter, "" where the sheet does not have the column.
        header: as written in the sheet.
        message: a sentence.
        original: the cell as it stands in the sheet.
        evidence: the piece of evidence (primary key) that the sentence is about; its title is not
            kept here, but shown to who may read it.
    """

    column: str
    header: str
    message: str
    original: str = ""
    evidence: int | None = None

    def __str__(self) -> str:
        place = f"column {self.column} ({self.header})" if self.column else self.header
        return f"{place}: {self.message}"

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        if self.evidence is None:
            del said["evidence"]
        return said


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the sheet says differently.

    Args:
        field: as in the columns of the purpose.
        header: its usual header.
        ours: what is here, as people read it; "" for nothing.
        theirs: what the sheet says.
        column: letter of the cell.
        original: the cell as it stands in the sheet, where that reads differently.
        conflict: it was changed here too since the sheet was exported.
    """

    field: str
    header: str
    ours: str
    theirs: str
    column: str = ""
    original: str = ""
    conflict: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class RowResult:
    """What would become of a row.

    Args:
        source: the row.
        outcome: see `Outcome`.
        reference: as far as it can be read; that of the action it is about where there is one.
        row: the row as read; None where it cannot be read.
        changes: for a changed row.
        problems: why it cannot be read.
        notes: what is said differently but does not change, and other remarks.
        fixed: a note is about what no spreadsheet changes.
        first: it is written before the others.
        resembles: {"reference": "ST-0012", "score": 96} for a row to be confirmed.
        resolved: which records its words were found to be.
    """

    source: Source
    outcome: Outcome
    reference: str
    row: Any = None
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    fixed: bool = False
    first: bool = False
    resembles: dict[str, Any] = field(default_factory=dict)
    resolved: str = ""

    @property
    def sheet_row(self) -> int:
        return self.source.sheet_row


def shown(value: Any) -> str:
    """What is here, or what a sheet says, as people read it; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Choices):
        return str(value.label)
    return long_date(value) if isinstance(value, dt.date) else str(value)


@dataclass
class UnknownWords:
    """Words in columns of a few words that mean nothing here so far."""

    # Field -> word in small letters -> word as it is written first, rows, first row.
    found: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    def add(self, name: str, word: str, sheet_row: int) -> None:
        """A row says this in this field."""
        said = self.found.setdefault(name, {}).setdefault(word.casefold(), [word, 0, sheet_row])
        said[1] += 1

    def as_json(self, most: int) -> dict[str, list[list[Any]]]:
        """field -> [word, how many rows, first row], the commonest first, so many at most."""
        return {
            name: sorted(words.values(), key=lambda said: (-said[1], said[2]))[:most]
            for name, words in self.found.items()
        }
