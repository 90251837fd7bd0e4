"""What bodies plan to inspect in years to come: programmes and their subjects."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from inspections.keeping import change, keep
from inspections.models import PlannedInspection, Programme
from people.models import User

# Years outside of these are slips of a finger.
_YEARS = range(2000, 2101)


@transaction.atomic
def add_programme(*, actor: User | None, title: str, **fields: Any) -> Programme:
    """Record a programme of inspections.

    Args:
        actor: who records it; None when it is loaded.
        title: of the programme.
        fields: of which body, and where it stands, by the names of the model's fields.

    Raises:
        ValidationError: it is recorded already, or a field does not fit.
    """
    return keep(Programme(title=title, **fields), actor=actor, reason="Programme recorded")


@transaction.atomic
def change_programme(
    programme: Programme, *, actor: User, version: int, **fields: Any
) -> Programme:
    """Change what is known of a programme.

    Args:
        version: the one the writer saw.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: a field that does not fit.
    """
    return change(
        programme, actor=actor, version=version, reason="Programme changed", fields=fields
    )


@transaction.atomic
def add_planned(
    programme: Programme,
    *,
    actor: User | None,
    title: str,
    from_year: int,
    to_year: int,
    **fields: Any,
) -> PlannedInspection:
    """Put a subject on a programme.

    Args:
        programme: on which it stands.
        actor: who records it; None when it is loaded.
        title: the subject.
        from_year, to_year: in which it is to be inspected; the same year twice for one.
        fields: involvement of the force and a note, by the names of the model's fields.

    Raises:
        ValidationError: it is there already, or years that cannot be meant.
    """
    _check_years(from_year, to_year)
    planned = PlannedInspection(
        programme=programme, title=title, from_year=from_year, to_year=to_year, **fields
    )
    return keep(planned, actor=actor, reason="Planned inspection recorded")


@transaction.atomic
def change_planned(
    planned: PlannedInspection, *, actor: User, version: int, **fields: Any
) -> PlannedInspection:
    """Change what is known of a subject, or name the inspection that came of it.

    Args:
        version: the one the writer saw.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: years that cannot be meant, or a field that does not fit.
    """
    _check_years(fields.get("from_year", planned.from_year), fields.get("to_year", planned.to_year))
    return change(
        planned, actor=actor, version=version, reason="Planned inspection changed", fields=fields
    )


def _check_years(from_year: int, to_year: int) -> None:
    for name, year in (("from_year", from_year), ("to_year", to_year)):
        if year not in _YEARS:
            raise ValidationError(
                {name: f"{year} cannot be meant. Enter a year from {_YEARS[0]} to {_YEARS[-1]}."}
            )
    if to_year < from_year:
        raise ValidationError({"to_year": "The last year cannot be before the first."})
