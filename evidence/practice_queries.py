"""Reads of the register of good practice that need thought."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.markings import Marking

if TYPE_CHECKING:
    from evidence.models import GoodPractice  # noqa: F401 (named as text below)
    from people.models import User


class GoodPracticeQuerySet(QuerySet["GoodPractice"]):
    def visible_to(self, user: "User") -> "GoodPracticeQuerySet":
        """What this person may read: everything OFFICIAL; sensitive practice as who recorded it,
        or by role.
        """
        if user.has_perm("evidence.view_sensitive_evidence"):
            return self
        return self.filter(~Q(marking=Marking.SENSITIVE) | Q(recorded_by=user))

    def with_origin(self, user: "User") -> "GoodPracticeQuerySet":
        """With where each comes from, and `evidence_shown`: whether this person may read the
        evidence it comes from; nothing of it is shown otherwise.
        """
        from evidence.models import Evidence

        readable = Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence"))
        return self.select_related("evidence", "publication").annotate(
            evidence_shown=Exists(readable)
        )

    def with_leads(self) -> "GoodPracticeQuerySet":
        """With who could use each, and who took it up, by name and in their order."""
        from evidence.models import TakeUp

        taken = TakeUp.objects.select_related("lead", "recorded_by")
        return self.prefetch_related("could_use", Prefetch("take_ups", queryset=taken))
