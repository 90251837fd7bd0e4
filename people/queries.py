"""Reads of people and leads that need thought."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

if TYPE_CHECKING:
    from people.models import Lead, LeadHolder, User  # noqa: F401 (named as text below)


class LeadHolderQuerySet(QuerySet["LeadHolder"]):
    def on(self, day: dt.date) -> "LeadHolderQuerySet":
        """Holders on that day, with the person."""
        return self.filter(
            Q(started_on__lte=day), Q(ended_on=None) | Q(ended_on__gt=day)
        ).select_related("user")


class LeadQuerySet(QuerySet["Lead"]):
    def with_holders(self, day: dt.date) -> "LeadQuerySet":
        """Leads, each with `holders_on_day`."""
        from people.models import LeadHolder

        return self.prefetch_related(
            Prefetch("holders", queryset=LeadHolder.objects.on(day), to_attr="holders_on_day")
        )

    def held_by(self, user: "User", day: dt.date) -> "LeadQuerySet":
        """The leads this person holds on a day."""
        return self.filter(
            Q(holders__started_on__lte=day),
            Q(holders__ended_on=None) | Q(holders__ended_on__gt=day),
            holders__user=user,
        )
