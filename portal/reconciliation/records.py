"""What the portal's export says, kept row by row beside what is held here.

Nothing of an action changes by it but its presence on the portal: never its status, level or
closing date. A record that an export no longer has is marked as gone, and closes nothing.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.bulk import change_all, create_all
from core.dates import long_date, today
from core.turns import Turn, wait_for_turn
from people.models import User
from portal.keys import reference_key
from portal.models import Outcome, PortalRecord, SpreadsheetImport
from tracker.presence import record_presence
from tracker.workflow import Refused

# Told how many rows are done so far.
Progress = Callable[[int], None]
# What an export says of a record.
FIELDS = (
    "publication",
    "published_on",
    "kind",
    "cause_reference",
    "text",
    "level",
    "scope",
    "due_on",
    "status",
    "status_on",
    "closed_on",
)
# Where an export leaves these empty, what an earlier one said still holds.
_KEPT_WHEN_EMPTY = ("publication", "published_on", "cause_reference", "text", "scope")
_TEXTS = ("publication", "cause_reference", "text", "scope")
_SEEN = ("last_seen_on", "gone_since")
GONE_SINCE = "gone_since"
_TELL_AFTER = 500

Change = tuple[str, Any, Any]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row of the portal's export; None where a cell is empty. Fields as in `EXPORT`.

    Args:
        kind, scope: a `Kind`, a `Scope`.
        status: a `PortalStatus`.
        due_on: the due date as issued.
    """

    reference: str
    publication: str | None
    published_on: dt.date | None
    kind: str
    cause_reference: str | None
    text: str | None
    level: int | None
    scope: str | None
    due_on: dt.date | None
    status: str
    status_on: dt.date | None
    closed_on: dt.date | None


@dataclass(frozen=True)
class Taken:
    """How many records an export brought, changed and left as they were, and how many are gone."""

    new: int
    changed: int
    unchanged: int
    gone: int


def judge_row(row: ExportRow, record: PortalRecord | None) -> tuple[Outcome, list[Change]]:
    """What a row of an export would change.

    Args:
        row: as it was read.
        record: of the same reference, None where there is none.

    Returns:
        `NEW`, `CHANGED` or `UNCHANGED`; and each field that differs, with what is kept now and what
        the row says. A record that comes back differs in `gone_since`.
    """
    if record is None:
        return Outcome.NEW, []
    found: list[Change] = []
    for name in FIELDS:
        kept, said = getattr(record, name), _said(row, name)
        if said != kept and not (name in _KEPT_WHEN_EMPTY and not said):
            found.append((name, kept, said))
    if record.gone_since is not None:
        found.append((GONE_SINCE, record.gone_since, None))
    return (Outcome.CHANGED if found else Outcome.UNCHANGED), found


def _said(row: ExportRow, name: str) -> Any:
    value = getattr(row, name)
    return "" if value is None and name in _TEXTS else value


def gone_with(references: Collection[str]) -> list[PortalRecord]:
    """The records that would be gone with an export of these references.

    Args:
        references: all that the export has, of rows that cannot be read too.
    """
    keys = {reference_key(reference) for reference in references}
    there = PortalRecord.objects.there()
    return [record for record in there if reference_key(record.reference) not in keys]


def latest_day() -> dt.date | None:
    """The day of the newest export that was taken; None where none was."""
    found = PortalRecord.objects.aggregate(seen=Max("last_seen_on"), gone=Max("gone_since"))
    return max((day for day in found.values() if day is not None), default=None)


