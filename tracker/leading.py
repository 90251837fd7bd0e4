"""Who leads an action: handing it over from one post to another."""

import datetime as dt

from django.db.models import QuerySet

from core.history import attribute
from inspections.choices import LeadRole
from people.models import Lead, User
from tracker.models import Action, ActionLead


def leads_of(action: Action) -> QuerySet[ActionLead]:
    """Who leads an action now, in the order of the roles."""
    return action.leads.filter(ended_on=None).select_related("lead").order_by("role")


def hand_over(
    action: Action, role: LeadRole, lead: Lead, *, actor: User | None, on: dt.date, reason: str
) -> bool:
    """Let a lead take over an action in a role from a day on. The action is locked by the caller.

    Args:
        on: the day; later where the lead before began later.
        reason: for the audit trail.

    Returns:
        Whether anything changed: nothing does where this lead holds it already.
    """
    held = (each for each in action.leads.all() if each.role == role and each.ended_on is None)
    now = next(held, None)
    if now is not None and now.lead_id == lead.pk:
        return False
    started_on = on
    if now is not None:
        started_on = max(on, now.started_on)
        now.ended_on = started_on
        _save(now, actor, reason)
    duty = ActionLead(action=action, role=role, lead=lead, started_on=started_on)
    _save(duty, actor, reason)
    return True


def _save(duty: ActionLead, actor: User | None, reason: str) -> None:
    attribute(duty, actor, reason)
    # One at a time and days in order: so they are made here under lock, and the database holds it.
    duty.full_clean(exclude={"action", "lead"}, validate_constraints=False)
    duty.save()
