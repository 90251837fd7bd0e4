"""Who came to a Board, who sent apologies, and who came in whose place (paper, Appendix A)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from board.choices import AttendanceState
from board.meetings import open_meeting
from board.models import Attendance, Meeting, TermsOfReference
from core.dates import long_date, today
from core.history import attribute
from people.models import User
from tracker.workflow import Refused

# Rows for a post that several people hold.
_SEVERAL = 2


@dataclass(frozen=True)
class Row:
    """Somebody on the list of a Board, as it is written.

    Args:
        name: who; "" takes the row off the list.
        post: as the terms of reference name it, or what they came as.
        state: a value of `AttendanceState`.
        represented_by: the briefed deputy of somebody who sent apologies.
        key: of the record; None for somebody who is not on the list yet.
        seen: `mark_of` the record as the writer saw it, or the mark of what was suggested.
    """

    name: str
    post: str = ""
    state: str = ""
    represented_by: str = ""
    key: int | None = None
    seen: str = ""

    @property
    def mark(self) -> str:
        return json.dumps([self.post, self.name, self.state, self.represented_by])


def mark_of(record: Attendance) -> str:
    """What a record says, as one mark: whoever changes it sends back what they saw."""
    return row_of(record).mark


def row_of(record: Attendance) -> Row:
    """A record as a row of the list."""
    return Row(
        name=record.name,
        post=record.post,
        state=record.state,
        represented_by=record.represented_by,
        key=record.pk,
    )


class Overwritten(Exception):
    """Somebody else wrote the same rows; nothing was saved.

    Args:
        rows: place of the row in the list that was sent -> (what is there now, its mark).
    """

    def __init__(self, rows: Mapping[int, tuple[str, str]]) -> None:
        super().__init__("Rows of the list were changed meanwhile.")
        self.rows = dict(rows)


def offered(meeting: Meeting) -> list[Row]:
    """The rows that a list begins with: the posts of the terms of reference in force on that day,
    with who is on the list for each, then everybody else on it.

    Where nobody is on the list for a post, the names of the last Board stand there, whether they
    came left open; for the chair's, the chair of this meeting. A post in the plural has two rows.
    """
    there = [row_of(record) for record in meeting.attendance.all()]
    terms = TermsOfReference.objects.in_force(meeting.held_on)
    posts = terms.members if terms else []
    known = {row.name.casefold() for row in there}
    expected = _expected(meeting)
    rows: list[Row] = []
    for post in posts:
        here = [row for row in there if row.post == post]
        least = _SEVERAL if _is_plural(post) else 1
        names = [name for name in expected(post) if name.casefold() not in known]
        if here and not _is_plural(post):
            names = []
        here += [Row(name=name, post=post) for name in names]
        rows += [*here, *(Row(name="", post=post) for _ in range(least - len(here)))]
    return [*rows, *(row for row in there if row.post not in posts)]


def _is_plural(post: str) -> bool:
    """Whether several people hold a post: "Chief Superintendents", not "Director of Assets"."""
    return bool(re.search(r"[^s]s$", re.split(r" of | \(", post)[0]))


def _is_chair(post: str) -> bool:
    return bool(re.search(r"(?<!deputy )(?<!vice )\bchair\b", post.casefold()))


def _expected(meeting: Meeting) -> Callable[[str], list[str]]:
    """Who may be expected at a Board for a post: the chair of this meeting, else whoever was on the
    list of the last Board that has one.
    """
    before = Attendance.objects.filter(meeting__held_on__lt=meeting.held_on)
    last = before.order_by("-meeting__held_on").values_list("meeting", flat=True).first()
    found = list(Attendance.objects.filter(meeting=last))

    def names(post: str) -> list[str]:
        if meeting.chair is not None and _is_chair(post):
            return [str(meeting.chair)]
        return [record.name for record in found if record.post == post]

    return names


def last_post(meeting: Meeting, user: User) -> str:
    """The post for which somebody was on the list of a Board last; "" where they never were."""
    own = Q(user=user) | Q(user=None, name__iexact=str(user))
    before = Attendance.objects.filter(own, meeting__held_on__lt=meeting.held_on).exclude(post="")
    posts = before.order_by("-meeting__held_on").values_list("post", flat=True)
    return posts.first() or ""


@transaction.atomic
def record_attendance(meeting: Meeting, *, actor: User, rows: Sequence[Row]) -> int:
    """Keep who came and who did not. Only rows that the writer changed are written.

    Args:
        rows: as they were sent.

    Returns:
        How many rows were written.

    Raises:
        Refused: the Board is closed or cancelled, or somebody is on the list twice.
        Overwritten: somebody else wrote a row that the writer changed too.
    """
    meeting = open_meeting(meeting)
    there = {record.pk: record for record in meeting.attendance.select_for_update()}
    clashes: dict[int, tuple[str, str]] = {}
    changed: list[tuple[Row, Attendance | None]] = []
    for place, row in enumerate(rows):
        record = there.get(row.key) if row.key else _same(row, there)
        if row.mark == row.seen or (record is None and not row.name):
            continue
        now = mark_of(record) if record else ""
        if record is not None and now == row.mark:
            continue
        if record is not None and now != row.seen:
            clashes[place] = (str(record), now)
        changed.append((row, record))
    if clashes:
        raise Overwritten(clashes)
    # Who leaves the list goes first: their name may stand in another row now.
    for row, record in sorted(changed, key=lambda each: each[0].name != ""):
        _write(meeting, row, record, actor)
    return len(changed)


def _same(row: Row, there: Mapping[int, Attendance]) -> Attendance | None:
    """The record of somebody who is written as new and is on the list already."""
    name = row.name.casefold()
    return next((each for each in there.values() if each.name.casefold() == name), None)


def _write(meeting: Meeting, row: Row, record: Attendance | None, actor: User) -> None:
    if not row.name:
        if record is not None:
            attribute(record, actor, "Taken off the list")
            record.delete()
        return
    twice = meeting.attendance.filter(name__iexact=row.name)
    if any(each != record for each in twice):
        raise Refused(f"{row.name} is on the list twice. Leave one of the rows empty.")
    record = record or Attendance(meeting=meeting)
    if record.name != row.name:
        record.name, record.user = row.name, _user_named(row.name)
    record.post, record.state = row.post, row.state
    record.represented_by = row.represented_by
    _keep(record, actor, "Attendance recorded")


def _user_named(name: str) -> User | None:
    """The one person of a name who may sign in; None where there is none, or more than one."""
    found = list(User.objects.filter(is_active=True, name__iexact=name)[:2])
    return found[0] if len(found) == 1 else None


def own_row(meeting: Meeting, user: User) -> Attendance | None:
    """What is on record of somebody's own coming to a Board."""
    by_account: Attendance | None = meeting.attendance.filter(user=user).first()
    return by_account or meeting.attendance.filter(user=None, name__iexact=str(user)).first()


