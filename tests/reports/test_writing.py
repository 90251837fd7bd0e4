"""Opening and changing reports: drafts only, and nobody overwrites another unknowingly."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from core.collisions import Overtaken
from reports import writing
from reports.choices import ReportState, SectionKey
from reports.models import CommitteeReport, ReportSection
from tests.factories import day
from tests.reports.conftest import make_report

pytestmark = pytest.mark.django_db


def the(report: CommitteeReport, key: str) -> ReportSection:
    return report.sections.get(key=key)


def test_a_first_report_has_every_section_with_the_forces_name_in_it() -> None:
    sections = list(make_report().sections.all())
    assert [section.key for section in sections] == SectionKey.values
    assert "Cleveland Police" in sections[0].body
    assert not any("{force}" in section.body for section in sections)


def test_a_new_report_takes_over_titles_and_text_of_the_one_before() -> None:
    first = make_report(meeting_on=day("2024-11-20"))
    writing.change_section(
        the(first, "conclusion"), actor=None, version=1, title="In short", body="All is well."
    )
    writing.change_section(the(first, "process"), actor=None, version=1, included=False)
    second = make_report(meeting_on=day("2024-12-10"))
    assert second.previous == first
    taken = the(second, "conclusion")
    assert (taken.title, taken.body) == ("In short", "All is well.")
    assert not the(second, "process").included


def test_a_report_does_not_take_over_from_a_later_one() -> None:
    make_report(meeting_on=day("2025-03-01"))
    assert make_report(meeting_on=day("2024-12-10")).previous is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"previous_as_at": day("2024-11-20")}, "must be before the position date"),
        ({"meeting_on": day("2024-11-19")}, "cannot be after the meeting"),
        ({"as_at": day("2024-11-26")}, "cannot be in the future"),
        ({"title": ""}, "cannot be blank"),
        ({"marking": "SECRET"}, "not a valid choice"),
    ],
)
def test_a_report_that_cannot_be_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make_report(**values)
    assert not CommitteeReport.objects.exists()


def test_a_meeting_has_one_report() -> None:
    make_report()
    with pytest.raises(ValidationError, match="already a report for this meeting"):
        make_report()


def test_a_change_is_kept_with_who_made_it(cast: SimpleNamespace) -> None:
    section = the(make_report(), "purpose")
    changed = writing.change_section(section, actor=cast.corporate, version=1, body="New.")
    assert (changed.body, changed.version) == ("New.", 2)
    kept = ReportSection.history.filter(id=changed.pk)  # type: ignore[attr-defined]
    assert [row.user_name for row in kept] == ["Corporate", ""]


def test_the_front_of_a_draft_can_be_changed(cast: SimpleNamespace) -> None:
    changed = writing.change_front(
        make_report(), actor=cast.corporate, version=1, status_line="For decision"
    )
    assert (changed.status_line, changed.version) == ("For decision", 2)


def test_a_writer_who_was_overtaken_is_told_by_whom_and_saves_nothing(
    cast: SimpleNamespace,
) -> None:
    section = the(make_report(), "purpose")
    writing.change_section(section, actor=cast.corporate, version=1, body="First.")
    with pytest.raises(Overtaken) as told:
        writing.change_section(section, actor=cast.admin, version=1, body="Second.")
    assert told.value.changes[-1].by == "Corporate"
    section.refresh_from_db()
    assert section.body == "First."


def test_a_change_of_a_command_is_told_without_a_name() -> None:
    section = the(make_report(), "purpose")
    writing.change_section(section, actor=None, version=1, body="First.")
    with pytest.raises(Overtaken, match="somebody"):
        writing.change_section(section, actor=None, version=1, body="Second.")


def test_what_is_no_longer_a_draft_cannot_be_changed() -> None:
    report = make_report()
    report.state = ReportState.ISSUED
    report.save()
    with pytest.raises(writing.NotADraft):
        writing.change_section(the(report, "purpose"), actor=None, version=1, body="x")
    with pytest.raises(writing.NotADraft):
        writing.change_front(report, actor=None, version=1, title="x")


def test_a_section_needs_a_title() -> None:
    with pytest.raises(ValidationError):
        writing.change_section(the(make_report(), "purpose"), actor=None, version=1, title="")


def test_reports_and_sections_are_called_by_their_names() -> None:
    report = make_report()
    assert str(report) == "Audit Committee, 10 December 2024"
    assert str(the(report, "purpose")) == "Purpose"
