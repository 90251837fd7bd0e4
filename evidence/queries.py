"""Reads of evidence that need thought, first of all who may read it."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.markings import Marking

if TYPE_CHECKING:
    from evidence.models import (  # noqa: F401 (named as text below)
        CharacteristicEvidence,
        Evidence,
        EvidenceFile,
        PackRequest,
    )
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

    def current(self) -> "EvidenceQuerySet":
        """What was not withdrawn."""
        return self.filter(withdrawn_at=None)

    def with_files(self) -> "EvidenceQuerySet":
        """With the owner, and every version with who stored it."""
        return self.select_related("owner").prefetch_related("files__stored_by")

    def titled(self, words: str) -> "EvidenceQuerySet":
        """Evidence whose title has each of these words, in any order."""
        found = self
        for word in words.split():
            found = found.filter(title__icontains=word)
        return found

    def latest_first(self) -> "EvidenceQuerySet":
        """The latest dated first; of one day, the latest recorded."""
        return self.order_by("-dated_on", "-pk")


class EvidenceFileQuerySet(QuerySet["EvidenceFile"]):
    def visible_to(self, user: "User") -> "EvidenceFileQuerySet":
        """The files of what this person may read."""
        from evidence.models import Evidence

        return self.filter(evidence__in=Evidence.objects.visible_to(user))


class CharacteristicEvidenceQuerySet(QuerySet["CharacteristicEvidence"]):
    def holding(self) -> "CharacteristicEvidenceQuerySet":
        """Links that were not taken off, of evidence that was not withdrawn."""
        return self.filter(removed_at=None, evidence__withdrawn_at=None)


class PackRequestQuerySet(QuerySet["PackRequest"]):
    def of(self, user: "User") -> "PackRequestQuerySet":
        """The packs of one person: nobody else has anything of them."""
        return self.filter(made_by=user)

    def over(self, moment: dt.datetime) -> "PackRequestQuerySet":
        """Those whose days are over and whose archive is still kept."""
        return self.filter(expires_at__lte=moment).exclude(file="")
