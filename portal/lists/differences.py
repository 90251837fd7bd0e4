"""What a row says differently about an action that is here: what changes, and what does not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.dates import long_date, today
from core.markings import Marking
from inspections.choices import PublicationType, Scope
from portal.imports.results import shown
from portal.keys import reference_key, title_key
from portal.lists.here import Batch, Here
from portal.lists.marks import Mark, shown_in_mark
from portal.lists.start_list import STAGE_WORDS, ListRow
from portal.reading.cells import text_of
from tracker.choices import Kind, Stage
from tracker.models import Action
from tracker.recording import SheetUpdate

UNDATED_UPDATE = "Delivery confidence as {source} gives it."
_STAGES = {
    Stage.IN_PROGRESS: "In progress",
    Stage.LOCAL_CLOSURE: "Local closure",
    Stage.WITH_HMICFRS: "With HMICFRS",
    Stage.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Differs:
    """A field that a row says differently.

    Args:
        field: as in `START_LIST`.
        ours: what is here, as people read it; "" for nothing.
        theirs: what the list says.
        conflict: both differ from what the sheet said when it was exported.
    """

    field: str
    ours: str
    theirs: str
    conflict: bool = False


@dataclass(frozen=True)
class Difference:
    """Everything a row says differently about an action.

    Args:
        changes: what applying would take over.
        fixed: what no spreadsheet changes.
        settled: what is already settled here: an update of that day.
    """

    changes: tuple[Differs, ...]
    fixed: tuple[Differs, ...]
    settled: tuple[Differs, ...]


def difference(row: ListRow, action: Action, batch: Batch, here: Here) -> Difference:
    """Compare a row with the action it is about; an empty cell says nothing.

    Args:
        row: the row.
        action: annotated with its position today.
        batch, here: what the database holds.
    """
    judged = _Judged(row, action)
    changes = judged.differing(_plain_pairs(row, action))
    updates, settled = _update_changes(row, action, batch, here, judged)
    fixed = judged.differing(_fixed_pairs(row, action))
    if judged.marked:
        rated = any(each.field == "confidence" for each in updates)
        fixed += judged.differing(_edited_pairs(row, action, rated))
    last = batch.updates.get(action.pk)
    if last and last.sensitive:
        updates, settled = _withheld(updates), _withheld(settled)
    changes = [*changes, *updates]
    if action.marking == Marking.SENSITIVE:
        changes, fixed, settled = _withheld(changes), _withheld(fixed), _withheld(settled)
    return Difference(tuple(changes), tuple(fixed), tuple(settled))


def _withheld(found: list[Differs]) -> list[Differs]:
    """Without what is held here: an import is read by people who may not read the action."""
    return [replace(each, ours=f"(marked {Marking.SENSITIVE})") for each in found]


# field, what is here, what the row says, whether the two differ
Pair = tuple[str, Any, Any, bool]


class _Judged:
    """Tells what the sheet changed from what changed here since it was exported."""

    def __init__(self, row: ListRow, action: Action) -> None:
        mark = Mark.read(row.mark)
        # A row copied over another brings its mark along: it tells nothing of this one.
        is_its_own = mark is not None and mark.said("reference", action.reference)
        self._mark = mark if is_its_own else None

    @property
    def marked(self) -> bool:
        """It is known what the row said when it was exported."""
        return self._mark is not None

    def differing(self, pairs: list[Pair]) -> list[Differs]:
        """The pairs that differ because of the sheet."""
        return [
            Differs(field, shown(ours), shown(theirs), self._changed_here(field, ours))
            for field, ours, theirs, differs in pairs
            if theirs is not None and differs and not self.untouched(field, theirs)
        ]

    def untouched(self, field: str, theirs: Any) -> bool:
        """The cell is as it was exported: what differs has been changed here since."""
        return self._mark is not None and self._mark.said(field, shown_in_mark(theirs)) is True

    def _changed_here(self, field: str, ours: Any) -> bool:
        return self._mark is not None and self._mark.said(field, shown_in_mark(ours)) is False


def _differs(ours: Any, theirs: Any, key: Callable[[Any], Any] = lambda value: value) -> bool:
    if theirs is None:
        return False
    return ours is None or key(ours) != key(theirs)


def _plain_pairs(row: ListRow, action: Any) -> list[Pair]:
    question = action.question.number if action.question else None
    pairs: list[tuple[str, Any, Any, Callable[[Any], Any]]] = [
        ("text", action.text, row.text, lambda text: text_of(text, len(text))),
        ("portal_reference", action.portal_reference, row.portal_reference, str),
        ("on_portal", action.on_portal_at, row.on_portal, bool),
        ("question", question, row.question, int),
        ("executive", action.executive_lead_at or None, row.executive, str.casefold),
        ("delivery", action.delivery_lead_at or None, row.delivery, str.casefold),
        ("due", action.due_on, row.due, lambda day: day),
    ]
    return [(name, ours, theirs, _differs(ours, theirs, key)) for name, ours, theirs, key in pairs]


def _update_changes(
    row: ListRow, action: Any, batch: Batch, here: Here, judged: _Judged
) -> tuple[list[Differs], list[Differs]]:
    """A newer update is added; what was said on a day before is never rewritten.

    A delivery confidence that stands alone, or beside the update that is the latest here, is stated
    today.
    """
    ours = batch.updates.get(action.pk)
    rating = here.confidence_names.get(action.confidence_at)
    confidence = judged.differing(
        [
            (
                "confidence",
                rating,
                row.confidence,
                _differs(rating, row.confidence, str.casefold),
            )
        ]
    )
    if row.update and row.updated and (ours is None or row.updated > ours.made_on):
        before = f"{ours.text} ({long_date(ours.made_on)})" if ours else ""
        after = f"{row.update} ({long_date(row.updated)})"
        if judged.untouched("update", row.update) and judged.untouched("updated", row.updated):
            return confidence, []
        return [Differs("update", before, after), *confidence], []
    if row.updated and ours and row.updated < ours.made_on:
        # A list that is behind says nothing new; what somebody wrote into an export, it does.
        if not judged.marked:
            return [], []
        edited = judged.differing([("update", ours.text, row.update, True)])
        return confidence, edited
    settled = []
    if row.update and ours and text_of(ours.text, len(ours.text)) != row.update:
        settled = judged.differing([("update", ours.text, row.update, True)])
    return confidence, settled


def _fixed_pairs(row: ListRow, action: Any) -> list[Pair]:
    publication = action.publication
    parent = action.parent.reference if action.parent else None
    stage = _STAGES[action.stage_at]
    pairs: list[tuple[str, Any, Any, Callable[[Any], Any]]] = [
        ("publication", publication.title, row.publication, title_key),
        ("kind", Kind(action.kind).label, row.kind and row.kind.label, str),
        ("parent", parent, row.parent, reference_key),
        ("level", action.level_at, row.level, int),
        ("scope", Scope(action.scope).label, row.scope and row.scope.label, str),
        ("received", action.received_on, row.received, lambda day: day),
        ("stage", stage, row.stage and STAGE_WORDS.get(row.stage, "In progress"), str),
        ("closed", action.closed_on, row.closed, lambda day: day),
    ]
    return [(name, ours, theirs, _differs(ours, theirs, key)) for name, ours, theirs, key in pairs]


def _edited_pairs(row: ListRow, action: Any, rated: bool) -> list[Pair]:
    """Cells that are compared only where somebody has written into them since the export.

    Args:
        rated: another delivery confidence is taken, with its reason.
    """
    type_of = PublicationType(action.publication.type).label
    reason = action.closed_on and "the wording on record"
    return [
        ("published", action.publication.published_on, row.published, True),
        ("source_type", type_of, row.source_type and row.source_type.label, True),
        ("stage_date", action.status_since, row.stage_date, True),
        ("closure_wording", reason, row.closure_wording, True),
        ("confidence_reason", "the reason on record", row.confidence_reason, not rated),
    ]


def update_of(row: ListRow, here: Here, source: str) -> SheetUpdate | None:
    """The progress update of a new row; a confidence without one counts from the stage date."""
    confidence = here.confidences.get(row.confidence.casefold()) if row.confidence else None
    if row.update and row.updated:
        return SheetUpdate(row.updated, row.update, confidence, row.confidence_reason or "")
    day = row.stage_date or row.closed or row.received
    if confidence is None or day is None:
        return None
    words = UNDATED_UPDATE.format(source=source)
    return SheetUpdate(day, words, confidence, row.confidence_reason or "")


def update_taken(
    row: ListRow, action: Action, fields: set[str], here: Here, source: str
) -> SheetUpdate | None:
    """The progress update that changed fields of a row ask for; None where they ask for none.

    Args:
        row, action: the row, and the action it is about.
        fields: what is taken over of the row.
        source: the list, as it is named in sentences.
    """
    rated = row.confidence if "confidence" in fields else None
    confidence = here.confidences.get(rated.casefold()) if rated else None
    # The reason of another confidence is none of this one.
    stale = _Judged(row, action).untouched("confidence_reason", row.confidence_reason)
    reason = row.confidence_reason or "" if confidence and not stale else ""
    if "update" in fields and row.update and row.updated:
        return SheetUpdate(row.updated, row.update, confidence, reason)
    if confidence is None:
        return None
    return SheetUpdate(today(), UNDATED_UPDATE.format(source=source), confidence, reason)
