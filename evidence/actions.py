"""Which action a reference names, for a filter of evidence: said by the room that has actions.

Who may not read an action is told of it what is told of one that is not there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import User

# Reference, reader -> the primary key of the action; None where there is none that they may read.
Finder = Callable[[str, "User"], int | None]
_finders: list[Finder] = []


def actions_found_by(finder: Finder) -> None:
    """Let an upper room say which action a reference names (called from `ready`)."""
    if finder not in _finders:
        _finders.append(finder)


def action_named(reference: str, user: "User") -> int | None:
    """The primary key of the action of this reference; None for none that this person may read."""
    found = (finder(reference, user) for finder in _finders)
    return next((key for key in found if key is not None), None)
