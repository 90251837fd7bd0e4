"""Carrying over what hangs on the parts of one framework to their counterparts in the next.

Each room registers a carrier for what it keeps (`carried_by`). A carrier first finds what there is
to carry, what was carried before and what is left behind; only then it writes. So what is asked
before, and what is done, come from the same finding.

What is a judgement (an assessment, evidence that stands for a characteristic) is copied, to be
confirmed; the old one stays as it was. What can be of one question area only (an action, a
publication, an open improvement item) moves to the first counterpart.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models, transaction

from core.batches import in_batches
from core.bulk import change_all
from core.dates import long_date, today
from inspections.carried_already import reason_of
from inspections.mapping import FrameworkMapping, mapping_of
from inspections.models import (
    Characteristic,
    Framework,
)
from people.models import User

_BATCH = 500


class CannotBeCarried(Exception):
    """Nothing was carried over; `str()` says why and what to do."""


@dataclass(frozen=True)
class Left:
    """Something that stays with the old framework only.

    Args:
        code: of the part it hangs on.
        what: it is, in words; nothing of what a marking may protect.
        why: in words.
        because: the same in short, alike for every part that it holds for.
    """

    code: str
    what: str
    why: str
    because: str = ""


@dataclass
class Finding:
    """What a carrier has found.

    Args:
        moves: record and where it goes, one for each copy or move.
        already: how many records were carried before.
        left: what stays behind.
    """

    moves: list[tuple[Any, Any]] = field(default_factory=list)
    already: int = 0
    left: list[Left] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many different records are carried."""
        return len({record.pk for record, _ in self.moves})


