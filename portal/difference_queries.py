"""Reads of the differences with HMICFRS's portal, and of the exports that were taken."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tracker.models import Action

if TYPE_CHECKING:
    from people.models import User
    from portal.models import PortalDifference  # noqa: F401 - the base of a query set names it


def still_accepted(day: dt.date) -> Q:
    """That a difference is accepted, and its date has not passed by a day."""
    return Q(answer="accepted", accepted_until__gte=day)


def to_look_at(day: dt.date) -> Q:
    """That nobody has said what becomes of a difference, or what was accepted has run out."""
    return Q(answer="") | Q(answer="accepted", accepted_until__lt=day)


class PortalDifferenceQuerySet(QuerySet["PortalDifference"]):
    def visible_to(self, user: "User") -> "PortalDifferenceQuerySet":
        """What this person may read: whatever is of no action, or of an action they may read."""
        if user.has_perm("tracker.view_sensitive_action"):
            return self
        readable = Action.objects.visible_to(user)
        return self.filter(Q(action=None) | Q(action__in=readable.values("pk")))

    def open(self) -> "PortalDifferenceQuerySet":
        """Those that are there now."""
        return self.filter(closed_on=None)

    def open_at(self, day: dt.date) -> "PortalDifferenceQuerySet":
        """Those that were there on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def with_all(self) -> "PortalDifferenceQuerySet":
        """With what a list shows of each."""
        return self.select_related(
            "action__publication", "record", "owner", "closed_by", "opened_by"
        )
