"""Recording what a force's list says: the one bulk path (first load), and changes of actions.

Neither moves the status, level or closing date of an action that is here already: only
`tracker.workflow` does. Rows have been validated before they arrive.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core.batches import in_batches
from core.bulk import create_all
from core.dates import today
from core.history import attribute
from core.markings import Marking
from inspections.choices import LeadRole
from inspections.models import CoreQuestion, Publication
from people.models import Lead, User
from tracker.choices import ClosureStep, Status
from tracker.leading import hand_over
from tracker.models import (
    Action,
    ActionLead,
    Closure,
    Confidence,
    DueDate,
    PortalPresence,
    ProgressUpdate,
    StatusPeriod,
)
from tracker.presence import come_or_go
from tracker.routes import route_of
from tracker.wordings import close_reason_of
from tracker.workflow import When, first_periods, reopen_cause_for_child

BATCH = 1_000
# Told after each batch how many rows are done so far.
Progress = Callable[[int], None]


class ParentMissing(ValueError):
    """A recommendation came before the cause of concern it belongs to."""


@dataclass(frozen=True, slots=True)
class SheetUpdate:
    """The latest update of a list's row.

    Args:
        made_on: when it was made.
        text: what has happened.
        confidence, confidence_reason: delivery confidence, None where the row gives none.
    """

    made_on: dt.date
    text: str
    confidence: Confidence | None = None
    confidence_reason: str = ""


@dataclass(frozen=True, slots=True)
class FirstLoadRow:
    """A validated row of a list, for an action that is not here yet (glossary, "First load").

    Args:
        parent_reference: reference of the cause of concern it belongs to, "" for none.
        on_portal: as the list says; first seen is then the day it was received, marked assumed.
        stage, stage_date: the status it arrives in, and since when.
        closed_on, closure_wording: of a closed action.
        due_on: the due date as issued.
        update: the latest update, None where the row has none.
        marking: a list has none; what it says is OFFICIAL.
        late_reason: why it is recorded later than it was received; a list says nothing of that.
    """

    reference: str
    portal_reference: str | None
    on_portal: bool
    publication: Publication
    kind: str
    register: str
    scope: str
    parent_reference: str
    level: int | None
    question: CoreQuestion | None
    executive: Lead | None
    delivery: Lead | None
    text: str
    received: dt.date
    due_on: dt.date | None
    stage: Status
    stage_date: dt.date
    update: SheetUpdate | None = None
    closed_on: dt.date | None = None
    closure_wording: str = ""
    marking: str = Marking.OFFICIAL
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """What a list says differently about an action. None = as it is: a blank erases nothing."""

    text: str | None = None
    portal_reference: str | None = None
    on_portal: bool | None = None
    question: CoreQuestion | None = None
    executive: Lead | None = None
    delivery: Lead | None = None
    due_on: dt.date | None = None
    update: SheetUpdate | None = None


def search_text_of(action: Action) -> str:
    """What a search looks through of an action itself: its references and text, in lower case."""
    parts = (action.reference, action.portal_reference, action.text)
    return " ".join(part for part in parts if part).lower()


@transaction.atomic
def record_first_load(
    rows: Iterable[FirstLoadRow],
    *,
    actor: User | None,
    reason: str,
    progress: Progress = lambda done: None,
) -> int:
    """Record actions that are not here yet, with everything their rows tell.

    Rows are taken as they come and written a batch at a time, each record with its row of history.

    Args:
        rows: validated; a cause of concern comes before the recommendations that belong to it.
        actor: who loads the list; None for a command.
        reason: for the audit trail, e.g. the name of the file.
        progress: told how many are done.

    Returns:
        How many actions were recorded.

    Raises:
        ParentMissing: a row's cause of concern is neither here nor earlier in `rows`.
    """
    done = 0
    for batch in in_batches(rows, BATCH):
        _record_batch(batch, _BulkWriter(actor, reason))
        done += len(batch)
        progress(done)
    return done


@dataclass(frozen=True)
class _BulkWriter:
    """Bulk creation with history, on somebody's behalf and for a reason."""

    actor: User | None
    reason: str

    def create(self, records: Sequence[models.Model]) -> None:
        create_all(records, actor=self.actor, reason=self.reason)


