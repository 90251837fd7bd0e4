"""Reading the rows of a sheet whose layout is known, cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.imports.results import Problem
from portal.layouts.columns import ColumnMap, Layout
from portal.layouts.meanings import word_key
from portal.reading.cells import CellNotRead, WordUnknown, line_of
from portal.reading.stored import shown
from portal.reading.workbook import Cells


@dataclass
class ReadRow:
    """A row as read.

    Args:
        values: field -> what its cell means; None where the cell or the column is empty.
        problems: of the cells that cannot be read; their fields are not among `values`.
        unknown: field and word of the cells that say a word nobody knows here.
    """

    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


class RowReader:
    """Reads the rows of one sheet.

    Args:
        layout: where its columns stand.
        columns: what may stand in them.
        meanings: (field, word key) -> another word, which the field's reader knows; "" for nothing.
    """

    def __init__(
        self, layout: Layout, columns: ColumnMap, meanings: Mapping[tuple[str, str], str]
    ) -> None:
        self.layout = layout
        self.columns = columns
        self._meant = {name for name, _ in meanings}
        self._meanings = meanings
        self._empty = {column.field: None for column in columns.columns}
        self._places = [
            (column.field, layout.places[column.field], column.reader)
            for column in columns.columns
            if column.field in layout.places
        ]

    def header(self, name: str) -> str:
        """The header of a field as the sheet has it, or else the usual one."""
        return self.layout.headers.get(name) or self.columns.header_of(name)

    def original(self, name: str, cells: Cells) -> str:
        """The cell of a field as it stands in the sheet."""
        place = self.layout.places.get(name)
        return shown(cells[place]) if place is not None and place < len(cells) else ""

    def problem(self, name: str, message: str, cells: Cells = ()) -> Problem:
        """A problem with a field, said of its column."""
        return Problem(
            self.layout.letter(name), self.header(name), message, self.original(name, cells)
        )

    def read(self, cells: Cells) -> ReadRow:
        """The row.

        Args:
            cells: from column A on.
        """
        values: dict[str, Any] = dict(self._empty)
        found = ReadRow(values)
        width = len(cells)
        for name, place, reader in self._places:
            value = cells[place] if place < width else None
            if value is None:
                continue
            try:
                if name in self._meant:
                    # As a reader tells the word that it does not know.
                    word = line_of(value) or ""
                    value = self._meanings.get((name, word_key(word)), value)
                values[name] = reader(value)
            except CellNotRead as error:
                found.problems.append(self.problem(name, str(error), cells))
                if isinstance(error, WordUnknown):
                    found.unknown.append((name, error.word))
        return found
