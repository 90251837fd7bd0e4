"""Where in a spreadsheet the rows stand, and what each column holds.

Saved layouts are asked first, then the headers' names, then what the columns hold. What is not
certain is left to a person: a wrong guess is worse than none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.layouts.columns import ColumnMap, header_key
from portal.layouts.contents import Recorded, fields_by_content
from portal.layouts.matching import SOME, Head, HeadRow, RowMatcher, Score
from portal.layouts.outline import cell_words
from portal.models import Profile
from portal.reading.workbook import Sheet, column_letter, is_blank

HEADER_ROWS = 30
SAMPLE_ROWS = 50
_SAMPLES = 3
_SAMPLE_LENGTH = 60
# So many headers must be known in a sheet before the sheets after it are left alone.
_ENOUGH = 3
_BESIDE = re.compile(
    r"(?:notes?|about|guid(?:e|ance)|help|read ?me|instructions?|how to\b.*|contents?|cover|key|"
    r"look ?ups?|drop ?downs?|change ?log|versions?)\b",
    re.IGNORECASE,
)
BY_CONTENT = "by what is in it"


@dataclass(frozen=True)
class FoundColumn:
    """A column of a sheet.

    Args:
        index: counted from 0.
        letter: as Excel shows it.
        header: as it is written; "" where there is none.
        field: what it fills; "" where it is not read.
        samples: its first different values.
        how: how the field was found, in words; "" where there is none.
    """

    index: int
    letter: str
    header: str
    field: str
    samples: tuple[str, ...]
    how: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `SpreadsheetImport.columns` keeps it."""
        return {
            "index": self.index,
            "letter": self.letter,
            "header": self.header,
            "field": self.field,
            "samples": list(self.samples),
            "how": self.how,
        }


@dataclass(frozen=True)
class Guess:
    """What a spreadsheet seems to hold.

    Args:
        sheet: which of its sheets, counted from 0.
        header_row: counted from 1.
        found: its columns, from left to right.
        profile: the saved layout that fits.
        sure: every column that is needed was found by its name or by a saved layout, none of them
            twice, and nothing else had to be guessed: nobody has to be asked.
    """

    sheet: int
    header_row: int
    found: list[FoundColumn]
    profile: Profile | None
    sure: bool


def guess(
    sheets: list[Sheet],
    columns: ColumnMap,
    profiles: Iterable[Profile],
    *,
    by_content: bool = True,
) -> Guess | None:
    """Find the sheet and its row of headers, and what each column holds.

    Args:
        sheets: of an open spreadsheet.
        columns: of the purpose.
        profiles: saved layouts of the purpose.
        by_content: also look for a sheet that says nothing by its headers.

    Returns:
        None where nothing looks like what is wanted, so that a person has to say where it is.
    """
    guesser = _Guesser(columns, profiles)
    heads = [_head(sheet, HEADER_ROWS + SAMPLE_ROWS) for sheet in sheets]
    best: _Row | None = None
    for group in _in_order(sheets, columns, guesser.profiles):
        for index in group:
            best = _best_row(guesser, index, heads[index], best)
        if best and best.score.known >= _ENOUGH:
            break
    if best:
        return guesser.guess(best.sheet, heads[best.sheet], best.place)
    return _by_content(guesser, sheets, heads, columns) if by_content else None


@dataclass(frozen=True)
class _Row:
    """A row that may be the row of headers: its sheet, its place among the rows read, its score."""

    sheet: int
    place: int
    score: Score


def _best_row(guesser: "_Guesser", sheet: int, head: Head, best: _Row | None) -> _Row | None:
    """The best of a sheet's first rows, or of another sheet where that is better."""
    for place, of_head in enumerate(head):
        if of_head.number > HEADER_ROWS:
            break
        row = _Row(sheet, place, guesser.match(head, place).score)
        if row.score.known < SOME:
            continue
        # Of two rows that say the same, the lower one where they touch (one header over two rows),
        # else the upper one (headers that are printed again).
        touches = best and best.sheet == sheet and best.place == place - 1
        if best is None or row.score > best.score or (row.score == best.score and touches):
            best = row
    return best


class RowEmpty(ValueError):
    """The row that is to hold the headers holds nothing, or is not there."""


def columns_of(
    sheet: Sheet, header_row: int, columns: ColumnMap, profiles: Iterable[Profile]
) -> list[FoundColumn]:
    """What the columns of a chosen sheet hold, below a chosen row of headers."""
    return guess_below(sheet, header_row, columns, profiles).found