class Carrier(Protocol):
    """Carries over one kind of record.

    Attributes:
        things: what they are called, in the plural.
        to_confirm: somebody has to confirm what is carried.
    """

    @property
    def things(self) -> str: ...

    @property
    def to_confirm(self) -> bool: ...

    def find(self, mapping: FrameworkMapping) -> Finding: ...

    def carry(self, finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None: ...


@dataclass(frozen=True)
class Carried:
    """What becomes of one kind of record.

    Args:
        things: what they are called, in the plural.
        to_confirm: somebody has to confirm what is carried.
        records: how many of them are carried.
        copies: how many counterparts they get; several for a part that was split.
        already: how many were carried before.
        left: what stays behind.
    """

    things: str
    to_confirm: bool
    records: int
    copies: int
    already: int
    left: tuple[Left, ...]


@dataclass(frozen=True)
class CarriedOver:
    """What was carried over from one framework to another, or would be.

    Args:
        old, new: the frameworks.
        kinds: by carrier, in the order of their registration.
    """

    old: Framework
    new: Framework
    kinds: tuple[Carried, ...]

    @property
    def copies(self) -> int:
        return sum(each.copies for each in self.kinds)

    @property
    def left(self) -> list[tuple[str, Left]]:
        """What stays behind, with the kind it is of."""
        return [(kind.things, each) for kind in self.kinds for each in kind.left]


_carriers: list[Carrier] = []


def carried_by(carrier: Carrier) -> None:
    """Let a room carry over what it keeps (called from `ready`)."""
    if carrier not in _carriers:
        _carriers.append(carrier)


def what_would_be_carried(old: Framework, new: Framework) -> CarriedOver:
    """What carrying over would do now; nothing is written."""
    mapping = mapping_of(old, new)
    found = [(carrier, carrier.find(mapping)) for carrier in _carriers]
    return CarriedOver(old, new, tuple(_told(*each) for each in found))


def why_not(new: Framework) -> str:
    """Why nothing can be carried over to a framework now; "" where it can."""
    if new.in_force_from <= today():
        return ""
    return (
        f"{new.version} comes into force on {long_date(new.in_force_from)}. Map it before; carry "
        "over on that day or later, so that no action is counted under a question area that is not "
        "in force."
    )


@transaction.atomic
def carry_over(old: Framework, new: Framework, *, actor: User | None) -> CarriedOver:
    """Carry over what hangs on an old framework along the mapping, all of it or nothing.

    Done again, it carries what was mapped or recorded meanwhile, and nothing twice.

    Args:
        old, new: the frameworks.
        actor: who does it; None for a command.

    Returns:
        What was carried and what stays behind.

    Raises:
        CannotBeCarried: the new framework is not in force yet, or not after the old one.
    """
    if refusal := why_not(new):
        raise CannotBeCarried(refusal)
    if old.in_force_from >= new.in_force_from:
        raise CannotBeCarried(f"{new.version} does not come after {old.version}.")
    # One at a time: two people who press the button find what the other has done.
    Framework.objects.select_for_update().get(pk=new.pk)
    mapping = mapping_of(old, new)
    told = []
    for carrier in _carriers:
        finding = carrier.find(mapping)
        carrier.carry(finding, mapping, actor)
        told.append(_told(carrier, finding))
    return CarriedOver(old, new, tuple(told))


def reason(mapping: FrameworkMapping) -> str:
    """What the history says of everything that is carried."""
    return reason_of(mapping.old, mapping.new)


def _told(carrier: Carrier, finding: Finding) -> Carried:
    return Carried(
        carrier.things,
        carrier.to_confirm,
        finding.records,
        len(finding.moves),
        finding.already,
        tuple(finding.left),
    )


def why_left(mapping: FrameworkMapping, code: str) -> str:
    """Why what hangs on an old part stays behind: the part has no counterpart."""
    if mapping.parts[code].decided:
        return f"{code} has no counterpart in {mapping.new.version}."
    return f"Nobody has said what {code} became."


def why_in_short(mapping: FrameworkMapping, code: str) -> str:
    """As `why_left`, without naming the part."""
    return "It has no counterpart." if mapping.parts[code].decided else "It is not mapped yet."


def _whys(mapping: FrameworkMapping, code: str) -> tuple[str, str]:
    return why_left(mapping, code), why_in_short(mapping, code)


def codes_by_record(mapping: FrameworkMapping, level: int) -> dict[int, str]:
    """Old record (primary key) -> its code, of one level."""
    found = (each.part for each in mapping.parts.values())
    return {part.record.pk: part.code for part in found if part.level == level}


def moved(records: Iterable[Any], mapping: FrameworkMapping, what: Callable[[Any], str]) -> Finding:
    """For records of one question area (`question`): each goes to the first counterpart.

    Args:
        records: of the old framework's question areas.
        mapping: of the frameworks.
        what: a record in words, for what is left behind.
    """
    counterparts = mapping.counterparts(0)
    codes = codes_by_record(mapping, 0)
    finding = Finding()
    for record in records:
        if targets := counterparts.get(record.question_id):
            finding.moves.append((record, targets[0]))
        else:
            code = codes[record.question_id]
            finding.left.append(Left(code, what(record), *_whys(mapping, code)))
    return finding


def move(finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None:
    """Let versioned records be of the question area that was found for them; a record that somebody
    has just given another one keeps that.
    """
    for batch in in_batches(finding.moves, _BATCH):
        targets = {record.pk: (record.question_id, question) for record, question in batch}
        held = type(batch[0][0])._default_manager.select_for_update().order_by("pk")
        changed = []
        for record in held.filter(pk__in=targets):
            was, question = targets[record.pk]
            if record.question_id == was:
                record.question = question
                # Whoever has a form of it open is told.
                record.version += 1
                changed.append(record)
        change_all(changed, ("question", "version"), actor=actor, reason=reason(mapping))


@dataclass(frozen=True)
class MovedByQuestion:
    """Carries over records that are of one question area.

    Args:
        things: what they are called, in the plural.
        records: gives those of a framework; they are `Versioned`.
        what: a record in words, for what is left behind.
        to_confirm: see `Carrier`.
    """

    things: str
    records: Callable[[Framework], models.QuerySet[Any]]
    what: Callable[[Any], str] = str
    to_confirm: bool = False

    def find(self, mapping: FrameworkMapping) -> Finding:
        return moved(self.records(mapping.old), mapping, self.what)

    def carry(self, finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None:
        move(finding, mapping, actor)


def copied(
    rows: Iterable[Any],
    done: set[tuple[int, int]],
    mapping: FrameworkMapping,
    what: Callable[[Any], str],
    there: Callable[[Any, Characteristic], bool] = lambda row, characteristic: False,
) -> Finding:
    """For what hangs on a characteristic: each goes to every counterpart.

    Args:
        rows: of the old framework's characteristics.
        done: old row and new characteristic (primary keys) of what was carried before.
        mapping: of the frameworks.
        what: a row in words, for what is left behind.
        there: whether the same hangs on a counterpart anyhow.
    """
    counterparts = mapping.counterparts(2)
    codes = codes_by_record(mapping, 2)
    finding = Finding()
    for row in rows:
        targets: Sequence[Characteristic] = counterparts.get(row.characteristic_id, [])
        if not targets:
            code = codes[row.characteristic_id]
            finding.left.append(Left(code, what(row), *_whys(mapping, code)))
            continue
        fresh = [
            (row, target)
            for target in targets
            if (row.pk, target.pk) not in done and not there(row, target)
        ]
        finding.moves += fresh
        finding.already += not fresh
    return finding
