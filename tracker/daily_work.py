"""Who does the daily work on an action: those who lead it, and whom their leads have named."""

from core.dates import today
from people.models import User
from tracker.choices import Status
from tracker.duties import delegated_to, leads_today
from tracker.models import Action
from tracker.workflow.facts import open_period
from tracker.workflow.sentences import ENTERED_IN_ERROR, NO_LEAD_ROLE


def works_on(user: User, action: Action) -> bool:
    """Whether somebody leads the action today, or is named to post for one of its leads."""
    named = delegated_to(user, today()).filter(action=action)
    return leads_today(user, action) or named.exists()


def refusal_to_work(user: User, action: Action, *, doing: str) -> str:
    """Why this person does not do a piece of daily work now, as a sentence; "" when they may.

    Args:
        doing: what they want to do, in the plural: "post updates".
    """
    if action.entered_in_error:
        return ENTERED_IN_ERROR
    named = delegated_to(user, today()).filter(action=action).exists()
    if not named and not leads_today(user, action):
        return f"Only those who lead this action, and people named to post for them, {doing}."
    if not named and not user.has_perm("tracker.lead_actions"):
        return NO_LEAD_ROLE
    if open_period(action).status == Status.CLOSED:
        return f"This action is closed: only on live actions do its leads {doing}."
    return ""