@transaction.atomic
def take(
    rows: Iterable[ExportRow],
    *,
    day: dt.date,
    spreadsheet_import: SpreadsheetImport | None,
    actor: User | None,
    unread: Collection[str] = (),
    progress: Progress = lambda done: None,
) -> Taken:
    """Take over what an export says. The same export twice changes nothing.

    Args:
        rows: that can be read.
        day: that the export is of.
        spreadsheet_import: that brings it, for the audit trail.
        actor: who takes it in; None for a command.
        unread: references of rows that cannot be read: their records are not gone.
        progress: told how many rows are done.

    Raises:
        Refused: a day to come, an export older than the newest one taken, one without rows, or with
            two rows of one reference.
    """
    wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
    check_day(day)
    by_key = _by_key(rows)
    records = {reference_key(each.reference): each for each in PortalRecord.objects.all()}
    held = {reference_key(reference) for reference in unread}
    writing = _Writing()
    for key, row in by_key.items():
        writing.take(row, records.get(key), day)
    for key, record in records.items():
        if key not in by_key and key not in held and record.gone_since is None:
            record.gone_since = day
            writing.gone.append(record)
    reason = f"Portal’s export of {long_date(day)}"
    if spreadsheet_import is not None:
        reason = f"{reason}: {spreadsheet_import}"
    writing.write(actor, reason, progress)
    record_presence(
        seen=[row.reference for row in by_key.values()],
        gone=[record.reference for record in writing.gone],
        day=day,
        actor=actor,
        reason=reason,
    )
    progress(len(by_key))
    unchanged = len(by_key) - len(writing.new) - writing.changed
    return Taken(len(writing.new), writing.changed, unchanged, len(writing.gone))


@dataclass
class _Writing:
    """What an export changes of the records.

    Args:
        new, seen, gone: records that are new, that say or are seen anew, that are gone.
        changed: how many say something different.
    """

    new: list[PortalRecord] = field(default_factory=list)
    seen: list[PortalRecord] = field(default_factory=list)
    gone: list[PortalRecord] = field(default_factory=list)
    changed: int = 0

    def take(self, row: ExportRow, record: PortalRecord | None, day: dt.date) -> None:
        """Take a row of the export over."""
        if record is None:
            self.new.append(_new_record(row, day))
            return
        differs = _take_over(record, row)
        self.changed += differs
        if differs or record.last_seen_on != day:
            record.last_seen_on = day
            self.seen.append(record)

    def write(self, actor: User | None, reason: str, progress: Progress) -> None:
        """Write it all, each record with its row of history."""
        create_all(self.new, actor=actor, reason=reason)
        for part in _told(self.seen, progress):
            change_all(part, (*FIELDS, *_SEEN), actor=actor, reason=reason)
        change_all(self.gone, _SEEN, actor=actor, reason=reason)


def check_day(day: dt.date) -> None:
    """That an export of a day can be taken.

    Raises:
        Refused: the day has not come yet, or a newer export was taken already.
    """
    if day > today():
        raise Refused(
            f"{long_date(day)} has not come yet. Enter the day the export was made.", "as_at"
        )
    latest = latest_day()
    if latest is not None and day < latest:
        raise Refused(
            f"This export is of {long_date(day)}, and one of {long_date(latest)} was taken "
            f"already. Take in one of {long_date(latest)} or later.",
            "as_at",
        )


def _by_key(rows: Iterable[ExportRow]) -> dict[str, ExportRow]:
    found: dict[str, ExportRow] = {}
    for row in rows:
        key = reference_key(row.reference)
        if key in found:
            raise Refused(f"The export has two rows of {row.reference}. Leave one of them out.")
        found[key] = row
    if not found:
        raise Refused(
            "There is no record in this export, so nothing was taken: every record would be gone. "
            "Export it from the portal again."
        )
    return found


def _new_record(row: ExportRow, day: dt.date) -> PortalRecord:
    values = {name: _said(row, name) for name in FIELDS}
    return PortalRecord(reference=row.reference, first_seen_on=day, last_seen_on=day, **values)


def _take_over(record: PortalRecord, row: ExportRow) -> bool:
    """Let a record say what its row says; whether that is anything new."""
    _, differences = judge_row(row, record)
    for name, _, said in differences:
        setattr(record, name, said)
    return bool(differences)


def _told(records: Sequence[PortalRecord], progress: Progress) -> Iterator[list[PortalRecord]]:
    for start in range(0, len(records), _TELL_AFTER):
        progress(start)
        yield list(records[start : start + _TELL_AFTER])
