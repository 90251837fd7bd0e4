"""What a mail tells about the Board: two working days before it, and what it has asked of whom."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from board.agenda import turn
from board.models import ActionArising, Meeting, Nomination
from core.dates import long_date
from core.markings import Marking
from core.working_days import working_days_before
from inspections.models import CoreQuestion
from people.digests import Line, Part
from tracker.awaiting import to_decide
from tracker.digest import named

if TYPE_CHECKING:
    from people.models import User

# Working days before a Board on which those who decide get their list.
WORKING_DAYS_BEFORE = 2
# What a Board has asked for is told so many days before it is due.
ARISING_SOON_DAYS = 7


def before_board(user: "User", day: dt.date) -> list[Part]:
    """From two working days before a Board until its day: for who decides there, what; for
    everybody else who may read it, that the pack can be read.
    """
    if not user.has_perm("board.read_pack"):
        return []
    meeting = Meeting.objects.next_after(day)
    if meeting is None or day < working_days_before(meeting.held_on, WORKING_DAYS_BEFORE):
        return []
    decides = _decides(user, meeting)
    if not decides and not meeting.compiled_at:
        return []
    lines = list(_to_decide(user, meeting) if decides else _to_read(meeting))
    heading = f"Board on {meeting.held_on:%A} {long_date(meeting.held_on)}"
    return [Part(heading, lines, meeting.get_absolute_url(), _subject(meeting, decides))]


def _subject(meeting: Meeting, decides: bool) -> Callable[[int], str]:
    board = f"Board on {meeting.held_on.day} {meeting.held_on:%B}"
    if not decides:
        return lambda number: f"{board}: the pack can be read"
    return lambda number: f"{board}: {number or 'no'} closure{'' if number == 1 else 's'} to decide"


def _decides(user: "User", meeting: Meeting) -> bool:
    """Whether somebody takes decisions at a Board: who is nominated for its day, and its chair
    unless they are away.
    """
    nominated = Nomination.objects.on(meeting.held_on).filter(meeting=meeting)
    if nominated.filter(deputy=user).exists():
        return True
    if nominated.filter(whole_meeting=True).exists():
        return False
    if meeting.chair_id is None:
        return user.has_perm("tracker.decide_closure")
    return bool(meeting.chair_id == user.pk)


def _to_decide(user: "User", meeting: Meeting) -> Iterator[Line]:
    yield _when_and_where(meeting)
    closures = to_decide(user, meeting.held_on)
    for closure in closures:
        yield Line(
            f"For your decision: {named(closure.action)}",
            closure.get_absolute_url(),
            f"decide:{meeting.held_on}:{closure.action}:{closure.step_since}",
        )
    if not closures:
        yield Line(
            "No closure awaits your decision", "", f"decide:{meeting.held_on}:none", task=False
        )
    yield from _deep_dive(meeting)
    agenda = f"agenda:{meeting.held_on}"
    yield Line("The agenda", meeting.get_absolute_url(), agenda, task=False)


def _to_read(meeting: Meeting) -> Iterator[Line]:
    yield _when_and_where(meeting)
    yield from _deep_dive(meeting)
    pack = reverse("board:pack", args=[meeting.held_on.isoformat()])
    yield Line("The pack can be read", pack, f"pack:{meeting.held_on}", task=False)


def _when_and_where(meeting: Meeting) -> Line:
    text = f"From {meeting.starts_at:%H:%M} to {meeting.ends_at:%H:%M}"
    if meeting.place:
        text = f"{text}, {meeting.place}"
    return Line(text, "", f"board:{meeting.held_on}:{text}", task=False)


def _deep_dive(meeting: Meeting) -> Iterator[Line]:
    """The question area on the agenda; before it is compiled, the one whose turn it is."""
    questions = list(
        CoreQuestion.objects.filter(deep_dives__meeting=meeting, deep_dives__removed_at=None)
    )
    if not questions and meeting.compiled_at is None:
        questions = [due] if (due := turn(meeting)) else []
    for question in questions:
        key = f"deep_dive:{meeting.held_on}:{question.pk}"
        text = f"Deep dive: {question}: {question.text}"
        yield Line(text, meeting.get_absolute_url(), key, task=False)


def asked_by_board(user: "User", day: dt.date) -> list[Part]:
    """Actions arising that somebody owns: told when they are asked, again when they are due within
    a week, and again when they are overdue.
    """
    asked = ActionArising.objects.open().filter(owner=user)
    lines = [_arising(each, day) for each in asked.select_related("item__closure__action")]
    return [Part("Asked of you by the Board", lines, subject=_asked)] if lines else []


def _asked(number: int) -> str:
    return f"Asked of you by the Board: {number} action{'' if number == 1 else 's'}"


def _arising(arising: ActionArising, day: dt.date) -> Line:
    closure, text = arising.item.closure, arising.text
    if closure is not None and closure.action.marking == Marking.SENSITIVE:
        text = named(closure.action)
    late = arising.due_on < day
    soon = arising.due_on <= day + dt.timedelta(days=ARISING_SOON_DAYS)
    stands = "overdue" if late else "due" if soon else "asked"
    when = f"{'was due on' if late else 'due on'} {long_date(arising.due_on)}"
    return Line(
        f"{text} ({when})",
        arising.get_absolute_url(),
        f"arising:{arising.pk}:{stands}:{arising.due_on}",
    )
