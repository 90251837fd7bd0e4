"""Where upper rooms deal with a closure: each lets the closure's page say so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.models import Closure

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Mention:
    """A place where somebody reads of a closure.

    Args:
        text: what that is, as the words of a link.
        href: where.
    """

    text: str
    href: str


# What upper rooms know of a closure: closure, reader -> places.
_sources: list[Callable[[Closure, "User"], list[Mention]]] = []


def mentioned_by(source: "Callable[[Closure, User], list[Mention]]") -> None:
    """Let an upper room name where it deals with a closure (called from `ready`)."""
    if source not in _sources:
        _sources.append(source)


def mentions_of(closure: Closure, user: "User") -> list[Mention]:
    """Where upper rooms deal with a closure, as far as a reader may go there."""
    return [mention for source in _sources for mention in source(closure, user)]
