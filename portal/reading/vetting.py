"""What is checked of a workbook before anything opens it.

An .xlsx is a ZIP archive of XML parts. A few hundred kilobytes can unpack to gigabytes, and a part
of modest size can still cost gigabytes once it is a tree in memory; so the archive's directory is
checked first, then every part is read once as a stream, with limits, and nothing is kept.
"""

import zipfile
import zlib
from dataclasses import dataclass
from string import digits
from typing import IO
from xml.parsers import expat

from django.conf import settings
from openpyxl.utils.cell import get_column_letter

from core.archives import (
    ENCRYPTED_STREAM,
    MAX_UNPACKED,
    OLE_SIGNATURE,
    ZIP_SIGNATURE,
    Fault,
    fault_in,
    folded_names,
    has_long_directory,
    has_macros,
    holds,
)
from portal.reading import refusals
from portal.reading.merges import Area, area_of, column_number, in_order

MAX_COLUMNS = 200
# Rows that exist in the file, empty or not; the reader has its own limit for rows that say
# something.
EMPTY_ROWS_ALLOWED = 200_000
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Shape:
    """What is to be known of a sheet besides its values.

    Args:
        unsaved: cells such as "C7" that hold a formula without a saved value.
        merged: its merged cells from top to bottom.
        hidden_rows: numbers of rows that Excel does not show.
        hidden_columns: columns, from 0, that hold something and that Excel does not show.
    """

    unsaved: tuple[str, ...] = ()
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[int, ...] = ()


PLAIN = Shape()


@dataclass(frozen=True)
class Limits:
    """How much one XML part may hold.

    Args:
        elements: elements in all.
        below: elements within one row or one shared string.
        units: rows or shared strings.
        size: bytes.
    """

    elements: int
    below: int
    units: int
    size: int


# By the part's outermost element; every other kind of part is small in a workbook of one list, and
# is read as a whole.
_LIMITS = {
    "worksheet": Limits(6_000_000, 4_096, 0, MAX_UNPACKED),
    # One character beyond the basic plane makes Python hold its whole string at four bytes a
    # character.
    "sst": Limits(2_000_000, 1_000, 600_000, 40 * 1024 * 1024),
}
# Where parts of these kinds are.
_LARGE = (("xl/worksheets/", "worksheet"), ("xl/sharedstrings.xml", "sst"))
_OTHER = Limits(120_000, 120_000, 120_000, 6 * 1024 * 1024)
_UNIT = {"worksheet": "row", "sst": "si"}
# Elements of a worksheet outside its rows (columns, merged cells, links), which are kept as a tree.
_MAX_BESIDE_ROWS = 60_000
_MAX_DEPTH = 64
_MAX_TEXT = 2_000_000
_MAX_TOKEN = 4 * 1024 * 1024
_MAX_UNSAVED_FORMULAS = 20_000
_TRUE = ("1", "true")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_COPY_TABLE = "Copy its table into a new Excel workbook, save that and choose it."
# Parts that give another kind of archive away -> what it is, and what to do.
_OTHERS = {
    "word/document.xml": ("a Word document", _COPY_TABLE),
    "ppt/presentation.xml": ("a PowerPoint presentation", _COPY_TABLE),
    "content.xml": (
        "an OpenDocument file",
        "Open it in its own program, save it as “Excel Workbook (.xlsx)” and choose that file.",
    ),
}
_LONGEST_NUMBER = 8


