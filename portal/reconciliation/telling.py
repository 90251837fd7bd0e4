"""What is told elsewhere of the portal: beside an action, and among its exceptions."""

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from core.dates import long_date, today
from portal.difference_queries import still_accepted
from portal.models import DifferenceKind, PortalDifference, PortalRecord
from portal.reconciliation.comparing import compare
from portal.reconciliation.exports_taken import last_export
from portal.reconciliation.sides import due_words, level_words
from tracker.models import Action
from tracker.outside import Panel

if TYPE_CHECKING:
    from people.models import User

_PANEL = "portal/reconciliation/on_action.html"


def differences_on(day: dt.date) -> dict[int, str] | None:
    """How actions differ from the portal on a day, in a few words; what is accepted for now is left
    out. Two queries, however many there are.

    Returns:
        By the key of the action; None where no export had been taken by that day.
    """
    export = last_export(day)
    if export is None:
        return None
    found = PortalDifference.objects.open_at(day).exclude(action=None)
    told: dict[int, list[str]] = defaultdict(list)
    for each in found.exclude(still_accepted(day)).select_related("record").order_by("pk"):
        if each.action_id is not None:
            told[each.action_id].append(in_short(each))
    return {key: "; ".join(sentences) for key, sentences in told.items()}


def in_short(difference: PortalDifference) -> str:
    """A difference in a few words, as they stand within a sentence."""
    record = difference.record
    gone = record.gone_since if record and record.gone_since else difference.opened_on
    ours, theirs = difference.ours, difference.theirs
    return {
        DifferenceKind.ONLY_THERE: "only on HMICFRS’s portal",
        DifferenceKind.ONLY_HERE: f"not on HMICFRS’s portal, found {found_on(difference)}",
        DifferenceKind.GONE: f"gone from HMICFRS’s portal since {long_date(gone)}",
        DifferenceKind.STATUS: f"HMICFRS’s portal says “{theirs}”, we say “{ours}”",
        DifferenceKind.LEVEL: f"activity level {_mid(theirs)} on HMICFRS’s portal, "
        f"{_mid(ours)} here",
        DifferenceKind.DUE: f"due date as issued {_mid(theirs)} on HMICFRS’s portal, "
        f"{_mid(ours)} here",
        DifferenceKind.TEXT: "its text differs from that on HMICFRS’s portal",
    }[DifferenceKind(difference.kind)]


def found_on(difference: PortalDifference) -> str:
    """When a difference was found, as it stands within a sentence: with the export that brought it,
    where one did.
    """
    day = long_date(difference.opened_on)
    return f"with the export of {day}" if difference.opened_by_id else f"on {day}"


def _mid(words: str) -> str:
    return "not given" if words == "Not given" else words


def beside_action(action: Action, user: "User") -> Panel | None:
    """What the portal says of an action, and where that differs; None where nothing is known."""
    record = None
    if action.portal_reference:
        record = PortalRecord.objects.filter(reference__iexact=action.portal_reference).first()
    open_now = list(PortalDifference.objects.open().filter(action=action).select_related("record"))
    if record is None and not open_now:
        return None
    facts = _facts(record) if record else []
    return Panel(
        _PANEL,
        {
            "facts": facts,
            "differences": [(in_short(each), each) for each in open_now],
            "today": today(),
        },
    )


def as_new_action(portal_reference: str) -> dict[str, Any] | None:
    """What the portal says of a reference, for the forms in which a new action and its publication
    are recorded; None where no export has it now.
    """
    found = PortalRecord.objects.by_references([portal_reference]).there()
    record = found.first()
    if record is None:
        return None
    return {
        "kind": record.kind,
        "text": record.text,
        "level": record.level,
        "portal_reference": record.reference,
        "scope": record.scope,
        "due_on": record.due_on,
        "publication": record.publication,
        "published_on": record.published_on,
    }


def first_seen_on(portal_reference: str) -> dt.date | None:
    """The day of the first export that had a reference; None where none has it now."""
    found = PortalRecord.objects.by_references([portal_reference]).there()
    return found.values_list("first_seen_on", flat=True).first()


def compare_new_actions(actor: "User") -> None:
    """New actions are compared with the portal at once."""
    compare(actor=actor)


def _facts(record: PortalRecord) -> list[str]:
    since = f" since {long_date(record.status_on)}" if record.status_on else ""
    seen = (
        f"Gone since {long_date(record.gone_since)}"
        if record.gone_since
        else f"By the export of {long_date(record.last_seen_on)}"
    )
    return [
        f"{record.get_status_display()}{since}",
        f"Activity level {_mid(level_words(record.level))}",
        f"Due date as issued {_mid(due_words(record.due_on))}",
        seen,
    ]
