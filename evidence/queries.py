"""Reads of evidence that need thought, first of all who may read it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.markings import Marking

if TYPE_CHECKING:
    from evidence.models import Evidence  # noqa: F401 (named as text below)
    from people.models import User

# What upper rooms know of who may read sensitive evidence: user -> condition on `Evidence`.
Rule = Callable[["User"], Q]
_rules: list[Rule] = []


def readable_if(rule: Rule) -> None:
    """Let an upper room say who else may read sensitive evidence (called from `ready`)."""
    if rule not in _rules:
        _rules.append(rule)


class EvidenceQuerySet(QuerySet["Evidence"]):
    def visible_to(self, user: "User") -> "EvidenceQuerySet":
        """What this person may read: everything OFFICIAL; sensitive evidence as its owner, by
        role, or by a rule of an upper room (leads of the action it belongs to).
        """
        if user.has_perm("evidence.view_sensitive_evidence"):
            return self
        allowed = ~Q(marking=Marking.SENSITIVE) | Q(owner=user)
        for rule in _rules:
            allowed |= rule(user)
        return self.filter(allowed)
