"""Reading a list that is kept as text with divided columns (CSV), row by row.

Nothing in such a file says how it is written: the alphabet and the divider are told from what
stands in it, and a file that does not add up is refused rather than read wrongly.
"""

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from typing import IO, Any

from core.exports import safe_text
from portal.reading import refusals
from portal.reading.vetting import MAX_COLUMNS
from portal.reading.workbook import Cells, Sheet, clean_file_name

_CHUNK = 64 * 1024
_LONGEST_LINE = 1_000_000
_SAMPLE = 64 * 1024
_SAMPLE_ROWS = 200
_DIVIDERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_ALPHABETS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Excel's own way to say how columns are divided.
_SAID = re.compile(r'"?sep=([^"\w \r\n])"?\s*', re.IGNORECASE)
# A cell in quotation marks, with spaces before it.
_SPACED = re.compile(r' +"')
# From so much of the rows on, rows of another width are worth a remark.
_USUAL = 0.5
# What a divider is worth, of its whole worth, that leaves quotation marks amiss.
_AMISS = 0.5
_LISTED = 5


@dataclass(frozen=True)
class _Manner:
    """How a file is written.

    Args:
        divider: between columns.
        spaced: whether spaces may stand between a divider and a quotation mark.
        said: whether its first line says what divides columns.
        width: cells of most rows; 0 where rows differ too much to say.
    """

    divider: str = ","
    spaced: bool = False
    said: bool = False
    width: int = 0


def text_sheet(file: IO[bytes], name: str) -> Sheet:
    """The one sheet of a text file.

    Args:
        file: readable and seekable; it stays open and is read anew for every reading of rows.
        name: what its sender calls it; without its ending it is the title of the sheet.

    Raises:
        WorkbookRefused: it is not text, or cannot be read without guessing at its letters.
    """
    text = _Text(file, _alphabet_of(file))
    manner = _manner_of(text)
    title = clean_file_name(name)
    return _TextSheet(title.rpartition(".")[0] or title, text, manner)


class _Own(io.RawIOBase):
    """A file, read at a place of one's own: several readings do not disturb each other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._place)
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)


@dataclass(frozen=True)
class _Text:
    """A text file of a known alphabet."""

    file: IO[bytes]
    alphabet: str

    def lines(self) -> Iterator[str]:
        """Its lines, each with its ending.

        Raises:
            CellTooLong: a line without end.
        """
        raw = io.BufferedReader(_Own(self.file), _CHUNK)
        with io.TextIOWrapper(raw, encoding=self.alphabet, newline="") as stream:
            read = partial(stream.readline, _LONGEST_LINE + 1)
            for number, line in enumerate(iter(read, ""), start=1):
                if len(line) > _LONGEST_LINE:
                    raise refusals.CellTooLong(number, _LONGEST_LINE)
                yield line


class _TextSheet(Sheet):
    """A text file as a sheet.

    Args:
        title: its name.
        text: its contents.
        manner: how they are written.
    """

    def __init__(self, title: str, text: _Text, manner: _Manner) -> None:
        super().__init__(title, self._records)
        self._text = text
        self._manner = manner
        self._longer: dict[int, int] = {}

    @property
    def remarks(self) -> list[str]:
        said = []
        alphabet = _ALPHABETS[self._text.alphabet]
        if (alphabet, self._manner.divider) != ("UTF-8", ","):
            divider = _DIVIDERS.get(self._manner.divider, f"“{self._manner.divider}”")
            said.append(f"Read as {alphabet} text with columns divided by {divider}.")
        if self._longer:
            said.append(self._longer_rows())
        return said

    def _longer_rows(self) -> str:
        listed = [str(number) for number in list(self._longer)[:_LISTED]]
        more = len(self._longer) - len(listed)
        rows = ", ".join(listed) + (f" and {more:,} more" if more else "")
        begins = f"Row {rows} has" if len(self._longer) == 1 else f"Rows {rows} have"
        divider = _DIVIDERS.get(self._manner.divider, f"“{self._manner.divider}”")
        return (
            f"{begins} more cells than the {self._manner.width} of most rows. Check there: a text "
            f"that has {divider} in it must stand in quotation marks."
        )

    def _records(self, columns: int) -> Iterator[Cells]:
        lines = self._text.lines()
        if self._manner.said:
            next(lines, "")
        reader = csv.reader(
            lines,
            delimiter=self._manner.divider,
            skipinitialspace=self._manner.spaced,
            strict=True,
        )
        usual = min(self._manner.width or MAX_COLUMNS, MAX_COLUMNS)
        number = 0
        blank: Cells = (None,) * columns
        try:
            for number, record in enumerate(reader, start=1):
                if not any(record):
                    yield blank
                    continue
                if len(record) > usual:
                    self._check_width(number, record)
                cells = [_value(field) for field in record[:columns]]
                yield (*cells, *blank[len(cells) :])
        except csv.Error as error:
            if "limit" in str(error):
                raise refusals.CellTooLong(number + 1, csv.field_size_limit()) from error
            raise refusals.QuotesAmiss(number + 1) from error

    def _check_width(self, number: int, record: list[str]) -> None:
        if any(record[MAX_COLUMNS:]):
            raise refusals.TooManyColumns(MAX_COLUMNS)
        if self._manner.width and any(record[self._manner.width :]):
            self._longer[number] = len(record)


def _value(field: str) -> str | None:
    """What a cell says, without the ' that our own lists have before what looks like a formula."""
    if field.startswith("'") and safe_text(field[1:]) == field:
        return field[1:]
    return field or None


