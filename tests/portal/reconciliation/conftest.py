"""Exports of the portal, row by row, and people who reconcile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from people import roles
from people.models import User
from portal.models import PortalDifference, PortalStatus, SpreadsheetImport
from portal.reconciliation.comparing import compare
from portal.reconciliation.records import ExportRow, take
from tests.factories import day, make_export, make_user
from tracker.choices import Kind

DAY = "2024-11-20"
Export = Callable[..., SpreadsheetImport]


def row(reference: str = "REC-1", **said: Any) -> ExportRow:
    """A row of an export: open at activity level 2, as `an_action` says too."""
    values: dict[str, Any] = {
        "publication": "An inspection",
        "published_on": day("2023-01-10"),
        "kind": Kind.RECOMMENDATION,
        "cause_reference": None,
        "text": "The force should see to it.",
        "level": 2,
        "scope": "national",
        "due_on": None,
        "status": PortalStatus.OPEN,
        "status_on": None,
        "closed_on": None,
    }
    return ExportRow(reference=reference, **{**values, **said})


def open_kinds() -> list[str]:
    """The kinds of the open differences."""
    found = PortalDifference.objects.filter(closed_on=None).order_by("pk")
    return [str(each) for each in found.values_list("kind", flat=True)]


def the_difference() -> PortalDifference:
    """The only one there is."""
    return PortalDifference.objects.get()


@pytest.fixture
def governor(db: None, media: Path) -> User:
    return make_user("governor", roles.GOVERNANCE)


@pytest.fixture
def export(db: None) -> Export:
    """`export(row(), ...)`: an export of these rows is taken in and compared."""

    def taken(*rows: ExportRow, on: str = DAY, **options: Any) -> SpreadsheetImport:
        found = make_export(on)
        take(rows, day=day(on), spreadsheet_import=found, actor=None, **options)
        compare(spreadsheet_import=found, actor=None)
        return found

    return taken
