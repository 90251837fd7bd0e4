"""Reads of actions as at a date. Every list, page, export and count starts here."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from core.markings import Marking
from core.periods import holds_on
from inspections.choices import LeadRole
from tracker.choices import COUNTED_REGISTERS, Register, Stage, Status
from tracker.duties import duties_of
from tracker.readers import readable_though_sensitive

if TYPE_CHECKING:
    from inspections.models import CoreQuestion, Publication
    from people.models import User
    from tracker.models import Action, StatusPeriod  # noqa: F401 - the base of a query set names it


def on_portal_on(day: dt.date, action: str = "pk") -> Q:
    """That an action was on HMICFRS's portal on a day; `action` is the path to its key."""
    from tracker.models import PortalPresence

    present = PortalPresence.objects.filter(holds_on(day))
    return Q(**{f"{action}__in": present.values("action")})


def stale_limit(as_at: dt.date, days: int | None = None) -> dt.date:
    """An action last heard of before this day is stale (STALE_AFTER_DAYS unless told)."""
    return as_at - dt.timedelta(days=days or settings.STALE_AFTER_DAYS)


def stage_expression(period: str, action: str = "") -> Case:
    """The stage of a status (domain glossary, "Stages as at a date").

    Args:
        period: path to the status period, with its dunder, e.g. "period__" or "".
        action: path to the action, with its dunder, e.g. "action__" or "".
    """
    proposed = Q(**{f"{period}status": Status.CLOSURE_PROPOSED})
    closes_here = Q(**{f"{period}level": 2}) | ~Q(**{f"{action}register": Register.HMICFRS})
    return Case(
        When(Q(**{f"{period}status": Status.CLOSED}), then=Value(Stage.CLOSED)),
        When(Q(**{f"{period}status": Status.WITH_HMICFRS}), then=Value(Stage.WITH_HMICFRS)),
        When(proposed & closes_here, then=Value(Stage.LOCAL_CLOSURE)),
        default=Value(Stage.IN_PROGRESS),
        output_field=TextField(),
    )


def _place_in(words: type[TextChoices], path: str) -> Case:
    """The place of a value among its choices, to order by."""
    return Case(
        *(When(**{path: word}, then=Value(place)) for place, word in enumerate(words)),
        output_field=IntegerField(),
    )


class Part(StrEnum):
    """The parts of `ActionQuerySet.with_position`."""

    PERIOD = "period"
    LEADS = "leads"
    DATES = "dates"


# An annotation by which a part is known to be there.
_MARKS = {Part.PERIOD: "status_at", Part.LEADS: "executive_lead_at", Part.DATES: "due_on"}


class StatusPeriodQuerySet(QuerySet["StatusPeriod"]):
    def at(self, day: dt.date) -> "StatusPeriodQuerySet":
        """The period of each action that contains the day: at most one an action."""
        return self.filter(holds_on(day))

    def counted(self) -> "StatusPeriodQuerySet":
        """Of actions that count in the position."""
        return self.in_registers(COUNTED_REGISTERS)

    def in_registers(self, registers: Collection[str]) -> "StatusPeriodQuerySet":
        """Of the actions of some registers, not entered in error."""
        return self.filter(action__register__in=registers, action__entered_in_error=False)


