"""How a request for another due date ends: with an answer, or with its action."""

from django.utils import timezone

from core.dates import long_date
from core.history import attribute
from people.models import User
from tracker.models import Action, DueDateRequest
from tracker.workflow.notices import tell_about

ACTION_CLOSED = "The action closed."


def settle(request: DueDateRequest, *, actor: User | None, agreed: bool, text: str) -> None:
    """Put the answer to a request on record. Its action is locked by the caller.

    Args:
        actor: who answers, or whose step settles it; None for a command.
        text: the answer in words; may be "".
    """
    request.agreed, request.answer = agreed, text
    request.answered_by, request.answered_at = actor, timezone.now()
    attribute(request, actor, text or ("Agreed" if agreed else "Declined"))
    request.full_clean(exclude={"action", "asked_by", "answered_by"})
    request.save()


def end_open_request(action: Action, *, actor: User | None) -> None:
    """End the open request of an action that closes, if it has one; whoever asked is told."""
    request = action.due_requests.filter(agreed=None).select_related("asked_by").first()
    if request is None:
        return
    settle(request, actor=actor, agreed=False, text=ACTION_CLOSED)
    if request.asked_by != actor:
        asked = f"that it be due {long_date(request.due_on)}"
        text = f"{action} closed: nobody answers your request {asked} any more."
        tell_about([action], [request.asked_by], text, otherwise=text)
