"""Reading a version of the framework from a file: JSON, or a workbook with a row a characteristic.

Either way a document comes out (`inspections.versions`), whose parts say where they stand.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from inspections.loading import Document
from inspections.versions import LARGEST_NUMBER, LINE_LENGTH, TEXT_LENGTH, VersionRefused
from portal.layouts.columns import Column, ColumnMap, Layout
from portal.layouts.guessing import guess
from portal.layouts.rows import ReadRow, RowReader
from portal.reading.cells import CellNotRead, line_of, text_of
from portal.reading.files import open_spreadsheet
from portal.reading.refusals import WorkbookRefused
from portal.reading.vetting import check_size

_MOST_ROWS = 2_000
_START = 64
# A number of more digits is none of a framework.
_MOST_DIGITS = 20
# What JSON can write and no database keeps: NUL, and half of a surrogate pair.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_NEEDED = ("question_number", "topic_number", "number", "text")


@dataclass(frozen=True)
class Told:
    """What a workbook does not say of a version, and somebody has said beside it.

    Args:
        framework: its name.
        version: which it is.
        in_force_from: the day, in ISO; "" where nobody has said.
    """

    framework: str = ""
    version: str = ""
    in_force_from: str = ""


def _number_of(value: Any) -> int | None:
    text = line_of(value)
    if text is None:
        return None
    # "1.2" is a code, or a number that Excel has taken for one with decimals.
    plain = text.removesuffix(".")
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain[:6]) <= LARGEST_NUMBER):
        raise CellNotRead(f"is “{text[:20]}”. Enter a whole number from 1 to {LARGEST_NUMBER}.")
    return int(plain)


def _codes_of(value: Any) -> list[str] | None:
    text = line_of(value, LINE_LENGTH)
    if text is None:
        return None
    return [word.rstrip(".") for word in text.replace(",", " ").replace(";", " ").split()]


FRAMEWORK = ColumnMap(
    "Framework",
    (
        Column(
            "question_number",
            ("Question number", "Question no", "Core question number"),
            "Number of the question area.",
            _number_of,
        ),
        Column(
            "question",
            ("Question", "Core question", "Question text"),
            "Its wording; needed in the first row of the question.",
            lambda value: line_of(value, LINE_LENGTH),
        ),
        Column(
            "topic_number",
            ("Topic number", "Topic no", "Topic area number"),
            "Number of the topic area within its question.",
            _number_of,
        ),
        Column(
            "topic",
            ("Topic", "Topic area", "Topic text"),
            "Its wording; needed in the first row of the topic area.",
            lambda value: line_of(value, LINE_LENGTH),
        ),
        Column(
            "number",
            ("Characteristic number", "Characteristic no", "Number of characteristic"),
            "Number of the characteristic within its topic area.",
            _number_of,
        ),
        Column(
            "text",
            ("Characteristic", "Characteristic of good", "Characteristic text"),
            "Its wording.",
            lambda value: text_of(value, TEXT_LENGTH),
        ),
        Column(
            "was",
            ("Was", "Old codes", "Old code", "Formerly"),
            "Codes of what it was in the version before, such as 1.2.3; 4.1.1.",
            _codes_of,
        ),
    ),
    keys=(frozenset(_NEEDED),),
)


def read_framework(file: IO[bytes], name: str, told: Told) -> Document:
    """The document that a file holds; whether it can be taken in is asked of it afterwards.

    Args:
        file: readable and seekable.
        name: what its sender calls it.
        told: for a workbook, what it does not say. Of a JSON file, what it says itself counts.

    Raises:
        VersionRefused: it cannot be read; with every problem.
    """
    try:
        check_size(file)
        start = file.read(_START).lstrip(b"\xef\xbb\xbf \t\r\n")
        file.seek(0)
        if start.startswith((b"{", b"[")):
            return _of_json(file, told)
        with open_spreadsheet(file, name) as sheets:
            return _of_sheets(sheets, told)
    except WorkbookRefused as refusal:
        raise VersionRefused([str(refusal)]) from refusal


def _of_json(file: IO[bytes], told: Told) -> Document:
    try:
        document = json.loads(
            file.read().decode("utf-8-sig"), parse_int=_whole, parse_constant=_no_number
        )
    except (UnicodeDecodeError, RecursionError) as error:
        raise VersionRefused(
            ["This JSON file cannot be read. Save it again as UTF-8 and choose it."]
        ) from error
    except json.JSONDecodeError as error:
        raise VersionRefused(
            [
                f"This JSON file is broken in line {error.lineno}, column {error.colno}. Correct "
                "it there and choose it again."
            ]
        ) from error
    if not isinstance(document, dict):
        raise VersionRefused(["The file does not hold a framework. Choose another file."])
    _refuse_what_is_no_text(document)
    for key in ("framework", "version", "in_force_from"):
        if not document.get(key) and getattr(told, key):
            document[key] = getattr(told, key)
    if told.version and document.get("version") != told.version:
        raise VersionRefused(
            [
                f"The file says it is version “{str(document.get('version'))[:30]}”, and you "
                f"entered “{told.version}”. Correct one of them."
            ]
        )
    return document


def _whole(digits: str) -> int:
    """A whole number of a JSON file.

    Raises:
        VersionRefused: it is longer than any number of a framework; Python reads none of thousands
            of digits.
    """
    count = len(digits.lstrip("-"))
    if count > _MOST_DIGITS:
        raise VersionRefused(
            [
                f"This JSON file holds a number of {count:,} digits. Numbers of a framework "
                f"go from 1 to {LARGEST_NUMBER}: correct it and choose the file again."
            ]
        )
    return int(digits)


def _no_number(word: str) -> None:
    raise VersionRefused(
        [f"This JSON file says “{word}” where a number belongs. Correct it and choose it again."]
    )


def _refuse_what_is_no_text(document: Document) -> None:
    """Refuse characters that no record can hold: half of a pair (a lone surrogate), and NUL.

    Raises:
        VersionRefused: there is one, with the words before it.
    """
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and (found := _NO_TEXT.search(value)):
            before = value[max(0, found.start() - 30) : found.start()]
            where = f"after “{before}”" if before else "at the beginning of a text"
            raise VersionRefused(
                [
                    f"This JSON file holds a character {where} that is no text (U+"
                    f"{ord(found.group()):04X}). Take it out and choose the file again."
                ]
            )


def _of_sheets(sheets: list[Any], told: Told) -> Document:
    found = guess(sheets, FRAMEWORK, ())
    fields = [column.field for column in found.found if column.field] if found else []
    if found is None or FRAMEWORK.lacking(fields):
        headers = ", ".join(f"“{column.headers[0]}”" for column in FRAMEWORK.columns)
        raise VersionRefused(
            [
                f"This file has no row of headers that can be read. Head its columns {headers}; "
                "the last one may be missing."
            ]
        )
    layout = Layout.of_columns(found.header_row, [column.as_json() for column in found.found])
    reader = RowReader(layout, FRAMEWORK, {})
    tree = _Tree(reader)
    for count, (number, cells) in enumerate(sheets[found.sheet].rows(found.header_row + 1)):
        if count == _MOST_ROWS:
            raise VersionRefused(
                [f"The sheet has more than {_MOST_ROWS:,} rows. Delete what is no framework."]
            )
        tree.add(number, reader.read(cells))
    if tree.problems:
        raise VersionRefused(tree.problems)
    return {
        "framework": told.framework,
        "version": told.version,
        "in_force_from": told.in_force_from,
        "questions": tree.questions,
    }


class _Tree:
    """Questions with topic areas with characteristics, out of rows.

    Args:
        reader: of the sheet, for its headers.
    """

    def __init__(self, reader: RowReader) -> None:
        self.questions: list[Document] = []
        self.problems: list[str] = []
        self._reader = reader
        self._questions: dict[int, Document] = {}
        self._topics: dict[tuple[int, int], Document] = {}

    def add(self, number: int, row: ReadRow) -> None:
        """A row, as read."""
        place, values = f"Row {number}", row.values
        self.problems += [f"{place}, {problem}" for problem in row.problems]
        if row.problems:
            return
        lacking = [name for name in _NEEDED if values[name] is None]
        for name in lacking:
            problem = self._reader.problem(name, "is empty. Enter it.")
            self.problems.append(f"{place}, {problem}")
        if lacking:
            return
        question = self._part(
            self.questions,
            self._questions,
            values["question_number"],
            ("question", values),
            {"topics": [], "place": place},
        )
        topic = self._part(
            question["topics"],
            self._topics,
            (values["question_number"], values["topic_number"]),
            ("topic", values),
            {"characteristics": [], "place": place},
        )
        topic["characteristics"].append(
            {
                "number": values["number"],
                "text": values["text"],
                "was": values["was"] or [],
                "place": place,
            }
        )

    def _part(
        self,
        beside: list[Document],
        known: dict[Any, Document],
        key: Any,
        of: tuple[str, Mapping[str, Any]],
        fresh: Document,
    ) -> Document:
        """A question or topic area: that of a row before, or another one."""
        name, values = of
        text = values[name]
        if key not in known:
            known[key] = {"number": values[f"{name}_number"], name: text, **fresh}
            beside.append(known[key])
        part = known[key]
        if text and not part[name]:
            part[name] = text
        elif text and text != part[name]:
            problem = self._reader.problem(
                name,
                f"is worded otherwise than in {part['place'].lower()}. Word it alike, or correct "
                "the number.",
            )
            self.problems.append(f"{fresh['place']}, {problem}")
        return part
