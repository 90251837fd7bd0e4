"""What a row says differently about an action that is here: what changes, and what does not."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from core.dates import long_date
from core.markings import Marking
from inspections.choices import Scope
from portal.lists.here import Batch, Here, reference_key, title_key
from portal.lists.start_list import STAGE_WORDS, START_LIST, ListRow
from portal.reading.cells import text_of
from tracker.choices import Kind, Stage
from tracker.models import Action
from tracker.recording import SheetUpdate

UNDATED_UPDATE = "Delivery confidence as the force’s list gave it."
_STAGES = {
    Stage.IN_PROGRESS: "In progress",
    Stage.LOCAL_CLOSURE: "Local closure",
    Stage.WITH_HMICFRS: "With HMICFRS",
    Stage.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Change:
    """A field that the list says differently.

    Args:
        field: as in `START_LIST`.
        header: its usual header.
        ours: what is here, as people read it; "" for nothing.
        theirs: what the list says.
    """

    field: str
    header: str
    ours: str
    theirs: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Difference:
    """Everything a row says differently about an action.

    Args:
        changes: what applying would take over.
        fixed: what a spreadsheet cannot change, or what is already settled here.
    """

    changes: tuple[Change, ...]
    fixed: tuple[Change, ...]


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if hasattr(value, "year"):
        return long_date(value)
    return str(value)


def difference(row: ListRow, action: Action, batch: Batch, here: Here) -> Difference:
    """Compare a row with the action it is about; an empty cell says nothing.

    Args:
        row: the row.
        action: annotated with its position today.
        batch, here: what the database holds.
    """
    updates, settled = _update_changes(row, action, batch, here)
    last = batch.updates.get(action.pk)
    if last and last.sensitive:
        updates, settled = _withheld(updates), _withheld(settled)
    changes = [*_plain_changes(row, action), *updates]
    fixed = [*_fixed(row, action), *settled]
    if action.marking == Marking.SENSITIVE:
        changes, fixed = _withheld(changes), _withheld(fixed)
    return Difference(tuple(changes), tuple(fixed))


def _withheld(changes: list[Change]) -> list[Change]:
    """Without what is held here: an import is read by people who may not read the action."""
    return [replace(each, ours=f"(marked {Marking.SENSITIVE})") for each in changes]


def _change(field: str, ours: Any, theirs: Any) -> Change:
    return Change(field, START_LIST.header_of(field), shown(ours), shown(theirs))


def _plain_changes(row: ListRow, action: Any) -> list[Change]:
    pairs: list[tuple[str, Any, Any, bool]] = [
        ("text", action.text, row.text, text_of(action.text, len(action.text)) != row.text),
        (
            "portal_reference",
            action.portal_reference,
            row.portal_reference,
            action.portal_reference != row.portal_reference,
        ),
        ("on_portal", action.on_portal_at, row.on_portal, action.on_portal_at != row.on_portal),
        (
            "question",
            action.question and action.question.number,
            row.question,
            action.question is None or action.question.number != row.question,
        ),
        (
            "executive",
            action.executive_lead_at,
            row.executive,
            not _same_name(action.executive_lead_at, row.executive),
        ),
        (
            "delivery",
            action.delivery_lead_at,
            row.delivery,
            not _same_name(action.delivery_lead_at, row.delivery),
        ),
        ("due", action.due_on, row.due, action.due_on != row.due),
    ]
    return [
        _change(field, ours, theirs)
        for field, ours, theirs, differs in pairs
        if theirs is not None and differs
    ]


def _same_name(ours: str | None, theirs: str | None) -> bool:
    return (ours or "").casefold() == (theirs or "").casefold()


def _update_changes(
    row: ListRow, action: Any, batch: Batch, here: Here
) -> tuple[list[Change], list[Change]]:
    """A newer update is added; what was said on a day before is never rewritten."""
    ours = batch.updates.get(action.pk)
    rating = here.confidence_names.get(action.confidence_at)
    rated_differently = bool(row.confidence) and not _same_name(rating, row.confidence)
    confidence = [_change("confidence", rating, row.confidence)] if rated_differently else []
    if row.update and row.updated and (ours is None or row.updated > ours.made_on):
        before = f"{ours.text} ({long_date(ours.made_on)})" if ours else ""
        after = f"{row.update} ({long_date(row.updated)})"
        return [_change("update", before, after), *confidence], []
    if row.updated and ours and row.updated < ours.made_on:
        return [], []
    settled = confidence
    if row.update and ours and text_of(ours.text, len(ours.text)) != row.update:
        settled = [_change("update", ours.text, row.update), *confidence]
    return [], settled


def _fixed(row: ListRow, action: Any) -> list[Change]:
    publication = action.publication
    pairs: list[tuple[str, Any, Any, bool]] = [
        (
            "publication",
            publication.title,
            row.publication,
            title_key(publication.title) != title_key(row.publication),
        ),
        ("kind", Kind(action.kind).label, row.kind.label, action.kind != row.kind),
        (
            "parent",
            action.parent and action.parent.reference,
            row.parent,
            action.parent is None
            or reference_key(action.parent.reference) != reference_key(row.parent or ""),
        ),
        ("level", action.level_at, row.level, action.level_at != row.level),
        ("scope", Scope(action.scope).label, row.scope.label, action.scope != row.scope),
        ("received", action.received_on, row.received, action.received_on != row.received),
        (
            "stage",
            _STAGES[action.stage_at],
            STAGE_WORDS.get(row.stage, "In progress"),
            _STAGES[action.stage_at] != STAGE_WORDS.get(row.stage, "In progress"),
        ),
        ("closed", action.closed_on, row.closed, action.closed_on != row.closed),
    ]
    return [
        _change(field, ours, theirs)
        for field, ours, theirs, differs in pairs
        if theirs is not None and differs
    ]


def update_of(row: ListRow, here: Here) -> SheetUpdate | None:
    """The progress update of a row; a confidence without one counts from the stage date."""
    confidence = here.confidences.get(row.confidence.casefold()) if row.confidence else None
    if row.update and row.updated:
        return SheetUpdate(row.updated, row.update, confidence, row.confidence_reason or "")
    if confidence is None:
        return None
    return SheetUpdate(
        row.stage_date or row.closed or row.received,
        UNDATED_UPDATE,
        confidence,
        row.confidence_reason or "",
    )
