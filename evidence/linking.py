"""What a piece of evidence stands for: linking it to characteristics of good, and taking it off.

Its owner and those who keep the evidence link it to any characteristic; who leads a question area
today, to those of that area.
"""

import re
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from core.dates import today
from core.history import attribute
from evidence.choices import Strength
from evidence.keeping import may_keep
from evidence.models import CharacteristicEvidence, Evidence
from inspections.models import Characteristic, CoreQuestion, Framework, QuestionLead
from inspections.queries import QuestionLeadQuerySet
from people.models import User

_NOT_YOURS = (
    "Its owner, those who keep the evidence and the leads of the question area say what it "
    "stands for."
)
_WITHDRAWN = "This evidence was withdrawn. It stands for nothing any more."
_TAKEN_OFF = "This was taken off meanwhile."
_CODE = re.compile(r"^(\d{1,4})\.(\d{1,4})\.(\d{1,4})$")


def may_link(evidence: Evidence, user: User, question: CoreQuestion | None = None) -> bool:
    """Whether somebody may say what a piece of evidence stands for.

    Args:
        evidence: that this person may read.
        user: who asks.
        question: the area of the characteristic; any area they may say it of, unless told.
    """
    return may_keep(evidence, user) or areas_led(user, question).exists()


def areas_led(user: User, question: CoreQuestion | None = None) -> QuestionLeadQuerySet:
    """The question areas whose lead somebody holds today or may post for; that one only, where
    told.
    """
    duties = QuestionLead.objects.held_by(user, today())
    return duties.filter(question=question) if question else duties


@transaction.atomic
def link(
    evidence: Evidence,
    characteristic: Characteristic,
    *,
    actor: User,
    strength: str = Strength.SUPPORTS,
) -> CharacteristicEvidence:
    """Say that a piece of evidence stands for a characteristic; again, to change how far.

    Args:
        evidence: what is linked.
        characteristic: what it stands for.
        actor: who says so.
        strength: a `Strength`.

    Returns:
        The link that holds, whether it is new, changed, or was there already.

    Raises:
        PermissionDenied: the actor may not link it to this question area.
        ValidationError: the evidence was withdrawn, or there is no such strength.
    """
    locked = _locked(evidence, characteristic, actor)
    if locked.withdrawn_at is not None:
        raise ValidationError(_WITHDRAWN)
    found = locked.characteristic_links.filter(
        characteristic=characteristic, removed_at=None
    ).first()
    if found is not None and found.strength == strength:
        return found
    reason = "Strength changed" if found else "Linked to a characteristic"
    if found is None:
        found = CharacteristicEvidence(
            evidence=locked, characteristic=characteristic, added_by=actor
        )
    found.strength = strength
    _save(found, actor, reason)
    return found


@transaction.atomic
def unlink(link: CharacteristicEvidence, *, actor: User) -> None:
    """Say that a piece of evidence stands for a characteristic no more. The link stays on record;
    one that was taken off already stays as it is.

    Raises:
        PermissionDenied: the actor may not say so.
    """
    _locked(link.evidence, link.characteristic, actor)
    found = CharacteristicEvidence.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if found.removed_at is None:
        found.removed_at = timezone.now()
        _save(found, actor, "Taken off a characteristic")


@transaction.atomic
def confirm(link: CharacteristicEvidence, *, actor: User) -> None:
    """Say that a link that was carried over from an older framework holds.

    Raises:
        PermissionDenied: the actor may not say so.
        ValidationError: it was taken off meanwhile.
    """
    _locked(link.evidence, link.characteristic, actor)
    found = CharacteristicEvidence.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if found.removed_at is not None:
        raise ValidationError(_TAKEN_OFF)
    if not found.confirmed:
        found.confirmed = True
        _save(found, actor, "Confirmed after it was carried over")


@transaction.atomic
def choose(
    evidence: Evidence,
    question: CoreQuestion,
    *,
    actor: User,
    chosen: Mapping[Characteristic, str],
    shown: Collection[int],
) -> None:
    """Say at once what a piece of evidence stands for within a question area.

    What somebody else has linked since the page was shown stays.

    Args:
        evidence: what is linked.
        question: the area.
        actor: who says so.
        chosen: the characteristics it stands for, each with a `Strength`.
        shown: primary keys of the characteristics it stood for when the actor was asked.

    Raises:
        PermissionDenied: the actor may not say so of this area.
        ValidationError: the evidence was withdrawn, or there is no such strength.
    """
    for characteristic, strength in chosen.items():
        link(evidence, characteristic, actor=actor, strength=strength)
    kept = {characteristic.pk for characteristic in chosen}
    holding = evidence.characteristic_links.holding().filter(
        characteristic__topic__question=question, characteristic__in=set(shown) - kept
    )
    for each in holding.select_related("characteristic__topic__question", "evidence"):
        unlink(each, actor=actor)


def characteristics_named(text: str, framework: Framework) -> list[Characteristic]:
    """The characteristics that a text names by their codes.

    Args:
        text: codes with commas, semicolons or spaces between them: "1.2.3, 4.1.1".
        framework: in which they stand.

    Returns:
        Each once, in the order of the text; with its topic area and question.

    Raises:
        ValidationError: something in it is no code, or the framework has no such characteristic.
    """
    words = list(dict.fromkeys(re.split(r"[,;\s]+", text.strip()))) if text.strip() else []
    codes: dict[tuple[int, ...], str] = {}
    for word in filter(None, words):
        match = _CODE.match(word.rstrip("."))
        if match is None:
            raise ValidationError(
                f"“{word}” is not the number of a characteristic. Write it like 1.2.3: question "
                "area, topic area, characteristic."
            )
        codes[tuple(int(part) for part in match.groups())] = word
    found = _by_place(framework) if codes else {}
    for place, word in codes.items():
        if place not in found:
            raise ValidationError(f"There is no characteristic {word} in {framework}.")
    return [found[place] for place in codes]


def _by_place(framework: Framework) -> dict[tuple[int, ...], Characteristic]:
    return {
        (each.topic.question.number, each.topic.number, each.number): each
        for each in Characteristic.objects.in_order(framework)
    }


def _locked(evidence: Evidence, characteristic: Characteristic, actor: User) -> Evidence:
    """The evidence, locked: two people who link it at once come one after the other."""
    found = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    question = characteristic.topic.question
    readable = Evidence.objects.visible_to(actor).filter(pk=found.pk).exists()
    if not readable or not may_link(found, actor, question):
        raise PermissionDenied(_NOT_YOURS)
    return found


def _save(record: CharacteristicEvidence, actor: User, reason: str) -> None:
    attribute(record, actor, reason)
    # Nobody has added what a command carried over.
    record.full_clean(exclude=["added_by"])
    record.save()
