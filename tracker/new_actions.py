"""Governance records the actions of a publication, several at once: all of them or none.

A cause of concern comes with its recommendations. References of our own are given in order; what
is closed on receipt (activity level 1) is closed; a closed cause of concern that gets another
recommendation is live again.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import long_date
from core.markings import Marking
from core.turns import Turn, wait_for_turn
from inspections.models import CoreQuestion, Publication
from people.models import User
from tracker.choices import Kind, Register, Status, register_for
from tracker.models import Action
from tracker.recording import FirstLoadRow, record_first_load
from tracker.workflow import Refused, When

# The first reference of an installation that has none; later ones go on from what is there.
_FIRST_REFERENCE = "ST-0001"
_REFERENCE = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action to be recorded.

    Args:
        kind, text, scope, question, marking: of the action.
        level: None where HMICFRS has not given it yet, or there is none.
        portal_reference: "" where it is not on HMICFRS's portal.
        due_on: the due date as issued.
        cause: the cause of concern that a recommendation belongs to: an action that is recorded
            already, or its place among those that are recorded now.
    """

    kind: str
    text: str
    scope: str
    level: int | None = None
    question: CoreQuestion | None = None
    marking: str = Marking.OFFICIAL
    portal_reference: str = ""
    due_on: dt.date | None = None
    cause: Action | int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one of several new actions.

    Args:
        place: of the action among them.
        field: of `NewAction` that is wrong.
        text: a sentence for the person.
    """

    place: int
    field: str
    text: str


class NotRecorded(Exception):
    """Some of the new actions cannot be recorded, so none is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.text for fault in faults))
        self.faults = tuple(faults)


@transaction.atomic
def record_actions(
    publication: Publication,
    new: Sequence[NewAction],
    *,
    actor: User,
    received: When,
) -> list[Action]:
    """Record actions that came with a publication.

    Args:
        publication: that they come from; its type says which register they are kept in.
        new: in the order in which they get their references; at least one.
        actor: who records them.
        received: the day they were received, and why they are recorded later, if they are.

    Returns:
        The actions, in the order of `new`.

    Raises:
        Refused: there is none, or the day does not fit.
        NotRecorded: some are not as they must be; each fault says which and why.
    """
    if not new:
        raise Refused("Fill in at least one action.")
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    day = received.checked(publication.first_possible_day, "the report was published")
    # Numbers before causes of concern, as an import does: two in other orders wait for each other.
    wait_for_turn(Turn.NUMBERING_ACTIONS)
    _lock_causes(new)
    faults = list(_faults(publication, new, day))
    if faults:
        raise NotRecorded(faults)
    references = next_references(len(new))
    record_first_load(
        _rows(publication, new, references, received),
        actor=actor,
        reason=f"Recorded from “{publication}”",
    )
    found = {action.reference: action for action in Action.objects.by_references(references)}
    return [found[reference] for reference in references]


def next_references(count: int) -> list[str]:
    """The next free references, of the form that most actions have: ST-0241, ST-0242.

    The caller has the turn `NUMBERING_ACTIONS`.
    """
    prefixes: Counter[str] = Counter()
    last: dict[str, str] = {}
    # Those of actions that an undone import had recorded are not given to others.
    known = Action.history.values_list("reference", flat=True).distinct()  # type: ignore[attr-defined]
    for reference in {*Action.objects.values_list("reference", flat=True), *known}:
        if match := _REFERENCE.fullmatch(reference):
            prefix, number = match.groups()
            prefixes[prefix] += 1
            last[prefix] = max(last.get(prefix, "0"), number, key=int)
    if not prefixes:
        prefix, number = _REFERENCE.fullmatch(_FIRST_REFERENCE).groups()  # type: ignore[union-attr]
        return [f"{prefix}{n:0{len(number)}}" for n in range(1, count + 1)]
    [(prefix, _)] = prefixes.most_common(1)
    number = last[prefix]
    return [f"{prefix}{int(number) + step:0{len(number)}}" for step in range(1, count + 1)]


def causes_of(publication: Publication) -> list[Action]:
    """The causes of concern of a publication that a recommendation can belong to."""
    return list(
        publication.actions.filter(kind=Kind.CAUSE_OF_CONCERN, entered_in_error=False).order_by(
            "reference"
        )
    )


def _lock_causes(new: Iterable[NewAction]) -> None:
    """Hold the causes of concern, so that none closes while it gets a recommendation."""
    for pk in sorted({each.cause.pk for each in new if isinstance(each.cause, Action)}):
        Action.objects.select_for_update().get(pk=pk)


