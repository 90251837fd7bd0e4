"""The writes about good practice: recorded, changed, taken up by a lead."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from evidence.models import Evidence, GoodPractice, TakeUp
from inspections.models import Publication
from people.models import Lead, User

KEEPS = "evidence.keep_practice"
_NOT_YOURS = "Who recorded it changes it, and those who keep the register."


def may_change(practice: GoodPractice, user: User) -> bool:
    """Whether somebody may change what the register says: who recorded it, and who keeps it."""
    return practice.recorded_by_id == user.pk or user.has_perm(KEEPS)


def leads_to_take_up(practice: GoodPractice, user: User) -> QuerySet[Lead]:
    """The leads for which somebody may record that they took a practice up: those they hold today;
    for who keeps the register, all. Without those that did already.
    """
    leads = Lead.objects.all() if user.has_perm(KEEPS) else Lead.objects.held_by(user, today())
    taken = TakeUp.objects.filter(practice=practice).values("lead")
    return leads.exclude(pk__in=taken).order_by("name").distinct()


@transaction.atomic
def record_practice(
    *,
    actor: User,
    title: str,
    what: str,
    marking: str,
    could_use: Iterable[Lead] = (),
    evidence: Evidence | None = None,
    publication: Publication | None = None,
    other_force: str = "",
) -> GoodPractice:
    """Put something on the register of good practice.

    Args:
        actor: who records it.
        title: what it is called.
        what: what it is, and why it works.
        marking: a value of `core.markings.Marking`.
        could_use: the leads that could use it.
        evidence, publication, other_force: where it comes from; one of them.

    Raises:
        ValidationError: not one origin but none or several, evidence that the actor may not read,
            a field that is empty or too long.
    """
    practice = GoodPractice(
        title=title,
        what=what,
        marking=marking,
        evidence=evidence,
        publication=publication,
        other_force=other_force,
        recorded_by=actor,
    )
    _check_readable(evidence, actor)
    attribute(practice, actor, "Good practice recorded")
    practice.full_clean()
    practice.save()
    practice.could_use.set(could_use)
    return practice


@transaction.atomic
def change_practice(
    practice: GoodPractice,
    *,
    actor: User,
    version: int,
    could_use: Iterable[Lead],
    **fields: Any,
) -> GoodPractice:
    """Change what the register says of a practice. Leads that somebody else has ticked or unticked
    meanwhile stay so: only what this writer changed among them is changed.

    Args:
        version: the one the writer saw.
        could_use: the leads that are ticked now.
        fields: as for `record_practice`.

    Raises:
        PermissionDenied: the actor may not change it.
        core.collisions.Overtaken: somebody else changed the same meanwhile.
        ValidationError: as for `record_practice`.
    """
    current = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    if not may_change(current, actor):
        raise PermissionDenied(_NOT_YOURS)
    written = what_to_write(current, version, fields)
    now = set(current.could_use.values_list("pk", flat=True))
    leads = _merged({lead.pk for lead in could_use}, _leads_seen(current, version, now), now)
    if leads == now and all(getattr(current, name) == each for name, each in written.items()):
        return current
    if "evidence" in written and written["evidence"] != current.evidence:
        _check_readable(written["evidence"], actor)
    for name, value in written.items():
        setattr(current, name, value)
    attribute(current, actor, "Good practice changed")
    current.full_clean()
    # One change is one version and one row of history, with the leads as they are after it.
    current.skip_history_when_saving = True  # type: ignore[attr-defined]
    current.could_use.set(leads)
    del current.skip_history_when_saving  # type: ignore[attr-defined]
    current.save()
    return current


@transaction.atomic
def take_up(
    practice: GoodPractice, *, actor: User, lead: Lead, taken_up_on: dt.date, note: str = ""
) -> TakeUp:
    """Put on record that a lead took a practice up. Said again, nothing changes.

    Raises:
        ValidationError: the actor may not say so for this lead, or the day has not come.
    """
    GoodPractice.objects.select_for_update().get(pk=practice.pk)
    said = TakeUp.objects.filter(practice=practice, lead=lead).first()
    if said is not None:
        return said
    if not leads_to_take_up(practice, actor).filter(pk=lead.pk).exists():
        raise ValidationError({"lead": f"You do not hold {lead}. Choose a lead that you hold."})
    if taken_up_on > today():
        raise ValidationError(
            {"taken_up_on": f"{long_date(taken_up_on)} has not come. Enter today or earlier."}
        )
    said = TakeUp(
        practice=practice, lead=lead, taken_up_on=taken_up_on, note=note, recorded_by=actor
    )
    attribute(said, actor, "Taken up")
    said.full_clean()
    said.save()
    return said


def _check_readable(evidence: Evidence | None, actor: User) -> None:
    readable = Evidence.objects.visible_to(actor).current()
    if evidence is not None and not readable.filter(pk=evidence.pk).exists():
        raise ValidationError({"evidence": "There is no such evidence that you may read."})


def _leads_seen(practice: GoodPractice, version: int, now: set[int]) -> set[int]:
    """The leads as they were ticked in a version; those of now where history does not tell."""
    back = practice.version - version
    history: Any = practice.history
    row = history.order_by("-history_date", "-history_id")[back : back + 1].first()
    return now if row is None else set(row.could_use.values_list("lead", flat=True))


def _merged(wanted: set[int], seen: set[int], now: set[int]) -> set[int]:
    return (now | (wanted - seen)) - (seen - wanted)
