"""Who may post updates for a lead: its holder names a person from a day until another."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core.dates import long_date, today
from core.history import attribute
from people.models import Lead, LeadDelegate, User
from people.notices import tell

_NOT_YOURS = "Those who hold a lead today say who posts for it."


@transaction.atomic
def name_delegate(
    lead: Lead, *, actor: User, user: User, since: dt.date, last_day: dt.date | None = None
) -> LeadDelegate:
    """Let a person post updates for a lead; they are told.

    Args:
        lead: one that the actor holds today.
        user: whom they name.
        since: the first day; today or later.
        last_day: the last one; None = until it is ended.

    Raises:
        PermissionDenied: the actor does not hold the lead.
        ValidationError: the days do not fit, or the person may post on one of them already.
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if not Lead.objects.held_by(actor, today()).filter(pk=lead.pk).exists():
        raise PermissionDenied(_NOT_YOURS)
    if since < today():
        raise ValidationError({"since": f"{long_date(since)} has passed. Enter today or later."})
    if last_day is not None and last_day < since:
        raise ValidationError({"last_day": "The last day cannot be before the first."})
    if lead.holders.filter(user=user).on(since).exists():
        raise ValidationError({"user": f"{user} holds {lead}, so may post for it already."})
    delegate = LeadDelegate(
        lead=lead,
        user=user,
        started_on=since,
        ended_on=last_day + dt.timedelta(days=1) if last_day else None,
    )
    _check_apart(delegate)
    attribute(delegate, actor, f"Named by {actor}")
    delegate.full_clean()
    delegate.save()
    until = f" until {long_date(last_day)}" if last_day else ""
    tell(
        [user],
        f"{actor} names you to post updates for {lead} from {long_date(since)}{until}.",
    )
    return delegate


def _check_apart(delegate: LeadDelegate) -> None:
    """No two delegations of one person for one lead share a day."""
    others = delegate.lead.delegates.filter(user=delegate.user).not_over_by(delegate.started_on)
    if delegate.ended_on is not None:
        others = others.filter(started_on__lt=delegate.ended_on)
    other = others.first()
    if other is not None:
        until = f" until {long_date(other.last_day)}" if other.last_day else ""
        raise ValidationError(
            {
                "user": f"{delegate.user} may post for {delegate.lead} already, from "
                f"{long_date(other.started_on)}{until}."
            }
        )


@transaction.atomic
def end_delegation(delegate: LeadDelegate, *, actor: User) -> LeadDelegate:
    """Say that a person posts for a lead no more, from today on; they are told.

    One that is over already stays as it is.

    Raises:
        PermissionDenied: the actor does not hold the lead.
    """
    delegate = LeadDelegate.objects.select_for_update().get(pk=delegate.pk)
    if not Lead.objects.held_by(actor, today()).filter(pk=delegate.lead_id).exists():
        raise PermissionDenied(_NOT_YOURS)
    if delegate.ended_on is not None and delegate.ended_on <= today():
        return delegate
    _end(delegate, actor, today(), f"Ended by {actor}")
    tell([delegate.user], f"{actor} says that you no longer post updates for {delegate.lead}.")
    return delegate


def end_with_holding(lead: Lead, *, actor: User, on: dt.date) -> None:
    """End the delegations of a lead whose holder ends, unless somebody else holds it; whoever was
    named is told.

    Args:
        lead: locked by the caller.
        on: the first day the holder no longer holds it.
    """
    if lead.holders.on(on).exists():
        return
    for delegate in lead.delegates.not_over_by(on):
        _end(delegate, actor, on, f"Nobody holds {lead} any more")
        tell(
            [delegate.user],
            f"From {long_date(on)} on you no longer post updates for {lead}: whoever named you "
            "holds it no more.",
        )


def _end(delegate: LeadDelegate, actor: User, on: dt.date, reason: str) -> None:
    """End a delegation on a day; one that has not begun by then is taken back."""
    delegate.ended_on = max(on, delegate.started_on)
    attribute(delegate, actor, reason)
    delegate.full_clean()
    delegate.save()
