"""Reads of publications and frameworks that need thought."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Case, F, Prefetch, Q, QuerySet, TextChoices, When

from core.dates import today
from core.periods import holds_on
from core.slugs import free_slug
from inspections.choices import (
    OUTSIDE_TYPES,
    ImprovementState,
    InspectionStatus,
    PublicationType,
    Source,
)
from people.models import Lead

if TYPE_CHECKING:
    from inspections.models import (  # noqa: F401 (named as text below)
        Assessment,
        Characteristic,
        CoreQuestion,
        Expectation,
        Framework,
        ImprovementItem,
        Inspection,
        InspectionPhase,
        Publication,
        QuestionLead,
    )
    from people.models import User


class FrameworkQuerySet(QuerySet["Framework"]):
    def in_force(self, day: dt.date | None = None) -> "Framework | None":
        """The version in force on a day (today unless told): the newest that had begun by then."""
        return self.filter(in_force_from__lte=day or today()).order_by("-in_force_from").first()


class QuestionLeadQuerySet(QuerySet["QuestionLead"]):
    def on(self, day: dt.date) -> "QuestionLeadQuerySet":
        """The leads of that day, with their names."""
        return self.filter(holds_on(day)).select_related("lead")

    def held_by(self, user: "User", day: dt.date) -> "QuestionLeadQuerySet":
        """The duties that are this person's on a day, through the leads they hold or may post
        for.
        """
        return self.filter(holds_on(day), lead__in=Lead.objects.posted_for_by(user, day))

    def latest_first(self) -> "QuestionLeadQuerySet":
        """Who leads and has led, role by role, the latest first, with their names."""
        return self.select_related("lead").order_by("-role", "-started_on", "-pk")


class ResponseState(TextChoices):
    """How the answer to a publication stands, where there is a duty to give one."""

    RUNNING = "running", "Response still due"
    MISSED = "missed", "Response overdue, none recorded"
    PUBLISHED = "published", "Response published"


def response_is(state: str, day: dt.date) -> Q:
    """That the answer to a publication stands so on a day; `state` is a `ResponseState`."""
    if state == ResponseState.PUBLISHED:
        return Q(response_published_on__isnull=False)
    late = "lt" if state == ResponseState.MISSED else "gte"
    return Q(response_published_on=None, **{f"response_due_on__{late}": day})


class PublicationQuerySet(QuerySet["Publication"]):
    def from_outside(self) -> "PublicationQuerySet":
        """Reports of HMICFRS and of other bodies, without those of internal reviews."""
        return self.filter(type__in=OUTSIDE_TYPES)

    def latest_first(self) -> "PublicationQuerySet":
        """The latest published first."""
        return self.order_by("-published_on", "title")

    def with_response_running(self, day: dt.date | None = None) -> "PublicationQuerySet":
        """Publications whose response is still to come: due today or later, none published."""
        running = response_is(ResponseState.RUNNING, day or today())
        return self.filter(running).order_by("response_due_on", "title")

    def with_response_missed(self, day: dt.date) -> "PublicationQuerySet":
        """Publications whose response was due before a day and is not recorded."""
        return self.filter(response_is(ResponseState.MISSED, day))

    def with_response_pressing(
        self, day: dt.date, within: int, missed_within: int
    ) -> "PublicationQuerySet":
        """Publications whose response was not published by a day and is due within so many days, or
        fell due in the last so many; the earliest due first.
        """
        not_by_then = Q(response_published_on=None) | Q(response_published_on__gt=day)
        return self.filter(
            not_by_then,
            published_on__lte=day,
            response_due_on__gte=day - dt.timedelta(days=missed_within),
            response_due_on__lte=day + dt.timedelta(days=within),
        ).order_by("response_due_on", "title")


class InspectionQuerySet(QuerySet["Inspection"]):
    def visible_to(self, user: "User") -> "InspectionQuerySet":
        """What this person may know of: everything but internal reviews that are only proposed, or
        were withdrawn, which are for those who read what is before the Board.
        """
        if user.has_perm("inspections.read_proposed_review"):
            return self
        not_commissioned = (InspectionStatus.PROPOSED, InspectionStatus.WITHDRAWN)
        return self.exclude(kind=PublicationType.INTERNAL_REVIEW, status__in=not_commissioned)

    def of_source(self, source: str) -> "InspectionQuerySet":
        """Those of HMICFRS, of other bodies, or the force's own; a value of `Source`."""
        apart = {
            Source.OTHER_BODIES: PublicationType.OTHER_BODY,
            Source.INTERNAL: PublicationType.INTERNAL_REVIEW,
        }
        if source in apart:
            return self.filter(kind=apart[Source(source)])
        return self.exclude(kind__in=apart.values())

    def in_full(self) -> "InspectionQuerySet":
        """With question area, lead and report."""
        return self.select_related("question__framework", "lead", "report")


