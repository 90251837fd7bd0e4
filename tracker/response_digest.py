"""What a mail tells about responses to publications: when they fall due, and when they are late."""

import datetime as dt
from typing import TYPE_CHECKING

from django.urls import reverse

from core.dates import long_date
from inspections.models import Publication
from people.digests import Line, Part
from people.models import Lead
from tracker.exceptions import CLOCK_MISSED_DAYS, ahead, days

if TYPE_CHECKING:
    from people.models import User

# It is told when so many days are left, and again when fewer of these are.
TOLD_AT = (28, 14, 7, 1)


def due(user: "User", day: dt.date) -> list[Part]:
    """Responses that are due within four weeks or late, for those who see to them: the executive
    lead of the publication, and governance for all.
    """
    pressing = Publication.objects.with_response_pressing(day, max(TOLD_AT), CLOCK_MISSED_DAYS)
    if not user.has_perm("tracker.govern_actions"):
        leads = Lead.objects.held_by(user, day)
        pressing = pressing.filter(executive_lead__in=leads)
    lines = [_line(each, day) for each in pressing]
    return [Part("Responses to publications", lines, _list_address(), _subject)] if lines else []


def _subject(number: int) -> str:
    return f"{number} response{'' if number == 1 else 's'} to publications due"


def _list_address() -> str:
    return f"{reverse('tracker:publications')}?response=running&response=missed"


def _line(publication: Publication, day: dt.date) -> Line:
    due_on = publication.response_due_on
    assert due_on is not None  # it presses
    left = (due_on - day).days
    if left < 0:
        when = f"was due {long_date(due_on)} ({days(day - due_on)} ago), and none is recorded"
    else:
        when = f"is due {long_date(due_on)}{ahead(due_on - day) if left else ', today'}"
    because = publication.response_because
    stands = "overdue" if left < 0 else str(min(at for at in TOLD_AT if left <= at))
    return Line(
        f"The response to “{publication}” {when}{f'; {because}' if because else ''}",
        reverse("tracker:publication", args=[publication.slug]),
        f"response:{publication.pk}:{due_on}:{stands}",
    )
