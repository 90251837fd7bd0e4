"""What upper rooms do with evidence: what they show beside a piece, and what they tie a new one to.

Evidence knows of no action; the tracker says here what it knows of a piece.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evidence.models import Evidence

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Panel:
    """Something on the page of a piece of evidence.

    Args:
        template: that shows it; it is given `panel`.
        contents: what it shows.
    """

    template: str
    contents: dict[str, Any]


@dataclass(frozen=True)
class Tie:
    """What new evidence can be tied to, such as an action.

    Args:
        named: what it is called on the form ("ST-0045 Wardrobe safety").
        attach: ties a piece of evidence to it for the person who was asked about; raises
            ValidationError, with a sentence for that person.
        address: of its page, where that person goes on; "" to go on with the evidence.
    """

    named: str
    attach: Callable[[Evidence], object]
    address: str = ""


Source = Callable[[Evidence, "User"], Panel | None]
# Reference -> what evidence can be tied to for this person; None where there is no such thing, or
# they may not.
Ties = Callable[[str, "User"], Tie | None]
_panels: list[Source] = []
_ties: list[Ties] = []


def shown_beside_evidence(source: Source) -> None:
    """Let an upper room show something on the page of evidence (called from `ready`)."""
    if source not in _panels:
        _panels.append(source)


def panels_of(evidence: Evidence, user: "User") -> list[Panel]:
    """What upper rooms show beside a piece of evidence."""
    found = (source(evidence, user) for source in _panels)
    return [panel for panel in found if panel is not None]


def tied_by(ties: Ties) -> None:
    """Let an upper room tie new evidence to what its form was opened for (called from `ready`)."""
    if ties not in _ties:
        _ties.append(ties)


def tie_to(reference: str, user: "User") -> Tie | None:
    """What new evidence can be tied to, by a reference; None for none."""
    if not reference:
        return None
    found = (ties(reference, user) for ties in _ties)
    return next((tie for tie in found if tie is not None), None)
