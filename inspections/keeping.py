"""Writing a record with its author and reason, and changing one that others may change too."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from core.collisions import what_to_write
from core.history import attribute
from people.models import User

Record = TypeVar("Record", bound=models.Model)


def keep(record: Record, *, actor: User | None, reason: str) -> Record:
    """Save a record, with who causes it and why in its history.

    Raises:
        ValidationError: a field that does not fit.
    """
    attribute(record, actor, reason)
    record.full_clean()
    record.save()
    return record


def change(
    record: Record, *, actor: User, version: int, reason: str, fields: Mapping[str, Any]
) -> Record:
    """Change a record within a transaction; what is as it was is not written.

    Args:
        record: of a versioned model.
        version: the one the writer saw.
        fields: what is to be, by the names of the model's fields.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: a field that does not fit.
    """
    current = type(record)._default_manager.select_for_update().get(pk=record.pk)
    wanted = what_to_write(current, version, fields)
    if all(getattr(current, name) == value for name, value in wanted.items()):
        return current
    for name, value in wanted.items():
        setattr(current, name, value)
    return keep(current, actor=actor, reason=reason)
