"""Any list that can be read, taken in and out again, is the same list: nothing is lost or changed
on the way.
"""

import datetime as dt
import io
import tempfile
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl.reader.excel import load_workbook

from core.exports import Sheet
from inspections.choices import OUTSIDE_TYPES, PublicationType
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.lists.as_listed import as_listed
from portal.lists.start_list import START_LIST
from portal.models import SpreadsheetImport
from portal.out.for_editing import write_for_editing
from tests.factories import make_framework, make_user
from tests.workbooks import start_list
from tracker.models import Action

TODAY = dt.date(2024, 11, 25)
PUBLISHED = dt.date(2022, 1, 10)
Row = dict[str, Any]
# Among them what spreadsheets, XML and our own reading make something else of.
_letters = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cn", "Co", "Cc"), include_characters="\n\t\x85"
)
_texts = st.one_of(
    st.text(_letters, min_size=1, max_size=40),
    st.sampled_from(
        [
            "=1+1",
            "@SUM(A1)",
            "-2",
            "'quoted",
            "12",
            "1.50",
            "20/11/2024",
            "TRUE",
            "none",
            "one\r\ntwo\n\n three\t four",
            "\xa0 spaces \u200b",
            "x" * 10_000,
        ]
    ),
)
_names = st.sampled_from(["ACC Baker", "head of crime", " DCC  Davies ", "+44 Team", None])
_days = st.integers(0, 900).map(lambda days: PUBLISHED + dt.timedelta(days=days))


def _as_written(day: dt.date | None) -> st.SearchStrategy[Any]:
    """A day as a real date, or in one of the ways people write it."""
    if day is None:
        return st.none()
    forms = ("%d/%m/%Y", "%d.%m.%y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")
    return st.sampled_from([day, *(day.strftime(form) for form in forms)])


@st.composite
def _rows(draw: Any, number: int) -> Row:
    """A row that the list may have: its cells agree with each other."""
    report = draw(st.integers(0, 2))
    source = OUTSIDE_TYPES[(report * 3) % len(OUTSIDE_TYPES)]
    from_hmicfrs = source not in (PublicationType.SUPER_COMPLAINT, PublicationType.OTHER_BODY)
    kinds = ["Recommendation", "rec", "AFI"] + ["Cause of concern"] * from_hmicfrs
    kind = draw(st.sampled_from(["Recommendation"] if not from_hmicfrs else kinds))
    level = draw(st.sampled_from([2, "L3", "Level 4", 1])) if from_hmicfrs else None
    if kind == "Cause of concern":
        level = None
    received = draw(_days)
    stage_day = received + dt.timedelta(days=draw(st.integers(0, 60)))
    closed = level == 1 or draw(st.booleans())
    stages = ["In progress", "in progress"]
    if level == 2 or not from_hmicfrs:
        stages.append("Local closure")
    if level == "L3":
        stages.append("With HMICFRS")
    closed_on = received if level == 1 else stage_day
    updated = draw(st.none() | st.just(stage_day))
    return {
        "Local ref": f"ST-{number:04}",
        "Portal ref": draw(st.sampled_from([None, f"REC {number}"])) if from_hmicfrs else None,
        "On portal": draw(st.sampled_from(["Yes", "n", True])) if from_hmicfrs else "No",
        "Source report": f"Report {report}",
        "Published": draw(_as_written(PUBLISHED)),
        "Source type": str(source.label),
        "Kind": kind,
        "Level": level,
        "Scope": draw(st.sampled_from(["Local", "national"])),
        "PAF question": draw(st.sampled_from([None, 1, "PAF 2", "3"])),
        "Executive lead": draw(_names),
        "Delivery lead": draw(_names),
        # Something that is there even when all the rest of the text is left out in reading.
        "Action required": f"{draw(_texts)[:9_990]} {number}",
        "Received": draw(_as_written(received)),
        "Due": draw(st.none() | _days.flatmap(_as_written)),
        "Stage": "Closed" if closed else draw(st.sampled_from(stages)),
        "Stage date": draw(_as_written(stage_day)) if not closed else None,
        "Delivery confidence": draw(st.sampled_from([None, "High", "medium"])),
        "Confidence reason": draw(st.none() | _texts),
        "Latest update": f"{draw(_texts)[:9_990]}." if updated else None,
        "Latest update date": draw(_as_written(updated)),
        "Closed": draw(_as_written(closed_on)) if closed else None,
        "Closure reason": draw(st.sampled_from(["Done.", "Superseded by another", "=closed"]))
        if closed
        else None,
    }


_lists = st.integers(1, 4).flatmap(
    lambda count: st.tuples(*(_rows(number) for number in range(count)))
)


class FixedPoint(TestCase):
    """import -> export -> import -> export."""

    def setUp(self) -> None:
        make_framework(questions=3)
        self.user: User = make_user("reader")
        self.enterContext(
            self.settings(MEDIA_ROOT=self.enterContext(tempfile.TemporaryDirectory()))
        )

    def taken_in(self, file: io.BytesIO) -> SpreadsheetImport:
        received = receive(file, "list.xlsx", actor=None)
        assert received.refusal == ""
        assert [row.problems for row in received.rows.exclude(problems=[])] == []
        return received

    def exported(self) -> io.BytesIO:
        target = io.BytesIO()
        keys = list(Action.objects.order_by("reference").values_list("pk", flat=True))
        about = Sheet("Actions", "actions", TODAY, "OFFICIAL", "", (), "", (), ())
        write_for_editing(as_listed(keys, self.user), about, target)
        target.seek(0)
        return target

    @given(found=_lists)
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def test_a_list_comes_back_as_it_went_out(self, found: tuple[Row, ...]) -> None:
        apart = transaction.savepoint()
        apply_import(self.taken_in(start_list(found)), actor=None)
        first = self.exported()
        again = self.taken_in(first)
        assert again.counts["unchanged"] == len(found)
        assert [row.notes for row in again.rows.exclude(notes=[])] == []

        # Taken in where nothing is, what went out makes the same records.
        transaction.savepoint_rollback(apart)
        assert not Action.objects.exists()
        apply_import(self.taken_in(first), actor=None)
        assert cells(self.exported()) == cells(first)


def cells(file: io.BytesIO) -> list[tuple[Any, ...]]:
    sheet = load_workbook(file)[START_LIST.sheet]
    return list(sheet.iter_rows(values_only=True))
