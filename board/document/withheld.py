"""What is OFFICIAL-SENSITIVE in the document of a Board, and the document without it.

Every piece that may be sensitive says so under `sensitive`. Withheld, it keeps its place and its
number, and nothing of its words.
"""

from collections.abc import Collection, Iterator
from typing import Any

from core.markings import Marking
from people.models import User

Document = dict[str, Any]

WITHHELD = "Sensitive: not shown here"
# What a withheld piece still says: where it stands, and what became of it without the reason.
_KEPT = ("anchor", "number", "late")


def the_record() -> User:
    """The reader that the record itself is: nobody in particular, who may read everything. What is
    frozen is complete, whoever closes the meeting.
    """
    return User(username="the record", is_active=True, is_superuser=True)


def sees_sensitive(user: User) -> bool:
    """Whether somebody is given what a closed Board said with what is OFFICIAL-SENSITIVE."""
    return user.has_perm("tracker.view_sensitive_action")


def withheld(piece: Document) -> Document:
    """A piece of a document without its words."""
    kept = {name: piece[name] for name in _KEPT if name in piece}
    closure = piece.get("closure") or piece
    said = closure.get("decision")
    if "open" in closure:
        kept["open"] = closure["open"]
    if said:
        kept["outcome"] = f"{said['said']} on {said['on']}"
    return {**kept, "title": WITHHELD, "sensitive": True, "withheld": True}


def for_reader(
    document: Document, sees_sensitive: bool, marked_since: Collection[str] = ()
) -> Document:
    """The document as somebody may read it.

    Args:
        document: in full.
        sees_sensitive: whether they may read what is OFFICIAL-SENSITIVE.
        marked_since: references of actions that were marked so after it was composed.
    """
    if sees_sensitive:
        return document
    open_version: Document = _without_sensitive(document, marked_since)
    return with_marking(open_version)


def _without_sensitive(part: Any, marked: Collection[str]) -> Any:
    if isinstance(part, list):
        return [_without_sensitive(each, marked) for each in part]
    if not isinstance(part, dict):
        return part
    if (part.get("sensitive") or _about(part) in marked) and not part.get("withheld"):
        return withheld(part)
    return {name: _without_sensitive(value, marked) for name, value in part.items()}


def _about(piece: Document) -> str:
    """The reference of the action that a piece is about; "" for none."""
    closure = piece.get("closure")
    about = closure if isinstance(closure, dict) else piece
    return str(about.get("reference") or "")


def references_in(document: Document) -> set[str]:
    """The references of all actions that a document tells of."""
    return {about for piece in _pieces(document) if (about := _about(piece))}


def marking_of(document: Document) -> str:
    """The highest marking of what a document contains and shows."""
    shown = any(piece.get("sensitive") and not piece.get("withheld") for piece in _pieces(document))
    return Marking.SENSITIVE.value if shown else Marking.OFFICIAL.value


def with_marking(document: Document) -> Document:
    """The document with its own marking on its front."""
    front = {**document["front"], "marking": marking_of(document)}
    return {**document, "front": front}


def _pieces(part: Any) -> Iterator[Document]:
    if isinstance(part, list):
        for each in part:
            yield from _pieces(each)
    elif isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _pieces(value)
