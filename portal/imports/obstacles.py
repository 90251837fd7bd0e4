"""What stands against undoing an import: whatever others have done with what it wrote."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.dates import long_date
from portal.imports.trail import Trail, references_to

# So many are named; there may be more.
NAMED = 5


def obstacles_to(trail: Trail, trails: list[Trail]) -> Iterator[str]:
    """What others did with the records of a trail, as parts of a sentence; a few more than are
    named.

    Args:
        trail: of one model.
        trails: everything the import wrote.
    """
    for row in _later(trail).order_by("history_id")[: NAMED + 1]:
        what = "removed" if row.history_type == "-" else "changed"
        yield f"{_named(row.instance)} was {what} {_when_and_who(row)}"
    for other, refers in references_to(trail.model):
        for record in _referring(trail, other, refers, trails)[: NAMED + 1]:
            target = getattr(record, refers.removesuffix("_id"))
            yield f"{_what_is(record)} of {_named(target)} was recorded{_of(record)}"


def used_by_now(
    trail: Trail, trails: list[Trail], kept: Mapping[type[models.Model], set[Any]]
) -> set[Any]:
    """The records of a trail that somebody else uses or has changed.

    Args:
        trail: of one model.
        trails: everything the import wrote.
        kept: of the models that refer to this one, what is kept for the same reason.
    """
    found = set(_later(trail).values_list(trail.key, flat=True))
    for other, refers in references_to(trail.model):
        found |= set(_referring(trail, other, refers, trails).values_list(refers, flat=True))
        if stay := kept.get(other):
            staying = other._base_manager.filter(pk__in=stay, **{f"{refers}__in": trail.created()})
            found |= set(staying.values_list(refers, flat=True))
    return found


def _later(trail: Trail) -> Any:
    """Rows of history that others have added to the records of a trail since."""
    ours = trail.written.filter(
        **{trail.key: OuterRef(trail.key)}, history_id__lt=OuterRef("history_id")
    )
    return trail.history.objects.exclude(request_id=trail.stamp).filter(Exists(ours))


def _referring(
    trail: Trail, other: type[models.Model], refers: str, trails: list[Trail]
) -> models.QuerySet[Any]:
    """Records of another model that refer to what was created here, and are not of the import."""
    found = other._base_manager.filter(**{f"{refers}__in": trail.created()}).order_by("pk")
    theirs = next((each for each in trails if each.model is other), None)
    return found.exclude(pk__in=theirs.created()) if theirs else found


def _named(record: Any) -> str:
    action = getattr(record, "action", None)
    return f"{_what_is(record)} of {action}" if action else str(record)


def _what_is(record: models.Model) -> str:
    return f"the {record._meta.verbose_name}"


def _of(record: Any) -> str:
    """When and by whom a record came, where its history tells."""
    history = getattr(type(record), "history", None)
    if history is None:
        return ""
    first = history.filter(**{record._meta.pk.attname: record.pk}).order_by("history_id").first()
    return f" {_when_and_who(first)}" if first else ""


def _when_and_who(row: Any) -> str:
    day = long_date(timezone.localtime(row.history_date).date())
    return f"on {day} by {row.user_name or 'a command'}"
