"""An export of HMICFRS's portal goes in as any other spreadsheet: preview, applying, undoing."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.choosing import choose_fields
from portal.imports.receiving import receive
from portal.imports.refused import ChangedSincePreview, ImportNotPossible
from portal.imports.undoing import undo_import
from portal.models import (
    Outcome,
    PortalDifference,
    PortalRecord,
    Purpose,
    SpreadsheetImport,
    State,
)
from portal.reconciliation.export_layout import EXPORT
from tests.factories import day, make_action
from tests.workbooks import saved
from tracker.models import StatusPeriod

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HEADERS = [column.headers[0] for column in EXPORT.columns]
GOOD = {
    "Report title": "An inspection of how forces keep dogs",
    "Date published": "10/01/2023",
    "Record type": "Recommendation",
    "Recommendation/AFI text": "The force should see to it.",
    "Activity level": 2,
    "Applies to": "All forces",
    "Status": "Open",
    "Status date": "10/01/2023",
}


def export_of(*rows: dict[str, Any]) -> io.BytesIO:
    """An export of records; each row is good but for what is given."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Portal export"
    sheet.append(HEADERS)
    for given in rows:
        values = {**GOOD, **given}
        sheet.append([values.get(header) for header in HEADERS])
    return saved(book)


def record(reference: str, **different: Any) -> dict[str, Any]:
    return {"Reference": reference, **{k.replace("_", " "): v for k, v in different.items()}}


def previewed(*rows: dict[str, Any], on: str = "2024-11-20") -> SpreadsheetImport:
    file = export_of(*rows)
    received = receive(file, "portal.xlsx", actor=None, purpose=Purpose.EXPORT, as_at=day(on))
    assert received.state == State.PREVIEWED, received.refusal
    return received


def taken(*rows: dict[str, Any], on: str = "2024-11-20") -> SpreadsheetImport:
    return apply_import(previewed(*rows, on=on), actor=None)


@pytest.fixture(autouse=True)
def kept(media: Path) -> None:
    """Files of imports go to a folder of the test."""


def test_records_are_new_changed_and_unchanged() -> None:
    assert previewed(record("REC-1")).counts[Outcome.NEW] == 1
    taken(record("REC-1"), record("REC-2"))
    again = previewed(record("rec-1", Status="Closed"), record("REC-2"), on="2024-11-24")
    changed = again.rows.get(outcome=Outcome.CHANGED)
    assert [(c["ours"], c["theirs"], c["column"]) for c in changed.changes] == [
        ("Open", "Closed", "J")
    ]
    assert again.counts[Outcome.UNCHANGED] == 1
    assert again.good_rows == 2


def test_the_same_export_again_says_nothing_new_and_a_later_one_that_it_is_still_there() -> None:
    taken(record("REC-1"))
    assert previewed(record("REC-1")).good_rows == 0
    taken(record("REC-1"), on="2024-11-22")
    found = PortalRecord.objects.get()
    assert (str(found.first_seen_on), str(found.last_seen_on)) == ("2024-11-20", "2024-11-22")


def test_what_it_no_longer_has_is_named_before_and_closes_nothing() -> None:
    action = make_action("ST-0001", portal_reference="REC-2")
    before = StatusPeriod.objects.get(action=action, ended_on=None).status
    taken(record("REC-1"), record("REC-2"))
    later = previewed(record("REC-1"), on="2024-11-22")
    assert later.gone == ["REC-2"]
    apply_import(later, actor=None)
    assert str(PortalRecord.objects.get(reference="REC-2").gone_since) == "2024-11-22"
    assert StatusPeriod.objects.get(action=action, ended_on=None).status == before


def test_a_row_that_cannot_be_read_is_not_gone() -> None:
    taken(record("REC-1"), record("REC-2"))
    later = previewed(record("REC-1"), record("REC-2", Status="Perhaps"), on="2024-11-22")
    assert later.counts[Outcome.UNREADABLE] == 1
    assert later.unknown_words["status"] == [["Perhaps", 1, 3]]
    assert later.gone == []
    apply_import(later, actor=None)
    assert PortalRecord.objects.get(reference="REC-2").gone_since is None


