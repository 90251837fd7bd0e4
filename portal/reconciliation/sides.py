"""What we and the portal say of one action, and where the two differ. No database is asked.

The glossary ("What the portal's words mean here") says what is compared: presence, status, activity
level, due date as issued, text; never the day of a status. The portal cannot know what has happened
here since the day of its export: what is said there is no difference where it was so here that day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.dates import long_date
from portal.keys import plain
from portal.models import DifferenceKind, PortalRecord, PortalStatus
from tracker.choices import Status

MEANS = {
    Status.AWAITING_ALLOCATION: PortalStatus.OPEN,
    Status.IN_PROGRESS: PortalStatus.OPEN,
    Status.CLOSURE_PROPOSED: PortalStatus.OPEN,
    Status.WITH_HMICFRS: PortalStatus.AWAITING,
    Status.CLOSED: PortalStatus.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The status and activity level of an action on a day."""

    status: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Ours:
    """An action as far as it is compared.

    Args:
        now: as it is today.
        then: as it was on the day of the export.
        due: the due date as issued.
        seen_there: it was on the portal before, as far as is known here.
    """

    pk: int
    reference: str
    portal_reference: str
    text: str
    now: Standing
    then: Standing
    due: dt.date | None
    seen_there: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, with both sides as people read them; "" for nothing."""

    kind: DifferenceKind
    ours: str
    theirs: str


def level_words(level: int | None) -> str:
    """An activity level as it is read; none is said too."""
    return str(level) if level else "Not given"


def due_words(due: dt.date | None) -> str:
    """A due date as it is read; none is said too."""
    return long_date(due) if due else "Not given"


def differences(ours: Ours, record: PortalRecord | None) -> Iterator[Found]:
    """Where an action and the record of its reference differ, in the order of `DifferenceKind`.

    Args:
        ours: the action.
        record: None where no export has had it.
    """
    if record is None:
        kind = DifferenceKind.GONE if ours.seen_there else DifferenceKind.ONLY_HERE
        yield Found(kind, ours.portal_reference or ours.reference, "")
    elif record.gone_since is not None:
        yield Found(DifferenceKind.GONE, ours.portal_reference, "")
    else:
        yield from _fields(ours, record)


def _fields(ours: Ours, record: PortalRecord) -> Iterator[Found]:
    if record.status not in {MEANS[Status(each.status)] for each in (ours.now, ours.then)}:
        yield Found(
            DifferenceKind.STATUS,
            str(Status(ours.now.status).label),
            str(PortalStatus(record.status).label),
        )
    if record.level not in (ours.now.level, ours.then.level):
        yield Found(DifferenceKind.LEVEL, level_words(ours.now.level), level_words(record.level))
    if record.due_on != ours.due:
        yield Found(DifferenceKind.DUE, due_words(ours.due), due_words(record.due_on))
    # An export without its text says nothing of it.
    if record.text and plain(record.text) != plain(ours.text):
        yield Found(DifferenceKind.TEXT, ours.text, record.text)