@transaction.atomic
def send_apologies(
    meeting: Meeting, *, actor: User, post: str = "", represented_by: str = ""
) -> Attendance:
    """Say that one cannot come to a Board that is still to come, and who comes instead.

    Sent again, they say what they say then.

    Raises:
        Refused: the Board is closed, cancelled or was held.
    """
    meeting = open_meeting(meeting)
    _check_to_come(meeting)
    record = own_row(meeting, actor) or Attendance(meeting=meeting, name=_free_name(meeting, actor))
    record.user, record.state = actor, AttendanceState.APOLOGIES
    record.post = post or record.post
    record.represented_by = represented_by
    _keep(record, actor, "Apologies sent")
    return record


@transaction.atomic
def take_back_apologies(meeting: Meeting, *, actor: User) -> None:
    """Say that one comes after all.

    Raises:
        Refused: the Board is closed, cancelled or was held, or no apologies are on record.
    """
    meeting = open_meeting(meeting)
    _check_to_come(meeting)
    record = own_row(meeting, actor)
    if record is None or record.state != AttendanceState.APOLOGIES:
        raise Refused("No apologies of yours are on record.")
    attribute(record, actor, "Apologies taken back")
    record.delete()


def _check_to_come(meeting: Meeting) -> None:
    if meeting.held_on < today():
        raise Refused(
            f"The Board of {long_date(meeting.held_on)} was held. Whoever takes its notes records "
            "who came."
        )


def _free_name(meeting: Meeting, user: User) -> str:
    """Somebody's name; with the one they sign in with where the list has it of somebody else."""
    taken = meeting.attendance.filter(name__iexact=str(user)).exists()
    return f"{user} ({user.username})" if taken else str(user)


def _keep(record: Attendance, actor: User, what: str) -> None:
    attribute(record, actor, what)
    record.full_clean()
    record.save()
