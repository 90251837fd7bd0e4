"""Governance corrects the record of an action, and of a publication that has actions.

Status, activity level and leads are no part of this: they change on a day, through
`tracker.workflow`. What is corrected here was wrong all along.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from core.collisions import Change, FieldChange, what_to_write
from core.dates import long_date
from core.history import attribute
from inspections import recording
from inspections.models import Publication
from people.models import User
from tracker.choices import Kind, Status, register_for
from tracker.models import Action, DueDate, StatusPeriod
from tracker.new_actions import causes_of
from tracker.outside import first_seen
from tracker.presence import come_or_go
from tracker.recording import search_text_of
from tracker.workflow import Refused, open_period, reopen_cause_for_child
from tracker.workflow.moves import lock_several
from tracker.workflow.sentences import ENTERED_IN_ERROR

# A mistake in the kind of an action can be put right between these; they close in the same ways.
SAME_ROUTES = (Kind.RECOMMENDATION, Kind.AFI)


@dataclass(frozen=True, slots=True)
class DueAsIssued:
    """The due date as issued, which is a record of its own.

    Args:
        seen: what the writer saw.
        right: what it should have been.
    """

    seen: dt.date | None
    right: dt.date | None


def due_as_issued(action: Action) -> dt.date | None:
    """The day an action was due as it was issued, before anything was agreed."""
    issued = action.due_dates.filter(sequence=0).first()
    return issued.due_on if issued else None


@transaction.atomic
def change_action(
    action: Action,
    *,
    actor: User,
    version: int,
    reason: str,
    due: DueAsIssued | None = None,
    **fields: Any,
) -> Action:
    """Correct the record of an action; nothing happens where it says all that already.

    A portal reference that is new here means that the action is on the portal: since an export
    showed it first, else since today. A closed cause of concern that a live recommendation turns
    out to belong to is live again.

    Args:
        version: the one the writer saw.
        reason: why it is corrected, for the audit trail.
        due: the due date as issued; None leaves it.
        fields: of `kind`, `text`, `scope`, `portal_reference`, `question`, `marking`, `parent`.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        Refused: entered in error, no reason, or a kind that it cannot have been.
        ValidationError: by field, what does not fit; among it a cause of concern that is not one
            of this publication, or would be left without a recommendation.
    """
    current = _lock_with_causes(action, fields.get("parent"))
    if current.entered_in_error:
        raise Refused(ENTERED_IN_ERROR)
    if not reason.strip():
        raise Refused("Say why the record is corrected.")
    issued = current.due_dates.filter(sequence=0).first()
    fields = what_to_write(current, version, fields, beside=_due_changes(issued, due))
    due_corrected = _correct_due(current, issued, due, actor, reason)
    if due_corrected or any(getattr(current, name) != fields[name] for name in fields):
        _correct(current, fields, actor, reason)
    return current


def _correct(current: Action, fields: dict[str, Any], actor: User, reason: str) -> None:
    """Write a correction, and what follows from it. The action is locked by the caller."""
    parent_before, reference_before = current.parent, current.portal_reference
    _check_kind(current, fields)
    for name, value in fields.items():
        setattr(current, name, value)
    _check_parent(current, parent_before)
    current.search_text = search_text_of(current)
    attribute(current, actor, reason)
    current.full_clean()
    current.save()
    if current.portal_reference and not reference_before:
        come_or_go(current, True, actor, reason, day=_shown_since(current))
    if current.parent and current.parent != parent_before and _is_live(current):
        reopen_cause_for_child(
            current.parent, actor=actor, reason=f"{current} turned out to belong to it"
        )


def _shown_since(current: Action) -> dt.date | None:
    """Since when the portal shows an action by its reference, as far as an export tells; not before
    it was received here, nor before it was last gone.
    """
    seen = first_seen(str(current.portal_reference))
    if seen is None:
        return None
    received = StatusPeriod.objects.get(action=current, sequence=1).started_on
    gone = current.portal_presences.aggregate(day=Max("ended_on"))["day"]
    return max(day for day in (seen, received, gone) if day is not None)


def _lock_with_causes(action: Action, parent: Action | None) -> Action:
    """The action as it is now, locked after the causes of concern it belongs to or shall."""
    held = lock_several(each for each in (action, parent) if each)
    return next(each for each in held if each.pk == action.pk)


def _is_live(action: Action) -> bool:
    return bool(open_period(action).status != Status.CLOSED)


def _check_kind(current: Action, fields: dict[str, Any]) -> None:
    kind = fields.get("kind", current.kind)
    if kind != current.kind and not {kind, current.kind} <= set(SAME_ROUTES):
        raise Refused(
            "Only a recommendation and an AFI can be taken for one another. Where this is another "
            "kind of action, say that it was entered in error and record the right one."
        )


def _check_parent(current: Action, before: Action | None) -> None:
    """That an action, as it shall be, belongs where it can.

    Raises:
        ValidationError: by the field `parent`.
    """
    if current.parent == before:
        return
    if current.parent is not None and current.parent not in causes_of(current.publication):
        raise ValidationError(
            {"parent": f"{current.parent} is not a cause of concern of this publication."}
        )
    if before is not None:
        others = before.children.filter(entered_in_error=False).exclude(pk=current.pk)
        if not others.exists():
            raise ValidationError(
                {
                    "parent": f"{before} would be left without a recommendation. Record another "
                    "one for it first."
                }
            )


def _due_changes(issued: DueDate | None, due: DueAsIssued | None) -> list[Change]:
    """Who corrected the due date as issued since the writer saw it, where both would."""
    now = issued.due_on if issued else None
    if issued is None or due is None or due.right in (due.seen, now) or due.seen == now:
        return []
    row: Any = issued.history.latest()  # type: ignore[attr-defined]
    was = long_date(due.seen) if due.seen else ""
    field = FieldChange("due_on", "Due date as issued", was, long_date(issued.due_on))
    return [Change(by=row.user_name or "somebody", at=row.history_date, fields=(field,))]


def _correct_due(
    current: Action, issued: DueDate | None, due: DueAsIssued | None, actor: User, reason: str
) -> bool:
    """Correct the due date as issued; whether there was anything to correct."""
    now = issued.due_on if issued else None
    if due is None or due.right in (due.seen, now):
        return False
    received = StatusPeriod.objects.get(action=current, sequence=1).started_on
    if due.right is None:
        raise ValidationError(
            {"due_on": "A due date that was issued is corrected, not removed. Enter the right day."}
        )
    if due.right < received:
        raise ValidationError(
            {
                "due_on": f"{long_date(due.right)} is before the action was received "
                f"({long_date(received)})."
            }
        )
    issued = issued or DueDate(action=current, agreed_on=received, recorded_by=actor)
    issued.due_on = due.right
    attribute(issued, actor, reason)
    issued.full_clean(exclude={"recorded_by"})
    issued.save()
    return True


@transaction.atomic
def change_publication(
    publication: Publication, *, actor: User, version: int, **fields: Any
) -> Publication:
    """Change the details of a publication, as far as the actions that came with it allow.

    Arguments and what is raised as for `inspections.recording.change_publication`; and:

    Raises:
        ValidationError: a type whose actions are kept in another register, or a day after actions
            were received.
    """
    before = Publication.objects.select_for_update().get(pk=publication.pk)
    changed = recording.change_publication(publication, actor=actor, version=version, **fields)
    if changed.type != before.type:
        _check_register(changed)
    if changed.first_possible_day > before.first_possible_day:
        _check_published_by_then(changed)
    return changed


def _check_register(changed: Publication) -> None:
    register = register_for(changed.type)
    if other := changed.actions.exclude(register=register).first():
        raise ValidationError(
            {
                "type": f"{other} came from this publication and is kept as "
                f"“{other.get_register_display()}”: the type has to stay one of that kind."
            }
        )


def _check_published_by_then(changed: Publication) -> None:
    first = (
        StatusPeriod.objects.filter(
            action__publication=changed, action__entered_in_error=False, sequence=1
        )
        .select_related("action")
        .order_by("started_on")
        .first()
    )
    if first is not None and first.started_on < changed.first_possible_day:
        raise ValidationError(
            {
                "published_on": f"{first.action} was received on {long_date(first.started_on)}, so "
                "the report was published by then."
            }
        )
