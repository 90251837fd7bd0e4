"""A report from a document: its front matter and the text of its sections."""

import datetime as dt
from typing import Any

from django.db import transaction

from people.models import User
from reports import writing
from reports.choices import SectionKey
from reports.models import CommitteeReport
from reports.standing import written


class UnreadableReport(Exception):
    """The document cannot be loaded; the message says what is wrong with it."""


@transaction.atomic
def load_report(document: dict[str, Any], *, actor: User | None) -> tuple[CommitteeReport, bool]:
    """Open the report that a document describes, unless there is one for that meeting already.

    Args:
        document: `committee`, `title`, `meeting_on`, `presenting_officer`, `status_line`,
            `marking`, `as_at`, `previous_as_at` (days as 2024-12-10), and `sections`: key ->
            `title`, `body`, `after` (Markdown, or a list of its lines), `included`; what a section
            does not give stays as the standing text has it.
        actor: who opens it; None for a command.

    Returns:
        The report, and whether it is new. One that was there stays as it is.

    Raises:
        UnreadableReport: something is missing, unknown or not a date.
        ValidationError: as for `writing.open_report`.
    """
    front = _front(document)
    there = CommitteeReport.objects.filter(
        committee=front["committee"], meeting_on=front["meeting_on"]
    ).first()
    if there:
        return there, False
    texts = document.get("sections", {})
    if unknown := set(texts) - set(SectionKey.values):
        raise UnreadableReport(f"There is no section called {', '.join(sorted(unknown))}.")
    report = writing.open_report(actor=actor, **front)
    for section in report.sections.filter(key__in=texts):
        given = texts[section.key]
        changes = {
            name: written(given[name]) for name in ("title", "body", "after") if name in given
        }
        if "included" in given:
            changes["included"] = given["included"]
        writing.change_section(section, actor=actor, version=section.version, **changes)
    return report, True


def _front(document: dict[str, Any]) -> dict[str, Any]:
    days = ("meeting_on", "as_at", "previous_as_at")
    texts = ("committee", "title", "presenting_officer", "status_line", "marking")
    if missing := [name for name in (*texts, *days) if not document.get(name)]:
        raise UnreadableReport(f"The report does not say: {', '.join(missing)}.")
    front = {name: document[name] for name in texts}
    for name in days:
        try:
            front[name] = dt.date.fromisoformat(document[name])
        except (TypeError, ValueError) as error:
            raise UnreadableReport(
                f"{name} is {document[name]!r}; write it like 2024-12-10."
            ) from error
    return front
