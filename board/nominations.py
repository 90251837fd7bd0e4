"""Who decides in the chair's place: a deputy nominated for a Board, from a day until another.

Paper, Appendix A: a suitably briefed deputy is nominated who is empowered to make decisions.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from board.meetings import CLOSED, locked, open_meeting
from board.models import Meeting, Nomination
from board.notices import tell_of_nomination, tell_of_nomination_ended
from core.dates import long_date, today
from core.history import attribute
from people.models import User
from tracker.workflow import Refused

DEPUTISES = "tracker.deputise_closure"


def named_on(day: dt.date) -> dict[int, bool]:
    """The deputies nominated for a day: key -> whether they decide everything, the chair being
    away. Those who are no deputies any more, or cannot sign in, are left out.
    """
    room, _, codename = DEPUTISES.partition(".")
    rows = Nomination.objects.on(day).filter(
        deputy__is_active=True,
        deputy__groups__permissions__content_type__app_label=room,
        deputy__groups__permissions__codename=codename,
    )
    named: dict[int, bool] = {}
    for key, stands_in in rows.values_list("deputy", "whole_meeting"):
        named[key] = stands_in or named.get(key, False)
    return named


@transaction.atomic
def nominate(
    meeting: Meeting,
    *,
    actor: User,
    deputy: User,
    first_day: dt.date,
    last_day: dt.date,
    whole_meeting: bool,
) -> Nomination:
    """Nominate who decides in the chair's place around a Board; they are told.

    Args:
        actor: the chair or governance.
        deputy: somebody who may deputise.
        first_day: from when; today or later.
        last_day: until when. The day of a Board that is still to come lies between them.
        whole_meeting: the chair is away, and the deputy decides everything; otherwise only what
            the chair may not decide.

    Raises:
        Refused: the Board is closed or cancelled.
        ValidationError: by argument: no deputy, or days that do not fit.
    """
    meeting = open_meeting(meeting)
    if not deputy.is_active or not deputy.has_perm(DEPUTISES):
        raise ValidationError({"deputy": f"{deputy} is no deputy. An administrator gives roles."})
    if deputy.pk == meeting.chair_id:
        raise ValidationError({"deputy": f"{deputy} chairs this Board."})
    _check_days(meeting, first_day, last_day)
    nomination = Nomination(
        meeting=meeting,
        deputy=deputy,
        started_on=first_day,
        ended_on=last_day + dt.timedelta(days=1),
        whole_meeting=whole_meeting,
        nominated_by=actor,
    )
    _check_apart(nomination)
    attribute(nomination, actor, "Nominated")
    nomination.full_clean()
    nomination.save()
    tell_of_nomination(nomination, actor=actor)
    return nomination


def _check_days(meeting: Meeting, first_day: dt.date, last_day: dt.date) -> None:
    if first_day < today():
        raise ValidationError(
            {"first_day": f"{long_date(first_day)} has passed. Enter today or later."}
        )
    if last_day < first_day:
        raise ValidationError({"last_day": "The last day cannot be before the first."})
    held_on = meeting.held_on
    if held_on >= today() and not first_day <= held_on <= last_day:
        name = "first_day" if held_on < first_day else "last_day"
        raise ValidationError(
            {name: f"The Board is on {long_date(held_on)}, which has to lie between the two days."}
        )


def _check_apart(nomination: Nomination) -> None:
    """No two nominations of one person for one Board share a day."""
    other = (
        Nomination.objects.filter(meeting=nomination.meeting, deputy=nomination.deputy)
        .filter(started_on__lt=nomination.ended_on, ended_on__gt=nomination.started_on)
        .exclude(ended_on=F("started_on"))
        .first()
    )
    if other is not None:
        raise ValidationError(
            {
                "deputy": f"{nomination.deputy} is nominated already, from "
                f"{long_date(other.started_on)} until {long_date(other.last_day)}."
            }
        )


@transaction.atomic
def end_nomination(nomination: Nomination, *, actor: User) -> Nomination:
    """Say that a deputy decides no more, from this moment on; they are told.

    One that has not begun is taken back.

    Raises:
        Refused: it is over already, or was taken back, or its Board is closed.
    """
    if locked(nomination.meeting).closed:
        raise Refused(CLOSED)
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if nomination.ended_on <= today() or nomination.ended_on == nomination.started_on:
        raise Refused("This nomination is over already.")
    nomination.ended_on = max(today(), nomination.started_on)
    attribute(nomination, actor, "Ended")
    nomination.full_clean(exclude={"nominated_by"})
    nomination.save()
    tell_of_nomination_ended(nomination, actor=actor)
    return nomination
