"""Comparing what the portal says with the actions held here, and keeping the differences.

A difference opens with the export that shows it, and closes with the one that no longer does; where
something changed here in between, it opens or closes that day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from core.bulk import change_all, create_all
from core.dates import today
from core.turns import Turn, wait_for_turn
from people.models import User
from portal.keys import reference_key
from portal.models import Answer, DifferenceKind, PortalDifference, PortalRecord, SpreadsheetImport
from portal.reconciliation.records import latest_day
from portal.reconciliation.sides import Found, Ours, Standing, differences
from tracker.choices import Register
from tracker.models import Action, DueDate, PortalPresence, StatusPeriod
from tracker.queries import Part

_KEPT = (
    "record",
    "ours",
    "theirs",
    "closed_on",
    "closed_by",
    "answer",
    "accepted_until",
    "answered_by",
    "answered_at",
)
# Kind, action, and the record where there is no action.
Key = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Compared:
    """What a comparison found: how many differences are open, and how many came and went."""

    opened: int
    closed: int
    open: int


@dataclass
class _Writing:
    """What a comparison changes."""

    new: list[PortalDifference] = field(default_factory=list)
    changed: list[PortalDifference] = field(default_factory=list)
    closed: list[PortalDifference] = field(default_factory=list)


@transaction.atomic
def compare(
    *, spreadsheet_import: SpreadsheetImport | None = None, actor: User | None
) -> Compared | None:
    """Compare every record of the portal with the actions held here; a fixed number of queries.

    Args:
        spreadsheet_import: the export that was just taken; None where something changed here.
        actor: who asks for it; None for a command.

    Returns:
        What it found; None where no export was ever taken.
    """
    wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
    export_day = latest_day()
    if export_day is None:
        return None
    day = export_day if spreadsheet_import is not None else today()
    found = dict(_found(export_day))
    still = _open_by_key()
    writing = _Writing()
    for key, (one, record) in found.items():
        if key not in still:
            writing.new.append(_opened(key, one, record, day, spreadsheet_import))
        elif _refresh(still[key], one, record):
            writing.changed.append(still[key])
    for key in still.keys() - found.keys():
        writing.closed.append(_closed(still[key], day, spreadsheet_import))
    reason = str(spreadsheet_import or "Compared again")
    create_all(writing.new, actor=actor, reason=reason)
    change_all([*writing.changed, *writing.closed], _KEPT, actor=actor, reason=reason)
    return Compared(len(writing.new), len(writing.closed), len(found))


def _open_by_key() -> dict[Key, PortalDifference]:
    held = PortalDifference.objects.select_for_update().filter(closed_on=None).order_by("pk")
    return {
        (each.kind, each.action_id, None if each.action_id else each.record_id): each
        for each in held
    }


def _found(day: dt.date) -> Iterator[tuple[Key, tuple[Found, PortalRecord | None]]]:
    """Every difference there is now, by its key."""
    records = {reference_key(each.reference): each for each in PortalRecord.objects.all()}
    agreed = _agreed_gone()
    for ours in _ours(day):
        record = (
            records.get(reference_key(ours.portal_reference)) if ours.portal_reference else None
        )
        for one in differences(ours, record):
            if one.kind == DifferenceKind.GONE and _is_agreed(agreed.get(ours.pk), record):
                continue
            yield (one.kind, ours.pk, None), (one, record)
    known = _known_references()
    for key, record in records.items():
        if key not in known and record.gone_since is None:
            found = Found(DifferenceKind.ONLY_THERE, "", record.reference)
            yield (found.kind, None, record.pk), (found, record)


def _ours(day: dt.date) -> Iterator[Ours]:
    """HMICFRS's actions that were here on a day: other registers are not on the portal."""
    counted = {"register": Register.HMICFRS, "entered_in_error": False}
    then = {
        period.action_id: Standing(period.status, period.level)
        for period in StatusPeriod.objects.at(day).filter(
            **{f"action__{name}": value for name, value in counted.items()}
        )
    }
    issued = DueDate.objects.filter(action=OuterRef("pk"), sequence=0)
    seen = PortalPresence.objects.filter(action=OuterRef("pk"), started_on__lte=day)
    actions: Any = Action.objects.filter(**counted).with_parts(today(), Part.PERIOD)
    actions = actions.annotate(
        due_as_issued=Subquery(issued.values("due_on")[:1]), seen_there=Exists(seen)
    )
    for action in actions.order_by("pk"):
        if action.pk in then:
            yield Ours(
                pk=action.pk,
                reference=action.reference,
                portal_reference=action.portal_reference or "",
                text=action.text,
                now=Standing(action.status_at, action.level_at),
                then=then[action.pk],
                due=action.due_as_issued,
                seen_there=action.seen_there,
            )


def _known_references() -> set[str]:
    """The portal references of all that is recorded here, of whatever register and day."""
    known = Action.objects.filter(entered_in_error=False).exclude(portal_reference=None)
    return {
        reference_key(each) for each in known.values_list("portal_reference", flat=True) if each
    }


def _agreed_gone() -> dict[int, dt.date]:
    """Action -> the last day on which somebody agreed that it is gone from the portal; not where it
    was said to be there since.
    """
    since = PortalPresence.objects.filter(
        action=OuterRef("action"), started_on__gt=OuterRef("opened_on")
    )
    agreed = PortalDifference.objects.filter(
        ~Exists(since), kind=DifferenceKind.GONE, answer=Answer.ADOPTED, action__isnull=False
    ).order_by("opened_on", "pk")
    return {pk: day for pk, day in agreed.values_list("action", "opened_on") if pk is not None}


def _is_agreed(opened_on: dt.date | None, record: PortalRecord | None) -> bool:
    """Whether the absence that was agreed is this one: it has not been back since."""
    return opened_on is not None and (record is None or record.last_seen_on < opened_on)


def _opened(
    key: Key,
    found: Found,
    record: PortalRecord | None,
    day: dt.date,
    spreadsheet_import: SpreadsheetImport | None,
) -> PortalDifference:
    return PortalDifference(
        kind=found.kind,
        action_id=key[1],
        record=record,
        ours=found.ours,
        theirs=found.theirs,
        opened_on=day,
        opened_by=spreadsheet_import,
    )


def _refresh(difference: PortalDifference, found: Found, record: PortalRecord | None) -> bool:
    """Let an open difference say what both sides say now; whether it said anything else.

    What the portal says anew has not been answered yet.
    """
    before = (difference.ours, difference.theirs, difference.record_id)
    now = (found.ours, found.theirs, record.pk if record else None)
    if before == now:
        return False
    if difference.theirs != found.theirs and difference.answer:
        difference.answer = Answer.NONE
        difference.accepted_until = None
        difference.answered_by = difference.answered_at = None
    difference.ours, difference.theirs, difference.record = found.ours, found.theirs, record
    return True


def _closed(
    difference: PortalDifference, day: dt.date, spreadsheet_import: SpreadsheetImport | None
) -> PortalDifference:
    difference.closed_on = max(day, difference.opened_on)
    difference.closed_by = spreadsheet_import
    return difference
