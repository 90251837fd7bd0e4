"""A report from a file: the demonstration's draft, once; clear words for a file that is wrong."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.loading import UnreadableReport, load_report
from reports.models import CommitteeReport
from tests.factories import day
from tests.reports.demo import FIXTURES, read

pytestmark = pytest.mark.django_db
DRAFT = FIXTURES / "report-2024-12-10.json"


def document(**values: Any) -> dict[str, Any]:
    return {**read(DRAFT.name), **values}


def load(path: Path, **options: Any) -> str:
    said = StringIO()
    call_command("load_report", path, stdout=said, **options)
    return said.getvalue()


def test_the_demonstrations_draft_is_loaded_as_the_paper_has_it() -> None:
    report, new = load_report(document(), actor=None)
    assert new
    assert (report.as_at, report.previous_as_at) == (day("2024-11-20"), day("2023-10-31"))
    assert report.marking == "NOT PROTECTIVELY MARKED"
    assert "March 2025" in report.sections.get(key="local-activity").body


def test_a_section_that_is_not_given_keeps_its_standing_text() -> None:
    report, _ = load_report(document(sections={}), actor=None)
    assert "activity level" in report.sections.get(key="position").body


def test_a_section_may_be_left_out() -> None:
    report, _ = load_report(document(sections={"process": {"included": False}}), actor=None)
    assert not report.sections.get(key="process").included


def test_text_may_be_one_piece_or_lines() -> None:
    texts = {"purpose": {"body": "One."}, "conclusion": {"body": ["One.", "", "Two."]}}
    report, _ = load_report(document(sections=texts), actor=None)
    assert report.sections.get(key="purpose").body == "One."
    assert report.sections.get(key="conclusion").body == "One.\n\nTwo."


def test_a_report_that_is_there_stays_as_it_is() -> None:
    first, _ = load_report(document(), actor=None)
    second, new = load_report(document(title="Another"), actor=None)
    assert (second.pk, new) == (first.pk, False)
    assert second.title == first.title


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": "", "as_at": None}, "does not say: title, as_at"),
        ({"as_at": "31 February"}, "as_at is '31 February'; write it like 2024-12-10"),
        ({"as_at": 20241120}, "write it like 2024-12-10"),
        ({"sections": {"weather": {}}}, "no section called weather"),
    ],
)
def test_a_document_that_is_wrong_is_refused_in_words(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UnreadableReport, match=words):
        load_report(document(**values), actor=None)
    assert not CommitteeReport.objects.exists()


def test_the_command_loads_once() -> None:
    assert load(DRAFT) == "Audit Committee, 10 December 2024: opened.\n"
    assert "already there" in load(DRAFT)


def test_a_dry_run_writes_nothing() -> None:
    assert "nothing written" in load(DRAFT, dry_run=True)
    assert not CommitteeReport.objects.exists()


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with pytest.raises(CommandError, match="Cannot read"):
        load(file)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="is not JSON"):
        load(file)
    file.write_text(json.dumps(document(committee="")), encoding="utf-8")
    with pytest.raises(CommandError, match="does not say: committee"):
        load(file)
    file.write_text(json.dumps(document(as_at="2024-12-25")), encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be in the future"):
        load(file)
