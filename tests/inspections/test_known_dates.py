"""Dates as far as they are known."""

import datetime as dt

import pytest

from inspections.choices import Precision
from inspections.known_dates import in_words, whole
from tests.factories import day


@pytest.mark.parametrize(
    ("precision", "first", "last", "span", "words"),
    [
        ("day", "2024-11-20", None, ("2024-11-20", "2024-11-20"), "20 November 2024"),
        (
            "day",
            "2024-11-20",
            "2024-11-22",
            ("2024-11-20", "2024-11-22"),
            "20 November 2024 to 22 November 2024",
        ),
        (
            "week",
            "2024-10-09",
            None,
            ("2024-10-07", "2024-10-13"),
            "week beginning 7 October 2024",
        ),
        (
            "week",
            "2024-10-07",
            "2024-10-21",
            ("2024-10-07", "2024-10-27"),
            "weeks beginning 7 October 2024 to 21 October 2024",
        ),
        ("month", "2024-02-10", None, ("2024-02-01", "2024-02-29"), "February 2024"),
        (
            "month",
            "2024-04-01",
            "2024-10-31",
            ("2024-04-01", "2024-10-31"),
            "April 2024 to October 2024",
        ),
        ("season", "2025-04-15", None, ("2025-03-01", "2025-05-31"), "spring 2025"),
        ("season", "2025-11-30", None, ("2025-09-01", "2025-11-30"), "autumn 2025"),
        ("season", "2025-01-10", None, ("2024-12-01", "2025-02-28"), "winter 2024/25"),
        ("season", "2024-12-10", None, ("2024-12-01", "2025-02-28"), "winter 2024/25"),
        ("year", "2025-06-01", None, ("2025-01-01", "2025-12-31"), "2025"),
        ("years", "2026-06-01", "2027-02-01", ("2026-01-01", "2027-12-31"), "2026 to 2027"),
    ],
)
def test_a_span_is_whole_and_says_no_more_than_is_known(
    precision: str, first: str, last: str | None, span: tuple[str, str], words: str
) -> None:
    found = whole(precision, day(first), day(last) if last else None, open_ended=False)
    assert tuple(each.isoformat() for each in found if each) == span
    assert in_words(precision, *found) == words


def test_what_goes_on_has_no_last_day() -> None:
    found = whole(Precision.MONTH, day("2024-04-10"), None, open_ended=True)
    assert found == (dt.date(2024, 4, 1), None)
    assert in_words(Precision.MONTH, *found) == "from April 2024"


def test_nothing_ends_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end before it starts"):
        whole(Precision.MONTH, day("2024-04-10"), day("2024-03-10"), open_ended=False)
