"""What the calendar of inspections shows: phases, what is expected of the force, responses due, and
what other rooms announce; on a page for a reader, and as a feed for their own calendar.

The feed tells titles and days; never what is expected in words, and only days, weeks and months.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from core.dates import long_date, today
from core.ical import CalendarEvent, calendar_file, changed_at
from core.numbers import capitalised
from inspections.choices import InspectionStatus
from inspections.known_dates import VAGUE, in_words
from inspections.models import Expectation, InspectionPhase, Publication

if TYPE_CHECKING:
    from inspections.queries import (
        ExpectationQuerySet,
        PhaseQuerySet,
        PublicationQuerySet,
    )
    from people.models import User

_KEPT, _AHEAD = dt.timedelta(days=366), dt.timedelta(days=3 * 366)
_DAY = dt.timedelta(days=1)
READS = "inspections.view_inspection"


@dataclass(frozen=True)
class Entry:
    """Something in the calendar.

    Args:
        key: names it for ever.
        kind: what it is, in a word or two.
        title: what it is about.
        starts_on, ends_on: its first and last day.
        when: its days as they are known.
        href: its page.
        note: what else to say; never in a feed.
    """

    key: str
    kind: str
    title: str
    starts_on: dt.date
    ends_on: dt.date
    when: str
    href: str
    note: str = ""


Source = Callable[["User", dt.date, dt.date], Iterable[Entry]]
_sources: list[Source] = []


def announce(source: Source) -> None:
    """Let a room above show entries on the page (called from an app's `ready`).

    Args:
        source: gives what a reader may see of a first to a last day, by a fixed number of queries.
    """
    if source not in _sources:
        _sources.append(source)


def entries(user: "User", first: dt.date, last: dt.date) -> list[Entry]:
    """What takes place from a first to a last day and this person may see, in order."""
    own = [
        *(_of_phase(each) for each in _known_phases(user).between(first, last)),
        *(_of_expectation(each) for each in _expectations(user, first, last)),
        *(_of_response(each) for each in _responses(first, last)),
    ]
    others = [each for source in _sources for each in source(user, first, last)]
    return sorted([*own, *others], key=lambda each: (each.starts_on, each.ends_on, each.title))


def not_known_to_the_month(user: "User", first: dt.date) -> list[Entry]:
    """Phases that are known only by season or year, and are not over on a day."""
    found = _phases(user).filter(precision__in=VAGUE)
    return [_of_phase(each) for each in found.filter(Q(ends_on__gte=first) | Q(ends_on=None))]


def feed_of(user: "User", *, link: Callable[[str], str]) -> bytes:
    """The calendar as a reader's own calendar keeps it: the last year, and three to come.

    Args:
        user: the reader.
        link: makes the address of a page in full.
    """
    first, last = today() - _KEPT, today() + _AHEAD
    events = [
        *_phase_events(_known_phases(user).between(first, last), link),
        *_expectation_events(_expectations(user, first, last), link),
        *_response_events(_responses(first, last), link),
    ]
    events.sort(key=lambda each: (each.starts, each.key))
    return calendar_file(f"{settings.FORCE_NAME}: inspections", events)


def _phases(user: "User") -> "PhaseQuerySet":
    """The phases of inspections that take place."""
    found = InspectionPhase.objects.visible_to(user).select_related("inspection")
    return found.exclude(inspection__status=InspectionStatus.WITHDRAWN)


def _known_phases(user: "User") -> "PhaseQuerySet":
    return _phases(user).exclude(precision__in=VAGUE)


def _expectations(user: "User", first: dt.date, last: dt.date) -> "ExpectationQuerySet":
    found = Expectation.objects.visible_to(user).filter(due_on__range=(first, last), met_on=None)
    found = found.exclude(inspection__status=InspectionStatus.WITHDRAWN)
    return found.select_related("inspection", "lead")


def _responses(first: dt.date, last: dt.date) -> "PublicationQuerySet":
    """The duties to answer a report, those that are answered too."""
    return Publication.objects.filter(response_due_on__range=(first, last))


def _of_phase(phase: InspectionPhase) -> Entry:
    return Entry(
        key=f"phase-{phase.pk}",
        kind=phase.get_kind_display(),
        title=phase.inspection.title,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on or phase.starts_on,
        when=phase.when,
        href=phase.inspection.get_absolute_url(),
        note=phase.note,
    )


def _of_expectation(expected: Expectation) -> Entry:
    due_on = expected.due_on
    assert due_on is not None  # it is in a span of days
    return Entry(
        key=f"expected-{expected.pk}",
        kind="Expected of the force",
        title=f"{expected.inspection}: {expected.text}",
        starts_on=due_on,
        ends_on=due_on,
        when=long_date(due_on),
        href=expected.inspection.get_absolute_url(),
        note=f"{expected.lead} sees to it" if expected.lead else "",
    )


def _of_response(publication: Publication) -> Entry:
    due_on = publication.response_due_on
    assert due_on is not None  # it is in a span of days
    return Entry(
        key=f"response-{publication.pk}",
        kind="Response due",
        title=publication.title,
        starts_on=due_on,
        ends_on=due_on,
        when=long_date(due_on),
        href=reverse("tracker:publication", args=[publication.slug]),
        note=_response_note(publication),
    )


def _response_note(publication: Publication) -> str:
    state = _answered(publication)
    if publication.response_state == "not recorded":
        state = "none is recorded"
    parts = [capitalised(part) for part in (state, publication.response_because) if part]
    return ". ".join(parts)


def _answered(publication: Publication) -> str:
    day = publication.response_published_on
    return f"published {long_date(day)}" if day else ""


def _phase_events(
    phases: Iterable[InspectionPhase], link: Callable[[str], str]
) -> Iterator[CalendarEvent]:
    found = list(phases)
    changed, above = changed_at(found), changed_at(each.inspection for each in found)
    for each in found:
        yield CalendarEvent(
            key=f"phase-{each.pk}",
            summary=f"{_phase_words(each)}: {each.inspection}",
            starts=each.starts_on,
            ends=(each.ends_on or each.starts_on) + _DAY,
            link=link(each.inspection.get_absolute_url()),
            changed_at=max(changed[each.pk], above[each.inspection_id]),
            changes=each.version + each.inspection.version - 2,
            busy=False,
        )


def _phase_words(phase: InspectionPhase) -> str:
    """What a phase is; where nobody knows when it ends, from when."""
    kind = phase.get_kind_display()
    return kind if phase.ends_on else f"{kind} {in_words(phase.precision, phase.starts_on, None)}"


def _expectation_events(
    expectations: Iterable[Expectation], link: Callable[[str], str]
) -> Iterator[CalendarEvent]:
    found = list(expectations)
    changed, above = changed_at(found), changed_at(each.inspection for each in found)
    for each in found:
        assert each.due_on is not None  # it is in a span of days
        yield CalendarEvent(
            key=f"expected-{each.pk}",
            summary=f"Expected of the force: {each.inspection}",
            starts=each.due_on,
            ends=each.due_on + _DAY,
            link=link(each.inspection.get_absolute_url()),
            changed_at=max(changed[each.pk], above[each.inspection_id]),
            changes=each.version + each.inspection.version - 2,
            busy=False,
        )


def _response_events(
    publications: Iterable[Publication], link: Callable[[str], str]
) -> Iterator[CalendarEvent]:
    found = list(publications)
    changed = changed_at(found)
    for each in found:
        assert each.response_due_on is not None  # it is in a span of days
        answered = _answered(each)
        yield CalendarEvent(
            key=f"response-{each.pk}",
            summary=f"Response due: {each}{f' ({answered})' if answered else ''}",
            starts=each.response_due_on,
            ends=each.response_due_on + _DAY,
            link=link(reverse("tracker:publication", args=[each.slug])),
            changed_at=changed[each.pk],
            changes=each.version - 1,
            busy=False,
        )