def _record_batch(batch: list[FirstLoadRow], write: _BulkWriter) -> None:
    pairs = _record_actions(batch, write)
    actor = write.actor
    write.create([each for row, action in pairs for each in _new_periods(row, action, actor)])
    write.create([each for row, action in pairs for each in _new_leads(row, action)])
    write.create(
        [
            PortalPresence(action=action, started_on=row.received, assumed=True)
            for row, action in pairs
            if row.on_portal
        ]
    )
    write.create(
        [
            DueDate(action=action, due_on=row.due_on, agreed_on=row.received, recorded_by=actor)
            for row, action in pairs
            if row.due_on
        ]
    )
    write.create([_new_update(row.update, action, actor) for row, action in pairs if row.update])
    write.create(
        [
            _carried_over(row, action)
            for row, action in pairs
            if row.stage in (Status.CLOSURE_PROPOSED, Status.WITH_HMICFRS)
        ]
    )
    _reopen_causes(pairs, actor)


def _reopen_causes(pairs: list[tuple[FirstLoadRow, Action]], actor: User | None) -> None:
    """A closed cause of concern is live again once a live recommendation of it is recorded."""
    live: dict[int | None, tuple[FirstLoadRow, Action]] = {}
    for row, action in sorted(pairs, key=lambda pair: pair[0].received):
        if action.parent_id and row.stage != Status.CLOSED:
            live.setdefault(action.parent_id, (row, action))
    if not live:
        return
    closed = StatusPeriod.objects.filter(ended_on=None, status=Status.CLOSED)
    for cause in Action.objects.filter(pk__in=closed.filter(action__in=live).values("action")):
        row, action = live[cause.pk]
        reopen_cause_for_child(
            cause,
            actor=actor,
            reason=f"{action} was received",
            when=When(row.received, row.late_reason),
        )


def _record_actions(
    batch: list[FirstLoadRow], write: _BulkWriter
) -> list[tuple[FirstLoadRow, Action]]:
    """The actions of a batch, those without a parent first: they may be parents of the rest."""
    alone = [row for row in batch if not row.parent_reference]
    children = [row for row in batch if row.parent_reference]
    actions = [_new_action(row, None) for row in alone]
    write.create(actions)
    parents = _parents_of(children)
    for row in children:
        if row.parent_reference.casefold() not in parents:
            raise ParentMissing(
                f"{row.reference} belongs to {row.parent_reference}, which is not recorded."
            )
    below = [_new_action(row, parents[row.parent_reference.casefold()]) for row in children]
    write.create(below)
    return list(zip([*alone, *children], [*actions, *below], strict=True))


def _parents_of(children: list[FirstLoadRow]) -> dict[str, int]:
    """Reference without letter case -> primary key, of the causes of concern these belong to."""
    named = Action.objects.by_references({row.parent_reference for row in children})
    found = named.values_list("reference", "pk")
    return {reference.casefold(): pk for reference, pk in found}


def _new_action(row: FirstLoadRow, parent_id: int | None) -> Action:
    action = Action(
        reference=row.reference,
        portal_reference=row.portal_reference,
        kind=row.kind,
        register=row.register,
        scope=row.scope,
        publication=row.publication,
        parent_id=parent_id,
        question=row.question,
        text=row.text,
        marking=row.marking,
    )
    action.search_text = search_text_of(action)
    return action


