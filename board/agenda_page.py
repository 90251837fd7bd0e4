"""What a reader may do on the agenda page of a planned Board."""

from dataclasses import dataclass
from typing import Any

from board.document import Document
from board.models import AgendaItem, Meeting
from people.models import User
from tracker import workflow
from tracker.awaiting import decided_by
from tracker.choices import ClosureStep


@dataclass(frozen=True)
class Controls:
    """What may be done with an item.

    Args:
        item: which.
        edits: the reader compiles the agenda and takes the notes.
        decides: the reader decides its closure now.
        approves: and may approve it, since its evidence is what was assured.
        not_first: another item comes before it in its section.
        seen: `workflow.seen_mark` of its closure, for the decision.
    """

    item: AgendaItem
    edits: bool
    decides: bool = False
    approves: bool = False
    not_first: bool = False
    seen: str = ""

    @property
    def any(self) -> bool:
        return self.edits or self.decides

    @property
    def movable(self) -> bool:
        """Whether it can change places, or be taken off."""
        return self.edits and not self.item.is_head


def with_controls(document: Document, meeting: Meeting, user: User) -> Document:
    """The document of a planned Board with what the reader may do.

    Args:
        document: as the reader may read it.
        meeting: planned.
        user: the reader.

    Returns:
        Each item has its `controls`, and as `following` the item that the reader decides after it;
        `to_decide` are all items that they decide, in the order of the agenda.
    """
    controls = _controls(meeting, user)
    items = [item for section in document["sections"] for item in section["items"]]
    for part in (*document["sections"], *items):
        part["controls"] = controls.get(part.get("pk"))
    to_decide = [item for item in items if item["controls"] and item["controls"].decides]
    for place, item in enumerate(items):
        later = [other for other in to_decide if items.index(other) > place]
        item["following"] = next((each for each in (*later, *to_decide) if each is not item), None)
    return {**document, "to_decide": to_decide}


def _controls(meeting: Meeting, user: User) -> dict[int, Controls]:
    edits = user.has_perm("board.compile_agenda")
    items: Any = AgendaItem.objects.visible_to(user).standing().filter(meeting=meeting)
    items = list(items.select_related("closure__action").order_by("section", "order", "pk"))
    waiting = [
        item.closure
        for item in items
        if item.closure is not None and item.closure.step == ClosureStep.FOR_BOARD
    ]
    mine = {closure.pk for closure in decided_by(user, waiting, meeting.as_at)}
    changed = workflow.with_changed_evidence(waiting) if mine else set()
    seen = workflow.seen_marks(waiting) if mine else {}
    first = {item.section: item.pk for item in reversed(items) if not item.is_head}
    return {
        item.pk: Controls(
            item=item,
            edits=edits,
            decides=item.closure_id in mine,
            approves=item.closure_id in mine and item.closure_id not in changed,
            not_first=not item.is_head and item.pk != first[item.section],
            seen=seen.get(item.closure_id or 0, ""),
        )
        for item in items
    }
