"""The demonstration’s two files give exactly the differences that are expected of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from core.dates import long_date
from people import roles
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import DifferenceKind, PortalDifference, PortalRecord, SpreadsheetImport
from portal.reconciliation.comparing import compare
from portal.reconciliation.loading import load_export
from tests.factories import day, make_user
from tests.portal.test_demo_list import EXPECTED, FIXTURES, LIST
from tracker.models import PortalPresence, StatusPeriod

pytestmark = pytest.mark.django_db
EXPORT_FILE = FIXTURES / "portal-2024-11-20.xlsx"
EXPORT_DAY = day("2024-11-20")
RECONCILIATION: dict[str, Any] = EXPECTED["reconciliation"]
KINDS = {
    "Status": DifferenceKind.STATUS,
    "Level": DifferenceKind.LEVEL,
    "Due date": DifferenceKind.DUE,
    "Not on the portal": DifferenceKind.ONLY_HERE,
    "Not in the local list": DifferenceKind.ONLY_THERE,
}


@pytest.fixture(scope="module")
def governance(standing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """A governance officer of a force that has loaded its list."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        call_command("load_framework", str(FIXTURES / "paf-2023-25.json"), verbosity=0)
        call_command("load_publications", str(FIXTURES / "publications.json"), verbosity=0)
        with LIST.open("rb") as file:
            apply_import(receive(file, LIST.name, actor=None), actor=None)
        yield make_user("governance", roles.GOVERNANCE)


@pytest.fixture(scope="module")
def export(governance: User) -> SpreadsheetImport:
    taken = load_export(EXPORT_FILE, EXPORT_DAY, actor=governance)
    assert taken is not None
    return taken


def _shown(value: Any) -> str:
    """A value of the file of what is expected, as people read it."""
    if value is None:
        return ""
    try:
        return long_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def test_the_differences_are_those_expected(export: SpreadsheetImport) -> None:
    found = {
        (
            each.kind,
            each.action.reference if each.action else None,
            (each.action.portal_reference if each.action else str(each.record)) or None,
            each.ours,
            each.theirs,
        )
        for each in PortalDifference.objects.select_related("action", "record")
    }
    expected = {
        (
            KINDS[each["kind"]],
            each["local_ref"],
            each["reference"],
            _shown(each["local_value"]),
            _shown(each["portal_value"]),
        )
        for each in RECONCILIATION["list"]
    }
    assert len(expected) == RECONCILIATION["differences"] == 12
    assert found == expected


def test_they_opened_with_the_export(export: SpreadsheetImport) -> None:
    opened = PortalDifference.objects.values_list("opened_on", "opened_by", "closed_on").distinct()
    assert set(opened) == {(EXPORT_DAY, export.pk, None)}
    assert PortalRecord.objects.count() == RECONCILIATION["portal_records"]
    assert all(each.history.count() == 1 for each in PortalDifference.objects.all())
    assert all(each.history.count() == 1 for each in PortalRecord.objects.all())


def test_the_same_file_twice_changes_nothing(export: SpreadsheetImport) -> None:
    before = PortalRecord.history.count(), PortalDifference.history.count()
    assert load_export(EXPORT_FILE, EXPORT_DAY) is None
    compare(spreadsheet_import=export, actor=None)
    compare(actor=None)
    assert (PortalRecord.history.count(), PortalDifference.history.count()) == before


def test_no_action_changes_by_an_export(governance: User) -> None:
    periods = list(StatusPeriod.objects.values_list("action", "status", "level", "started_on"))
    on_portal = PortalPresence.objects.filter(ended_on=None).count()
    load_export(EXPORT_FILE, EXPORT_DAY)
    assert list(StatusPeriod.objects.values_list("action", "status", "level", "started_on")) == (
        periods
    )
    assert PortalPresence.objects.filter(ended_on=None).count() == on_portal
