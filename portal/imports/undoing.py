"""Undoing an import as a whole, by the audit trail, while nobody has worked on what it wrote.

Applying stamps every row of history it writes (`SpreadsheetImport.stamp`). What it created is
removed, what it changed returns to what it said before; both leave their own rows of history, which
have a stamp of their own: an import and its undoing cancel each other out, so that imports are
undone one after another, the last first. Notices that people were sent and files that were kept
stay: the audit trail does not hold them.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core.batches import in_batches
from core.bulk import change_all
from core.history import attribute, remove_in_bulk, stamped
from core.numbers import listed
from core.stored import is_recorded
from core.turns import Turn, wait_for_turn
from evidence.models import CharacteristicEvidence, Evidence, EvidenceFile
from inspections.models import Publication
from people.models import Lead, User
from portal.imports.derived import Differences
from portal.imports.obstacles import KEPT_IF_USED, named, obstacles_to, used_by_now
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.imports.trail import Trail, Trails, derived_from, trails_of
from portal.models import PortalRecord, Purpose, SpreadsheetImport, State
from portal.reconciliation.comparing import compare
from tracker.models import Action, ActionEvidence
from tracker.recording import search_text_of

logger = logging.getLogger("portal.imports")
_BATCH = 500


class CannotBeUndone(ImportNotPossible):
    """Others have worked on what the import wrote."""


@dataclass(frozen=True)
class Written:
    """How much an import wrote, or how much of it was taken back.

    Args:
        actions, records, publications, leads: how many it created; records are of the portal.
        changed_actions, changed_records: how many that were there before it changed.
        opened, closed: how many differences with the portal.
        evidence, links: how many pieces of evidence it created, and how many links of evidence that
            was there before.
    """

    actions: int = 0
    changed_actions: int = 0
    records: int = 0
    changed_records: int = 0
    publications: int = 0
    leads: int = 0
    opened: int = 0
    closed: int = 0
    evidence: int = 0
    links: int = 0


@dataclass(frozen=True)
class Prospect:
    """What undoing an import would do.

    Args:
        written: what it would take back.
        stands_against: why it cannot be undone now, as a sentence; "" where it can.
    """

    written: Written = field(default_factory=Written)
    stands_against: str = ""


@dataclass
class Undone:
    """What undoing did.

    Args:
        removed, restored: how many records, by name of the model.
        back: what was taken back.
        kept: publications and leads that it recorded and that somebody uses by now.
    """

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    back: Written = field(default_factory=Written)
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
            locked.undo_stamp = uuid.uuid4().hex[:12]
            with stamped(locked.undo_stamp):
                undone = _take_back(locked, actor)
            locked.state = State.UNDONE
            locked.undone_by, locked.undone_at = actor, timezone.now()
            attribute(locked, actor, "Undone")
            locked.save()
    except IntegrityError as error:
        logger.exception("Import %s could not be undone", spreadsheet_import.pk)
        raise CannotBeUndone(
            "Something recorded since stands in the way of this import’s old values, so nothing "
            "was undone. If somebody was at work on its actions just now, try again; otherwise the "
            "log of the portal says what it is."
        ) from error
    return undone


def prospect_of(spreadsheet_import: SpreadsheetImport) -> Prospect:
    """What undoing an import would do, and what stands against it."""
    written = Written()
    try:
        _check(spreadsheet_import)
        trails = trails_of(spreadsheet_import)
        written = _written(trails)
        _refuse_obstacles(trails)
    except ImportNotPossible as refusal:
        return Prospect(written, str(refusal))
    return Prospect(written)


def _written(trails: Trails) -> Written:
    differences = Differences(trails).written()
    if trails.spreadsheet_import.purpose == Purpose.EVIDENCE:
        return Written(evidence=_created(trails, Evidence), links=_links_alone(trails))
    records = trails.of(PortalRecord)
    return Written(
        actions=_created(trails, Action),
        changed_actions=len(trails.changed_actions),
        records=_created(trails, PortalRecord),
        changed_records=records.changed_keys().distinct().count() if records else 0,
        publications=_created(trails, Publication),
        leads=_created(trails, Lead),
        opened=differences.opened,
        closed=differences.closed,
    )


def _created(trails: Trails, model: type[models.Model]) -> int:
    return int(trails.created(model).count())


def _links_alone(trails: Trails) -> int:
    """How many links it made of evidence that was there before."""
    created = trails.created(Evidence)
    kinds: tuple[Any, ...] = (CharacteristicEvidence, ActionEvidence)
    return sum(
        model.objects.filter(pk__in=trails.created(model)).exclude(evidence__in=created).count()
        for model in kinds
    )


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
    trails = trails_of(spreadsheet_import)
    trails.lock()
    _refuse_obstacles(trails)
    _wait_for_files(trails)
    reason = f"Undone: import of {spreadsheet_import}"
    undone = Undone(back=_written(trails))
    differences = Differences(trails)
    reopened = differences.take_back(actor, reason)
    kept = _kept(trails)
    for trail in trails.all:
        stay = kept.get(trail.model, set())
        undone.kept += _names(trail.model, stay)
        gone = trail.records(trail.created()).exclude(pk__in=stay)
        _let_go(trail, gone)
        if number := remove_in_bulk(gone, actor=actor, reason=reason):
            undone.removed[trail.name] = number
    for trail in trails.all:
        if number := _restore(trail, kept.get(trail.model, set()), actor, reason):
            undone.restored[trail.name] = number
    # What is here again may differ from the portal.
    compared = compare(actor=actor) is not None
    differences.vanish(
        compared=compared, stamp=spreadsheet_import.undo_stamp, actor=actor, reason=reason
    )
    undone.back = replace(undone.back, closed=reopened)
    return undone


def _wait_for_files(trails: Trails) -> None:
    """Nobody lets another record stand for a file while it is found out whether it goes."""
    prints = EvidenceFile.objects.filter(pk__in=trails.created(EvidenceFile))
    # Always in one order, so that no two wait for each other.
    for sha256 in sorted(set(prints.values_list("sha256", flat=True))):
        wait_for_turn(Turn.KEEPING_A_FILE, sha256)


def _let_go(trail: Trail, gone: models.QuerySet[Any]) -> None:
    """Remove what goes with records that are removed: what is derived from them, and the file of a
    piece of evidence, once that is certain and where no other record stands for it.
    """
    for other, refers in derived_from(trail.model):
        # Derived, so without a history that this could leave out.
        other._base_manager.filter(**{f"{refers}__in": gone.values("pk")}).delete()
    if trail.model is EvidenceFile:
        files = [each.file for each in gone]
        transaction.on_commit(partial(_remove_files, files), robust=True)


def _remove_files(files: list[Any]) -> None:
    for file in files:
        if not is_recorded(str(file.name)):
            file.storage.delete(str(file.name))


def _refuse_obstacles(trails: Trails) -> None:
    if found := named(chain(obstacles_to(trails), Differences(trails).answered())):
        raise CannotBeUndone(
            f"Nothing was undone, because others have worked on what this import wrote: {found}."
        )


def _kept(trails: Trails) -> dict[type[models.Model], set[Any]]:
    """Which publications and leads stay as they are, by model."""
    kept: dict[type[models.Model], set[Any]] = {}
    for trail in trails.all:
        if trail.model in KEPT_IF_USED:
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
        records, differing = _as_before(trail, [pk for pk, _ in batch if pk not in stay])
        done += len(records)
        if trail.model is PortalRecord:
            # There are many of them, and none takes another's place.
            if differing:
                change_all(records, sorted(differing), actor=actor, reason=reason)
            continue
        for record in records:
            if isinstance(record, Action):
                record.search_text = search_text_of(record)
            attribute(record, actor, reason)
            record.save()
    return done


def _as_before(trail: Trail, keys: list[Any]) -> tuple[list[Any], set[str]]:
    """Records as they were before the import, in this order, not saved yet; and the fields in which
    any of them differs from what it is now.
    """
    before = trail.before(keys)
    held = trail.model._base_manager.in_bulk(keys)
    differing: set[str] = set()
    for pk in keys:
        for each in trail.history.tracked_fields:
            then = getattr(before[pk], each.attname)
            if getattr(held[pk], each.attname) != then:
                setattr(held[pk], each.attname, then)
                differing.add(each.name)
    return [held[pk] for pk in keys], differing


def words_for(undone: Undone) -> str:
    """What undoing did, as sentences for the person who asked for it."""
    sentence = f"The import was undone{': ' + done if (done := listed([*_done(undone)])) else ''}."
    if undone.kept:
        sentence += f" Kept, because they are used by now: {listed(undone.kept)}."
    return sentence


def _done(undone: Undone) -> Iterator[str]:
    back = undone.back
    for number, thing, what in (
        (back.actions, "action", "removed"),
        (back.changed_actions, "action", "restored"),
        (back.records, "record", "of the portal removed"),
        (back.changed_records, "record", "of the portal restored"),
        (back.closed, "difference", "open again"),
        (back.evidence, "piece of evidence", "removed"),
        (back.links, "link of evidence", "taken off"),
    ):
        if number:
            yield f"{number:,} {_plural(thing, number)} {what}"


def _plural(thing: str, number: int) -> str:
    noun, of, rest = thing.partition(" of ")
    return f"{noun}{'' if number == 1 else 's'}{of}{rest}"
