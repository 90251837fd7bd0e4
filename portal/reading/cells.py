"""Reading one cell of a list: what people write, and what to tell them when it cannot be read.

Each reader takes the value of a cell as the workbook gives it, and returns what it means; None
where the cell is empty. What it cannot read raises `CellNotRead` with a sentence: what is wrong and
what to do.
"""

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils import timezone

from core.dates import long_date, parse_date
from portal.reading.workbook import ErrorValue, UnsavedFormula

LONG_TEXT = 10_000
EARLIEST = dt.date(1990, 1, 1)
LATEST = dt.date(2099, 12, 31)
# The day that Excel counts days from.
_DAY_NOUGHT = dt.date(1899, 12, 30)
_SERIALS = range((EARLIEST - _DAY_NOUGHT).days, (LATEST - _DAY_NOUGHT).days + 1)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? (?=\d)", re.IGNORECASE)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_TIME = re.compile(rf"(?:,? (?:at )?|T){_CLOCK}(?: ?[ap]m)?$", re.IGNORECASE)
_MOMENT = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{_CLOCK}(?:Z|[+-]\d{{2}}:?\d{{2}})")
_LONGEST_DATE = 60
_AROUND = re.compile(r"(?<=\d) ?([./-]) ?(?=\d)")
_MONTH_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})")
_SPACES = re.compile(r"[^\S\n]+")
# Control characters, and marks that change the direction of writing or have no width; a page break
# or a line break of Word’s is a line break.
_UNWANTED: dict[int, str | None] = {
    code: None
    for code in (
        *range(0, 9),
        *range(14, 32),
        127,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
    )
} | {11: "\n", 12: "\n"}
# How Excel writes a carriage return in XML.
_RETURN = "_x000D_"
_LEVEL = re.compile(r"^(?:activity )?(?:level|lvl|l)?\s*\.?\s*(\d+)(?:\.0+)?$")
_QUESTION = re.compile(r"^(?:paf|question|q)?\s*(\d{1,2})(?:\.0+)?$")
_NO_LEVEL = {"-", "–", "n/a", "na", "none", "not given", "not given yet", "tbc"}
Meaning = TypeVar("Meaning")


class CellNotRead(ValueError):
    """A cell cannot be read; `str()` is a sentence for the person who keeps the list."""


class WordUnknown(CellNotRead):
    """A cell says a word that its column does not know.

    Args:
        word: as it stands there.
    """

    def __init__(self, word: str, sentence: str) -> None:
        super().__init__(sentence)
        self.word = word


def text_of(value: Any, limit: int = LONG_TEXT) -> str | None:
    """Text as it is meant: spaces evened out, numbers and dates as people write them."""
    if value is None:
        return None
    if type(value) is not str:
        value = _as_text(value)
    cleaned = _cleaned(value)
    if len(cleaned) > limit:
        raise CellNotRead(
            f"has {len(cleaned):,} characters; at most {limit:,} can be kept. Shorten it."
        )
    return cleaned or None