def _rows(
    publication: Publication, new: Sequence[NewAction], references: list[str], received: When
) -> Iterator[FirstLoadRow]:
    for reference, each in zip(references, new, strict=True):
        parent = references[each.cause] if isinstance(each.cause, int) else each.cause
        closed = each.level == 1
        yield FirstLoadRow(
            reference=reference,
            portal_reference=each.portal_reference or None,
            on_portal=bool(each.portal_reference),
            publication=publication,
            kind=each.kind,
            register=register_for(publication.type),
            scope=each.scope,
            parent_reference=str(parent or ""),
            level=each.level,
            question=each.question,
            executive=None,
            delivery=None,
            text=each.text.strip(),
            received=received.day,
            due_on=each.due_on,
            stage=Status.CLOSED if closed else Status.AWAITING_ALLOCATION,
            stage_date=received.day,
            closed_on=received.day if closed else None,
            marking=each.marking,
            late_reason=received.reason_kept,
        )


def _faults(publication: Publication, new: Sequence[NewAction], day: dt.date) -> Iterator[Fault]:
    register = register_for(publication.type)
    taken = _portal_references_taken(new)
    said = _said_already(publication)
    for place, each in enumerate(new):
        for field, text in (
            *_own_faults(each, register, day),
            *_cause_faults(place, each, new, publication),
        ):
            yield Fault(place, field, text)
        if there := said.get(_gist(each.text)):
            yield Fault(
                place,
                "text",
                f"{there} says the same. Each action of a publication is recorded once.",
            )
        said[_gist(each.text)] = "Another action on this page"
        key = each.portal_reference.casefold()
        if key and key in taken:
            yield Fault(
                place,
                "portal_reference",
                f"{taken[key]} has this portal reference. Correct one of the two.",
            )
        elif key:
            taken[key] = "Another action on this page"


def _gist(text: str) -> str:
    return " ".join(text.split()).casefold()


def _said_already(publication: Publication) -> dict[str, str]:
    """What the actions of a publication say -> their reference: a form sent twice adds nothing."""
    found = publication.actions.filter(entered_in_error=False).values_list("text", "reference")
    return {_gist(text): reference for text, reference in found}


def _portal_references_taken(new: Iterable[NewAction]) -> dict[str, str]:
    """Portal reference without letter case -> who has it, of those that are asked for."""
    asked = {each.portal_reference for each in new if each.portal_reference}
    found = Action.objects.by_portal_references(asked) if asked else Action.objects.none()
    pairs = found.values_list("portal_reference", "reference")
    return {str(theirs).casefold(): ours for theirs, ours in pairs}


def _own_faults(each: NewAction, register: Register, day: dt.date) -> Iterator[tuple[str, str]]:
    """What is wrong with an action by itself: field and sentence."""
    record = Action(
        reference="-",
        portal_reference=each.portal_reference or None,
        kind=each.kind,
        register=register,
        scope=each.scope,
        text=each.text.strip(),
        marking=each.marking,
    )
    if not each.text.strip():
        yield "text", "Enter what the action requires."
    else:
        try:
            record.full_clean(exclude={"publication", "reference", "portal_reference"})
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                for message in messages:
                    yield field if field in NewAction.__dataclass_fields__ else "kind", message
    if each.level is not None and each.kind == Kind.CAUSE_OF_CONCERN:
        yield "level", "A cause of concern has no activity level. Choose “Not given yet”."
    elif each.level is not None and register != Register.HMICFRS:
        yield "level", "Only HMICFRS gives activity levels. Choose “Not given yet”."
    if each.portal_reference and register != Register.HMICFRS:
        yield "portal_reference", "Only HMICFRS’s actions are on its portal. Leave this empty."
    if each.due_on and each.due_on < day:
        yield (
            "due_on",
            f"{long_date(each.due_on)} is before the action was received ({long_date(day)}).",
        )


def _cause_faults(
    place: int, each: NewAction, new: Sequence[NewAction], publication: Publication
) -> Iterator[tuple[str, str]]:
    """What is wrong with where an action belongs: field and sentence."""
    if each.kind == Kind.CAUSE_OF_CONCERN and not any(other.cause == place for other in new):
        yield (
            "kind",
            "A cause of concern has at least one recommendation. Add it on this page, and say "
            "that it belongs to this cause of concern.",
        )
    if each.cause is None:
        return
    if each.kind != Kind.RECOMMENDATION:
        yield "cause", "Only a recommendation can belong to a cause of concern."
    elif isinstance(each.cause, int):
        if not 0 <= each.cause < len(new) or new[each.cause].kind != Kind.CAUSE_OF_CONCERN:
            yield "cause", "The action it should belong to is not a cause of concern."
    elif each.cause not in causes_of(publication):
        yield "cause", f"{each.cause} is not a cause of concern of this publication."
