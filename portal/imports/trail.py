"""What an import wrote, as the audit trail shows it: the rows of history that carry its stamp."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Min
from simple_history.models import HistoricalChanges

from portal.imports.refused import ImportNotPossible
from portal.models import SpreadsheetImport

_CREATED, _REMOVED = "+", "-"


@dataclass(frozen=True)
class Trail:
    """What was written of one model under one stamp.

    Args:
        model: tracked.
        stamp: of the rows of history.
    """

    model: type[models.Model]
    stamp: str

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def history(self) -> Any:
        """The model of its rows of history."""
        return self.model.history.model  # type: ignore[attr-defined]

    @property
    def key(self) -> str:
        """The primary key's name, the same in the history."""
        return str(self.model._meta.pk.attname)

    @property
    def written(self) -> Any:
        """The rows of history."""
        return self.history.objects.filter(request_id=self.stamp).order_by()

    def created(self) -> Any:
        """The primary keys of what was created, as a query."""
        return self.written.filter(history_type=_CREATED).values(self.key)

    def all_keys(self) -> Any:
        """The primary keys of whatever was written, as a query."""
        return self.written.values(self.key)

    def records(self, keys: Any) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(pk__in=keys)

    def changed(self) -> Iterator[tuple[Any, int]]:
        """Each record that was there before, with the first row of history that changed it; the
        latest first.
        """
        found = (
            self.written.exclude(**{f"{self.key}__in": self.created()})
            .values_list(self.key)
            .annotate(first=Min("history_id"))
            .order_by("-first")
        )
        # Read whole: rows of history are added while the caller goes through them.
        return iter(list(found))

    def before(self, firsts: Mapping[Any, int]) -> dict[Any, Any]:
        """The last row of history of each record before its first under the stamp.

        Args:
            firsts: primary key -> number of that first row.

        Raises:
            ImportNotPossible: there is none, so nobody knows what the record said.
        """
        wanted = self.history.objects.filter(
            **{f"{self.key}__in": list(firsts)}, history_id__lt=max(firsts.values(), default=0)
        )
        found: dict[Any, Any] = {}
        for row in wanted.order_by("history_id"):
            key = getattr(row, self.key)
            if row.history_id < firsts[key]:
                found[key] = row
        if len(found) < len(firsts):
            raise ImportNotPossible(
                f"What a {self.name} said before this import is not known, so nothing was undone."
            )
        return found

    def lock(self) -> None:
        """Let nobody change these records before the transaction ends."""
        locked = self.records(self.all_keys()).order_by("pk").select_for_update()
        for _ in locked.values_list("pk").iterator():
            pass


def trails_of(stamp: str) -> list[Trail]:
    """What was written under a stamp, by model: what refers to others before what it refers to.

    Raises:
        ImportNotPossible: records were removed under it, which is not taken back.
    """
    tracked = [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
        and model is not SpreadsheetImport
    ]
    found = [trail for model in tracked if (trail := Trail(model, stamp)).written.exists()]
    for trail in found:
        if trail.written.filter(history_type=_REMOVED).exists():
            raise ImportNotPossible("This import removed records, so it cannot be undone.")
    return _referring_first(found)


def _referring_first(trails: list[Trail]) -> list[Trail]:
    waiting = {trail.model: trail for trail in trails}
    ordered = []
    while waiting:
        free = [
            model
            for model in waiting
            if not any(other is not model and model in _referred_to(other) for other in waiting)
        ]
        # Models that refer to each other have no order; any will do.
        for model in free or list(waiting):
            ordered.append(waiting.pop(model))
    return ordered


def _referred_to(model: type[models.Model]) -> set[Any]:
    return {each.related_model for each in model._meta.fields if each.is_relation}


def references_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every other model whose rows refer to a model's, and by which field; no rows of history."""
    for relation in model._meta.get_fields(include_hidden=True):
        refers = relation.auto_created and not relation.concrete
        if not refers or not (relation.one_to_many or relation.one_to_one):
            continue
        other: Any = relation.related_model
        if not issubclass(other, HistoricalChanges):
            yield other, relation.field.attname  # type: ignore[union-attr]
