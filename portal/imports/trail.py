"""What an import wrote, as the audit trail shows it: the rows of history that carry its stamp."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q
from simple_history.models import HistoricalChanges

from portal.imports.refused import ImportNotPossible
from portal.models import PortalDifference, SpreadsheetImport, State
from tracker.choices import Kind
from tracker.models import Action

_CREATED, _CHANGED, _REMOVED = "+", "~", "-"


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
    def of_action(self) -> str:
        """Which of its columns names the action it is of; "" where none does."""
        if self.model is Action:
            return self.key
        names = {each.attname for each in self.model._meta.fields}
        return "action_id" if "action_id" in names else ""

    @property
    def written(self) -> Any:
        """The rows of history."""
        return self.history.objects.filter(request_id=self.stamp).order_by()

    def created(self) -> Any:
        """The primary keys of what was created, as a query."""
        return self.written.filter(history_type=_CREATED).values(self.key)

    def changed_keys(self) -> Any:
        """The primary keys of what was there before and changed, as a query."""
        changed = self.written.filter(history_type=_CHANGED)
        return changed.exclude(**{f"{self.key}__in": self.created()}).values(self.key)

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

    def before(self, keys: Collection[Any]) -> dict[Any, Any]:
        """The last row of history of each record before its first under the stamp.

        Args:
            keys: primary keys of changed records.

        Raises:
            ImportNotPossible: there is none, so nobody knows what the record said.
        """
        ours = self.written.filter(
            **{self.key: OuterRef(self.key)}, history_id__lte=OuterRef("history_id")
        )
        earlier = (
            self.history.objects.filter(**{f"{self.key}__in": list(keys)})
            .filter(~Exists(ours))
            .order_by()
            .values(self.key)
            .annotate(last=Max("history_id"))
            .values("last")
        )
        found = {
            getattr(row, self.key): row
            for row in self.history.objects.filter(history_id__in=earlier)
        }
        if len(found) < len(keys):
            raise ImportNotPossible(
                f"What a {self.name} said before this import is not known, so nothing was undone."
            )
        return found

    def lock(self) -> None:
        """Let nobody change these records before the transaction ends."""
        _hold(self.records(self.all_keys()))


@dataclass(frozen=True)
class Trails:
    """Everything that an import wrote, but for differences with the portal, which are derived.

    Args:
        spreadsheet_import: applied.
        all: by model; what refers to others before what it refers to.
    """

    spreadsheet_import: SpreadsheetImport
    all: tuple[Trail, ...]

    def of(self, model: type[models.Model]) -> Trail | None:
        """What it wrote of one model; None for nothing."""
        return next((each for each in self.all if each.model is model), None)

    def created(self, model: type[models.Model]) -> Any:
        """The primary keys of what it created of one model, as a query; empty for nothing."""
        trail = self.of(model)
        return trail.created() if trail else model._base_manager.none().values("pk")

    @cached_property
    def changed_actions(self) -> list[int]:
        """The actions that were there before and of which it wrote something."""
        touched: set[int] = set()
        new = self.created(Action)
        for trail in self.all:
            if column := trail.of_action:
                others = trail.written.exclude(**{f"{column}__in": new})
                touched |= set(others.values_list(column, flat=True).distinct())
        return sorted(touched - {None})

    def of_others(self, rows: Any) -> Any:
        """Those rows of history that neither the import wrote nor one that was undone since: what
        such a one wrote and what undoing it wrote cancel each other out.
        """
        undone = SpreadsheetImport.objects.filter(state=State.UNDONE).order_by()
        return (
            rows.exclude(request_id=self.spreadsheet_import.stamp)
            .exclude(request_id__in=undone.values("stamp"))
            .exclude(request_id__in=undone.values("undo_stamp"))
        )

    def later(self, model: type[models.Model]) -> Any:
        """Rows of history of any records of a model that others wrote since it was applied."""
        rows: Any = model.history.model.objects  # type: ignore[attr-defined]
        applied_at = self.spreadsheet_import.applied_at
        return self.of_others(rows.filter(history_date__gte=applied_at))

    def lock(self) -> None:
        """Let nobody change these records, or the actions they are of, before the transaction ends:
        causes of concern, then other actions, then what they have, as everybody does.
        """
        touched = Q(pk__in=[])
        for trail in self.all:
            if column := trail.of_action:
                touched |= Q(pk__in=trail.written.values(column))
        actions = Action._base_manager.filter(touched)
        _hold(actions.filter(kind=Kind.CAUSE_OF_CONCERN))
        _hold(actions.exclude(kind=Kind.CAUSE_OF_CONCERN))
        for trail in reversed(self.all):
            if trail.model is not Action:
                trail.lock()


def _hold(records: models.QuerySet[Any]) -> None:
    # All keys at once: for a cursor that is read bit by bit, PostgreSQL plans for the first rows
    # only, and takes minutes for 50,000.
    len(records.order_by("pk").select_for_update().values_list("pk", flat=True))


def models_written(stamp: str) -> list[str]:
    """The models of which there are rows of history under a stamp: `SpreadsheetImport.wrote`.

    Args:
        stamp: of the import; whatever it writes has been written.
    """
    tracked = [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
        and model is not SpreadsheetImport
    ]
    return [model._meta.label_lower for model in tracked if Trail(model, stamp).written.exists()]


def trails_of(spreadsheet_import: SpreadsheetImport) -> Trails:
    """What an import wrote.

    Args:
        spreadsheet_import: applied; its `wrote` is filled where it was empty, not saved.

    Raises:
        ImportNotPossible: it removed records, which is not taken back.
    """
    stamp = spreadsheet_import.stamp
    spreadsheet_import.wrote = spreadsheet_import.wrote or models_written(stamp)
    wrote: list[Any] = [apps.get_model(label) for label in spreadsheet_import.wrote]
    found = [Trail(model, stamp) for model in wrote if model is not PortalDifference]
    for trail in found:
        if trail.written.filter(history_type=_REMOVED).exists():
            raise ImportNotPossible("This import removed records, so it cannot be undone.")
    return Trails(spreadsheet_import, tuple(_referring_first(found)))


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
    """Every other model whose rows refer to a model's, and by which field; no rows of history, no
    differences with the portal, and nothing that is derived from the model's own (`derived_from`).
    """
    derived = {other for other, _ in derived_from(model)}
    for relation in model._meta.get_fields(include_hidden=True):
        refers = relation.auto_created and not relation.concrete
        if not refers or not (relation.one_to_many or relation.one_to_one):
            continue
        other: Any = relation.related_model
        left = other is PortalDifference or other in derived
        if not issubclass(other, HistoricalChanges) and not left:
            yield other, relation.field.attname  # type: ignore[union-attr]


def derived_from(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every model whose rows are made from one of this model's and go with it, such as the text of
    a file, and by which field they refer to it: they have no history, as nobody writes them.
    """
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        goes_with_it = relation.one_to_one and relation.on_delete is models.CASCADE
        if goes_with_it and not hasattr(other, "history"):
            yield other, relation.field.attname