def _alphabet_of(file: IO[bytes]) -> str:
    """The alphabet of a file.

    Raises:
        NotAWorkbook: it is not text.
        LettersUnclear: it is text of more than one alphabet, or of one that is not read.
    """
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refusals.LettersUnclear(1)
    if start.startswith(_UTF_16):
        _whole(file, codecs.getincrementaldecoder("utf-16")())
        return "utf-16"
    try:
        _whole(file, codecs.getincrementaldecoder("utf-8")())
    except refusals.LettersUnclear as unclear:
        if start.startswith(codecs.BOM_UTF8) or _mostly_utf_8(file):
            raise unclear from None
        _whole(file, codecs.getincrementaldecoder("cp1252")())
        return "cp1252"
    return "utf-8-sig"


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from iter(partial(file.read, _CHUNK), b"")


def _whole(file: IO[bytes], decoder: codecs.IncrementalDecoder) -> None:
    """Read a whole file as text.

    Raises:
        NotAWorkbook: it has characters that no text has.
        LettersUnclear: it is not of the decoder's alphabet.
    """
    lines = 1
    try:
        for chunk in _chunks(file):
            text = decoder.decode(chunk)
            if "\0" in text:
                raise refusals.NotAWorkbook("neither an Excel workbook nor a CSV file")
            lines += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        raise refusals.LettersUnclear(lines + before.count(b"\n")) from error


def _mostly_utf_8(file: IO[bytes]) -> bool:
    """Whether more of the letters beyond ASCII are sound UTF-8 than are not."""
    sound = unsound = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in _chunks(file):
        text = decoder.decode(chunk)
        amiss = text.count("�")
        unsound += amiss
        if not text.isascii():
            sound += sum(character > "\x7f" for character in text) - amiss
    return sound > unsound


def _manner_of(text: _Text) -> _Manner:
    lines: list[str] = []
    room = _SAMPLE
    source = text.lines()
    for line in source:
        lines.append(line)
        room -= len(line)
        if room < 0:
            break
    whole = next(source, None) is None
    if lines and (said := _SAID.fullmatch(lines[0])):
        _, width = _trial(lines[1:], said[1], spaced=False, whole=whole)
        return _Manner(said[1], said=True, width=width)
    best, manner = 0.0, _Manner()
    # Without spaces first: they are allowed only where that makes a difference.
    for spaced, divider in product((False, True), _DIVIDERS):
        worth, width = _trial(lines, divider, spaced=spaced, whole=whole)
        if worth > best:
            best, manner = worth, _Manner(divider, spaced, width=width)
    return manner


def _trial(lines: Iterable[str], divider: str, *, spaced: bool, whole: bool) -> tuple[float, int]:
    """How well a divider divides the first rows.

    Args:
        whole: whether the lines are all that there are.

    Returns:
        Its worth: rows of one width speak for it, more so where they are wide, and quotation marks
        where none can be speak against it; and that width, 0 where rows differ.
    """
    widths: Counter[int] = Counter()
    sound = True
    reader = csv.reader(lines, delimiter=divider, skipinitialspace=spaced, strict=True)
    try:
        for record in islice(reader, _SAMPLE_ROWS):
            if any(map(str.strip, record)):
                widths[len(record)] += 1
            sound = sound and not any(map(_SPACED.match, record[:MAX_COLUMNS]))
    except csv.Error as error:
        # A sample may end within a cell.
        sound = not whole and "unexpected end" in str(error)
    if not widths:
        return 0.0, 0
    worth = max(count * math.log(width) for width, count in widths.items()) / widths.total()
    ((width, count),) = widths.most_common(1)
    usual = width if count >= _USUAL * widths.total() else 0
    return worth if sound else worth * _AMISS, usual
