"""What people do to a committee report: open it, change its front, change a section."""

import datetime as dt
from typing import Any

from django.db import transaction

from core.collisions import what_to_write
from core.history import attribute
from people.models import User
from reports.choices import SectionKey
from reports.models import CommitteeReport, ReportSection
from reports.standing import standing_sections


class NotADraft(Exception):
    """The report is no longer a draft: it cannot be changed."""


@transaction.atomic
def open_report(
    *,
    actor: User | None,
    committee: str,
    title: str,
    meeting_on: dt.date,
    presenting_officer: str,
    status_line: str,
    marking: str,
    as_at: dt.date,
    previous_as_at: dt.date,
) -> CommitteeReport:
    """Begin a report. Its sections take over the text of the latest report, if there is one.

    Args:
        actor: who opens it; None for a command. The others are the fields of the report.

    Raises:
        ValidationError: dates out of order, a second report for one meeting, a field left empty.
    """
    previous = CommitteeReport.objects.filter(meeting_on__lt=meeting_on).latest_meeting()
    report = CommitteeReport(
        committee=committee,
        title=title,
        meeting_on=meeting_on,
        presenting_officer=presenting_officer,
        status_line=status_line,
        marking=marking,
        as_at=as_at,
        previous_as_at=previous_as_at,
        previous=previous,
        created_by=actor,
    )
    _save(report, actor)
    for section in _sections_for(report, previous):
        _save(section, actor)
    return report


def _sections_for(report: CommitteeReport, previous: CommitteeReport | None) -> list[ReportSection]:
    """The standing sections, with the titles and texts of the previous report where it has them."""
    last = {each.key: each for each in previous.sections.all()} if previous else {}
    sections = []
    for order, key in enumerate(SectionKey.values, start=1):
        source: Any = last.get(key) or standing_sections()[key]
        sections.append(
            ReportSection(
                report=report,
                key=key,
                order=order,
                title=source.title,
                body=source.body,
                after=source.after,
                included=source.included,
            )
        )
    return sections


@transaction.atomic
def change_front(
    report: CommitteeReport, *, actor: User | None, version: int, **fields: Any
) -> CommitteeReport:
    """Change the front matter and the window of a draft.

    Args:
        version: the one the writer saw.
        fields: front matter by field name.

    Raises:
        NotADraft: it is past being changed.
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: as for `open_report`.
    """
    current = CommitteeReport.objects.select_for_update().get(pk=report.pk)
    _change(current, current, actor, version, fields)
    return current


@transaction.atomic
def change_section(
    section: ReportSection, *, actor: User | None, version: int, **fields: Any
) -> ReportSection:
    """Change title and text of a section, or whether it is in the paper.

    Args:
        version: the one the writer saw.
        fields: `title`, `body`, `after`, `included`.

    Raises:
        NotADraft: the report is past being changed.
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: a title that is empty or too long.
    """
    report = CommitteeReport.objects.select_for_update().get(pk=section.report_id)
    current = ReportSection.objects.select_for_update().get(pk=section.pk)
    _change(current, report, actor, version, fields)
    return current


def _change(
    current: CommitteeReport | ReportSection,
    report: CommitteeReport,
    actor: User | None,
    version: int,
    fields: dict[str, Any],
) -> None:
    if not report.is_draft:
        raise NotADraft(f"{report} is no longer a draft.")
    for name, value in what_to_write(current, version, fields).items():
        setattr(current, name, value)
    _save(current, actor)


def _save(record: CommitteeReport | ReportSection, actor: User | None) -> None:
    attribute(record, actor)
    record.full_clean()
    record.save()