def check_size(file: IO[bytes]) -> int:
    """The size of the file in bytes.

    Raises:
        EmptyFile, TooLarge: nothing in it, or more than SPREADSHEET_MAX_BYTES.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise refusals.EmptyFile
    if size > settings.SPREADSHEET_MAX_BYTES:
        raise refusals.TooLarge(settings.SPREADSHEET_MAX_BYTES)
    return size


def vet(file: IO[bytes]) -> dict[str, Shape]:
    """Check a workbook without opening it.

    Args:
        file: the workbook, readable and seekable.

    Returns:
        By name of the part, the shape of each sheet that is not plain values and nothing else.

    Raises:
        WorkbookRefused: it must not be opened; the message says why.
    """
    size = check_size(file)
    start = file.read(len(OLE_SIGNATURE))
    file.seek(0)
    if start == OLE_SIGNATURE:
        _refuse_ole(file)
    if not start.startswith(ZIP_SIGNATURE):
        raise refusals.NotAWorkbook
    if has_long_directory(file):
        raise refusals.Inflated
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive, size)
            return _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise refusals.Damaged from error


def _refuse_ole(file: IO[bytes]) -> None:
    if holds(file, ENCRYPTED_STREAM):
        raise refusals.Encrypted
    if holds(file, _WORD_STREAM):
        raise refusals.NotAWorkbook("a Word document", _COPY_TABLE)
    raise refusals.OldFormat


def _check_directory(archive: zipfile.ZipFile, size: int) -> None:
    match fault_in(archive, size):
        case Fault.INFLATED:
            raise refusals.Inflated
        case Fault.DAMAGED:
            raise refusals.Damaged
        case Fault.ENCRYPTED:
            raise refusals.Encrypted
        case Fault.POINTS_OUTSIDE:
            raise refusals.UnsafeContents(
                "files that point outside it",
                "Copy the list into a new workbook and choose that file.",
            )
    names = folded_names(archive)
    for part, (what, remedy) in _OTHERS.items():
        if part in names:
            raise refusals.NotAWorkbook(what, remedy)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refusals.NotAWorkbook
    _check_kinds(names)


def _check_kinds(names: list[str]) -> None:
    if has_macros(names):
        raise refusals.UnsafeContents(
            "macros", "Save it as “Excel Workbook (.xlsx)”, without macros, and choose that file."
        )
    if any("/externallinks/" in f"/{name}" for name in names):
        raise refusals.UnsafeContents(
            "links to other workbooks",
            "In Excel choose Data, Edit Links, Break Link, save it and choose it again.",
        )
    if any("/chartsheets/" in f"/{name}" for name in names):
        raise refusals.UnsafeContents(
            "chart sheets", "Delete them, or copy the list into a new workbook."
        )
    if any(name.endswith(".bin") and name.startswith("xl/workbook") for name in names):
        raise refusals.UnsafeContents(
            "a binary list (.xlsb)", "Save it as “Excel Workbook (.xlsx)” and choose that file."
        )


def _check_parts(archive: zipfile.ZipFile) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    unpacked = 0
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        part = _Part(entry.filename)
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise refusals.Inflated
                part.feed(chunk)
        shape = part.shape()
        if shape != PLAIN:
            shapes[entry.filename] = shape
    return shapes


class _Part:
    """One part of the archive, read as a stream and counted; a part that is not XML is let by.

    Args:
        name: of the part. What a part says it is counts only where the reader takes such from.
    """

    def __init__(self, name: str) -> None:
        self._large = next((root for place, root in _LARGE if name.lower().startswith(place)), "")
        self._unsaved: list[str] = []
        self._merged: list[Area] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        # Letters of the columns that hold something.
        self._columns: set[str] = set()
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._readable = True
        self._fed = 0
        self._root = ""
        self._limits = _OTHER
        self._unit = ""
        self._depth = 0
        self._elements = self._units = self._below = self._beside = 0
        self._characters = 0
        self._in_unit = 0
        self._row = 0
        self._cell = ""
        self._kind: str | None = None
        self._formula = self._value = self._in_value = False

    def feed(self, chunk: bytes) -> None:
        if not self._readable:
            return
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            # Not XML (a picture), or broken: then the reader refuses it in its turn.
            self._readable = False
            return
        if self._fed > self._limits.size or self._fed - self._parser.CurrentByteIndex > _MAX_TOKEN:
            raise refusals.Inflated

    def shape(self) -> Shape:
        """What was found of a sheet.

        Raises:
            UnsafeContents: merged cells lie over one another.
        """
        used = {column_number(letters) - 1 for letters in self._columns}
        return Shape(
            tuple(self._unsaved),
            tuple(in_order(self._merged, MAX_COLUMNS)),
            frozenset(self._hidden_rows),
            tuple(sorted(self._hidden_columns & used)),
        )

    def _doctype(self, *args: object) -> None:
        raise refusals.UnsafeContents(
            "definitions that can make it grow without end",
            "Copy the list into a new workbook and choose that file.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # A prefix says nothing here: whatever it stands for, the limits are the same.
        local = name.rpartition(":")[2] if ":" in name else name
        if self._depth == 0:
            self._root = local
            self._limits = _LIMITS[local] if local == self._large else _OTHER
            self._unit = _UNIT[local] if local == self._large else ""
        self._depth += 1
        self._elements += 1
        self._characters = 0
        if self._depth > _MAX_DEPTH or self._elements > self._limits.elements:
            raise refusals.Inflated
        if self._in_unit:
            self._below += 1
            if self._below > self._limits.below:
                self._refuse_unit()
        elif local == self._unit:
            self._begin_unit()
        elif self._root == "worksheet":
            self._beside += 1
            if self._beside > _MAX_BESIDE_ROWS:
                raise refusals.Inflated
        if self._root == "worksheet":
            self._start_in_sheet(local, attributes)

    def _begin_unit(self) -> None:
        self._in_unit = self._depth
        self._below = 0
        self._units += 1
        if self._unit == "row":
            limit = settings.SPREADSHEET_MAX_ROWS + EMPTY_ROWS_ALLOWED
            if self._units > limit:
                raise refusals.TooManyRows(settings.SPREADSHEET_MAX_ROWS)
        elif self._units > self._limits.units:
            raise refusals.Inflated

    def _refuse_unit(self) -> None:
        if self._unit == "row":
            raise refusals.TooManyColumns(MAX_COLUMNS)
        raise refusals.Inflated

    def _start_in_sheet(self, local: str, attributes: dict[str, str]) -> None:
        if local == "c":
            self._cell = attributes.get("r") or self._next_cell()
            self._kind = attributes.get("t")
            self._formula = self._value = self._in_value = False
        elif local == "f":
            self._formula = True
        elif local in ("v", "is"):
            self._in_value = True
            # The result of a formula may be a text without a letter in it.
            self._value = self._value or self._kind == "str"
            letters = self._cell.rstrip(digits)
            if letters not in self._columns:
                self._note_column(letters)
        elif local == "row":
            self._start_row(attributes)
        elif local == "mergeCell":
            if area := area_of(attributes.get("ref", ""), MAX_COLUMNS):
                self._merged.append(area)
        elif local == "col" and attributes.get("hidden") in _TRUE:
            first, last = (_number(attributes.get(name)) for name in ("min", "max"))
            self._hidden_columns.update(range(max(first - 1, 0), min(last, MAX_COLUMNS)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes.get("r")) or self._row + 1
        self._cell = ""
        if attributes.get("hidden") in _TRUE:
            self._hidden_rows.add(self._row)

    def _next_cell(self) -> str:
        """The name of a cell that the file does not name: it is beside the one before."""
        return f"{get_column_letter(min(column_number(self._cell), 16_383) + 1)}{self._row}"

    def _note_column(self, letters: str) -> None:
        if column_number(letters) > MAX_COLUMNS:
            raise refusals.TooManyColumns(MAX_COLUMNS)
        self._columns.add(letters)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._characters = 0
        if self._in_unit > self._depth:
            self._in_unit = 0
        if self._formula and not self._value and name.rpartition(":")[2] == "c":
            self._unsaved.append(self._cell)
            if len(self._unsaved) > _MAX_UNSAVED_FORMULAS:
                raise refusals.FormulasUnsaved
            self._formula = False

    def _text(self, text: str) -> None:
        self._characters += len(text)
        # A result that was not saved may leave an empty element behind.
        self._value = self._value or self._in_value
        if self._characters > _MAX_TEXT:
            raise refusals.Inflated


def _number(text: str | None) -> int:
    """A number from an attribute; 0 where there is none."""
    return int(text) if text and len(text) <= _LONGEST_NUMBER and text.isdecimal() else 0
