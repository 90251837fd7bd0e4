"""Reads of people and leads that need thought."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q, QuerySet

from core.periods import holds_on

if TYPE_CHECKING:
    from people.models import (  # noqa: F401 (named as text below)
        Lead,
        LeadDelegate,
        LeadHolder,
        MailDigest,
        Notice,
        User,
    )


def people_with_roles() -> "QuerySet[User]":
    """Everyone, with their groups: those who may sign in first, then by name."""
    from people.models import User

    return User.objects.prefetch_related("groups").order_by("-is_active", "name", "username")


class LeadHolderQuerySet(QuerySet["LeadHolder"]):
    def on(self, day: dt.date) -> "LeadHolderQuerySet":
        """Holders on that day, with the person."""
        return self.filter(holds_on(day)).select_related("user")

    def not_over_by(self, day: dt.date) -> "LeadHolderQuerySet":
        """Those that go on beyond a day, or begin after it."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def latest_first(self) -> "LeadHolderQuerySet":
        """Who has held it, the latest first, with the person."""
        return self.select_related("user").order_by("-started_on")


class LeadQuerySet(QuerySet["Lead"]):
    def with_holders(self, day: dt.date) -> "LeadQuerySet":
        """Leads, each with `holders_on_day`."""
        from people.models import LeadHolder

        return self.prefetch_related(
            Prefetch("holders", queryset=LeadHolder.objects.on(day), to_attr="holders_on_day")
        )

    def held_by(self, user: "User", day: dt.date) -> "LeadQuerySet":
        """The leads this person holds on a day."""
        return self.filter(holds_on(day, "holders__"), holders__user=user)

    def posted_for_by(self, user: "User", day: dt.date) -> "LeadQuerySet":
        """The leads this person holds on a day, or may post for."""
        holds = holds_on(day, "holders__") & Q(holders__user=user)
        posts = holds_on(day, "delegates__") & Q(delegates__user=user)
        return self.filter(holds | posts).distinct()


class LeadDelegateQuerySet(QuerySet["LeadDelegate"]):
    def on(self, day: dt.date) -> "LeadDelegateQuerySet":
        """Those who may post on that day, with the lead and the person."""
        return self.filter(holds_on(day)).select_related("lead", "user")

    def not_over_by(self, day: dt.date) -> "LeadDelegateQuerySet":
        """Those that go on beyond a day, or begin after it, with the lead and the person."""
        still = Q(ended_on=None) | Q(ended_on__gt=day)
        return self.filter(still).select_related("lead", "user")


class NoticeQuerySet(QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def unread_first(self) -> "NoticeQuerySet":
        """What was not read yet, then the rest; the latest first."""
        return self.order_by(F("read_at").desc(nulls_first=True), "-made_at", "-id")


class MailDigestQuerySet(QuerySet["MailDigest"]):
    def sent(self) -> "MailDigestQuerySet":
        """Those that have reached their reader, the latest first."""
        return self.exclude(sent_at=None).order_by("-day")

    def unsent(self) -> "MailDigestQuerySet":
        """Those that are still to be sent."""
        return self.filter(sent_at=None)

    def told_keys(self) -> set[str]:
        """The keys of what one reader was told and knows to stand: by the last of these mails
        that listed everything, and by those after it.
        """
        sent = self.sent()
        last = sent.filter(full=True).values_list("day", flat=True).first()
        mails = sent if last is None else sent.filter(day__gte=last)
        return {key for told in mails.values_list("told", flat=True) for key in told}
