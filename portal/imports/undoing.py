"""Undoing an import as a whole, by the audit trail, while nobody has worked on what it wrote.

Applying stamps every row of history it writes (`SpreadsheetImport.stamp`). What it created is
removed, what it changed returns to what it said before; both leave their own rows of history.
Notices that people were sent and files that were kept stay: the audit trail does not hold them.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core.batches import in_batches
from core.history import attribute, remove_in_bulk
from core.numbers import listed
from core.turns import Turn, wait_for_turn
from inspections.models import Publication
from people.models import Lead, User
from portal.imports.obstacles import NAMED, obstacles_to, used_by_now
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.imports.trail import Trail, trails_of
from portal.models import SpreadsheetImport, State
from portal.reconciliation.comparing import compare
from tracker.models import Action
from tracker.recording import search_text_of

_BATCH = 500
# Recorded because a list named them; they stay where somebody uses or has changed them by now.
_KEPT_IF_USED: tuple[type[models.Model], ...] = (Publication, Lead)
_TOLD: tuple[type[models.Model], ...] = (Action, Publication, Lead)


class CannotBeUndone(ImportNotPossible):
    """Others have worked on what the import wrote."""


@dataclass
class Undone:
    """What undoing did.

    Args:
        removed, restored: how many records, by name of the model.
        actions: how many actions were removed, and how many return to what they said before.
        kept: publications and leads that it recorded and that somebody uses by now.
    """

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    actions: tuple[int, int] = (0, 0)
    kept: list[str] = field(default_factory=list)


def undo_import(spreadsheet_import: SpreadsheetImport, *, actor: User | None) -> Undone:
    """Take back everything that an import wrote, or nothing of it.

    Args:
        spreadsheet_import: applied.
        actor: who undoes it; None for a command.

    Returns:
        What was removed, restored and kept.

    Raises:
        CannotBeUndone: others have worked on what it wrote; the message names up to five.
        ImportNotPossible: it is not applied, or was applied before this could be undone.
    """
    try:
        with transaction.atomic():
            wait_for_turn(Turn.APPLYING_AN_IMPORT)
            wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
            locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
            _check(locked)
            undone = _take_back(locked, actor)
            # What is here again may differ from the portal.
            compare(actor=actor)
            locked.state = State.UNDONE
            locked.undone_by, locked.undone_at = actor, timezone.now()
            attribute(locked, actor, "Undone")
            locked.save()
    except IntegrityError as error:
        raise CannotBeUndone(
            "Somebody was working on what this import recorded, so nothing was undone. Try again."
        ) from error
    return undone


def why_not(spreadsheet_import: SpreadsheetImport) -> str:
    """Why an import cannot be undone now, as a sentence; "" where it can."""
    try:
        _check(spreadsheet_import)
        _refuse_obstacles(trails_of(spreadsheet_import.stamp))
    except ImportNotPossible as refusal:
        return str(refusal)
    return ""


def written_by(spreadsheet_import: SpreadsheetImport) -> dict[str, int]:
    """How much an import wrote: created actions, publications and leads, by name of the model; and
    under "changed" how many actions that were there before.
    """
    trails = trails_of(spreadsheet_import.stamp)
    created = {trail.model: trail.created() for trail in trails if trail.model in _TOLD}
    found = {str(model._meta.model_name): keys.count() for model, keys in created.items()}
    new = created.get(Action, Action.objects.none().values("pk"))
    touched: set[int] = set()
    for trail in trails:
        column = "id" if trail.model is Action else "action_id"
        if any(each.attname == column for each in trail.model._meta.fields):
            others = trail.written.exclude(**{f"{column}__in": new})
            touched |= set(others.values_list(column, flat=True))
    return {**found, "changed": len(touched)}


def take_in_again(spreadsheet_import: SpreadsheetImport, *, actor: User) -> SpreadsheetImport:
    """Take in the kept file of an import anew, as though it were uploaded again.

    The import that was undone stays as a record of what happened.

    Raises:
        ImportNotPossible: it is not an import that was undone, or its file is gone.
    """
    if spreadsheet_import.state != State.UNDONE:
        raise ImportNotPossible("Only an import that was undone is previewed again.")
    try:
        with spreadsheet_import.file.open("rb") as file:
            return receive(
                file,
                spreadsheet_import.original_name,
                actor=actor,
                purpose=spreadsheet_import.purpose,
                as_at=spreadsheet_import.as_at,
            )
    except FileNotFoundError as error:
        raise ImportNotPossible(
            "The file of this import is no longer kept. Upload the list again."
        ) from error


def _check(spreadsheet_import: SpreadsheetImport) -> None:
    if spreadsheet_import.state == State.UNDONE:
        raise ImportNotPossible("This import has been undone already.")
    if spreadsheet_import.state != State.APPLIED:
        raise ImportNotPossible("This import has not been applied, so there is nothing to undo.")
    if not spreadsheet_import.stamp:
        raise ImportNotPossible(
            "This import was applied before imports could be undone. Each change stays in the "
            "history of its action."
        )


def _take_back(spreadsheet_import: SpreadsheetImport, actor: User | None) -> Undone:
    trails = trails_of(spreadsheet_import.stamp)
    written = written_by(spreadsheet_import)
    # What others refer to first, as whoever works on an action locks it before its rows.
    for trail in reversed(trails):
        trail.lock()
    _refuse_obstacles(trails)
    reason = f"Undone: import of {spreadsheet_import}"
    undone = Undone(actions=(written.get("action", 0), written["changed"]))
    kept = _kept(trails)
    for trail in trails:
        stay = kept.get(trail.model, set())
        undone.kept += _names(trail.model, stay)
        gone = trail.records(trail.created()).exclude(pk__in=stay)
        if number := remove_in_bulk(gone, actor=actor, reason=reason):
            undone.removed[trail.name] = number
    for trail in trails:
        if number := _restore(trail, kept.get(trail.model, set()), actor, reason):
            undone.restored[trail.name] = number
    return undone


def _refuse_obstacles(trails: list[Trail]) -> None:
    found = [
        sentence
        for trail in trails
        if trail.model not in _KEPT_IF_USED
        for sentence in obstacles_to(trail, trails)
    ]
    if found:
        more = ", and more besides" if len(found) > NAMED else ""
        raise CannotBeUndone(
            "Nothing was undone, because others have worked on what this import wrote: "
            f"{'; '.join(found[:NAMED])}{more}."
        )


def _kept(trails: list[Trail]) -> dict[type[models.Model], set[Any]]:
    """Which publications and leads stay as they are, by model."""
    kept: dict[type[models.Model], set[Any]] = {}
    for trail in trails:
        if trail.model in _KEPT_IF_USED:
            kept[trail.model] = used_by_now(trail, trails, kept)
    return kept


def _names(model: type[models.Model], keys: set[Any]) -> list[str]:
    return sorted(str(each) for each in model._base_manager.filter(pk__in=keys))


def _restore(trail: Trail, stay: set[Any], actor: User | None, reason: str) -> int:
    """Let changed records say what they said before: the last changed first, so that each step
    backwards was allowed forwards.
    """
    done = 0
    for batch in in_batches(trail.changed(), _BATCH):
        firsts = {pk: first for pk, first in batch if pk not in stay}
        before = trail.before(firsts)
        records = trail.model._base_manager.in_bulk(firsts)
        for pk in firsts:
            record: Any = records[pk]
            for each in trail.history.tracked_fields:
                setattr(record, each.attname, getattr(before[pk], each.attname))
            if isinstance(record, Action):
                record.search_text = search_text_of(record)
            attribute(record, actor, reason)
            record.save()
            done += 1
    return done


def words_for(undone: Undone) -> str:
    """What undoing did, as sentences for the person who asked for it."""
    done = [
        f"{number:,} {'action' if number == 1 else 'actions'} {what}"
        for number, what in zip(undone.actions, ("removed", "restored"), strict=True)
        if number
    ]
    sentence = f"The import was undone{': ' + listed(done) if done else ''}."
    if undone.kept:
        sentence += f" Kept, because they are used by now: {listed(undone.kept)}."
    return sentence