def _new_periods(row: FirstLoadRow, action: Action, actor: User | None) -> Iterator[StatusPeriod]:
    reason = ""
    if row.stage == Status.CLOSED:
        reason, _ = close_reason_of(
            row.closure_wording, kind=row.kind, register=row.register, level=row.level
        )
    steps = first_periods(
        received=row.received,
        stage=row.stage,
        stage_date=row.stage_date,
        level=row.level,
        closed_on=row.closed_on,
        close_reason=reason,
        original_wording=row.closure_wording,
    )
    for sequence, step in enumerate(steps, start=1):
        yield StatusPeriod(
            action=action,
            sequence=sequence,
            status=step.status,
            level=step.level,
            started_on=step.started_on,
            ended_on=step.ended_on,
            close_reason=step.close_reason,
            original_wording=step.original_wording,
            late_reason=row.late_reason,
            assumed=step.assumed,
            recorded_by=actor,
        )


def _carried_over(row: FirstLoadRow, action: Action) -> Closure:
    """The closure of a row that arrives in the middle of one; its earlier steps are not known."""
    route = route_of(row.kind, row.register, row.level)
    there = row.stage == Status.WITH_HMICFRS
    return Closure(
        action=action,
        carried_over=True,
        route=route.key if route else "",
        step=ClosureStep.WITH_HMICFRS if there else ClosureStep.TO_COMPLETE,
        step_since=row.stage_date,
        proposed_on=row.stage_date,
        asked=row.text,
    )


def _new_leads(row: FirstLoadRow, action: Action) -> Iterator[ActionLead]:
    for role, lead in ((LeadRole.EXECUTIVE, row.executive), (LeadRole.DELIVERY, row.delivery)):
        if lead:
            yield ActionLead(action=action, role=role, lead=lead, started_on=row.received)


def _new_update(update: SheetUpdate, action: Action, actor: User | None) -> ProgressUpdate:
    return ProgressUpdate(
        action=action,
        made_on=update.made_on,
        text=update.text,
        confidence=update.confidence,
        confidence_reason=update.confidence_reason,
        recorded_by=actor,
    )


@transaction.atomic
def change_from_sheet(
    action: Action, changes: SheetChanges, *, actor: User | None, reason: str
) -> None:
    """Take over what a list says differently about an action that is here.

    Leads change from today on; a due date is a revision with a reason; an update is added, never
    changed.

    Args:
        action: the action.
        changes: what differs.
        actor: who imports the list; None for a command.
        reason: for the audit trail and the revised due date, naming the file.
    """
    action = Action.objects.select_for_update().get(pk=action.pk)
    if changes.due_on:
        _revise_due(action, changes.due_on, actor, reason)
    if changes.update:
        update = _new_update(changes.update, action, actor)
        _save(update, actor, reason)
    for role, lead in (
        (LeadRole.EXECUTIVE, changes.executive),
        (LeadRole.DELIVERY, changes.delivery),
    ):
        if lead:
            hand_over(action, role, lead, actor=actor, on=today(), reason=reason)
    if changes.on_portal is not None:
        come_or_go(action, changes.on_portal, actor, reason)
    if _change_fields(action, changes):
        action.search_text = search_text_of(action)
        _save(action, actor, reason)


def _save(record: Any, actor: User | None, reason: str) -> None:
    attribute(record, actor, reason)
    # Nobody in particular is the actor of a command.
    record.full_clean(exclude=None if actor else {"recorded_by"})
    record.save()


def _change_fields(action: Action, changes: SheetChanges) -> bool:
    """Take over what differs of the action's own fields; whether anything does."""
    different = False
    for name in ("text", "portal_reference", "question"):
        value = getattr(changes, name)
        if value is not None and value != getattr(action, name):
            setattr(action, name, value)
            different = True
    return different


def _revise_due(action: Action, due_on: dt.date, actor: User | None, reason: str) -> None:
    """The first due date that a list gives is the one as issued; any other is a revision."""
    last = action.due_dates.order_by("-sequence").first()
    _save(
        DueDate(
            action=action,
            sequence=last.sequence + 1 if last else 0,
            due_on=due_on,
            agreed_by=str(actor) if actor and last else "",
            reason=reason if last else "",
            recorded_by=actor,
        ),
        actor,
        reason,
    )
