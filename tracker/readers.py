"""Who may read what is marked OFFICIAL-SENSITIVE among actions, beside those who may by role."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from core.dates import today
from tracker.duties import duties_of

if TYPE_CHECKING:
    from people.models import User

# What upper rooms know of who may read sensitive actions: user -> condition on `Action`; an empty
# one says nothing.
Rule = Callable[["User"], Q]
_rules: list[Rule] = []


def readable_if(rule: Rule) -> None:
    """Let an upper room say who else may read sensitive actions (called from `ready`)."""
    if rule not in _rules:
        _rules.append(rule)


def readable_though_sensitive(user: "User") -> Q:
    """That this person may read an action although it is sensitive, without a role for all of them:
    as its lead today, or by a rule of an upper room.
    """
    allowed = Q(Exists(duties_of(user, today()).filter(action=OuterRef("pk"))))
    for rule in _rules:
        allowed |= rule(user)
    return allowed
