"""The index of a store of evidence: its columns, and what one of its rows says."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from core.markings import Marking
from evidence.choices import Source
from portal.layouts.columns import Column, ColumnMap
from portal.reading.cells import CellNotRead, choice_of, date_of, line_of, question_of, text_of

_MARKINGS = {
    "official": Marking.OFFICIAL,
    "official-sensitive": Marking.SENSITIVE,
    "official sensitive": Marking.SENSITIVE,
    "official - sensitive": Marking.SENSITIVE,
    "sensitive": Marking.SENSITIVE,
}
_SOURCES: dict[str, Source] = {
    **{str(each.label).casefold(): each for each in Source},
    **{each.value: each for each in Source},
    "policy": Source.DOCUMENT,
    "document": Source.DOCUMENT,
    "dip sample": Source.DIP_SAMPLE,
    "audit": Source.DIP_SAMPLE,
    "data": Source.DATA,
    "other": Source.OTHER,
}
# The words that people choose from, each once.
_SOURCE_WORDS = ", ".join(str(each.label) for each in Source)
_CODE = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,2}")
_TITLE, _FILE, _LINE = 200, 255, 400


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What a row of the index says."""

    file: str | None
    title: str | None
    shows: str | None
    question: int | None
    characteristic: tuple[str, ...] | None
    action: tuple[str, ...] | None
    dated_on: dt.date | None
    owner: str | None
    marking: Marking | None
    source: Source | None
    review_by: dt.date | None


def _codes(value: Any) -> tuple[str, ...] | None:
    text = line_of(value, _LINE)
    if text is None:
        return None
    words = [word.rstrip(".") for word in re.split(r"[;,\s]+", text) if word]
    for word in words:
        if not _CODE.fullmatch(word):
            raise CellNotRead(
                f"is “{word[:20]}”. Write characteristics like 1.2.3, or 2.3 beside the number of "
                "their question, with semicolons between them."
            )
    return tuple(dict.fromkeys(words))


def _references(value: Any) -> tuple[str, ...] | None:
    text = line_of(value, _LINE)
    if text is None:
        return None
    words = [word.strip() for word in re.split(r"[;,]", text)]
    return tuple(dict.fromkeys(word for word in words if word)) or None


def _question(value: Any) -> int | None:
    try:
        return question_of(value)
    except CellNotRead as error:
        # Of a number nobody is asked what it means.
        raise CellNotRead(str(error)) from error


INDEX = ColumnMap(
    "Index",
    (
        Column(
            "file",
            ("File", "File name", "Filename", "Name of file", "Name", "Document"),
            "Its name in the ZIP file, with its folder where there are several of that name.",
            lambda value: line_of(value, _FILE),
            required="Enter the name of the file in the ZIP file.",
        ),
        Column(
            "title",
            ("Title", "Evidence", "Evidence title"),
            "What the evidence is called.",
            lambda value: line_of(value, _TITLE),
            required="Enter a title.",
        ),
        Column(
            "shows",
            ("What it shows", "Shows", "Description", "Summary"),
            "What it shows, in a sentence or two.",
            text_of,
        ),
        Column(
            "question",
            ("PAF question", "Question", "Question number", "PAF area", "PAF"),
            "Number of the question area of its characteristics.",
            _question,
        ),
        Column(
            "characteristic",
            ("Characteristic", "Characteristics", "Characteristic number", "Characteristic code"),
            "Codes such as 1.2.3, or 2.3 beside a question; several with semicolons between them.",
            _codes,
        ),
        Column(
            "action",
            ("Action", "Action reference", "Actions", "Local ref", "StART ref"),
            "Reference of the action it is about, such as ST-0001; several with semicolons.",
            _references,
        ),
        Column(
            "dated_on",
            ("Date", "Date of evidence", "Date of the evidence", "Dated", "Evidence date"),
            "The day it is of.",
            date_of,
            required="Enter the day it is of.",
        ),
        Column(
            "owner",
            ("Owner", "Evidence owner", "Owned by"),
            "User name, email address or name of who answers for it; empty: who takes it in.",
            lambda value: line_of(value, _TITLE),
        ),
        Column(
            "marking",
            ("Marking", "Protective marking", "Classification"),
            "OFFICIAL or OFFICIAL-SENSITIVE; empty: OFFICIAL.",
            lambda value: choice_of(value, _MARKINGS, "OFFICIAL or OFFICIAL-SENSITIVE"),
            choices=lambda: [(each.value.casefold(), each.label) for each in Marking],
        ),
        Column(
            "source",
            ("Source", "Source of evidence", "Type of source"),
            "Where it comes from.",
            lambda value: choice_of(value, _SOURCES, _SOURCE_WORDS),
            choices=lambda: [(each.value, str(each.label)) for each in Source],
        ),
        Column(
            "review_by",
            ("Review by", "Review date", "To be reviewed by", "Review"),
            "When to look at it again; empty: a year after its date.",
            date_of,
        ),
    ),
    keys=(frozenset({"file", "title", "dated_on"}),),
)
