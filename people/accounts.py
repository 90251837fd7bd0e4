"""The writes about people: accounts, roles, leads and who holds them."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import long_date
from core.history import attribute
from people.delegates import end_with_holding
from people.models import Lead, LeadHolder, User
from people.roles import ADMINISTRATOR


@transaction.atomic
def create_account(
    *, actor: User | None, username: str, name: str, email: str, password: str, roles: Iterable[str]
) -> User:
    """Make an account that can sign in at once.

    Args:
        actor: the administrator; None when an installation makes its first account.
        username: what the person types to sign in.
        name: how colleagues see them.
        email: may also be typed to sign in; unique.
        password: the first password, which the person can change.
        roles: names of `people.roles.ROLES`; staff is always added.

    Raises:
        ValidationError: a field is empty or taken.
    """
    user = User(username=username, name=name, email=email)
    user.set_password(password)
    user.full_clean()
    attribute(user, actor)
    user.save()
    user.take_roles(*roles)
    return user


@transaction.atomic
def change_account(
    user: User, *, actor: User, name: str, email: str, roles: Iterable[str], active: bool
) -> User:
    """Change who somebody is to the portal. People are deactivated, never deleted.

    Raises:
        ValidationError: a field is empty or taken, or the actor would lock themselves out.
    """
    wanted = set(roles)
    if user.pk == actor.pk and (not active or ADMINISTRATOR not in wanted):
        raise ValidationError(
            "You cannot deactivate yourself or give up your own administrator role. "
            "Ask another administrator."
        )
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.email, user.is_active = name, email, active
    user.full_clean(exclude=["password"])
    attribute(user, actor)
    user.save()
    user.take_roles(*wanted)
    return user


@transaction.atomic
def set_password(user: User, *, actor: User, password: str) -> None:
    """Give somebody a new password, which ends their sessions."""
    user.set_password(password)
    attribute(user, actor)
    user.save()


@transaction.atomic
def hold_lead(lead: Lead, *, actor: User, user: User, since: dt.date) -> LeadHolder:
    """Let a person hold a lead from a day on.

    Raises:
        ValidationError: they hold it on that day or later already.
    """
    if lead.holders.filter(user=user).not_over_by(since).exists():
        raise ValidationError(
            f"This person already holds this lead on {long_date(since)} or later."
        )
    holder = LeadHolder(lead=lead, user=user, started_on=since)
    holder.full_clean()
    attribute(holder, actor)
    holder.save()
    return holder


@transaction.atomic
def end_holding(holder: LeadHolder, *, actor: User, on: dt.date) -> LeadHolder:
    """End that a person holds a lead: `on` is the first day they no longer do.

    Where nobody else holds it that day, those named to post updates for it stop with them.

    Raises:
        ValidationError: the day is before the first one.
    """
    lead = Lead.objects.select_for_update().get(pk=holder.lead_id)
    holder.ended_on = on
    holder.full_clean()
    attribute(holder, actor)
    holder.save()
    end_with_holding(lead, actor=actor, on=on)
    return holder