def _as_text(value: Any) -> str:
    if isinstance(value, UnsavedFormula):
        raise CellNotRead(
            "holds a formula whose result was not saved. Open the workbook in Excel, save it and "
            "choose it again, or type the value."
        )
    if isinstance(value, ErrorValue):
        raise CellNotRead(f"shows the error {value.text}. Correct the formula or type the value.")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return long_date(value.date())
    if isinstance(value, dt.date):
        return long_date(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _cleaned(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = text.translate(_UNWANTED).replace(_RETURN, "")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


def line_of(value: Any, limit: int = LONG_TEXT) -> str | None:
    """Text on one line."""
    text = text_of(value, limit)
    return " ".join(text.split()) if text else None


def date_of(value: Any) -> dt.date | None:
    """A day: a real date, the number that Excel keeps for one, or text such as 20.11.24,
    20/11/2024 00:00, Wednesday 20th November 2024 or 45616.
    """
    if isinstance(value, dt.datetime):
        day = value.date()
    elif isinstance(value, dt.date):
        day = value
    else:
        text = line_of(value)
        if text is None:
            return None
        if type(value) in (int, float):
            day = _day_of_serial(float(value), text)
        elif type(value) is str:
            day = _day_of_text(text)
        else:
            raise CellNotRead(_no_date(text))
    if day < EARLIEST:
        raise CellNotRead(f"is {long_date(day)}, which is too long ago. Check the year.")
    if day > LATEST:
        raise CellNotRead(f"is {long_date(day)}, which is too far ahead. Check the year.")
    return day


def _no_date(text: str) -> str:
    return f"is “{text[:40]}”, which is not a date. Enter a date like 20 November 2024."


def _day_of_serial(number: float, text: str) -> dt.date:
    # A time of day is behind the point; so is what is not a number.
    if not math.isfinite(number) or int(number) not in _SERIALS:
        raise CellNotRead(_no_date(text))
    return _DAY_NOUGHT + dt.timedelta(days=int(number))


def _day_of_text(text: str) -> dt.date:
    if len(text) > _LONGEST_DATE:
        raise CellNotRead(_no_date(text))
    if _SERIAL.fullmatch(text):
        return _day_of_serial(float(text), text)
    if _MOMENT.fullmatch(text):
        return _day_of_moment(text)
    plain = text.translate(_DASHES)
    weekday = _WEEKDAY.match(plain)
    plain = _TIME.sub("", plain[weekday.end() :] if weekday else plain)
    plain = _AROUND.sub(r"\1", plain)
    try:
        day = parse_date(plain.replace(" of ", " "))
    except ValueError as error:
        raise CellNotRead(_date_sentence(text, plain, str(error))) from error
    if weekday and f"{day:%a}".casefold() != weekday[1].casefold():
        raise CellNotRead(
            f"is “{text}”, but {long_date(day)} is a {day:%A}. Check the day of the week and the "
            "date."
        )
    return day


def _day_of_moment(text: str) -> dt.date:
    """The day here of a moment that says how far its clock is from Greenwich."""
    try:
        return timezone.localtime(dt.datetime.fromisoformat(text)).date()
    except ValueError as error:
        raise CellNotRead(_date_sentence(text, text, "real date")) from error


def _date_sentence(text: str, plain: str, reason: str) -> str:
    if "real date" not in reason:
        return _no_date(text)
    swapped = _MONTH_FIRST.fullmatch(plain)
    if swapped and int(swapped[1]) <= 12 < int(swapped[3]) <= 31:
        day_first = swapped[2].join((swapped[3], swapped[1], swapped[4]))
        return (
            f"is “{text}”, which has no month {swapped[3]}. Put the day before the month: "
            f"{day_first} if that is meant."
        )
    return f"is “{text}”, which is not a real date. Check the day and the month."


def level_of(value: Any) -> int | None:
    """An activity level: 2, 2.0, "2", "L2", "Level 2".

    Raises:
        WordUnknown: it is something else, such as "2 or 3".
    """
    text = line_of(value)
    if text is None or text.casefold() in _NO_LEVEL:
        return None
    match = _LEVEL.match(text.casefold())
    if match is None or match[1] not in ("1", "2", "3", "4"):
        raise WordUnknown(text, f"is “{text[:40]}”. The activity level is 1, 2, 3 or 4.")
    return int(match[1])


def question_of(value: Any) -> int | None:
    """The number of a PAF question: 6, "6", "PAF 6".

    Raises:
        WordUnknown: it is something else.
    """
    text = line_of(value)
    if text is None or text.casefold() in _NO_LEVEL:
        return None
    match = _QUESTION.match(text.casefold())
    if match is None:
        raise WordUnknown(
            text, f"is “{text[:40]}”. Enter the number of one PAF question, such as 6."
        )
    return int(match[1])


def choice_of(value: Any, meanings: Mapping[str, Meaning], allowed: str) -> Meaning | None:
    """One of a few words.

    Args:
        meanings: lower-case word -> what it means.
        allowed: the words to use, for the sentence.

    Raises:
        WordUnknown: it is another word.
    """
    text = line_of(value)
    if text is None:
        return None
    meaning = meanings.get(text.casefold())
    if meaning is None:
        raise WordUnknown(text, f"is “{text[:40]}”, which is not known. Use {allowed}.")
    return meaning
