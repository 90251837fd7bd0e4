"""What a Board has before it by exception: actions and response clocks, ranked (paper 4.1, 4.2).

Points are the sum of the weights of the reasons (`tracker.exceptions.Reason`).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from board.models import Meeting
from core.dates import long_date
from core.markings import Marking
from core.numbers import listed, mid_sentence
from inspections.models import Publication
from tracker.exceptions import (
    CLOCK_DAYS,
    CLOCK_MISSED_DAYS,
    Reason,
    ahead,
    days,
    exceptional_actions,
)

if TYPE_CHECKING:
    from people.models import User

# How many stand on the agenda and in the pack; the others are one link away.
SHOWN = 10


@dataclass(frozen=True)
class BoardException:
    """An action or a publication that asks for the Board's attention.

    Args:
        heading: reference of the action, title of the publication.
        text: what the action requires; "" for a publication.
        href: its page.
        action, publication: one of them.
        lead: name of the executive lead, "" for none.
        due_on: the due date of the action or of the response.
        marking: of the action; publications are OFFICIAL.
        kinds: the reasons.
        reasons: their sentences, in the same order.
        known: it was an exception on the day of the Board before, for whatever reason.
        new_kinds: the reasons it did not have then.
        key: tells it from every other.
    """

    heading: str
    text: str
    href: str
    action: Any
    publication: Any
    lead: str
    due_on: dt.date | None
    marking: str
    kinds: tuple[Reason, ...]
    reasons: tuple[str, ...]
    known: bool
    new_kinds: frozenset[Reason]
    key: str

    @property
    def points(self) -> int:
        return sum(reason.weight for reason in self.kinds)

    @property
    def is_new(self) -> bool:
        """Whether the Board before had not had it, or not for every one of these reasons."""
        return bool(self.new_kinds)

    @property
    def place(self) -> tuple[int, bool, dt.date, str, str]:
        """By points; of the same points what has something new first, then the earliest due, then
        by name.
        """
        due_on = self.due_on or dt.date.max
        return (-self.points, not self.is_new, due_on, self.heading, self.key)


def ranked(user: "User", meeting_day: dt.date, since: dt.date | None) -> list[BoardException]:
    """The exceptions of a day that this person may read, those that need the Board most first.

    Args:
        user: the reader.
        meeting_day: the day of the Board; what falls due until then counts as that day sees it.
        since: the day of the Board before, as which what is new is told; None where there was none:
            nothing is told as new then.
    """
    found = _exceptions(user, meeting_day)
    if since is None:
        known = {key: each.reasons for key, each in found.items()}
    else:
        known = {key: each.reasons for key, each in _exceptions(user, since).items()}
    return in_order(
        _exception(key, each, frozenset(each.reasons) - frozenset(known.get(key, ())), key in known)
        for key, each in found.items()
    )


def in_order(exceptions: Iterable[BoardException]) -> list[BoardException]:
    """Ranked; the order does not depend on how they came."""
    return sorted(exceptions, key=lambda each: each.place)


def exceptions_of(meeting: "Meeting", user: "User") -> list[BoardException]:
    """The exceptions of one Board that this person may read, ranked."""
    before = Meeting.objects.last_before(meeting.held_on)
    return ranked(user, meeting.as_at, before.held_on if before else None)


def as_rows(exceptions: Iterable[BoardException]) -> list[dict[str, Any]]:
    """What page, pack and the document of a closed meeting tell of exceptions: words and numbers
    only, in the order given. `reasons` are sentences; `kinds` are their reasons, place by place.
    """
    return [
        {
            "title": each.heading,
            "reference": each.action.reference if each.action else "",
            "text": each.text,
            "href": each.href,
            "lead": each.lead,
            "sensitive": each.marking == Marking.SENSITIVE,
            "points": each.points,
            "is_new": each.is_new,
            "known": each.known,
            "reasons": list(each.reasons),
            "kinds": [str(kind) for kind in each.kinds],
            "new_kinds": [str(kind) for kind in each.kinds if kind in each.new_kinds],
        }
        for each in exceptions
    ]


def ranking_words() -> str:
    """How exceptions are ranked, in two sentences."""
    weights = [f"{mid_sentence(reason.label)} ({reason.weight})" for reason in Reason]
    return (
        f"Each reason adds points: {listed(weights)}. Those with the most points stand first; of "
        "the same points those with something new, then those due first, then by reference."
    )


@dataclass(frozen=True)
class _Found:
    """An action or a publication with its reasons on one day."""

    record: Any
    reasons: dict[Reason, str]


def _exceptions(user: "User", day: dt.date) -> dict[str, _Found]:
    found = {
        f"action {each.action.pk}": _Found(each.action, each.reasons)
        for each in exceptional_actions(user, day)
    }
    pressing = Publication.objects.with_response_pressing(day, CLOCK_DAYS, CLOCK_MISSED_DAYS)
    for publication in pressing.select_related("executive_lead"):
        reasons = {Reason.CLOCK: _clock(publication, day)}
        found[f"publication {publication.pk}"] = _Found(publication, reasons)
    return found


def _clock(publication: Publication, day: dt.date) -> str:
    due = publication.response_due_on
    assert due is not None  # it presses
    if due < day:
        told = f"response was due {long_date(due)} ({days(day - due)} ago), none is recorded"
    else:
        told = f"response due {long_date(due)}{ahead(due - day)}"
    because = publication.response_because
    return f"{told}; {because}" if because else told


def _exception(
    key: str, found: _Found, new_kinds: frozenset[Reason], known: bool
) -> BoardException:
    record = found.record
    told: dict[str, Any]
    if isinstance(record, Publication):
        told = {
            "heading": record.title,
            "text": "",
            "action": None,
            "publication": record,
            "href": reverse("tracker:publication", args=[record.slug]),
            "lead": record.executive_lead.name if record.executive_lead else "",
            "due_on": record.response_due_on,
            "marking": Marking.OFFICIAL,
        }
    else:
        told = {
            "heading": record.reference,
            "text": record.text,
            "action": record,
            "publication": None,
            "href": record.get_absolute_url(),
            "lead": record.executive_lead_at or "",
            "due_on": record.due_on,
            "marking": record.marking,
        }
    return BoardException(
        key=key,
        kinds=tuple(found.reasons),
        reasons=tuple(found.reasons.values()),
        known=known,
        new_kinds=new_kinds,
        **told,
    )
