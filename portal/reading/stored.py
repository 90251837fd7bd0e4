"""Rows of a sheet as they are kept: cells as JSON, and as a person sees them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.dates import long_date
from portal.reading.workbook import UNSAVED_FORMULA, Cells, ErrorValue, UnsavedFormula

_PLAIN = frozenset((str, int, float, bool, type(None)))
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A row of a sheet, and what somebody has chosen for it.

    Args:
        sheet_row: counted from 1.
        cells: from column A on.
        said_to_be: what somebody has said when asked whether it is of an action it is like
            (`lists.matching.same_as`, `other_than`); "" where nobody has said.
        left_out: somebody does not take it.
        conflicts_taken: field and what was here, of conflicts that somebody takes.
    """

    sheet_row: int
    cells: Cells
    said_to_be: str = ""
    left_out: bool = False
    conflicts_taken: tuple[tuple[str, str], ...] = ()


def as_json(cells: Sequence[Any]) -> list[Any]:
    """The cells of a row as JSON can hold them, without empty ones at the end."""
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return [cell if type(cell) in _PLAIN else _packed(cell) for cell in cells[:end]]


def _packed(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, ErrorValue):
        return {"error": cell.text}
    if isinstance(cell, UnsavedFormula):
        return {"formula": True}
    return str(cell)


def from_json(kept: Sequence[Any]) -> Cells:
    """The cells that `as_json` was given."""
    return tuple(_unpacked(cell) if type(cell) is dict else cell for cell in kept)


def _unpacked(cell: dict[str, Any]) -> Any:
    if "moment" in cell:
        return dt.datetime.fromisoformat(cell["moment"])
    if "day" in cell:
        return dt.date.fromisoformat(cell["day"])
    return ErrorValue(cell["error"]) if "error" in cell else UNSAVED_FORMULA


def shown(cell: Any) -> str:
    """A cell as a person sees it in the sheet, cut where it is long; "" for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, UnsavedFormula):
        return "a formula"
    if isinstance(cell, ErrorValue):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return long_date(cell.date())
    if isinstance(cell, dt.date):
        return long_date(cell)
    text = str(cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
