"""Reads of evidence that need thought, first of all who may read it."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet

from core.markings import Marking

if TYPE_CHECKING:
    from evidence.models import (  # noqa: F401 (named as text below)
        CharacteristicEvidence,
        Evidence,
        EvidenceFile,
        EvidenceWords,
        PackRequest,
    )
    from inspections.models import CoreQuestion
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

    def with_characteristics(self) -> "EvidenceQuerySet":
        """With what each supports, in the order of the framework, as `live_links`."""
        from evidence.models import CharacteristicEvidence

        topic = "characteristic__topic"
        links = CharacteristicEvidence.objects.not_taken_off().select_related(
            f"{topic}__question__framework"
        )
        in_order = links.order_by(
            f"{topic}__question__number", f"{topic}__number", "characteristic__number"
        )
        return self.prefetch_related(
            Prefetch("characteristic_links", in_order, to_attr="live_links")
        )

    def found_by(self, query: str) -> "EvidenceQuerySet":
        """Evidence that holds every word of a query in title, what it shows or its newest file."""
        from evidence.models import EvidenceWords

        held = EvidenceWords.objects.holding(query)
        return self.filter(pk__in=held.values("pk"))

    def without_words(self) -> "EvidenceQuerySet":
        """Evidence whose words are missing, which no search finds; oldest first."""
        return self.filter(found_by=None).order_by("pk")

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
        return self.not_taken_off().filter(evidence__withdrawn_at=None)

    def not_taken_off(self) -> "CharacteristicEvidenceQuerySet":
        """Links that were not taken off, also of evidence that was withdrawn."""
        return self.filter(removed_at=None)

    def visible_to(self, user: "User") -> "CharacteristicEvidenceQuerySet":
        """The links of evidence that this person may read."""
        from evidence.models import Evidence

        return self.filter(evidence__in=Evidence.objects.visible_to(user))

    def with_ends(self) -> "CharacteristicEvidenceQuerySet":
        """With the evidence, and the characteristic in its framework."""
        return self.select_related("evidence", "characteristic__topic__question__framework")

    def of_question(self, question: "CoreQuestion") -> "CharacteristicEvidenceQuerySet":
        """Links to the characteristics of a question area."""
        return self.filter(characteristic__topic__question=question)

    def counted_by_question(self) -> dict[int, int]:
        """Primary key of a question area -> how many of these links are within it."""
        by_question = self.values_list("characteristic__topic__question")
        return dict(by_question.annotate(count=Count("pk")))

    def strengths(self) -> dict[int, str]:
        """Primary key of a characteristic -> how far it is proved; of one piece of evidence."""
        return dict(self.values_list("characteristic", "strength"))


class PackRequestQuerySet(QuerySet["PackRequest"]):
    def of(self, user: "User") -> "PackRequestQuerySet":
        """The packs of one person: nobody else has anything of them."""
        return self.filter(made_by=user)

    def over(self, moment: dt.datetime) -> "PackRequestQuerySet":
        """Those whose days are over and whose archive is still kept."""
        return self.filter(expires_at__lte=moment).exclude(file="")


class EvidenceWordsQuerySet(QuerySet["EvidenceWords"]):
    def holding(self, query: str) -> "EvidenceWordsQuerySet":
        """Those that hold every word of a query."""
        from evidence.search import matching
        from evidence.words import terms_of

        return self.filter(matching(terms_of(query)))
