"""Whose action is it? People lead actions through the posts they hold."""

import datetime as dt
from collections.abc import Collection, Iterable
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


def people_leading_each(
    actions: "Iterable[Action]", day: dt.date
) -> "list[tuple[Action, list[User]]]":
    """For each of these actions, in their order, the people who hold a lead of it on a day."""
    from people.models import User
    from tracker.models import ActionLead

    of_action = {action.pk: action for action in actions}
    held = (
        ActionLead.objects.filter(holds_on(day), holds_on(day, "lead__holders__"))
        .filter(action__in=of_action)
        .order_by("pk")
        .values_list("action", "lead__holders__user")
    )
    keys: dict[int, list[int]] = {pk: [] for pk in of_action}
    for action, user in held:
        keys[action].append(user)
    people = User.objects.in_bulk({user for users in keys.values() for user in users})
    return [
        (of_action[pk], [people[user] for user in dict.fromkeys(users)])
        for pk, users in keys.items()
    ]


def sensitive_evidence_of_my_actions(user: "User") -> Q:
    """That evidence belongs to an action this person leads today: they may read it."""
    from tracker.models import ActionEvidence

    led = duties_of(user, today()).values("action")
    attached = ActionEvidence.objects.filter(removed_at=None, action__in=led)
    return Q(pk__in=attached.values("evidence"))
