"""The demonstration in a test's database: framework, publications and the force's actions."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import load_workbook

from inspections.loading import load_framework, load_publications, load_question_leads
from inspections.models import Framework, Publication
from reports.loading import load_report
from reports.models import CommitteeReport
from tests.factories import day
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import Action, StatusPeriod

FIXTURES: Path = settings.BASE_DIR / "fixtures"
_STATUS = {
    "In progress": Status.IN_PROGRESS,
    "Local closure": Status.CLOSURE_PROPOSED,
    "With HMICFRS": Status.WITH_HMICFRS,
    "Closed": Status.CLOSED,
}
_KINDS = {kind.label.lower(): kind for kind in Kind}


def read(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def load_demo() -> CommitteeReport:
    """Everything that the draft of 10 December 2024 is drawn from, and the draft itself."""
    load_framework(read("paf-2023-25.json"), actor=None)
    load_publications(read("publications.json"), actor=None)
    load_question_leads(
        read("inspections.json"),
        framework=Framework.objects.get(),
        since=day("2023-04-01"),
        actor=None,
    )
    _load_actions()
    report, _ = load_report(read("report-2024-12-10.json"), actor=None)
    return report


def _load_actions() -> None:
    """Straight from the list, so that the paper's figures do not rest on the import's code."""
    book = load_workbook(FIXTURES / "start-list-2024-11-20.xlsx", read_only=True, data_only=True)
    rows = book["StART"].iter_rows(values_only=True)
    headings = next(rows)
    publications = {each.title: each for each in Publication.objects.all()}
    for row in rows:
        _load_action(dict(zip(headings, row, strict=True)), publications)
    book.close()


def _load_action(row: dict[Any, Any], publications: dict[str, Publication]) -> None:
    received = row["Received"].date()
    super_complaint = row["Source type"] == "Super-complaint"
    action = Action.objects.create(
        reference=row["Local ref"],
        kind=_KINDS[row["Kind"].lower()],
        register=Register.SUPER_COMPLAINT if super_complaint else Register.HMICFRS,
        scope=row["Scope"].lower(),
        publication=publications[row["Source report"]],
        text=row["Action required"],
        portal_first_seen=received if row["On portal"] == "Yes" else None,
    )
    steps = [(Status.IN_PROGRESS, received)]
    if row["Stage"] != "In progress":
        steps.append((_STATUS[row["Stage"]], (row["Closed"] or row["Stage date"]).date()))
    for n, (status, start) in enumerate(steps):
        StatusPeriod.objects.create(
            action=action,
            sequence=n + 1,
            status=status,
            level=row["Level"],
            started_on=start,
            ended_on=steps[n + 1][1] if n + 1 < len(steps) else None,
            close_reason=CloseReason.COMPLETED if status == Status.CLOSED else "",
        )
