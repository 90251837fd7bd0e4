"""Merged cells: which cells of a sheet are one cell in Excel, and reading each of them as that one.

Excel keeps the value of a merged cell in its first cell and leaves the others empty.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.reading import refusals

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that are one cell in Excel.

    Args:
        top, bottom: its first and last row, counted from 1.
        left, right: its first and last column, counted from 0.
    """

    top: int
    left: int
    bottom: int
    right: int


def column_number(cell: str) -> int:
    """The number, from 1, of the column of "XFD12" or "XFD"; 0 where there is none."""
    number = 0
    for character in cell:
        if not character.isalpha():
            break
        number = number * 26 + ord(character.upper()) - 64
    return number


def area_of(reference: str, columns: int) -> Area | None:
    """The area that a reference such as "A1:C4" means.

    Args:
        reference: as the workbook has it.
        columns: how many columns are read at most; what lies beyond them is left out.

    Returns:
        None where it is no reference, or nothing of it is read.
    """
    match = _AREA.fullmatch(reference)
    if match is None:
        return None
    left, right = sorted((column_number(match[1]) - 1, column_number(match[3]) - 1))
    top, bottom = sorted((int(match[2]), int(match[4])))
    return Area(top, left, bottom, min(right, columns - 1)) if left < columns else None


def in_order(areas: Iterable[Area], columns: int) -> list[Area]:
    """Areas from the top of the sheet to its bottom.

    Raises:
        UnsafeContents: two of them lie over one another.
    """
    taken = [0] * columns
    ordered = sorted(areas, key=lambda area: (area.top, area.left))
    for area in ordered:
        if max(taken[area.left : area.right + 1]) >= area.top:
            raise refusals.UnsafeContents(
                "merged cells that lie over one another",
                "In Excel choose the whole list, then Merge & Center, Unmerge Cells; save it and "
                "choose it again.",
            )
        taken[area.left : area.right + 1] = [area.bottom] * (area.right + 1 - area.left)
    return ordered


@dataclass(slots=True)
class Span:
    """Cells of a row beside one another that carry on other cells.

    Args:
        start: the first column, counted from 0.
        values: those of the other cells.
    """

    start: int
    values: list[Any]


class Filling:
    """Gives merged cells their value while the rows of a sheet go by from top to bottom.

    Args:
        areas: as `in_order` gives them.
    """

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = areas
        self._place = 0
        self._open: list[tuple[Area, Any]] = []
        self._spans: list[Span] = []
        self._next = areas[0].top if areas else _NEVER

    def spans(self, number: int, row: Sequence[Any]) -> list[Span]:
        """The cells of a row that carry on others.

        Args:
            number: of the row; greater than that of the row before.
            row: its values as they are in the file.
        """
        if number >= self._next:
            self._advance(number, row)
        return self._spans

    def _advance(self, number: int, row: Sequence[Any]) -> None:
        self._open = [(area, value) for area, value in self._open if area.bottom >= number]
        while self._place < len(self._areas) and self._areas[self._place].top <= number:
            area = self._areas[self._place]
            self._place += 1
            if area.bottom >= number:
                # A first row that the file leaves out has nothing to give.
                begins = area.top == number and area.left < len(row)
                self._open.append((area, row[area.left] if begins else None))
        self._spans = []
        for area, value in sorted(self._open, key=lambda each: each[0].left):
            start = area.left + (area.top == number)
            values = [value] * (area.right + 1 - start)
            last = self._spans[-1] if self._spans else None
            if last and last.start + len(last.values) == start:
                last.values += values
            elif values:
                self._spans.append(Span(start, values))
        self._next = min(
            [area.bottom + 1 if area.top < number else number + 1 for area, _ in self._open]
            + [self._areas[self._place].top if self._place < len(self._areas) else _NEVER]
        )


def filled(row: Sequence[Any], spans: Iterable[Span]) -> list[Any]:
    """A row with the values of its spans; it stays as wide as it is."""
    cells = list(row)
    for span in spans:
        room = len(cells) - span.start
        cells[span.start : span.start + len(span.values)] = span.values[: max(room, 0)]
    return cells


def own(row: Sequence[Any], spans: Iterable[Span]) -> list[Any]:
    """What a row says itself, without the cells that carry on others."""
    return filled(row, (Span(span.start, [None] * len(span.values)) for span in spans))
