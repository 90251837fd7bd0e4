"""The inspections of the demonstration: exactly what the paper says, and safe to load again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from inspections.loading import DocumentNotUsable
from inspections.loading_inspections import load_inspections
from inspections.models import (
    Grade,
    Inspection,
    MonitoringPeriod,
    MonitoringScheme,
    PlannedInspection,
    Programme,
    QuestionGrade,
)

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "fixtures" / "inspections.json"


@pytest.fixture
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def test_the_paper_s_inspections_with_their_dates_as_they_are_known() -> None:
    call_command("load_inspections", FILE, verbosity=0)
    told = {
        each.title: (each.get_status_display(), [str(phase) for phase in each.phases.all()])
        for each in Inspection.objects.all()
    }
    assert told == {
        "PEEL inspection 2023-25": (
            "Awaiting report",
            [
                "Evidence collection: from April 2024",
                "Fieldwork: week beginning 7 October 2024",
                "Fieldwork: week beginning 21 October 2024",
                "Report expected: March 2025",
            ],
        ),
        "National Child Protection Inspection": (
            "Awaiting report",
            ["Fieldwork: June 2024", "Report expected: early 2025"],
        ),
        "Rapid review of the policing response to disorder": (
            "Awaiting report",
            ["Fieldwork: September 2024"],
        ),
        "PEEL inspection 2025-27": (
            "Proposed",
            ["Inspection expected: late 2026 or early 2027"],
        ),
    }
    programme = Programme.objects.get()
    assert "force involvement not known" in programme.note
    assert "consultation closed 25.10.24" in programme.note
    years = [each.years for each in programme.planned.all()]
    assert (years.count("2024 to 2025"), years.count("2025 to 2029")) == (2, 9)
    assert {each.involvement for each in programme.planned.all()} == {"not_known"}
    periods = MonitoringPeriod.objects.order_by("started_on")
    assert [(str(each), each.ended_on is None) for each in periods] == [
        ("Scan / Engage: Engage, September 2019", False),
        ("Scan / Engage: Scan, September 2023", True),
    ]
    scheme = MonitoringScheme.objects.get()
    assert [(each.name, each.meaning) for each in scheme.stages.all()] == [
        ("Scan", "Routine monitoring."),
        ("Engage", "Enhanced monitoring."),
    ]
    # The paper gives no grades.
    assert not QuestionGrade.objects.exists()


def test_loading_again_changes_nothing_and_keeps_what_people_have_said(
    document: dict[str, Any],
) -> None:
    load_inspections(document, actor=None)
    inspection = Inspection.objects.get(title="PEEL inspection 2023-25")
    inspection.involvement = "not_known"
    inspection.save()
    phase = inspection.phases.get(kind="report")
    phase.words = "spring"
    phase.save()
    again = load_inspections(document, actor=None)
    assert not again.made and not again.corrected
    inspection.refresh_from_db()
    phase.refresh_from_db()
    assert (inspection.involvement, phase.words) == ("not_known", "spring")
    assert PlannedInspection.objects.count() == 11


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda d: d["inspections"][0].update(kind="Wizardry"), "not a kind of inspection"),
        (lambda d: d["inspections"][0].update(status="Over"), "not a status"),
        (lambda d: d["inspections"][0].pop("body"), "no 'body'"),
        (lambda d: d["inspections"][1].update(report_expected="soon"), "names no year"),
        (lambda d: d["monitoring"][1].update(stage="Watch"), "no stage Watch"),
        (lambda d: d["monitoring"][1].update({"from": "2019-02"}), "Enter a later day"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_loaded(
    document: dict[str, Any], wrong: Callable[[Any], Any], said: str
) -> None:
    wrong(document)
    with pytest.raises(DocumentNotUsable, match=said):
        load_inspections(document, actor=None)
    assert not Inspection.objects.exists()


def test_the_scale_of_grades_is_laid_once() -> None:
    from inspections.grading import lay_scale

    lay_scale()
    names = [each.name for each in Grade.objects.all()]
    lay_scale()
    assert names == [
        "Outstanding",
        "Good",
        "Adequate",
        "Requires improvement",
        "Inadequate",
    ]
    assert Grade.objects.count() == 5
