"""What a spreadsheet can be taken in for, and what each purpose brings: columns, judging, writing.

A new purpose is one more row of `_RULES`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from people.models import User
from portal.imports.results import Problem, RowResult
from portal.layouts.columns import ColumnMap
from portal.lists.preview import ListPreview
from portal.lists.start_list import START_LIST
from portal.lists.writing import ListWriter
from portal.models import Purpose, SpreadsheetImport
from portal.reading.files import open_spreadsheet
from portal.reading.stored import Source
from portal.reading.vetting import check_size
from portal.reading.workbook import Sheet
from portal.reconciliation.export_layout import EXPORT
from portal.reconciliation.preview import ExportPreview
from portal.reconciliation.writing import ExportWriter
from portal.store_in.archive import check_archive_size, contents_of, open_index
from portal.store_in.index_layout import INDEX
from portal.store_in.preview import IndexPreview
from portal.store_in.writing import IndexWriter

# Told how many rows are done, and how many there are.
Progress = Callable[[int, int], None]


class Preview(Protocol):
    """Compares the rows of a spreadsheet with what is here.

    Attributes:
        late, late_notes: sheet row -> problems and remarks that only the whole sheet shows;
            complete once `results` ends.
        to_apply: how many rows there are to apply, where people choose none; else None.
    """

    late: dict[int, list[Problem]]
    late_notes: dict[int, list[Problem]]

    def results(self, sources: Iterable[Source]) -> Iterator[RowResult]: ...

    @property
    def unknown_words(self) -> dict[str, list[list[Any]]]: ...

    @property
    def new_publications(self) -> list[dict[str, Any]]: ...

    @property
    def new_leads(self) -> list[str]: ...

    @property
    def gone(self) -> list[str]: ...

    @property
    def to_apply(self) -> int | None: ...


class Writer(Protocol):
    """Writes the rows of an import that are to be taken."""

    def run(self) -> None: ...


@dataclass(frozen=True)
class Rules:
    """What a purpose brings.

    Args:
        columns: that a spreadsheet of this purpose may have.
        preview: compares; called with the import, whose layout is known.
        writer: writes; called with the import, who applies it, and whom to tell how far it is.
        choosable: people choose rows and columns; else it is taken as a whole or not at all.
        opened: gives the sheets of a file; raises `WorkbookRefused`.
        sized: the size of a file; raises `WorkbookRefused` where that is too much.
        contents: what else is kept of a file (`SpreadsheetImport.contents`).
    """

    columns: ColumnMap
    preview: Callable[[SpreadsheetImport], Preview]
    writer: Callable[[SpreadsheetImport, User | None, Progress], Writer]
    choosable: bool
    opened: Callable[[IO[bytes], str], AbstractContextManager[list[Sheet]]] = open_spreadsheet
    sized: Callable[[IO[bytes]], int] = check_size
    contents: Callable[[IO[bytes]], dict[str, Any]] = lambda file: {}


def _list_preview(spreadsheet_import: SpreadsheetImport) -> Preview:
    return ListPreview(spreadsheet_import.layout, spreadsheet_import.meanings_of_words)


def _export_preview(spreadsheet_import: SpreadsheetImport) -> Preview:
    meanings = spreadsheet_import.meanings_of_words
    return ExportPreview(spreadsheet_import.layout, meanings, spreadsheet_import.as_at)


def _index_preview(spreadsheet_import: SpreadsheetImport) -> Preview:
    return IndexPreview(
        spreadsheet_import.layout,
        spreadsheet_import.meanings_of_words,
        spreadsheet_import.contents,
        spreadsheet_import.uploaded_by,
    )


_RULES = {
    Purpose.LIST: Rules(START_LIST, _list_preview, ListWriter, choosable=True),
    Purpose.EXPORT: Rules(EXPORT, _export_preview, ExportWriter, choosable=False),
    Purpose.EVIDENCE: Rules(
        INDEX,
        _index_preview,
        IndexWriter,
        choosable=True,
        opened=open_index,
        sized=check_archive_size,
        contents=contents_of,
    ),
}


def rules_of(purpose: str) -> Rules:
    """What a purpose brings."""
    return _RULES[Purpose(purpose)]
