"""Which actions are on HMICFRS's portal, as somebody says or an export of it shows."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from core.bulk import change_all, create_all
from core.dates import today
from core.history import attribute
from people.models import User
from tracker.choices import Register
from tracker.models import Action, PortalPresence


def come_or_go(
    action: Action,
    on_portal: bool,
    actor: User | None,
    reason: str,
    *,
    day: dt.date | None = None,
) -> None:
    """On the portal from a day (today unless told), or gone from it since; what was before stays.

    The action is locked by the caller.
    """
    since = day or today()
    presence = action.portal_presences.filter(ended_on=None).first()
    if on_portal and presence is None:
        presence = PortalPresence(action=action, started_on=since, assumed=True)
    elif presence is not None and not on_portal:
        presence.ended_on = max(since, presence.started_on)
    else:
        return
    attribute(presence, actor, reason)
    presence.full_clean()
    presence.save()


@transaction.atomic
def record_presence(
    *,
    seen: Iterable[str],
    gone: Iterable[str],
    day: dt.date,
    actor: User | None,
    reason: str,
) -> None:
    """Begin and end the presence of actions by their portal references; a fixed number of queries.

    What somebody recorded of a later day than the export's stays as it is.

    Args:
        seen: the references that the export has, in capitals or not.
        gone: those it has no longer.
        day: that the export is of.
        actor: who takes it in; None for a command.
        reason: for the audit trail.
    """
    known = _actions_of(day)
    there = {known[key] for key in map(str.casefold, seen) if key in known}
    left = {known[key] for key in map(str.casefold, gone) if key in known} - there
    begins, ends = _to_write(there, left, day)
    # In the order in which the workflow locks actions; then once more, as it is under lock.
    held = sorted({*begins, *(presence.action_id for presence in ends)})
    list(Action.objects.select_for_update().filter(pk__in=held).order_by("pk").values("pk"))
    begins, ends = _to_write(there & set(held), left & set(held), day)
    create_all(
        [PortalPresence(action_id=pk, started_on=day) for pk in begins],
        actor=actor,
        reason=reason,
    )
    for presence in ends:
        presence.ended_on = day
    change_all(ends, ("ended_on",), actor=actor, reason=reason)


def _actions_of(day: dt.date) -> dict[str, int]:
    """Portal reference without letter case -> key, of HMICFRS's actions received by a day."""
    found = Action.objects.filter(
        register=Register.HMICFRS,
        entered_in_error=False,
        periods__sequence=1,
        periods__started_on__lte=day,
    ).exclude(portal_reference=None)
    references = found.values_list("portal_reference", "pk")
    return {reference.casefold(): pk for reference, pk in references if reference}


def _to_write(
    there: set[int], left: set[int], day: dt.date
) -> tuple[list[int], list[PortalPresence]]:
    """The actions whose presence begins on a day, and the presences that end."""
    every = PortalPresence.objects.filter(action__in=there | left)
    latest = {each.action_id: each for each in every.order_by("action", "started_on", "pk")}
    begins = [pk for pk in sorted(there) if pk not in latest or _ended_by(latest[pk], day)]
    ends = [
        latest[pk]
        for pk in sorted(left & set(latest))
        if latest[pk].ended_on is None and latest[pk].started_on <= day
    ]
    return begins, ends


def _ended_by(presence: PortalPresence, day: dt.date) -> bool:
    return presence.ended_on is not None and presence.ended_on <= day