def test_where_a_row_does_not_say_which_record_it_is_none_is_gone() -> None:
    taken(record("REC-1"), record("REC-2"))
    later = previewed(record("REC-1"), record(""), on="2024-11-22")
    assert later.gone == []
    apply_import(later, actor=None)
    assert PortalRecord.objects.get(reference="REC-2").gone_since is None


def test_two_rows_of_one_record_are_both_refused() -> None:
    received = previewed(record("REC-1"), record("rec-1 "), record("REC-2"))
    refused = received.rows.filter(outcome=Outcome.UNREADABLE).order_by("sheet_row")
    assert [row.problems[0]["message"].partition(".")[0] for row in refused] == [
        "is also in row 3",
        "is also in row 2",
    ]
    assert received.good_rows == 1


def test_an_export_that_was_overtaken_is_seen_again() -> None:
    first = previewed(record("REC-1"))
    taken(record("REC-1"), record("REC-2"))
    with pytest.raises(ChangedSincePreview):
        apply_import(first, actor=None)
    first.refresh_from_db()
    assert first.gone == ["REC-2"]
    assert PortalRecord.objects.get(reference="REC-2").gone_since is None


def test_an_export_older_than_the_last_is_refused() -> None:
    older = previewed(record("REC-1"), on="2024-11-18")
    taken(record("REC-1"))
    with pytest.raises(ImportNotPossible, match="one of 20 November 2024 was taken already"):
        apply_import(older, actor=None)


def test_it_is_taken_as_a_whole(cast: Any) -> None:
    received = previewed(record("REC-1"))
    with pytest.raises(ImportNotPossible, match="as a whole"):
        choose_fields(received, seen=received.previews, left=["status"], actor=cast.admin)


def test_undone_the_portal_is_as_it_was_before() -> None:
    taken(record("REC-1"), record("REC-2"))
    before = list(PortalRecord.objects.order_by("pk").values())
    differences = list(PortalDifference.objects.filter(closed_on=None).values("kind", "record"))
    second = taken(record("REC-1", Status="Closed"), record("REC-3"), on="2024-11-22")
    undo_import(second, actor=None)
    assert list(PortalRecord.objects.order_by("pk").values()) == before
    now = PortalDifference.objects.filter(closed_on=None)
    assert list(now.values("kind", "record")) == differences


@pytest.fixture
def governance(cast: Any, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


def test_governance_takes_it_in_on_the_page_under_the_day_of_its_name(governance: Client) -> None:
    file = SimpleUploadedFile("portal-2024-11-20.xlsx", export_of(record("REC-1")).getvalue())
    response = governance.post(
        reverse("portal:imports"), {"purpose": "export", "workbook": file}, follow=True
    )
    received = SpreadsheetImport.objects.get()
    assert str(received.as_at) == "2024-11-20"
    text = response.content.decode()
    assert "20 November 2024" in text
    assert 'name="take"' not in text
    question = governance.get(reverse("portal:apply", args=[received.pk])).content.decode()
    assert "1 record is new on the portal" in question
    governance.post(reverse("portal:apply", args=[received.pk]), {"preview": received.previews})
    assert PortalRecord.objects.get().reference == "REC-1"


@pytest.mark.parametrize(
    ("entered", "words"),
    [("26 November 2024", "has not come yet"), ("1 November 2024", "was taken already")],
)
def test_a_day_that_cannot_be_is_said_beside_it(
    entered: str, words: str, governance: Client
) -> None:
    taken(record("REC-1"))
    file = SimpleUploadedFile("portal.xlsx", export_of(record("REC-1")).getvalue())
    data = {"purpose": "export", "workbook": file, "as_at": entered}
    text = governance.post(reverse("portal:imports"), data).content.decode()
    assert words in text
    assert SpreadsheetImport.objects.count() == 1


def test_governance_takes_in_no_list(governance: Client) -> None:
    file = SimpleUploadedFile("list.xlsx", export_of(record("REC-1")).getvalue())
    governance.post(reverse("portal:imports"), {"purpose": "list", "workbook": file})
    assert not SpreadsheetImport.objects.filter(purpose=Purpose.LIST).exists()