def guess_below(
    sheet: Sheet, header_row: int, columns: ColumnMap, profiles: Iterable[Profile]
) -> Guess:
    """The same with the saved layout that fits, and whether anybody has to be asked.

    Args:
        sheet: chosen; the guess counts it as the first.
        header_row: chosen, counted from 1.
        columns, profiles: as for `guess`.

    Raises:
        RowEmpty: it holds no headers.
    """
    head = _head(sheet, header_row + SAMPLE_ROWS)
    place = next((at for at, row in enumerate(head) if row.number == header_row), None)
    if place is None:
        raise RowEmpty(f"Row {header_row} is empty.")
    return _Guesser(columns, profiles).guess(0, head, place)


def _head(sheet: Sheet, last: int) -> Head:
    """The rows of a sheet up to a row number, without empty ones."""
    head = []
    for number, cells in sheet.rows():
        if number > last:
            break
        head.append(HeadRow(number, cells, sheet.spread(number)))
    return head


def _in_order(
    sheets: list[Sheet], columns: ColumnMap, profiles: Sequence[Profile]
) -> list[list[int]]:
    """The sheets that are looked at first, those that only explain, the hidden ones."""
    usual = {header_key(columns.sheet), *(header_key(each.sheet) for each in profiles)}
    plain: list[int] = []
    beside: list[int] = []
    hidden: list[int] = []
    for index, sheet in enumerate(sheets):
        if sheet.hidden:
            hidden.append(index)
        elif _BESIDE.match(sheet.title.strip()) and header_key(sheet.title) not in usual:
            beside.append(index)
        else:
            plain.append(index)
    plain.sort(key=lambda index: header_key(sheets[index].title) not in usual)
    return [plain, beside, hidden]


def _by_content(
    guesser: "_Guesser", sheets: list[Sheet], heads: list[Head], columns: ColumnMap
) -> Guess | None:
    """No header is known: the first row that looks like headers, above columns that are."""
    for group in _in_order(sheets, columns, guesser.profiles):
        for index in group:
            for place, row in enumerate(heads[index][:-1]):
                if row.number > HEADER_ROWS or not _looks_like_headers(row):
                    continue
                found = guesser.guess(index, heads[index], place)
                if sum(bool(column.field) for column in found.found) >= SOME:
                    return found
                break
    return None


def _looks_like_headers(row: HeadRow) -> bool:
    own = [value for index, value in enumerate(row.cells) if index not in row.spread]
    said = [value for value in own if value is not None and value != ""]
    texts = {header_key(value) for value in said if isinstance(value, str) and len(value) <= 60}
    return len(texts) >= _ENOUGH and len(texts) == len(said)


class _Guesser(RowMatcher):
    """Looks at the columns below a row of headers."""

    def __init__(self, columns: ColumnMap, profiles: Iterable[Profile]) -> None:
        super().__init__(columns, profiles)
        self.recorded = Recorded()

    def guess(self, sheet: int, head: Head, place: int) -> Guess:
        """The columns below a row of headers, by layouts, names and contents."""
        match = self.match(head, place, chosen=True)
        values = _values(head[place + 1 :], match.headers)
        wanted = {column.field for column in self.columns.columns} - set(match.fields.values())
        unread = {
            index: said
            for index, said in values.items()
            if index not in match.fields and index not in match.settled
        }
        told = fields_by_content(self.columns, wanted, unread, self.recorded)
        for index, name in told.items():
            match.take(index, name, BY_CONTENT, match.headers.get(index, ""))
        found = [
            FoundColumn(
                index=index,
                letter=column_letter(index),
                header=match.headers.get(index, ""),
                field=match.fields.get(index, ""),
                samples=_samples(values.get(index, [])),
                how=match.how.get(index, ""),
            )
            for index in sorted({*match.headers, *values})
        ]
        certain = not (told or match.near or match.twice)
        sure = certain and self._complete(found, match.settled)
        return Guess(sheet, head[place].number, found, match.profile, sure)

    def _complete(self, found: list[FoundColumn], settled: set[int]) -> bool:
        """Whether every column that is needed is there; a sheet that only revises records needs
        less, if no column is left that could be one of them.
        """
        read = {column.field for column in found if column.field}
        if self.columns.lacking(read):
            return False
        unread = [each for each in found if not each.field and each.index not in settled]
        needed = {column.field for column in self.columns.columns if column.required}
        return needed <= read or not unread


def _values(rows: Head, headers: Mapping[int, str]) -> dict[int, list[Any]]:
    values: dict[int, list[Any]] = {index: [] for index in headers}
    for row in rows[:SAMPLE_ROWS]:
        for index, value in enumerate(row.cells):
            if not is_blank((value,)):
                values.setdefault(index, []).append(value)
    return values


def _samples(values: list[Any]) -> tuple[str, ...]:
    words = dict.fromkeys(cell_words(value, _SAMPLE_LENGTH) for value in values)
    return tuple(each for each in words if each)[:_SAMPLES]
