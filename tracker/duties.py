"""Whose action is it? People lead actions through the posts they hold."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.dates import today
from core.periods import holds_on
from inspections.choices import LeadRole

if TYPE_CHECKING:
    from people.models import User
    from tracker.models import Action, ActionLead


def duties_of(user: "User", day: dt.date) -> "QuerySet[ActionLead]":
    """The leads of actions that are this person's on a day, through the posts they hold."""
    from tracker.models import ActionLead

    return ActionLead.objects.filter(
        holds_on(day), holds_on(day, "lead__holders__"), lead__holders__user=user
    )


def delegated_to(user: "User", day: dt.date) -> "QuerySet[ActionLead]":
    """The leads of actions for which this person is named to post on a day."""
    from tracker.models import ActionLead

    return ActionLead.objects.filter(
        holds_on(day), holds_on(day, "lead__delegates__"), lead__delegates__user=user
    )


def leads_today(user: "User", action: "Action") -> bool:
    """Whether this person holds a lead of an action today, executive or delivery."""
    return duties_of(user, today()).filter(action=action).exists()


def people_leading(
    action: "Action", day: dt.date, roles: Collection[str] = tuple(LeadRole)
) -> "list[User]":
    """The people who hold a lead of an action on a day, executive or delivery unless told."""
    from people.models import LeadHolder

    holders = LeadHolder.objects.on(day).filter(
        holds_on(day, "lead__action_duties__"),
        lead__action_duties__action=action,
        lead__action_duties__role__in=roles,
    )
    return list(dict.fromkeys(holder.user for holder in holders))


def sensitive_evidence_of_my_actions(user: "User") -> Q:
    """That evidence belongs to an action this person leads today: they may read it."""
    from tracker.models import ActionEvidence

    led = duties_of(user, today()).values("action")
    attached = ActionEvidence.objects.filter(removed_at=None, action__in=led)
    return Q(pk__in=attached.values("evidence"))
