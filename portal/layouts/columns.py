"""Which column of a sheet holds what: the headers a list may use, and finding them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.reading.workbook import column_letter


@dataclass(frozen=True)
class Column:
    """A column that a spreadsheet may have.

    Args:
        field: what it fills.
        headers: what it may be headed, the usual one first; letter case and spaces do not matter.
        hint: what to enter in it.
        reader: what a cell of it means; raises `CellNotRead`.
        required: what to do where the cell of a new record is empty; "" where it may be.
        needed: in a few words, when a new record needs it, where that is not always; "" otherwise.
        choices: for a column of a few words, gives (word, how people read it); the reader knows
            these words.
        ours: only our own exports write it, under its own header; nobody chooses it.
    """

    field: str
    headers: tuple[str, ...]
    hint: str
    reader: Callable[[Any], Any]
    required: str = ""
    needed: str = ""
    choices: Callable[[], list[tuple[str, str]]] | None = None
    ours: bool = False

    def is_headed(self, header: str) -> bool:
        """Whether this is one of its own headers."""
        return header_key(header) in map(header_key, self.headers)


@dataclass(frozen=True)
class ColumnMap:
    """The columns of one kind of spreadsheet.

    Args:
        sheet: the name of the sheet that is looked at first.
        columns: in the order in which they usually stand.
        keys: sets of fields, any one of which tells which record a row is about.
    """

    sheet: str
    columns: tuple[Column, ...]
    keys: tuple[frozenset[str], ...]

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """Field -> column."""
        return {column.field: column for column in self.columns}

    def header_of(self, field: str) -> str:
        """The usual header of a field."""
        return self.by_field[field].headers[0]

    def lacking(self, fields: Collection[str]) -> str:
        """Why nothing can be read from a sheet that has only these fields; "" where it can."""
        if any(key <= set(fields) for key in self.keys):
            return ""
        if len(self.keys) == 1:
            lost = [
                column for column in self.columns_of(self.keys[0]) if column.field not in fields
            ]
            named = ", ".join(self._quoted(each) for each in lost)
            return f"It takes a column for each of these, and has none for {named}."
        ways = [" and ".join(self._quoted(each) for each in self.columns_of(k)) for k in self.keys]
        return (
            f"Nothing tells which record a row is about: that takes a column for {_either(ways)}."
        )

    def columns_of(self, fields: Collection[str]) -> list[Column]:
        """The columns of these fields, in their usual order."""
        return [column for column in self.columns if column.field in fields]

    def _quoted(self, column: Column) -> str:
        return f"“{column.headers[0]}”"

    def missing(self, fields: Collection[str]) -> list[str]:
        """The usual headers of the columns that are not among these fields."""
        return [column.headers[0] for column in self.columns if column.field not in fields]


def _either(ways: list[str]) -> str:
    *others, last = ways
    return f"{', '.join(others)} or {last}" if others else last


@dataclass(frozen=True)
class Layout:
    """Where the columns stand in one sheet.

    Args:
        header_row: its row of headers, counted from 1.
        places: field -> column counted from 0.
        headers: field -> the header as it is written.
        unknown: column letter and header of the columns that nothing is filled from.
    """

    header_row: int
    places: dict[str, int]
    headers: dict[str, str]
    unknown: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_columns(cls, header_row: int, columns: list[dict[str, Any]]) -> "Layout":
        """The layout that `SpreadsheetImport.columns` tells."""
        read = [each for each in columns if each["field"]]
        return cls(
            header_row,
            {each["field"]: each["index"] for each in read},
            {each["field"]: each["header"] for each in read},
            tuple((each["letter"], each["header"]) for each in columns if not each["field"]),
        )

    def letter(self, field: str) -> str:
        """The letter of a field's column; "" where the sheet does not have it."""
        return column_letter(self.places[field]) if field in self.places else ""


def header_key(header: Any) -> str:
    """A header without what people type differently: letter case and spaces."""
    return header_text(header).casefold()


def header_text(header: Any) -> str:
    """A header as it is shown: on one line, not too long."""
    return " ".join(str(header).replace("\xa0", " ").split())[:60] if header is not None else ""
