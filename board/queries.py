"""Reads of meetings, agendas and what arose from them."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from board.choices import MeetingState
from core.periods import holds_on

if TYPE_CHECKING:
    from board.models import (  # noqa: F401 (named as text below)
        ActionArising,
        AgendaItem,
        Meeting,
        Nomination,
        TermsOfReference,
    )
    from people.models import User


class TermsQuerySet(QuerySet["TermsOfReference"]):
    def in_force(self, day: dt.date) -> "TermsOfReference | None":
        """The version approved last, on a day or before it."""
        return self.filter(approved_on__lte=day).order_by("-approved_on", "-pk").first()

    def draft(self) -> "TermsOfReference | None":
        """The version that is being written: the newest, where it is not approved. A draft that a
        later version has overtaken stays as it is.
        """
        newest = self.order_by("-pk").first()
        return newest if newest is not None and newest.approved_on is None else None


class MeetingQuerySet(QuerySet["Meeting"]):
    def visible_to(self, user: "User") -> "MeetingQuerySet":
        """Every meeting, for those who may read packs. Others know the day of the next one and its
        deep dive, which the home page tells, and nothing else.
        """
        return self if user.has_perm("board.read_pack") else self.none()

    def planned(self) -> "MeetingQuerySet":
        """Neither closed nor cancelled."""
        return self.filter(state=MeetingState.PLANNED)

    def taking_place(self) -> "MeetingQuerySet":
        """Those that were held or are to be held: all but the cancelled ones."""
        return self.exclude(state=MeetingState.CANCELLED)

    def next_after(self, day: dt.date) -> "Meeting | None":
        """The next Board, on a day or after it."""
        return self.planned().filter(held_on__gte=day).order_by("held_on").first()

    def last_before(self, day: dt.date) -> "Meeting | None":
        """The last Board before a day."""
        return self.taking_place().filter(held_on__lt=day).order_by("-held_on").first()


class NominationQuerySet(QuerySet["Nomination"]):
    def made(self) -> "NominationQuerySet":
        """Those that were ever in force, or will be: not taken back before they began."""
        return self.filter(ended_on__gt=F("started_on"))

    def on(self, day: dt.date) -> "NominationQuerySet":
        """Those in force on a day, of meetings that take place."""
        return self.filter(holds_on(day)).exclude(meeting__state=MeetingState.CANCELLED)


class AgendaItemQuerySet(QuerySet["AgendaItem"]):
    def visible_to(self, user: "User") -> "AgendaItemQuerySet":
        """Items of the agendas this person reads; of those about a closure, those whose action
        they may read.
        """
        from board.models import Meeting
        from tracker.models import Closure

        readable = Q(closure=None) | Q(closure__in=Closure.objects.visible_to(user))
        return self.filter(readable, meeting__in=Meeting.objects.visible_to(user))

    def standing(self) -> "AgendaItemQuerySet":
        """Those that were not taken off the agenda again."""
        return self.filter(removed_at=None)

    def taken_off(self) -> "AgendaItemQuerySet":
        """Those that were: they stay on record, and can be put back."""
        return self.exclude(removed_at=None)

    def deep_dives(self) -> "AgendaItemQuerySet":
        """Those about a question area that stand on their agenda."""
        return self.standing().exclude(question=None)


class ActionArisingQuerySet(QuerySet["ActionArising"]):
    def visible_to(self, user: "User") -> "ActionArisingQuerySet":
        """One's own, and those of the items one reads."""
        from board.models import AgendaItem

        return self.filter(Q(owner=user) | Q(item__in=AgendaItem.objects.visible_to(user)))

    def open(self) -> "ActionArisingQuerySet":
        """Not done yet, the earliest due first."""
        return self.filter(done_on=None).order_by("due_on", "pk")

    def carried_to(self, meeting: "Meeting") -> "ActionArisingQuerySet":
        """What earlier Boards asked for and a meeting has before it: open still, or done and not
        told by the Board before it, because it was done later, or recorded after that had closed.
        """
        from board.models import Meeting

        before = Meeting.objects.last_before(meeting.held_on)
        not_done = Q(done_on=None)
        if before is not None:
            not_done |= Q(done_on__gt=before.held_on)
            if before.closed_at is not None:
                not_done |= Q(done_at__gt=before.closed_at)
        return (
            self.filter(not_done, item__meeting__held_on__lt=meeting.held_on)
            .select_related("owner", "item__meeting")
            .order_by("due_on", "pk")
        )