class PhaseQuerySet(QuerySet["InspectionPhase"]):
    def visible_to(self, user: "User") -> "PhaseQuerySet":
        """Those of the inspections that this person may know of."""
        return self.filter(inspection__in=_inspections_of(user))

    def between(self, first: dt.date, last: dt.date) -> "PhaseQuerySet":
        """Those that touch a span of days. What goes on without a known end counts on its first
        day.
        """
        ends = Q(ends_on__gte=first) | Q(ends_on=None, starts_on__gte=first)
        return self.filter(ends, starts_on__lte=last)


class ExpectationQuerySet(QuerySet["Expectation"]):
    def visible_to(self, user: "User") -> "ExpectationQuerySet":
        """Those of the inspections that this person may know of."""
        return self.filter(inspection__in=_inspections_of(user))


def _inspections_of(user: "User") -> "QuerySet[Inspection]":
    from inspections.models import Inspection

    return Inspection.objects.visible_to(user)


class CharacteristicQuerySet(QuerySet["Characteristic"]):
    def in_order(self, framework: "Framework") -> "CharacteristicQuerySet":
        """Those of a framework in its order, with what their codes need."""
        found = self.filter(topic__question__framework=framework)
        return found.select_related("topic__question").order_by(
            "topic__question__number", "topic__number", "number"
        )

    def of_question(self, question: "CoreQuestion") -> "CharacteristicQuerySet":
        """Those of a question area, in its order."""
        found = self.filter(topic__question=question).select_related("topic__question")
        return found.order_by("topic__number", "number")


class AssessmentQuerySet(QuerySet["Assessment"]):
    def holding(
        self, framework: "Framework", day: dt.date | None = None
    ) -> "dict[int, Assessment]":
        """What was said last of each characteristic of a framework by a day (today unless told):
        characteristic (primary key) -> assessment. One of which nothing was said is left out.
        """
        found = self.filter(
            characteristic__topic__question__framework=framework, made_on__lte=day or today()
        )
        found = found.select_related("made_by").order_by("made_on", "pk")
        return {each.characteristic_id: each for each in found}


class ImprovementQuerySet(QuerySet["ImprovementItem"]):
    def open(self) -> "ImprovementQuerySet":
        """What is still to be done."""
        return self.filter(state=ImprovementState.OPEN)

    def open_on(self, day: dt.date) -> "ImprovementQuerySet":
        """What of all that is on record had not ended on a day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def in_plan_order(self) -> "ImprovementQuerySet":
        """What is open first, the earliest due first; then what ended, the latest first."""
        ended = Case(When(state=ImprovementState.OPEN, then=0), default=1)
        return self.select_related("owner", "plenary__publication").order_by(
            ended, "-ended_on", F("due_on").asc(nulls_last=True), "pk"
        )


def address_of(title: str) -> str:
    """The slug for a publication of this title; `/publications/add/` is a page of its own."""
    from inspections.models import Publication

    return free_slug(
        Publication.objects.all(), title, otherwise="publication", reserved=("add", "registers")
    )


def questions_with_leads(framework: "Framework", day: dt.date) -> "QuerySet[CoreQuestion]":
    """The question areas of a framework, each with `leads_on_day` prefetched."""
    from inspections.models import QuestionLead

    return framework.questions.prefetch_related(
        Prefetch("leads", queryset=QuestionLead.objects.on(day), to_attr="leads_on_day")
    )


def questions_by_lead(day: dt.date) -> "dict[int, list[QuestionLead]]":
    """Lead (primary key) -> their duties for question areas of the framework in force on a day."""
    from inspections.models import Framework, QuestionLead

    framework = Framework.objects.in_force(day)
    duties: dict[int, list[QuestionLead]] = {}
    if framework is None:
        return duties
    found = QuestionLead.objects.on(day).filter(question__framework=framework)
    for duty in found.select_related("lead", "question").order_by("question__number", "-role"):
        duties.setdefault(duty.lead_id, []).append(duty)
    return duties


def neighbours(question: "CoreQuestion") -> "dict[str, CoreQuestion | None]":
    """The question areas before and after one, as `previous` and `next`."""
    others = question.framework.questions
    return {
        "previous": others.filter(number__lt=question.number).last(),
        "next": others.filter(number__gt=question.number).first(),
    }
