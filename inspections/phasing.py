"""When the parts of an inspection take place, and what is expected of the force for it."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import long_date, today
from core.history import attribute
from inspections.keeping import change, keep
from inspections.known_dates import Span, whole
from inspections.models import Expectation, Inspection, InspectionPhase
from people.models import User


@transaction.atomic
def add_phase(
    inspection: Inspection,
    *,
    actor: User | None,
    kind: str,
    precision: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    open_ended: bool = False,
    words: str = "",
    note: str = "",
) -> InspectionPhase:
    """Record when a part of an inspection takes place. The same said twice stands once.

    Args:
        inspection: of which it is a part.
        actor: who records it; None when it is loaded.
        kind: a value of `PhaseKind`.
        precision: how well the dates are known; a value of `Precision`.
        starts_on, ends_on: days of its first and last day, week, month ...; without a last one it
            is over with the first.
        open_ended: nobody knows when it ends.
        words: as it is known, where dates say too much or too little.
        note: what else is known of it.

    Raises:
        ValidationError: it ends before it starts, or is recorded already with something else.
    """
    Inspection.objects.select_for_update().get(pk=inspection.pk)
    span = _span(precision, starts_on, ends_on, open_ended)
    fields = {
        "precision": precision,
        "ends_on": span.ends_on,
        "words": words.strip(),
        "note": note.strip(),
    }
    there = inspection.phases.filter(kind=kind, starts_on=span.starts_on).first()
    if there is not None and all(getattr(there, name) == each for name, each in fields.items()):
        return there
    phase = InspectionPhase(inspection=inspection, kind=kind, starts_on=span.starts_on, **fields)
    return keep(phase, actor=actor, reason="Part of the inspection recorded")


@transaction.atomic
def change_phase(
    phase: InspectionPhase,
    *,
    actor: User,
    version: int,
    precision: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    open_ended: bool = False,
    **fields: Any,
) -> InspectionPhase:
    """Change when a part of an inspection takes place; arguments as for `add_phase`.

    Args:
        version: the one the writer saw.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: as `add_phase`.
    """
    span = _span(precision, starts_on, ends_on, open_ended)
    wanted = {**fields, "precision": precision, **span._asdict()}
    return change(phase, actor=actor, version=version, reason="Dates changed", fields=wanted)


@transaction.atomic
def remove_phase(phase: InspectionPhase, *, actor: User) -> None:
    """Take away a part that does not take place; its history stays. Nothing happens twice."""
    current = InspectionPhase.objects.select_for_update().filter(pk=phase.pk).first()
    if current is not None:
        attribute(current, actor, "Taken away")
        current.delete()


@transaction.atomic
def add_expectation(
    inspection: Inspection, *, actor: User | None, text: str, **fields: Any
) -> Expectation:
    """Record what is expected of the force. The same said twice stands once.

    Args:
        inspection: for which it is expected.
        actor: who records it.
        text: what is expected.
        fields: by when, who sees to it, and when it was done, by the names of the model's fields.

    Raises:
        ValidationError: done in the future, or a field that does not fit.
    """
    Inspection.objects.select_for_update().get(pk=inspection.pk)
    _check_met(fields)
    there = inspection.expectations.filter(text=text.strip(), **fields).first()
    if there is not None:
        return there
    expected = Expectation(inspection=inspection, text=text.strip(), **fields)
    return keep(expected, actor=actor, reason="Expectation recorded")


@transaction.atomic
def change_expectation(
    expected: Expectation, *, actor: User, version: int, **fields: Any
) -> Expectation:
    """Change what is expected of the force, or say that it is done.

    Args:
        version: the one the writer saw.
        fields: what is to be, by the names of the model's fields.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: done in the future, or a field that does not fit.
    """
    _check_met(fields)
    return change(
        expected, actor=actor, version=version, reason="Expectation changed", fields=fields
    )


def _span(precision: str, starts_on: dt.date, ends_on: dt.date | None, open_ended: bool) -> Span:
    try:
        return whole(precision, starts_on, ends_on, open_ended)
    except ValueError as error:
        raise ValidationError({"ends_on": str(error)}) from error


def _check_met(fields: dict[str, Any]) -> None:
    met_on = fields.get("met_on")
    if met_on is not None and met_on > today():
        raise ValidationError(
            {"met_on": f"{long_date(met_on)} has not come yet. Enter today or an earlier day."}
        )
