"""What goes into an inspection pack: for one person, what stands for what they chose."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from core.dates import today
from core.markings import Marking
from evidence.choices import Freshness, Strength
from evidence.freshness import freshness_is
from evidence.models import CharacteristicEvidence, Evidence, PackRequest
from people.models import User


@dataclass(frozen=True)
class Wanted:
    """What a pack is to hold.

    Args:
        questions: primary keys of question areas.
        actions: references of actions.
        only_demonstrating: for question areas, only what demonstrates a characteristic.
        without_stale: nothing that is past its review-by date.
    """

    questions: tuple[int, ...] = ()
    actions: tuple[str, ...] = ()
    only_demonstrating: bool = False
    without_stale: bool = False

    @classmethod
    def of(cls, pack: PackRequest) -> "Wanted":
        """What somebody asked for."""
        return cls(
            questions=tuple(pack.chosen.get("questions", ())),
            actions=tuple(pack.chosen.get("actions", ())),
            only_demonstrating=pack.only_demonstrating,
            without_stale=pack.without_stale,
        )

    @property
    def chosen(self) -> dict[str, list[int] | list[str]]:
        """As a `PackRequest` keeps it."""
        return {"questions": list(self.questions), "actions": list(self.actions)}


@dataclass
class Piece:
    """A piece of evidence in a pack, once, whatever it stands for.

    Args:
        evidence: with its owner and files.
        stands_for: what it stands for among what was chosen, in words.
    """

    evidence: Evidence
    stands_for: list[str] = field(default_factory=list)


# A piece of evidence (primary key), and what it stands for in words.
Standing = tuple[int, str]
# Reader, references -> the evidence of those of these actions that the reader may read.
ActionSource = Callable[[User, Collection[str]], Iterable[Standing]]
_sources: list[ActionSource] = []


def evidence_of_actions_by(source: ActionSource) -> None:
    """Let the room of actions say what is attached to them (called from `ready`)."""
    if source not in _sources:
        _sources.append(source)


def pieces_of(wanted: Wanted, user: User) -> list[Piece]:
    """What a pack would hold for somebody: only what they may read, and nothing withdrawn.

    Args:
        wanted: what was chosen.
        user: whose pack it is.

    Returns:
        Each piece once: in the order of the question areas and their characteristics, then of the
        actions.
    """
    stands_for: dict[int, list[str]] = {}
    for key, words in (*_of_questions(wanted), *_of_actions(wanted, user)):
        said = stands_for.setdefault(key, [])
        if words not in said:
            said.append(words)
    visible = Evidence.objects.visible_to(user).current().with_files()
    if wanted.without_stale:
        visible = visible.exclude(freshness_is(Freshness.STALE, today()))
    found = visible.in_bulk(stands_for)
    return [Piece(found[key], words) for key, words in stands_for.items() if key in found]


def _of_questions(wanted: Wanted) -> Iterable[Standing]:
    if not wanted.questions:
        return
    links = CharacteristicEvidence.objects.holding().filter(
        characteristic__topic__question__in=wanted.questions
    )
    if wanted.only_demonstrating:
        links = links.filter(strength=Strength.DEMONSTRATES)
    places = ("characteristic__topic__question", "characteristic__topic", "characteristic")
    in_order = [f"{place}__number" for place in places]
    for link in links.select_related("characteristic__topic__question").order_by(*in_order, "pk"):
        verb = link.get_strength_display().lower()
        unsure = "" if link.confirmed else " (to be confirmed)"
        yield link.evidence_id, f"{verb} {link.characteristic.code}{unsure}"


def _of_actions(wanted: Wanted, user: User) -> Iterable[Standing]:
    if wanted.actions:
        for source in _sources:
            yield from source(user, wanted.actions)


def highest_marking(pieces: Iterable[Piece]) -> str:
    """The marking of a pack: that of the most sensitive thing in it."""
    sensitive = any(piece.evidence.is_sensitive for piece in pieces)
    return Marking.SENSITIVE if sensitive else Marking.OFFICIAL
