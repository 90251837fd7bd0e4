"""What people decide about a difference: whose it is, and what becomes of it.

Nothing here changes an action: `portal.reconciliation.adopting` does.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.dates import long_date, today
from core.history import attribute
from people.models import User
from portal.models import Answer, PortalDifference
from portal.notices import tell_owner
from portal.reconciliation.owning import check_owner
from tracker.workflow import Refused

# What somebody may say of a difference without changing anything here.
SAID = (Answer.WAITING, Answer.ACCEPTED, Answer.OUR_ERROR, Answer.NONE)
MOST_AT_ONCE = 500


def seen_mark(difference: PortalDifference) -> str:
    """Tells one state of a difference from another: what a form was opened with."""
    rows: Any = difference.history
    return str(rows.order_by("-pk").values_list("pk", flat=True).first() or "")


@transaction.atomic
def give(
    difference: PortalDifference,
    *,
    actor: User,
    owner: User | None,
    note: str,
    seen: str | None = None,
) -> PortalDifference:
    """Say whose a difference is, and what is to be known of it.

    Args:
        owner: who sees to it, and is told; None for nobody.
        note: kept with it.
        seen: `seen_mark` of the page; "" where there was none.

    Raises:
        Refused: it is settled, the owner may not read it, or somebody has changed it since it was
            seen.
    """
    before = difference.owner_id
    if owner is not None and owner.pk != before:
        check_owner(owner, [difference])
    held = _write(difference, actor, seen, "Owner and note", owner=owner, note=note.strip())
    if held.owner_id != before:
        tell_owner(held.owner, [held], actor=actor)
    return held


@transaction.atomic
def write_note(
    difference: PortalDifference, *, actor: User, note: str, seen: str | None = None
) -> PortalDifference:
    """Say what is to be known of a difference; its owner may, and whoever reconciles.

    Raises:
        Refused: it is settled, it is somebody else's, or somebody has changed it since it was seen.
    """
    if not may_write_note(difference, actor):
        raise Refused("The note of a difference is written by its owner or by governance.", "note")
    return _write(difference, actor, seen, "Note", note=note.strip())


def may_write_note(difference: PortalDifference, user: User) -> bool:
    """Whether somebody may write the note of a difference."""
    return difference.owner_id == user.pk or user.has_perm("portal.reconcile")


@transaction.atomic
def answer(
    difference: PortalDifference,
    *,
    actor: User,
    said: str,
    note: str,
    until: dt.date | None = None,
    seen: str | None = None,
) -> PortalDifference:
    """Say what becomes of a difference.

    Args:
        said: one of `SAID`.
        note: kept with it; the reason where it is accepted.
        until: for what is accepted, the last day on which it is.
        seen: as for `give`.

    Raises:
        Refused: it is settled, somebody has changed it since it was seen, or the date or the reason
            is missing.
    """
    if said not in SAID:
        raise Refused("Choose a decision.", "said")
    if said == Answer.ACCEPTED:
        _check_accepted(until, note)
    values = {
        "answer": said,
        "accepted_until": until if said == Answer.ACCEPTED else None,
        "note": note.strip(),
    }
    return _write(difference, actor, seen, str(Answer(said).label), **values)


def _check_accepted(until: dt.date | None, note: str) -> None:
    if until is None:
        raise Refused("Enter the day until which it is accepted.", "until")
    if until <= today():
        raise Refused(f"{long_date(until)} is not ahead. Enter a day to come.", "until")
    if not note.strip():
        raise Refused("Say in the note why it is accepted.", "note")


def _write(
    difference: PortalDifference, actor: User, seen: str | None, reason: str, **values: Any
) -> PortalDifference:
    held = locked(difference)
    if all(getattr(held, name) == value for name, value in values.items()):
        return held
    check_seen(held, seen)
    if "answer" in values:
        values |= answered(values["answer"], actor)
    for name, value in values.items():
        setattr(held, name, value)
    attribute(held, actor, reason)
    held.full_clean()
    held.save()
    return held


def answered(said: str, actor: User) -> dict[str, Any]:
    """Who answers, and when; nobody where an answer is taken back."""
    if said == Answer.NONE:
        return {"answered_by": None, "answered_at": None}
    return {"answered_by": actor, "answered_at": timezone.now()}


def locked(difference: PortalDifference) -> PortalDifference:
    """An open difference as it is now, locked.

    Raises:
        Refused: it is settled.
    """
    held = PortalDifference.objects.select_for_update().get(pk=difference.pk)
    if held.closed_on is not None:
        raise Refused(
            f"This difference is settled since {long_date(held.closed_on)}: there is nothing to "
            "decide any more. Nothing was recorded."
        )
    return held


def check_seen(held: PortalDifference, seen: str | None) -> None:
    """That nobody has changed a difference since it was seen.

    Raises:
        Refused: somebody has; the sentence says who.
    """
    if seen is not None and seen != seen_mark(held):
        rows: Any = held.history
        last = rows.order_by("-pk").first()
        raise Refused(
            f"{last.user_name or 'A comparison'} has changed this difference since you opened the "
            "page. Nothing of yours was recorded: look at it as it is now, then send this again."
        )


@transaction.atomic
def give_several(
    differences: Iterable[PortalDifference], *, actor: User, owner: User | None
) -> int:
    """Give several differences an owner, who is told once; how many have changed.

    Raises:
        Refused: one of them is settled, or the owner may not read one.
    """
    held = _locked_several(differences)
    check_owner(owner, held)
    changed = [each for each in held if each.owner != owner]
    for each in changed:
        each.owner = owner
        _save(each, actor, "Owner")
    tell_owner(owner, changed, actor=actor)
    return len(changed)


@transaction.atomic
def wait_several(differences: Iterable[PortalDifference], *, actor: User) -> int:
    """Let several differences wait for the portal; how many have changed.

    Raises:
        Refused: one of them is settled.
    """
    held = _locked_several(differences)
    changed = [each for each in held if each.answer != Answer.WAITING]
    for each in changed:
        each.answer, each.accepted_until = Answer.WAITING, None
        for name, value in answered(Answer.WAITING, actor).items():
            setattr(each, name, value)
        _save(each, actor, str(Answer.WAITING.label))
    return len(changed)


def _locked_several(differences: Iterable[PortalDifference]) -> Sequence[PortalDifference]:
    keys = [each.pk for each in differences]
    held = list(PortalDifference.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    settled = [each for each in held if each.closed_on is not None]
    if settled:
        are = "is" if len(settled) == 1 else "are"
        raise Refused(
            f"{len(settled)} of these differences {are} settled by now. "
            "Nothing was recorded: tick them again in the list as it is now."
        )
    return held


def _save(difference: PortalDifference, actor: User, reason: str) -> None:
    attribute(difference, actor, reason)
    difference.full_clean()
    difference.save()