class ActionQuerySet(QuerySet["Action"]):
    def visible_to(self, user: "User") -> "ActionQuerySet":
        """What this person may read: everything OFFICIAL; sensitive actions by role, as their lead,
        or by a rule of an upper room (while on an agenda of the Board).
        """
        if user.has_perm("tracker.view_sensitive_action"):
            return self
        return self.filter(~Q(marking=Marking.SENSITIVE) | readable_though_sensitive(user))

    def counted(self) -> "ActionQuerySet":
        """Actions that count in the position: HMICFRS and super-complaint, not entered in error."""
        return self.filter(register__in=COUNTED_REGISTERS, entered_in_error=False)

    def with_position(self, as_at: dt.date) -> "ActionQuerySet":
        """Actions received by a day, with what was true of each on that day.

        Adds: `status_at`, `level_at`, `stage_at`, `status_since`, `received_on`, `closed_on` and
        `close_reason_at` (closed ones), `due_on`, `updated_on` (last progress update),
        `confidence_at` (order on the scale), `executive_lead_at`, `delivery_lead_at` (names) and
        `on_portal_at`.
        """
        return self.with_parts(as_at, *Part)

    def with_parts(self, as_at: dt.date, *parts: Part) -> "ActionQuerySet":
        """Some parts of `with_position`: what one filter or one order needs, and no more.

        A part that is there already is not added again, so callers may ask for what they need.
        """
        missing = [part for part in parts if _MARKS[part] not in self.query.annotations]
        actions = self._with_period(as_at) if Part.PERIOD in missing else self
        if Part.LEADS in missing:
            actions = actions._with_leads(as_at)
        return actions._with_dates(as_at) if Part.DATES in missing else actions

    def _with_period(self, as_at: dt.date) -> "ActionQuerySet":
        return (
            self.annotate(
                period=FilteredRelation("periods", condition=holds_on(as_at, "periods__")),
                first_period=FilteredRelation("periods", condition=Q(periods__sequence=1)),
            )
            .filter(period__isnull=False)
            .annotate(
                status_at=F("period__status"),
                level_at=F("period__level"),
                status_since=F("period__started_on"),
                received_on=F("first_period__started_on"),
                close_reason_at=F("period__close_reason"),
                closed_on=Case(
                    When(period__status=Status.CLOSED, then=F("period__started_on")),
                    output_field=DateField(null=True),
                ),
                stage_at=stage_expression("period__"),
                on_portal_at=Case(
                    When(on_portal_on(as_at), then=Value(True)),
                    default=Value(False),
                ),
            )
        )

    def _with_leads(self, as_at: dt.date) -> "ActionQuerySet":
        return self.annotate(
            executive=FilteredRelation(
                "leads",
                condition=Q(leads__role=LeadRole.EXECUTIVE) & holds_on(as_at, "leads__"),
            ),
            delivery=FilteredRelation(
                "leads",
                condition=Q(leads__role=LeadRole.DELIVERY) & holds_on(as_at, "leads__"),
            ),
        ).annotate(
            executive_lead_at=F("executive__lead__name"),
            delivery_lead_at=F("delivery__lead__name"),
        )

    def _with_dates(self, as_at: dt.date) -> "ActionQuerySet":
        from tracker.models import DueDate, ProgressUpdate

        due = DueDate.objects.filter(action=OuterRef("pk"), agreed_on__lte=as_at)
        updates = ProgressUpdate.objects.filter(action=OuterRef("pk"), made_on__lte=as_at)
        rated = updates.exclude(confidence=None)
        return self.annotate(
            due_on=Subquery(due.order_by("-sequence").values("due_on")[:1]),
            updated_on=Subquery(updates.order_by("-made_on", "-id").values("made_on")[:1]),
            confidence_at=Subquery(
                rated.order_by("-made_on", "-id").values("confidence__order")[:1]
            ),
        )

    def live(self, as_at: dt.date) -> "ActionQuerySet":
        """Received and not closed, as at a date."""
        from tracker.models import StatusPeriod

        open_then = StatusPeriod.objects.at(as_at).exclude(status=Status.CLOSED)
        return self.filter(pk__in=open_then.values("action"))

    def live_in_question(
        self, question: "CoreQuestion", user: "User", as_at: dt.date
    ) -> "ActionQuerySet":
        """Live counted actions of a question area that this person may read, the earliest due
        first.
        """
        return (
            self.counted()
            .visible_to(user)
            .with_position(as_at)
            .exclude(Q(status_at=Status.CLOSED))
            .filter(question=question)
            .order_by(F("due_on").asc(nulls_last=True), "reference")
        )

    def by_references(self, references: Collection[str]) -> "ActionQuerySet":
        """The actions of these references, in capitals or not."""
        in_small = {reference.lower() for reference in references}
        return self.alias(in_small=Lower("reference")).filter(
            Q(in_small__in=in_small) | Q(reference__in=references)
        )

    def by_portal_references(self, references: Collection[str]) -> "ActionQuerySet":
        """The actions that HMICFRS's portal knows by these references, in capitals or not."""
        in_small = {reference.lower() for reference in references}
        return self.alias(in_small=Lower("portal_reference")).filter(
            Q(in_small__in=in_small) | Q(portal_reference__in=references)
        )

    def of_publication(
        self, publication: "Publication", user: "User", as_at: dt.date
    ) -> "ActionQuerySet":
        """Actions of a publication that this person may read, as they stand, by reference."""
        return (
            self.filter(publication=publication, entered_in_error=False)
            .visible_to(user)
            .with_position(as_at)
            .order_by("reference")
        )

    # The next ones filter by themselves, without annotations: lists count and page through them.

    def in_period(
        self, as_at: dt.date, condition: Q | None = None, stages: Collection[str] = ()
    ) -> "ActionQuerySet":
        """Received by a day, and with a status period on that day of which a condition holds.

        Args:
            condition: on the fields of `StatusPeriod`.
            stages: the stages to keep; all of them when there is none.
        """
        from tracker.models import StatusPeriod

        # EXISTS, not IN: a page of an ordered list then stops at its last row instead of first
        # collecting every action that fits.
        periods = StatusPeriod.objects.at(as_at).filter(condition or Q(), action=OuterRef("pk"))
        if stages:
            periods = periods.alias(stage=stage_expression("", "action__")).filter(stage__in=stages)
        return self.filter(Exists(periods))

    def received_between(self, first: dt.date | None, last: dt.date | None) -> "ActionQuerySet":
        """Received on one of these days; None leaves that end open."""
        from tracker.models import StatusPeriod

        periods = StatusPeriod.objects.filter(sequence=1)
        if first:
            periods = periods.filter(started_on__gte=first)
        if last:
            periods = periods.filter(started_on__lte=last)
        return self.filter(pk__in=periods.values("action"))

    def led_by_posts(
        self, role: LeadRole, slugs: Collection[str], without: bool, as_at: dt.date
    ) -> "ActionQuerySet":
        """Actions that one of these leads holds on a day; `without`: also those nobody does."""
        from tracker.models import ActionLead

        held = ActionLead.objects.filter(holds_on(as_at), role=role)
        wanted = Q(pk__in=held.filter(lead__slug__in=slugs).values("action"))
        return self.filter(wanted | ~Q(pk__in=held.values("action")) if without else wanted)

    def on_portal(self, as_at: dt.date, present: bool) -> "ActionQuerySet":
        """Actions that were, or were not, on HMICFRS's portal on a day."""
        seen = on_portal_on(as_at)
        return self.filter(seen if present else ~seen)

    def search(self, text: str, as_at: dt.date) -> "ActionQuerySet":
        """Actions in whose references, text, publication or leads of a day every word occurs."""
        from inspections.models import Publication
        from tracker.models import ActionLead

        actions = self
        for word in text.lower().split():
            publications = Publication.objects.filter(title__icontains=word)
            led = ActionLead.objects.filter(holds_on(as_at), lead__name__icontains=word)
            actions = actions.filter(
                Q(search_text__icontains=word)
                | Q(publication__in=publications)
                | Q(pk__in=led.values("action"))
            )
        return actions

    # The next ones refine `with_position(as_at)`.

    def overdue(self, as_at: dt.date) -> "ActionQuerySet":
        """Live, with a due date that has passed."""
        return self.exclude(status_at=Status.CLOSED).filter(due_on__lt=as_at)

    def stale(self, as_at: dt.date, days: int | None = None) -> "ActionQuerySet":
        """Live, without a progress update for more than so many days (STALE_AFTER_DAYS unless
        told).
        """
        return (
            self.exclude(status_at=Status.CLOSED)
            .alias(heard_on=Coalesce("updated_on", "received_on"))
            .filter(heard_on__lt=stale_limit(as_at, days))
        )

    def heard_between(self, first: dt.date | None, last: dt.date | None) -> "ActionQuerySet":
        """Last heard of (updated, or else received) on one of these days; None = no limit."""
        actions = self.alias(heard_on=Coalesce("updated_on", "received_on"))
        if first:
            actions = actions.filter(heard_on__gte=first)
        return actions.filter(heard_on__lte=last) if last else actions

    def with_forecast(self, as_at: dt.date) -> "ActionQuerySet":
        """Adds `slippage` (how often another due date than that issued had been agreed),
        `first_due_on` (as issued, else as first agreed) and `expected_closure_on`.
        """
        from tracker.models import DueDate, ProgressUpdate

        due = DueDate.objects.filter(action=OuterRef("pk"), agreed_on__lte=as_at)
        revisions = due.filter(sequence__gt=0)
        counted = revisions.order_by().values("action").annotate(n=Count("pk")).values("n")
        forecasts = ProgressUpdate.objects.filter(
            action=OuterRef("pk"), made_on__lte=as_at, expected_closure_on__isnull=False
        ).order_by("-made_on", "-id")
        return self.annotate(
            slippage=Coalesce(Subquery(counted), 0),
            first_due_on=Subquery(due.order_by("sequence").values("due_on")[:1]),
            expected_closure_on=Subquery(forecasts.values("expected_closure_on")[:1]),
        )

    def with_order_of_stages(self) -> "ActionQuerySet":
        """Adds `stage_order` and `status_order`: the way an action goes, not the alphabet's."""
        return self.alias(
            stage_order=_place_in(Stage, "stage_at"), status_order=_place_in(Status, "status_at")
        )

    def led_by(self, user: "User", as_at: dt.date) -> "ActionQuerySet":
        """Actions of which this person holds a lead on the day."""
        return self.filter(pk__in=duties_of(user, as_at).values("action"))

    def next_due(self, number: int) -> "ActionQuerySet":
        """The live actions that fall due first, at most so many."""
        dated = self.exclude(status_at=Status.CLOSED).exclude(due_on=None)
        return dated.order_by("due_on", "reference")[:number]

    def moved(self, change: str, since: dt.date, as_at: dt.date) -> "ActionQuerySet":
        """Actions behind one figure of the movement from `since` to `as_at`.

        Args:
            change: "opening", "new", "reopened", "closed" or "closing" (see `tracker.position`).

        Raises:
            KeyError: another word.
        """
        from tracker.movement import CHANGES

        return self.alias(**ends(since, as_at)).filter(CHANGES[change])


def ends(since: dt.date, as_at: dt.date) -> dict[str, Any]:
    """The status period at each end of a window, as `opening_period` and `closing_period`."""
    return {
        "opening_period": FilteredRelation("periods", condition=holds_on(since, "periods__")),
        "closing_period": FilteredRelation("periods", condition=holds_on(as_at, "periods__")),
    }
