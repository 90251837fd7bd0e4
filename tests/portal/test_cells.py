"""What people write in a cell, and what they are told when it cannot be read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from portal.reading.cells import (
    LONG_TEXT,
    CellNotRead,
    WordUnknown,
    choice_of,
    date_of,
    level_of,
    line_of,
    question_of,
    text_of,
)
from portal.reading.workbook import UNSAVED_FORMULA, ErrorValue

DAY = dt.date(2024, 11, 20)


@pytest.mark.parametrize(
    "value",
    [
        dt.datetime(2024, 11, 20, 14, 30),
        DAY,
        "20.11.24",
        "20/11/2024",
        "20-11-2024",
        "2024-11-20",
        "20 November 2024",
        "20 Nov 24",
        "20th\xa0November 2024 ",
        "20/11/24",
        "20 Nov. 2024",
        "20-Nov-24",
        "20th of November, 2024",
        "20–11–2024",
        "20 / 11 / 2024",
        "Wed 20/11/2024",
        "Wednesday, 20 November 2024",
        "20/11/2024 00:00",
        "20/11/2024 14:30:15",
        "20 November 2024 at 2:30 pm",
        "2024-11-20T14:30:00.000",
        "2024-11-20 00:00:00",
        "2024-11-20T23:30:00Z",
        45_616,
        45_616.0,
        45_616.75,
        "45616",
        "45616.5",
    ],
)
def test_a_date_is_read_however_it_is_written(value: Any) -> None:
    assert date_of(value) == DAY


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("31/02/2024", "“31/02/2024”, which is not a real date"),
        ("soon", "“soon”, which is not a date. Enter a date like 20 November 2024."),
        (2024, "“2024”, which is not a date"),
        ("2024", "“2024”, which is not a date"),
        (20112024, "“20112024”, which is not a date"),
        (32_873, "“32873”, which is not a date"),
        ("99999", "“99999”, which is not a date"),
        (float("nan"), "“nan”, which is not a date"),
        (float("inf"), "“inf”, which is not a date"),
        (True, "“Yes”, which is not a date"),
        ("20/11/2024 or later", "“20/11/2024 or later”, which is not a date"),
        ("11/20/2024", "“11/20/2024”, which has no month 20. Put the day before the month: 20/11/"),
        ("11/20/2024 00:00", "has no month 20. Put the day before the month: 20/11/2024"),
        ("32/20/2024", "“32/20/2024”, which is not a real date"),
        ("Tue 20/11/2024", "“Tue 20/11/2024”, but 20 November 2024 is a Wednesday. Check"),
        ("2024-02-31T00:00:00Z", "which is not a real date"),
        ("20.11.2204", "20 November 2204, which is too far ahead. Check the year."),
        ("9" * 5_000, "which is not a date"),
        (dt.time(9, 30), "“09:30:00”, which is not a date"),
        ("1.1.1902", "1 January 1902, which is too long ago"),
    ],
)
def test_what_is_no_date_is_said_with_what_to_do(value: Any, words: str) -> None:
    with pytest.raises(CellNotRead, match=words):
        date_of(value)


def test_a_moment_is_of_the_day_it_was_here() -> None:
    assert date_of("2024-07-19T23:00:00Z") == dt.date(2024, 7, 20)


def test_days_are_counted_as_excel_counts_them() -> None:
    assert date_of(32_874) == dt.date(1990, 1, 1)
    assert date_of("73050") == dt.date(2099, 12, 31)


@pytest.mark.parametrize("value", [2, 2.0, "2", "2.0", "L2", "Level 2", " level\xa02", "LEVEL 2"])
def test_a_level_is_read_however_it_is_written(value: Any) -> None:
    assert level_of(value) == 2


@pytest.mark.parametrize("value", [None, "", "-", "n/a", "Not given yet"])
def test_a_level_may_not_be_given_yet(value: Any) -> None:
    assert level_of(value) is None


@pytest.mark.parametrize(
    "value", [0, 5, 2.5, "two", "Level", True, "12", "2 or 3", "2/3", "1-2", "2 - national"]
)
def test_another_level_is_refused(value: Any) -> None:
    with pytest.raises(CellNotRead, match="The activity level is 1, 2, 3 or 4"):
        level_of(value)


@pytest.mark.parametrize("value", [6, 6.0, "6", "PAF 6", "Q6"])
def test_a_question_is_read_however_it_is_written(value: Any) -> None:
    assert question_of(value) == 6


def test_a_question_may_be_none() -> None:
    assert question_of("n/a") is None


def test_several_questions_are_refused() -> None:
    with pytest.raises(CellNotRead, match="the number of one PAF question"):
        question_of("2 and 7")


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("  Two\xa0 words ", "Two words"),
        ("Line one\r\nline  two", "Line one\nline two"),
        ("Line one_x000D_\nLine two", "Line one\nLine two"),
        ("Line one\x0bLine two\x0cLine three", "Line one\nLine two\nLine three"),
        ("Thin\u2009and\u202fnarrow spaces", "Thin and narrow spaces"),
        ("Bell\x07 and zero\u200b width", "Bell and zero width"),
        ("=1+1", "=1+1"),
        ("\xa0", None),
        (18018, "18018"),
        (18018.0, "18018"),
        (2.5, "2.5"),
        (True, "Yes"),
        (False, "No"),
        (dt.datetime(2024, 11, 20), "20 November 2024"),
        (DAY, "20 November 2024"),
        (None, None),
    ],
)
def test_text_is_taken_as_it_is_meant(value: Any, meant: str | None) -> None:
    assert text_of(value) == meant


def test_text_for_one_line_is_put_on_one_line() -> None:
    assert line_of("Head of\nCrime") == "Head of Crime"


def test_forty_thousand_characters_are_too_many() -> None:
    with pytest.raises(CellNotRead, match=r"40,000 characters; at most 10,000 can be kept"):
        text_of("x" * 40_000)


@pytest.mark.parametrize("read", [text_of, line_of, date_of, level_of, question_of])
def test_a_formula_without_its_result_is_said(read: Callable[[Any], Any]) -> None:
    with pytest.raises(CellNotRead, match="a formula whose result was not saved"):
        read(UNSAVED_FORMULA)


def test_a_formula_that_ended_in_an_error_is_said() -> None:
    with pytest.raises(CellNotRead, match="shows the error #REF!"):
        date_of(ErrorValue("#REF!"))


def test_a_word_of_a_list_is_known_whatever_its_case() -> None:
    assert choice_of("YES", {"yes": True}, "Yes") is True
    assert choice_of(None, {"yes": True}, "Yes") is None


def test_an_unknown_word_is_told_the_known_ones() -> None:
    with pytest.raises(CellNotRead, match=r"“Maybe”, which is not known. Use Yes or No."):
        choice_of("Maybe", {"yes": True, "no": False}, "Yes or No")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (level_of, " level \xa0X "),
        (question_of, " level \xa0X "),
        (lambda value: choice_of(value, {"yes": True}, "Yes"), " level \xa0X "),
    ],
)
def test_a_word_that_is_not_known_can_be_asked_about(
    read: Callable[[Any], Any], value: Any
) -> None:
    with pytest.raises(WordUnknown) as caught:
        read(value)
    assert caught.value.word == "level X"


@pytest.mark.parametrize("value", [UNSAVED_FORMULA, ErrorValue("#REF!"), "x" * 10_001])
@pytest.mark.parametrize("read", [level_of, question_of])
def test_what_is_no_word_is_not_asked_about(read: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(CellNotRead) as caught:
        read(value)
    assert not isinstance(caught.value, WordUnknown)


def test_text_is_kept_whole_up_to_its_limit() -> None:
    assert text_of("x" * LONG_TEXT) == "x" * LONG_TEXT


def test_no_word_is_no_date_either() -> None:
    assert date_of("  ") is None
    assert date_of(None) is None
