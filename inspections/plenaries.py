"""The plenary session on receipt of a report, and what it writes into the improvement plans."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from inspections.improving import add_item
from inspections.models import CoreQuestion, ImprovementItem, Plenary, Publication
from people.models import Lead, User


@dataclass(frozen=True)
class Wanted:
    """What a session wants improved.

    Args:
        question: the question area whose plan it goes into.
        text: what is to be done.
        owner: the post that does it.
        due_on: by when.
    """

    question: CoreQuestion
    text: str
    owner: Lead
    due_on: dt.date


@transaction.atomic
def record_plenary(
    publication: Publication,
    *,
    actor: User | None,
    held_on: dt.date,
    attended: str = "",
    notes: str = "",
    version: int | None = None,
) -> Plenary:
    """Record the session that went through a report, or change what is recorded of it.

    The same said twice is written once.

    Args:
        publication: the report; it has one session.
        actor: who records it; None when it is loaded.
        held_on: the day of the session.
        attended: who was there, one a line.
        notes: what was said.
        version: of the session, as the writer saw it; None where they saw none.

    Raises:
        Overtaken: somebody else recorded or changed the same first, to something else.
        ValidationError: a day to come, or before the report was published.
    """
    Publication.objects.select_for_update().get(pk=publication.pk)
    _check_day(publication, held_on)
    fields = {"held_on": held_on, "attended": attended.strip(), "notes": notes.strip()}
    plenary = Plenary.objects.select_for_update().filter(publication=publication).first()
    if plenary is None:
        plenary = Plenary(publication=publication, recorded_by=actor, **fields)
        return _save(plenary, actor, "Plenary session recorded")
    wanted = what_to_write(plenary, version or 0, fields)
    if all(getattr(plenary, name) == value for name, value in wanted.items()):
        return plenary
    for name, value in wanted.items():
        setattr(plenary, name, value)
    return _save(plenary, actor, "Plenary session changed")


@transaction.atomic
def add_items(plenary: Plenary, *, actor: User, wanted: Iterable[Wanted]) -> list[ImprovementItem]:
    """Write what a session wants improved into the plans of its question areas: all or nothing.

    Args:
        plenary: the session.
        actor: who writes it down.
        wanted: at least one.

    Raises:
        PermissionDenied: the actor may not keep the plan of a question area.
        ValidationError: as `improving.add_item`.
    """
    return [
        add_item(
            each.question,
            actor=actor,
            text=each.text,
            owner=each.owner,
            due_on=each.due_on,
            plenary=plenary,
        )
        for each in wanted
    ]


def _check_day(publication: Publication, held_on: dt.date) -> None:
    first = publication.first_possible_day
    if held_on < first:
        raise ValidationError(
            {
                "held_on": f"{long_date(held_on)} is before the report was published. Enter "
                f"{long_date(first)} or a later day."
            }
        )
    if held_on > today():
        raise ValidationError(
            {"held_on": f"{long_date(held_on)} has not come yet. Record it once it is held."}
        )


def _save(plenary: Plenary, actor: User | None, reason: str) -> Plenary:
    attribute(plenary, actor, reason)
    plenary.full_clean()
    plenary.save()
    return plenary
