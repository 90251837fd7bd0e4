"""Which live actions ask for attention on a day, and why: monitoring by exception (paper 4.2).

How many there are of each kind is counted by `tracker.position.exceptions`; here is which they are,
with a sentence for each reason.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery

from core.dates import long_date
from tracker.choices import Kind, Register, Status
from tracker.dossier import days_slipped
from tracker.models import Action, Confidence, DueDate, PortalPresence, ProgressUpdate
from tracker.outside import portal_differences
from tracker.position import DUE_SOON_DAYS
from tracker.queries import stale_limit

if TYPE_CHECKING:
    from people.models import User
    from tracker.queries import ActionQuerySet

SLIPPED_FROM = 2
CLOCK_DAYS = 14
# A response that was missed longer ago is no news to a Board; the home page counts those.
CLOCK_MISSED_DAYS = 62


class Reason(StrEnum):
    """Why something is an exception, in the order in which reasons are told.

    Attributes:
        label: its name on pages.
        weight: how many points it adds when exceptions are ranked.
    """

    label: str
    weight: int

    def __new__(cls, value: str, label: str, weight: int) -> "Reason":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.weight = weight
        return member

    CAUSE_OF_CONCERN = "cause_of_concern", "Cause of concern", 6
    LOW_CONFIDENCE = "low_confidence", "Low confidence", 4
    OVERDUE = "overdue", "Overdue", 4
    CLOCK = "clock", "Response clock", 6
    SLIPPED = "slipped", "Due date moved twice", 3
    DUE_SOON = "due_soon", f"Due within {DUE_SOON_DAYS} days", 2
    STALE = "stale", "Not updated", 2
    PORTAL = "portal", "Differs from the portal", 1


@dataclass(frozen=True)
class ExceptionalAction:
    """An action that asks for attention.

    Args:
        action: `with_position` and `with_forecast` of the day, with its publication.
        reasons: why, in the order of `Reason`, each with its sentence.
    """

    action: Any
    reasons: dict[Reason, str]


def exceptional_actions(user: "User", as_at: dt.date) -> list[ExceptionalAction]:
    """The live counted actions that this person may read and that give a reason on a day, by
    reference. A fixed number of queries, however many they are.
    """
    lowest = Confidence.objects.last()
    portal = portal_differences(as_at)
    live = Action.objects.counted().visible_to(user).with_position(as_at).with_forecast(as_at)
    live = _with_grounds(live, as_at).exclude(Q(status_at=Status.CLOSED))
    found = []
    for action in live.select_related("publication").order_by("reference"):
        reasons = _reasons(action, as_at, lowest, portal)
        if reasons:
            found.append(ExceptionalAction(action, reasons))
    return found


def _with_grounds(actions: "ActionQuerySet", as_at: dt.date) -> "ActionQuerySet":
    """Adds what the sentences tell beside the position: `issued_with_date`, `rated_on`,
    `gone_since` (from the portal).
    """
    issued = DueDate.objects.filter(action=OuterRef("pk"), agreed_on__lte=as_at, sequence=0)
    rated = ProgressUpdate.objects.filter(action=OuterRef("pk"), made_on__lte=as_at).exclude(
        confidence=None
    )
    gone = PortalPresence.objects.filter(action=OuterRef("pk"), ended_on__lte=as_at)
    return actions.annotate(
        issued_with_date=Exists(issued),
        rated_on=Subquery(rated.order_by("-made_on", "-id").values("made_on")[:1]),
        gone_since=Subquery(gone.order_by("-ended_on").values("ended_on")[:1]),
    )


def _reasons(
    action: Any, as_at: dt.date, lowest: Confidence | None, portal: dict[int, str] | None
) -> dict[Reason, str]:
    """The reasons of an action; `portal`: how actions differ from it, None where that is unknown
    and only their presence there can be told.
    """
    told = {reason: sentence(action, as_at) for reason, sentence in _SENTENCES.items()}
    if portal is not None:
        told[Reason.PORTAL] = portal.get(action.pk, "")
    if lowest is not None and action.confidence_at == lowest.order:
        rated = long_date(action.rated_on)
        told[Reason.LOW_CONFIDENCE] = (
            f"{lowest.name.lower()} delivery confidence, stated on {rated}"
        )
    return {reason: told[reason] for reason in Reason if told.get(reason)}


def _cause_of_concern(action: Any, as_at: dt.date) -> str:
    if action.kind != Kind.CAUSE_OF_CONCERN:
        return ""
    return f"cause of concern, received {long_date(action.received_on)}"


def _overdue(action: Any, as_at: dt.date) -> str:
    if action.due_on is None or action.due_on >= as_at:
        return ""
    return f"overdue since {long_date(action.due_on)} ({days(as_at - action.due_on)})"


def _slipped(action: Any, as_at: dt.date) -> str:
    """Moved to later, that is: a date first agreed for an action issued without one is no move."""
    moves = action.slippage if action.issued_with_date else action.slippage - 1
    if moves < SLIPPED_FROM or days_slipped(action) <= 0:
        return ""
    return f"due date moved {moves} times, first {long_date(action.first_due_on)}"


def _due_soon(action: Any, as_at: dt.date) -> str:
    if action.due_on is None or not 0 <= (action.due_on - as_at).days <= DUE_SOON_DAYS:
        return ""
    return f"due {long_date(action.due_on)}{ahead(action.due_on - as_at)}"


def _stale(action: Any, as_at: dt.date) -> str:
    heard = action.updated_on or action.received_on
    if heard >= stale_limit(as_at):
        return ""
    since = "" if action.updated_on else "it was received on "
    return f"no update since {since}{long_date(heard)} ({days(as_at - heard)})"


def _portal(action: Any, as_at: dt.date) -> str:
    if action.register != Register.HMICFRS or action.on_portal_at:
        return ""
    if action.gone_since:
        return f"gone from HMICFRS’s portal since {long_date(action.gone_since)}"
    return "not seen on HMICFRS’s portal yet"


# The sentence of each reason; "" for an action that does not give it. Low confidence needs the
# scale beside, and a response clock is a publication's.
_SENTENCES: dict[Reason, Callable[[Any, dt.date], str]] = {
    Reason.CAUSE_OF_CONCERN: _cause_of_concern,
    Reason.OVERDUE: _overdue,
    Reason.SLIPPED: _slipped,
    Reason.DUE_SOON: _due_soon,
    Reason.STALE: _stale,
    Reason.PORTAL: _portal,
}


def days(span: dt.timedelta) -> str:
    """ "1 day", "24 days"."""
    return f"{span.days} day{'' if span.days == 1 else 's'}"


def ahead(span: dt.timedelta) -> str:
    """ " (in 15 days)", to stand after a date; "" for the day itself."""
    return f" (in {days(span)})" if span.days else ""
