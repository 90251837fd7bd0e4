"""What is OFFICIAL-SENSITIVE and members of the Board read while it is on their agenda."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from board.choices import MeetingState
from board.models import AgendaItem
from tracker.models import ActionEvidence, ClosureEvidence

if TYPE_CHECKING:
    from people.models import User


def actions_on_agenda(user: "User") -> Q:
    """That an action's closure stands on the agenda of a planned Board, for those who read what is
    there; an empty condition for everybody else.
    """
    if not user.has_perm("board.read_sensitive_on_agenda"):
        return Q()
    return Q(pk__in=_standing().values("closure__action"))


def evidence_on_agenda(user: "User") -> Q:
    """The same for the evidence of those closures, and of their actions."""
    if not user.has_perm("board.read_sensitive_on_agenda"):
        return Q()
    of_closures = ClosureEvidence.objects.filter(closure__in=_standing().values("closure"))
    of_actions = ActionEvidence.objects.filter(
        action__in=_standing().values("closure__action"), removed_at=None
    )
    return Q(pk__in=of_closures.values("evidence")) | Q(pk__in=of_actions.values("evidence"))


def _standing() -> QuerySet[AgendaItem]:
    """The closures for decision of Boards that are neither closed nor cancelled."""
    items = AgendaItem.objects.standing().exclude(closure=None)
    return items.filter(meeting__state=MeetingState.PLANNED)
