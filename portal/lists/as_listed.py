"""Actions as the force's list says them: the value of each column, in the list's own words.

What is written so is read back as what is on record: nothing else may go into a sheet that people
edit and bring back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery

from core.batches import in_batches
from core.dates import today
from core.markings import Marking
from inspections.choices import PublicationType, Scope
from portal.lists.start_list import STAGE_WORDS
from portal.reading.cells import LONG_TEXT, line_of, text_of
from tracker.choices import CloseReason, Kind, Stage, Status
from tracker.models import Action, Confidence, ProgressUpdate

if TYPE_CHECKING:
    from people.models import User

# What an Excel cell holds, and what an import takes, whichever is less.
LONGEST = min(32_767, LONG_TEXT)
BATCH = 1_000
_STATUSES = {
    Stage.LOCAL_CLOSURE: Status.CLOSURE_PROPOSED,
    Stage.WITH_HMICFRS: Status.WITH_HMICFRS,
    Stage.CLOSED: Status.CLOSED,
}


@dataclass(frozen=True)
class Listed:
    """An action as the list says it.

    Args:
        reference: its own.
        values: field of `START_LIST` -> text, number, day or None.
        too_long: fields left empty because a cell does not hold so much text.
        sensitive: whether anything in it is marked OFFICIAL-SENSITIVE.
    """

    reference: str
    values: dict[str, Any]
    too_long: tuple[str, ...]
    sensitive: bool


def stage_word(stage: str) -> str:
    """How the list calls a stage: “Local closure”."""
    return STAGE_WORDS.get(_STATUSES.get(Stage(stage), Status.IN_PROGRESS), "In progress")


def as_listed(keys: Sequence[Any], user: "User") -> Iterator[Listed]:
    """Actions as they stand today, as far as a person may read them.

    Args:
        keys: primary keys, in the order wanted; what the person may not read is left out.
        user: who reads. Of updates that they may not read, the latest that they may stands in.

    A fixed number of queries for each thousand actions.
    """
    scale = dict(Confidence.objects.values_list("order", "name"))
    for batch in in_batches(keys, BATCH):
        actions = {action.pk: action for action in _actions(batch, user)}
        updates = _updates(actions.values(), user)
        parents = _parents(actions.values(), user)
        for key in batch:
            if key in actions:
                yield _listed(actions[key], updates, parents, scale)


def _actions(keys: list[Any], user: "User") -> Any:
    made = ProgressUpdate.objects.filter(action=OuterRef("pk"), made_on__lte=today())
    latest = made.order_by("-made_on", "-id")
    return (
        Action.objects.visible_to(user)
        .filter(pk__in=keys)
        .with_position(today())
        .select_related("publication", "question")
        .annotate(
            closing_words=F("period__original_wording"),
            latest_readable=Subquery(latest.visible_to(user).values("pk")[:1]),
            latest_rated=Subquery(latest.exclude(confidence=None).values("pk")[:1]),
        )
    )


def _updates(actions: Any, user: "User") -> dict[int | None, ProgressUpdate]:
    keys = {key for each in actions for key in (each.latest_readable, each.latest_rated) if key}
    return {**ProgressUpdate.objects.visible_to(user).in_bulk(keys)}


def _parents(actions: Any, user: "User") -> dict[int, str]:
    """The references of causes of concern that this person may read."""
    keys = {action.parent_id for action in actions if action.parent_id}
    visible = Action.objects.visible_to(user).filter(pk__in=keys)
    return dict(visible.values_list("pk", "reference"))


def _listed(
    action: Any,
    updates: dict[int | None, ProgressUpdate],
    parents: dict[int, str],
    scale: dict[int, str],
) -> Listed:
    publication = action.publication
    outside = publication.type != PublicationType.INTERNAL_REVIEW
    values: dict[str, Any] = {
        "reference": action.reference,
        "portal_reference": _line(action.portal_reference),
        "on_portal": "Yes" if action.on_portal_at else "No",
        "publication": _line(publication.title),
        "published": publication.published_on,
        # A list is of what came from outside, and has no word for an internal review.
        "source_type": str(PublicationType(publication.type).label) if outside else None,
        "kind": str(Kind(action.kind).label),
        "parent": parents.get(action.parent_id),
        "level": action.level_at,
        "scope": str(Scope(action.scope).label),
        "question": action.question.number if action.question else None,
        "executive": _line(action.executive_lead_at),
        "delivery": _line(action.delivery_lead_at),
        "text": _text(action.text),
        "received": action.received_on,
        "due": action.due_on,
        "stage": stage_word(action.stage_at),
        "stage_date": action.status_since,
        "confidence": scale.get(action.confidence_at),
        "confidence_reason": None,
        "update": None,
        "updated": None,
        "closed": action.closed_on,
        "closure_wording": _closing_words(action),
    }
    rated, latest = updates.get(action.latest_rated), updates.get(action.latest_readable)
    if rated:
        values["confidence_reason"] = _text(rated.confidence_reason)
    if latest:
        values |= {"update": _text(latest.text), "updated": latest.made_on}
    markings = {each.marking for each in (action, rated, latest) if each}
    return _within_cells(action.reference, values, Marking.SENSITIVE in markings)


def _within_cells(reference: str, values: dict[str, Any], sensitive: bool) -> Listed:
    """Nothing is cut: what is too long for a cell is left out, and told."""
    too_long = tuple(
        field for field, value in values.items() if isinstance(value, str) and len(value) > LONGEST
    )
    for field in too_long:
        values[field] = None
    if "update" in too_long:
        # A day without an update would be read as a mistake.
        values["updated"] = None
    return Listed(reference, values, too_long, sensitive)


def _closing_words(action: Any) -> str | None:
    """The words of the first list where it closed in them, else the reason."""
    if action.closed_on is None:
        return None
    return _line(action.closing_words) or str(CloseReason(action.close_reason_at).label)


def _text(text: str | None) -> str | None:
    return text_of(text, len(text)) if text else None


def _line(text: str | None) -> str | None:
    return line_of(text, len(text)) if text else None
