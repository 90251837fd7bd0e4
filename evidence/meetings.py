"""The writes about corporate meetings: which there are, who is reminded of them, and from which of
their days there is nothing to keep.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from evidence.models import CorporateMeeting, DayWithout, Evidence
from evidence.reminders import days_of
from people.models import User

KEEPS = "evidence.keep_meetings"
_MAY_SAY = "Those who are reminded of the meeting say so, and those who keep the list of meetings."


def may_answer(meeting: CorporateMeeting, user: User) -> bool:
    """Whether somebody may say that a day of a meeting had nothing to keep: who is reminded of it,
    and who keeps the list.
    """
    return user.has_perm(KEEPS) or meeting.reminded.filter(pk=user.pk).exists()


@transaction.atomic
def add_meeting(
    *, actor: User, name: str, every: str, first_on: dt.date, reminded: Iterable[User] = ()
) -> CorporateMeeting:
    """Put a meeting on the list.

    Args:
        actor: who keeps the list.
        name: what it is called.
        every: a value of `Every`.
        first_on: a day on which it takes place; its days are counted from this one.
        reminded: who is to keep what it showed.

    Raises:
        ValidationError: by field, what does not fit; a name that is taken.
    """
    meeting = CorporateMeeting(name=name, every=every, first_on=first_on)
    attribute(meeting, actor, "Meeting added")
    meeting.full_clean()
    meeting.save()
    meeting.reminded.set(reminded)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: CorporateMeeting, *, actor: User, version: int, **fields: Any
) -> CorporateMeeting:
    """Change what is known of a meeting.

    Args:
        version: the one the writer saw.
        fields: `name`, `every`, `first_on`.

    Raises:
        core.collisions.Overtaken: somebody else changed the same meanwhile.
        ValidationError: by field, what does not fit.
    """
    meeting = _locked(meeting)
    written = what_to_write(meeting, version, fields)
    if all(getattr(meeting, name) == value for name, value in written.items()):
        return meeting
    for name, value in written.items():
        setattr(meeting, name, value)
    _save(meeting, actor, "Meeting changed")
    return meeting


@transaction.atomic
def end_meeting(meeting: CorporateMeeting, *, actor: User, ended_on: dt.date) -> CorporateMeeting:
    """Put on record that a meeting is no longer held from a day; nobody is reminded of it then.

    Raises:
        ValidationError: it has ended already, or the day is before its first.
    """
    meeting = _locked(meeting)
    if meeting.ended_on == ended_on:
        return meeting
    if meeting.ended_on is not None:
        raise ValidationError(
            {"ended_on": f"It is no longer held from {long_date(meeting.ended_on)} already."}
        )
    meeting.ended_on = ended_on
    _save(meeting, actor, "No longer held")
    return meeting


@transaction.atomic
def remind(meeting: CorporateMeeting, *, actor: User, user: User) -> None:
    """Let somebody be reminded of a meeting; again is harmless.

    Raises:
        ValidationError: the person cannot sign in any more.
    """
    if not user.is_active:
        raise ValidationError({"user": f"{user} cannot sign in any more. Choose somebody else."})
    meeting = _locked(meeting)
    if not meeting.reminded.filter(pk=user.pk).exists():
        _with_reminded(meeting, [*meeting.reminded.all(), user], actor, f"{user} is reminded")


@transaction.atomic
def stop_reminding(meeting: CorporateMeeting, *, actor: User, user: User) -> None:
    """Remind somebody of a meeting no more; again is harmless."""
    meeting = _locked(meeting)
    if meeting.reminded.filter(pk=user.pk).exists():
        others = list(meeting.reminded.exclude(pk=user.pk))
        _with_reminded(meeting, others, actor, f"{user} is reminded no more")


@transaction.atomic
def say_nothing_to_keep(
    meeting: CorporateMeeting, *, actor: User, held_on: dt.date, why: str
) -> DayWithout:
    """Put on record that there is no evidence to keep from a day of a meeting.

    Args:
        held_on: a day on which it takes place; today or earlier.
        why: a value of `NothingKept`.

    Returns:
        What was said; where somebody said so before, that.

    Raises:
        PermissionDenied: the actor neither is reminded of it nor keeps the list.
        ValidationError: it did not take place on that day, or there is evidence of it already.
    """
    meeting = _locked(meeting)
    if not may_answer(meeting, actor):
        raise PermissionDenied(_MAY_SAY)
    said = DayWithout.objects.filter(meeting=meeting, held_on=held_on).first()
    if said is not None:
        return said
    if held_on > today():
        raise ValidationError({"why": f"{long_date(held_on)} has not come yet."})
    if held_on not in days_of(meeting, held_on, held_on):
        raise ValidationError({"why": f"It does not take place on {long_date(held_on)}."})
    if Evidence.objects.current().filter(meeting=meeting, dated_on=held_on).exists():
        raise ValidationError({"why": "Evidence of this day is kept already, so it is answered."})
    said = DayWithout(meeting=meeting, held_on=held_on, why=why, said_by=actor)
    attribute(said, actor, "Nothing to keep")
    said.full_clean()
    said.save()
    return said


def _locked(meeting: CorporateMeeting) -> CorporateMeeting:
    return CorporateMeeting.objects.select_for_update().get(pk=meeting.pk)


def _save(meeting: CorporateMeeting, actor: User, what: str) -> None:
    attribute(meeting, actor, what)
    meeting.full_clean()
    meeting.save()


def _with_reminded(
    meeting: CorporateMeeting, people: Iterable[User], actor: User, what: str
) -> None:
    # One change is one version and one row of history: the row that the list of people would leave
    # of its own is not written.
    meeting.skip_history_when_saving = True  # type: ignore[attr-defined]
    meeting.reminded.set(people)
    del meeting.skip_history_when_saving  # type: ignore[attr-defined]
    _save(meeting, actor, what)
