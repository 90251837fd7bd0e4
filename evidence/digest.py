"""What a mail tells about evidence: meetings that took place, from which nothing is kept yet."""

import datetime as dt
from typing import TYPE_CHECKING

from django.urls import reverse

from core.dates import long_date
from evidence.reminders import Occurrence, to_keep
from people.digests import Line, Part

if TYPE_CHECKING:
    from people.models import User

HEADING = "Meetings that took place: keep what they showed"


def meetings(user: "User", day: dt.date) -> list[Part]:
    """The meetings somebody is reminded of, from the day after each until it is answered."""
    lines = [_line(each) for each in to_keep(user, day)]
    if not lines:
        return []
    return [Part(HEADING, lines, reverse("evidence:meetings"), _subject)]


def _line(each: Occurrence) -> Line:
    text = f"{each.meeting}, {long_date(each.day)}: add evidence, or say there is nothing to keep"
    return Line(
        text, each.meeting.get_absolute_url(), f"meeting:{each.meeting.pk}:{each.day.isoformat()}"
    )


def _subject(number: int) -> str:
    return f"{number} meeting{'' if number == 1 else 's'} to keep evidence from"
