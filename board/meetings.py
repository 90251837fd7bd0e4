"""The writes about meetings: planned, one or many, changed, cancelled, held after all."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.choices import AttendanceState, MeetingState
from board.models import AgendaItem, Meeting
from board.review_status import propose_all_again, reviews_before, withdraw_reviews
from core.collisions import what_to_write
from core.dates import long_date
from core.history import attribute
from inspections.activity import change_inspection
from people.models import User
from tracker.workflow import Refused

CLOSED = (
    "This Board is closed: what it was stays as it is. What has to be put right is noted at the "
    "next Board."
)
_CANCELLED = "This Board is cancelled. Say first that it takes place after all."


@transaction.atomic
def plan_meeting(*, actor: User | None, held_on: dt.date, **details: Any) -> Meeting:
    """Plan one Board.

    Args:
        actor: who plans it; None for a command.
        held_on: the day.
        details: `starts_at`, `ends_at`, `place`, `chair`; the model's own where left out.

    Raises:
        ValidationError: by field: there is a Board on that day, or it ends before it starts.
    """
    _check_free(held_on)
    meeting = Meeting(held_on=held_on, **details)
    _keep(meeting, actor, "Planned")
    return meeting


@transaction.atomic
def plan_series(*, actor: User, days: Iterable[dt.date], **details: Any) -> list[Meeting]:
    """Plan Boards on several days, alike in everything else; all of them or none.

    Arguments and what is raised as for `plan_meeting`.
    """
    return [plan_meeting(actor=actor, held_on=day, **details) for day in sorted(set(days))]


@transaction.atomic
def change_meeting(meeting: Meeting, *, actor: User, version: int, **fields: Any) -> Meeting:
    """Change when or where a Board is, or who chairs it. What is on its agenda moves with it.

    Args:
        version: the one the writer saw.
        fields: of `held_on`, `starts_at`, `ends_at`, `place`, `chair`.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        Refused: it is closed or cancelled.
        ValidationError: as for `plan_meeting`.
    """
    meeting = open_meeting(meeting)
    changes = what_to_write(meeting, version, fields)
    if changes.get("held_on", meeting.held_on) != meeting.held_on:
        if begun := how_it_has_begun(meeting):
            raise Refused(f"{begun}, so it stays on its day.", "held_on")
        _check_free(changes["held_on"], but_for=meeting)
    if all(getattr(meeting, name) == value for name, value in changes.items()):
        return meeting
    was = meeting.held_on
    for name, value in changes.items():
        setattr(meeting, name, value)
    moved = meeting.held_on != was
    _keep(meeting, actor, f"Moved from {long_date(was)}" if moved else "Changed")
    if moved:
        _move_reviews(meeting, actor)
    return meeting


def _move_reviews(meeting: Meeting, actor: User) -> None:
    """Let the reviews that a Board commissions say the day it has moved to."""
    for review in reviews_before(meeting):
        change_inspection(
            review, actor=actor, version=review.version, commissioned_on=meeting.held_on
        )


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor: User, reason: str) -> Meeting:
    """Say that a Board does not take place. What is on its agenda stays there.

    Raises:
        Refused: it is closed, cancelled already, or no reason is given.
    """
    meeting = locked(meeting)
    if meeting.closed:
        raise Refused(CLOSED)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused("This Board is cancelled already.")
    if begun := how_it_has_begun(meeting):
        raise Refused(f"{begun}, so it cannot be cancelled. Close it instead.")
    if not reason.strip():
        raise Refused("Say why this Board does not take place.", "reason")
    meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, reason.strip()
    _keep(meeting, actor, "Cancelled")
    withdraw_reviews(meeting, actor=actor)
    return meeting


@transaction.atomic
def reinstate_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Say that a Board that was cancelled takes place after all.

    Raises:
        Refused: it is not cancelled.
    """
    meeting = locked(meeting)
    if meeting.state != MeetingState.CANCELLED:
        raise Refused("This Board is not cancelled.")
    meeting.state, meeting.cancelled_reason = MeetingState.PLANNED, ""
    _keep(meeting, actor, "Takes place after all")
    propose_all_again(meeting, actor=actor)
    return meeting


def moved_from(day: dt.date) -> Meeting | None:
    """The Board that was planned for a day before it was moved to another, the last of them."""
    history: Any = Meeting.history
    rows = history.filter(held_on=day).order_by("-history_date", "-history_id")
    keys = list(rows.values_list("id", flat=True)[:1])
    return Meeting.objects.filter(pk__in=keys).exclude(held_on=day).first()


def how_it_has_begun(meeting: Meeting) -> str:
    """What a Board has done already, as the beginning of a sentence; "" where nothing."""
    items = AgendaItem.objects.filter(meeting=meeting)
    if items.exclude(decisions=None).exists():
        return "This Board has decided closures"
    if items.exclude(notes="").exists() or items.exclude(arising=None).exists():
        return "Notes of this Board are taken"
    if meeting.attendance.filter(state=AttendanceState.PRESENT).exists():
        return "Who was present at this Board is recorded"
    return ""


def locked(meeting: Meeting) -> Meeting:
    """A meeting as it is now, locked."""
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def open_meeting(meeting: Meeting) -> Meeting:
    """A meeting as it is now, locked, if it may still change.

    Raises:
        Refused: it is closed or cancelled.
    """
    meeting = locked(meeting)
    if meeting.closed:
        raise Refused(CLOSED)
    if not meeting.open:
        raise Refused(_CANCELLED)
    return meeting


def _check_free(day: dt.date, but_for: Meeting | None = None) -> None:
    other = Meeting.objects.filter(held_on=day).first()
    if other is None or other == but_for:
        return
    said = f"There is a Board on {long_date(day)} already."
    if other.state == MeetingState.CANCELLED:
        said = (
            f"A Board of {long_date(day)} was cancelled. Say that it takes place after all, or "
            "choose another day."
        )
    raise ValidationError({"held_on": said})


def _keep(meeting: Meeting, actor: User | None, what: str) -> None:
    attribute(meeting, actor, what)
    meeting.full_clean(exclude={"document"})
    meeting.save()
