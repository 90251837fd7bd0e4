"""When and where a Board is, who decides there, who comes, and what its reader may arrange."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from board.choices import MeetingState, Section
from board.models import AgendaItem, Meeting, Nomination
from core.dates import long_date, today
from people.models import User


@dataclass(frozen=True)
class Link:
    """Something a reader may do about a meeting.

    Args:
        text: words of the link.
        href: where it is done.
    """

    text: str
    href: str


@dataclass(frozen=True)
class Listed:
    """A meeting in the list.

    Args:
        meeting: with its chair.
        deputies: nominated for its day.
        deep_dives: the question areas it goes deep into.
        links: what the reader may do about it.
    """

    meeting: Meeting
    deputies: list[Nomination] = field(default_factory=list)
    deep_dives: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def agenda(self) -> str:
        """How far its agenda is, in words."""
        meeting = self.meeting
        if meeting.state == MeetingState.CANCELLED:
            return "Does not take place"
        if meeting.closed_at is not None:
            return f"Closed on {_local_day(meeting.closed_at)}"
        if meeting.compiled_at is not None:
            return f"Compiled on {_local_day(meeting.compiled_at)}"
        return "Not compiled yet"


def _local_day(moment: dt.datetime) -> str:
    return long_date(timezone.localdate(moment))


def listed(meetings: list[Meeting], user: User) -> list[Listed]:
    """Meetings as the list shows them; the number of questions to the database is the same for
    many as for one.
    """
    keys = [meeting.pk for meeting in meetings]
    nominations = Nomination.objects.filter(meeting__in=keys).select_related("deputy")
    deep_dives = (
        AgendaItem.objects.standing()
        .filter(meeting__in=keys, section=Section.DEEP_DIVE, question__isnull=False)
        .select_related("question")
    )
    rows = []
    for meeting in meetings:
        rows.append(
            Listed(
                meeting=meeting,
                deputies=[
                    each
                    for each in nominations
                    if each.meeting_id == meeting.pk and covers(each, meeting.held_on)
                ],
                deep_dives=[
                    deep_dive_words(each) for each in deep_dives if each.meeting_id == meeting.pk
                ],
                links=links_of(meeting, user),
            )
        )
    return rows


def deep_dive_words(item: AgendaItem) -> str:
    """ "PAF 7: How good is the force at ...", of an item with its question area."""
    return f"{item.question}: {item.question.text}" if item.question else ""


def covers(nomination: Nomination, day: dt.date) -> bool:
    """Whether a nomination is in force on a day."""
    return bool(nomination.started_on <= day < nomination.ended_on)


def links_of(meeting: Meeting, user: User) -> list[Link]:
    """What somebody may do about a meeting, beside its agenda."""
    to_come = meeting.open and meeting.held_on >= today()
    offers = (
        ("Send apologies", "apologies", to_come, "read_pack"),
        ("Attendance", "attendance", meeting.open, "compile_agenda"),
        ("Nominate a deputy", "deputy", meeting.open, "nominate_deputy"),
        ("Change date or place", "change", meeting.open, "manage_meetings"),
        ("Cancel", "cancel", meeting.open, "manage_meetings"),
        (
            "Reinstate",
            "cancel",
            meeting.state == MeetingState.CANCELLED,
            "manage_meetings",
        ),
        ("Put it in my calendar", "ics", to_come, "read_pack"),
    )
    return [
        Link(text, reverse(f"board:{name}", args=[meeting.held_on]))
        for text, name, now, permission in offers
        if now and user.has_perm(f"board.{permission}")
    ]


def when_words(meeting: Meeting) -> str:
    """ "Wednesday 27 November 2024, 10:00 to 12:00"."""
    day = meeting.held_on
    return f"{day:%A} {long_date(day)}, {meeting.starts_at:%H:%M} to {meeting.ends_at:%H:%M}"
