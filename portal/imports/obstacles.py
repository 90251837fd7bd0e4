"""What stands against undoing an import: whatever others have done with what it wrote.

A change of an action stands for its row of the list as a whole: whatever is recorded of that action
afterwards, an update too, may rest on what the list said.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils import timezone

from core.batches import in_batches
from core.dates import long_date
from evidence.models import EvidenceReading
from inspections.models import Publication
from people.models import Lead
from portal.imports.trail import Trail, Trails, references_to
from portal.models import PortalRecord, Purpose, SpreadsheetImport, State
from tracker.choices import Status
from tracker.models import Action, PortalPresence, StatusPeriod

# So many are named; there may be more.
NAMED = 5
# Recorded because a list named them; they stay where somebody uses or has changed them by now.
KEPT_IF_USED: tuple[type[models.Model], ...] = (Publication, Lead)
# So many keys go into one statement.
_AT_ONCE = 5_000


def obstacles_to(trails: Trails) -> Iterator[str]:
    """What others did with what an import wrote, as parts of a sentence; of each kind a few more
    than are named.
    """
    if later := [*_later_exports(trails.spreadsheet_import)]:
        # Whatever else they did goes with them.
        yield from later
        return
    yield from _left_under_a_closed_cause(trails)
    for trail in trails.all:
        if trail.model not in KEPT_IF_USED:
            yield from _of_records(trail, trails)
    if trails.spreadsheet_import.purpose != Purpose.EVIDENCE:
        # That evidence is about an action says nothing of the action itself.
        yield from _done_since(trails)
    yield from _seen_since(trails)


def _later_exports(spreadsheet_import: SpreadsheetImport) -> Iterator[str]:
    """Exports of the portal are taken back the last first: each is compared with those before."""
    if spreadsheet_import.purpose != Purpose.EXPORT:
        return
    later = SpreadsheetImport.objects.filter(
        purpose=Purpose.EXPORT,
        state=State.APPLIED,
        applied_at__gt=spreadsheet_import.applied_at,
    )
    for each in later.order_by("-applied_at", "-pk")[: NAMED + 1]:
        day = f" of {long_date(each.as_at)}" if each.as_at else ""
        yield f"the export {each}{day} was taken after it, so undo that first"


def _left_under_a_closed_cause(trails: Trails) -> Iterator[str]:
    """Live recommendations of causes of concern that the import opened again: they would be left
    under closed ones.
    """
    periods = trails.of(StatusPeriod)
    if periods is None:
        return
    closed_again = StatusPeriod.objects.filter(
        pk__in=periods.changed_keys(), status=Status.CLOSED, ended_on__isnull=False
    )
    live = StatusPeriod.objects.filter(action=OuterRef("pk"), ended_on=None).exclude(
        status=Status.CLOSED
    )
    children = Action.objects.filter(
        Exists(live), parent__in=closed_again.values("action"), entered_in_error=False
    ).exclude(pk__in=trails.created(Action))
    for child in children.select_related("parent").order_by("pk")[: NAMED + 1]:
        yield f"{child} is live, and {child.parent}, which it belongs to, would be closed again"


def _of_records(trail: Trail, trails: Trails) -> Iterator[str]:
    for row in _later(trail, trails).order_by("history_id")[: NAMED + 1]:
        yield _what_happened(row, row.instance)
    for other, refers in references_to(trail.model):
        for record in _referring(trail, other, refers, trails)[: NAMED + 1]:
            target = getattr(record, refers.removesuffix("_id"))
            if isinstance(record, EvidenceReading):
                yield (
                    f"“{target}” was read by {record.reader_name}, and who reads what is sensitive "
                    "stays on record: withdraw that evidence on its page instead"
                )
                continue
            yield f"{_what_is(record)} of {_named(target)} was recorded{_of(record)}"


def _done_since(trails: Trails) -> Iterator[str]:
    """What others recorded of actions that were there before and that the import changed; an export
    says of an action only whether it is on the portal.
    """
    of_an_action = _of_an_action()
    if trails.spreadsheet_import.purpose == Purpose.EXPORT:
        of_an_action = {PortalPresence: of_an_action[PortalPresence]}
    for keys in in_batches(trails.changed_actions, _AT_ONCE):
        for model, path in of_an_action.items():
            rows = trails.later(model).filter(**{f"{path}__in": keys})
            for row in rows.order_by("history_id")[: NAMED + 1]:
                yield _what_happened(row, row.instance)


@cache
def _of_an_action() -> dict[type[models.Model], str]:
    """The tracked models that are of an action, with the way to its key: those that name it
    themselves, and those that belong to one of them.
    """
    found: dict[type[models.Model], str] = {Action: "id"}
    for model, refers in references_to(Action):
        if refers == "action_id" and hasattr(model, "history"):
            found[model] = refers
            for other, between in references_to(model):
                if hasattr(other, "history"):
                    found[other] = f"{between.removesuffix('_id')}__{refers}"
    return found


def _seen_since(trails: Trails) -> Iterator[str]:
    """Exports that show actions on the portal of which the list said so."""
    presences = trails.of(PortalPresence)
    if presences is None or trails.spreadsheet_import.purpose == Purpose.EXPORT:
        return
    said = Action.objects.filter(pk__in=presences.written.values("action_id"))
    said = said.exclude(pk__in=trails.created(Action)).exclude(portal_reference=None)
    references = said.order_by().annotate(key=Lower("portal_reference")).values("key")
    seen = trails.later(PortalRecord).annotate(key=Lower("reference"))
    rows = seen.filter(key__in=references, gone_since=None).order_by("history_id")
    for row in rows[: NAMED + 1]:
        yield f"{row.reference} was seen on the portal {_when_and_who(row)}"


def used_by_now(
    trail: Trail, trails: Trails, kept: Mapping[type[models.Model], set[Any]]
) -> set[Any]:
    """The records of a trail that somebody else uses or has changed.

    Args:
        trail: of one model.
        trails: everything the import wrote.
        kept: of the models that refer to this one, what is kept for the same reason.
    """
    found = set(_later(trail, trails).values_list(trail.key, flat=True))
    for other, refers in references_to(trail.model):
        found |= set(_referring(trail, other, refers, trails).values_list(refers, flat=True))
        if stay := kept.get(other):
            staying = other._base_manager.filter(pk__in=stay, **{f"{refers}__in": trail.created()})
            found |= set(staying.values_list(refers, flat=True))
    return found


def named(obstacles: Iterable[str]) -> str:
    """Obstacles as they stand in a sentence, each once, five at most; "" where there is none."""
    found = list(dict.fromkeys(obstacles))
    more = ", and more besides" if len(found) > NAMED else ""
    return f"{'; '.join(found[:NAMED])}{more}"


def _later(trail: Trail, trails: Trails) -> Any:
    """Rows of history that others have added to the records of a trail since."""
    ours = trail.written.filter(
        **{trail.key: OuterRef(trail.key)}, history_id__lt=OuterRef("history_id")
    )
    return trails.of_others(trail.history.objects).filter(Exists(ours))


def _referring(
    trail: Trail, other: type[models.Model], refers: str, trails: Trails
) -> models.QuerySet[Any]:
    """Records of another model that refer to what was created here, and are not of the import."""
    found = other._base_manager.filter(**{f"{refers}__in": trail.created()}).order_by("pk")
    theirs = trails.of(other)
    return found.exclude(pk__in=theirs.created()) if theirs else found


def _named(record: Any) -> str:
    action = _action_of(record)
    return f"{_what_is(record)} of {action}" if action else str(record)


def _action_of(record: Any) -> Action | None:
    """The action that a record is of, itself or through what it belongs to."""
    path = _of_an_action().get(type(record), "action_id")
    if path == "id":
        return None
    for step in path.removesuffix("_id").split("__"):
        record = getattr(record, step, None)
    return record


def _what_is(record: models.Model) -> str:
    return f"the {record._meta.verbose_name}"


def _what_happened(row: Any, record: Any) -> str:
    done = {"+": "recorded", "-": "removed"}.get(row.history_type, "changed")
    return f"{_named(record)} was {done} {_when_and_who(row)}"


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
