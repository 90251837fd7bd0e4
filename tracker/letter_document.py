"""What a letter of self-certification says: one section for each action, drawn from its closure.

The page of a letter and its PDF show the same document.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from core.markings import Marking
from core.numbers import listed
from evidence.models import Evidence
from people.models import User
from tracker.models import Action, Closure, Letter
from tracker.routes import ROUTES, level_of

ADDRESSEE = "HM Inspectorate of Constabulary and Fire & Rescue Services"


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence as the letter names it."""

    title: str
    dated_on: dt.date


@dataclass(frozen=True)
class Section:
    """One action of the letter.

    Args:
        number: its place in the letter.
        closure: with its action and publication.
        level: the activity level it closes at.
        evidence: what the letter names, in the order it was added.
        withheld: how many pieces of evidence it does not name, because they are sensitive.
    """

    number: int
    closure: Closure
    level: int | None
    evidence: tuple[Exhibit, ...]
    withheld: int

    @property
    def action(self) -> Action:
        return self.closure.action

    @property
    def heading(self) -> str:
        """HMICFRS's reference, and ours for whoever files its answer."""
        if not self.action.portal_reference:
            return str(self.action)
        return f"{self.action.portal_reference} (our reference {self.action})"

    @property
    def asked(self) -> str:
        return self.closure.asked or self.action.text


@dataclass(frozen=True)
class LetterDocument:
    """A letter as it stands.

    Args:
        marking: the highest of what it contains.
        closing: what the force states about the actions, by what their levels ask for.
    """

    letter: Letter
    marking: str
    sections: tuple[Section, ...]
    closing: tuple[str, ...]


def standing_introduction() -> str:
    """What the introduction of a new letter says until somebody changes it."""
    return (
        "Dear Sir or Madam,\n\n"
        f"I write on behalf of {settings.FORCE_NAME} about work that {ADDRESSEE} (HMICFRS) has "
        "asked of the force. This work is complete. For each action the letter sets out what was "
        "asked, what was done, what is different now, and the evidence that shows it.\n\n"
        "The evidence was examined by colleagues who had no part in the work, and the force’s "
        f"{settings.BOARD_LONG_NAME} has approved each closure."
    )


def compose(letter: Letter, reader: User) -> LetterDocument:
    """A letter as it stands.

    Sensitive evidence is named beneath a sensitive action only, and the letter is then marked as
    that action is; elsewhere the letter says how many pieces it does not name.

    Args:
        letter: one that the reader may see.
        reader: nothing is named to them that they may not read.
    """
    closures = list(
        letter.closures.select_related("action__publication")
        .prefetch_related("evidence_links__evidence")
        .order_by("action__reference")
    )
    visible = Evidence.objects.visible_to(reader).filter(closure_links__closure__in=closures)
    readable = set(visible.values_list("pk", flat=True))
    sections = tuple(
        _section(number, closure, readable) for number, closure in enumerate(closures, start=1)
    )
    return LetterDocument(letter, marking_of(closures), sections, _closing(sections))


def marking_of(closures: list[Closure]) -> str:
    """The highest marking of the actions of these closures."""
    sensitive = any(closure.action.marking == Marking.SENSITIVE for closure in closures)
    return Marking.SENSITIVE if sensitive else Marking.OFFICIAL


def _section(number: int, closure: Closure, readable: set[int]) -> Section:
    shown = [link.evidence for link in closure.evidence_links.all()]
    may_name_all = closure.action.marking == Marking.SENSITIVE
    named = [
        each for each in shown if each.pk in readable and (may_name_all or not each.is_sensitive)
    ]
    return Section(
        number=number,
        closure=closure,
        level=level_of(ROUTES[closure.route]),
        evidence=tuple(Exhibit(each.title, each.dated_on) for each in named),
        withheld=len(shown) - len(named),
    )


def _closing(sections: tuple[Section, ...]) -> tuple[str, ...]:
    certified = [each for each in sections if ROUTES[each.closure.route].verified]
    closed = [each for each in sections if each not in certified]
    sentences = []
    if closed:
        sentences.append(f"The force has closed {_named(closed)}.")
    if certified:
        them = "it" if len(certified) == 1 else "them"
        sentences.append(
            f"The force certifies that the work asked for in {_named(certified)} is complete, and "
            f"asks HMICFRS to verify {them} at its next relevant inspection."
        )
    return tuple(sentences)


def _named(sections: list[Section]) -> str:
    references = listed([_known_to_hmicfrs(each.action) for each in sections])
    return f"{references} (activity level {sections[0].level})"


def _known_to_hmicfrs(action: Action) -> str:
    """HMICFRS's own reference; ours where it has given none."""
    return action.portal_reference or action.reference
