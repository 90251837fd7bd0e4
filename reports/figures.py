"""The one snapshot behind a report: every number of its table, sentences and charts.

It is drawn from `tracker.position` and the publications in a fixed number of queries, and holds
plain values only, so that nothing is counted twice and an issued report can keep it as it is.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch

from core.dates import month_ends
from inspections.choices import Scope
from inspections.models import Framework, Publication, TopicArea
from inspections.queries import questions_with_leads
from portal.reconciliation.exports_taken import Lag, lag_at
from reports.models import CommitteeReport
from tracker import position


@dataclass(frozen=True)
class PublicationFacts:
    """What section 6 says of one publication.

    Args:
        received: the actions of it received in the window, by kind, level and register.
        described_as: its type, or the words chosen for the paper.
        super_complaint_response: introduced by the bodies that answer a super-complaint; not where
            other words were chosen.
        question: number of the PAF question area it is aligned to.
        response_published_on: only when not later than the paper's own date.
        before_window: published before the window began.
    """

    slug: str
    title: str
    published_month: str
    described_as: str
    super_complaint_response: bool
    is_local: bool
    question: int | None
    executive_lead: str
    response_published_on: dt.date | None
    local_note: str
    before_window: bool
    received: tuple[position.ReceivedGroup, ...]

    @property
    def new(self) -> int:
        return sum(group.count for group in self.received)

    @property
    def live(self) -> int:
        return sum(group.live for group in self.received)

    @property
    def completed(self) -> int:
        return sum(group.completed for group in self.received)

    @property
    def last_closed_on(self) -> dt.date | None:
        return max((g.last_closed_on for g in self.received if g.last_closed_on), default=None)


@dataclass(frozen=True)
class TopicFacts:
    """A topic area and its characteristics of good."""

    number: int
    text: str
    characteristics: tuple[str, ...]


@dataclass(frozen=True)
class QuestionFacts:
    """A question area of the framework, with its leads on the position date."""

    number: int
    text: str
    executive_lead: str
    delivery_lead: str
    topics: tuple[TopicFacts, ...]


@dataclass(frozen=True)
class FrameworkFacts:
    """The framework in force on the position date (paper, Appendix B)."""

    name: str
    version: str
    licence: str
    questions: tuple[QuestionFacts, ...]

    @property
    def has_leads(self) -> bool:
        """Whether anybody has been named to lead a question area."""
        return any(each.executive_lead or each.delivery_lead for each in self.questions)


@dataclass(frozen=True)
class Snapshot:
    """Everything countable in one report."""

    since: dt.date
    as_at: dt.date
    table: position.Table
    stages: position.Stages
    movement: position.Movement
    trend: tuple[position.TrendPoint, ...]
    publications: tuple[PublicationFacts, ...]
    framework: FrameworkFacts | None
    # How far the portal and the force's record were apart; None before the first export.
    portal: Lag | None = None


def snapshot(report: CommitteeReport) -> Snapshot:
    """Draw the figures of a report from the records as they are now."""
    since, as_at = report.previous_as_at, report.as_at
    return Snapshot(
        since=since,
        as_at=as_at,
        table=position.table(as_at),
        stages=position.stages(as_at),
        movement=position.movement(since, as_at),
        trend=tuple(position.trend(trend_days(since, as_at))),
        publications=_publications(since, as_at, report.meeting_on),
        framework=_framework(as_at),
        portal=lag_at(as_at),
    )


def trend_days(since: dt.date, as_at: dt.date) -> list[dt.date]:
    """The first day of the window, each month end in it, and its last day."""
    days = month_ends(since, as_at)
    return days if days[0] == since else [since, *days]


def _publications(
    since: dt.date, as_at: dt.date, meeting_on: dt.date
) -> tuple[PublicationFacts, ...]:
    groups: dict[int, list[position.ReceivedGroup]] = defaultdict(list)
    for group in position.received_by_publication(since, as_at):
        groups[group.publication_id].append(group)
    publications = (
        Publication.objects.filter(pk__in=groups)
        .select_related("question", "executive_lead")
        .order_by("published_on", "title")
    )
    facts = [_facts_of(each, groups[each.pk], since, meeting_on) for each in publications]
    return tuple(sorted(facts, key=lambda each: each.before_window))


def _facts_of(
    publication: Publication,
    received: list[position.ReceivedGroup],
    since: dt.date,
    meeting_on: dt.date,
) -> PublicationFacts:
    response = publication.response_published_on
    return PublicationFacts(
        slug=publication.slug,
        title=publication.title,
        published_month=publication.published_month,
        described_as=publication.described_as or publication.get_type_display(),
        super_complaint_response=publication.is_super_complaint and not publication.described_as,
        is_local=publication.scope == Scope.LOCAL,
        question=publication.question.number if publication.question else None,
        executive_lead=str(publication.executive_lead or ""),
        response_published_on=response if response and response <= meeting_on else None,
        local_note=publication.local_note,
        before_window=publication.published_on <= since,
        received=tuple(received),
    )


def _framework(day: dt.date) -> FrameworkFacts | None:
    framework = Framework.objects.in_force(day)
    if framework is None:
        return None
    topics = TopicArea.objects.prefetch_related("characteristics")
    questions = questions_with_leads(framework, day).prefetch_related(
        Prefetch("topics", queryset=topics)
    )
    return FrameworkFacts(
        name=framework.name,
        version=framework.version,
        licence=framework.licence,
        questions=tuple(
            QuestionFacts(
                number=question.number,
                text=question.text,
                executive_lead=question.executive_lead_on_day,
                delivery_lead=question.delivery_lead_on_day,
                topics=tuple(
                    TopicFacts(
                        topic.number, topic.text, tuple(c.text for c in topic.characteristics.all())
                    )
                    for topic in question.topics.all()
                ),
            )
            for question in questions
        ),
    )
