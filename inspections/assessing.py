"""What the force says of itself at each characteristic of good: who may say it, and how it is kept.

Nothing that was said is changed: a new judgement is a new row, and those before it are history.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core.collisions import Change, Overtaken, differences
from core.dates import long_date, today
from core.history import attribute
from inspections.choices import Judgement
from inspections.models import (
    Assessment,
    Characteristic,
    CoreQuestion,
    Framework,
    QuestionLead,
)

if TYPE_CHECKING:
    from people.models import User

# What two judgements of a characteristic are compared by.
_SAID = ("judgement", "narrative")


@dataclass(frozen=True)
class Said:
    """What somebody says of a characteristic, and what they saw when they began.

    Args:
        judgement: a `Judgement`.
        narrative: why.
        seen: the key of the assessment they saw, 0 for none.
        confirm: that what was carried over still holds.
    """

    judgement: str
    narrative: str
    seen: int = 0
    confirm: bool = False


class SomeRefused(Exception):
    """Something stands against what was said of some characteristics; nothing was saved.

    Args:
        refusals: why, by the key of the characteristic.
    """

    def __init__(self, refusals: Mapping[int, Overtaken | ValidationError]) -> None:
        super().__init__(f"{len(refusals)} characteristics could not be assessed.")
        self.refusals = dict(refusals)


def may_assess(question: CoreQuestion, user: "User") -> bool:
    """Whether somebody may judge a question area today, and keep its improvement plan.

    Its executive and delivery lead, those who may post for them, and governance. A framework that a
    newer one has taken over from stays as it was.
    """
    in_force = Framework.objects.in_force()
    if in_force and question.framework.in_force_from < in_force.in_force_from:
        return False
    if user.has_perm("inspections.assess_any_question"):
        return True
    return QuestionLead.objects.held_by(user, today()).filter(question=question).exists()


def latest_assessment(characteristic: Characteristic) -> Assessment | None:
    """What was said last of a characteristic, which is what holds."""
    return characteristic.assessments.select_related("made_by").first()


@transaction.atomic
def assess(
    characteristic: Characteristic,
    *,
    actor: "User | None",
    judgement: str,
    narrative: str = "",
    made_on: dt.date | None = None,
    seen: int | None = None,
) -> Assessment:
    """Say how good the force is at a characteristic. What holds already is not written again.

    Args:
        characteristic: with its topic area and question.
        actor: who says so; None when it is loaded.
        judgement: a `Judgement`.
        narrative: why, for all but "not assessed".
        made_on: the day it was made; None = today.
        seen: the key of the assessment that the writer saw, 0 where there was none; None = what
            others said meanwhile does not matter.

    Returns:
        The assessment that holds.

    Raises:
        PermissionDenied: the actor may not judge this question area.
        Overtaken: somebody else has said something else since.
        ValidationError: by field, where the day or the words do not fit.
    """
    question = characteristic.topic.question
    if actor is not None and not may_assess(question, actor):
        raise PermissionDenied(f"Those who lead {question} today assess it.")
    Characteristic.objects.select_for_update().get(pk=characteristic.pk)
    last = latest_assessment(characteristic)
    new = Assessment(
        characteristic=characteristic,
        judgement=judgement,
        narrative=narrative.strip(),
        made_on=made_on or today(),
        made_by=actor,
    )
    if last is not None and last.confirmed and _says_the_same(last, new):
        return last
    if seen is not None and last is not None and last.pk != seen:
        _tell_overtaken(seen, last)
    _check_day(new, last)
    return _save(new, actor, "Self-assessment")


@transaction.atomic
def assess_question(
    question: CoreQuestion,
    *,
    actor: "User",
    said: Mapping[int, Said],
    made_on: dt.date | None = None,
) -> int:
    """Say how good the force is at the characteristics of a question area, all of it or nothing.

    What the writer left as they saw it is left as it is now, whoever has changed it since.

    Args:
        question: the area.
        actor: who says so.
        said: by the key of the characteristic.
        made_on: the day the judgements were made; None = today.

    Returns:
        How many characteristics were assessed anew.

    Raises:
        PermissionDenied: the actor may not judge this question area.
        SomeRefused: as `assess` refuses, for one characteristic or several.
    """
    characteristics = Characteristic.objects.filter(topic__question=question, pk__in=said)
    seen = Assessment.objects.in_bulk([each.seen for each in said.values() if each.seen])
    written, refusals = 0, {}
    for each in characteristics.select_related("topic__question__framework"):
        words = said[each.pk]
        if not _changes(words, seen.get(words.seen)):
            continue
        try:
            assess(
                each,
                actor=actor,
                judgement=words.judgement,
                narrative=words.narrative,
                made_on=made_on,
                seen=words.seen,
            )
            written += 1
        except (Overtaken, ValidationError) as refusal:
            refusals[each.pk] = refusal
    if refusals:
        raise SomeRefused(refusals)
    return written


def _changes(said: Said, seen: Assessment | None) -> bool:
    """Whether somebody says something else than what they saw, or confirms it."""
    was = (seen.judgement, seen.narrative) if seen else (Judgement.NOT_ASSESSED, "")
    if (said.judgement, said.narrative.strip()) != was:
        return True
    return said.confirm and seen is not None and not seen.confirmed


def confirm_assessment(assessment: Assessment, *, actor: "User") -> Assessment:
    """Say that what was carried over from an older framework still holds.

    One that is confirmed already stays as it is.

    Raises:
        PermissionDenied, Overtaken: as for `assess`.
    """
    return assess(
        assessment.characteristic,
        actor=actor,
        judgement=assessment.judgement,
        narrative=assessment.narrative,
        seen=assessment.pk,
    )


def _says_the_same(one: Assessment, other: Assessment) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SAID)


def _tell_overtaken(seen: int, last: Assessment) -> None:
    """Say what somebody else has said of a characteristic since the writer saw it.

    Raises:
        Overtaken: always.
    """
    before = last.characteristic.assessments.filter(pk=seen).first() or Assessment(judgement="")
    by = str(last.made_by) if last.made_by else "somebody"
    change = Change(by, last.recorded_at, differences(before, last, _SAID))
    raise Overtaken(last.pk, [change])


def _check_day(new: Assessment, last: Assessment | None) -> None:
    if new.made_on > today():
        raise ValidationError(
            {
                "made_on": f"{long_date(new.made_on)} has not come yet. Enter today or a day "
                "before it."
            }
        )
    if last is not None and new.made_on < last.made_on:
        raise ValidationError(
            {
                "made_on": f"{new.characteristic.code} was assessed on {long_date(last.made_on)}. "
                "Enter that day or a later one."
            }
        )


def _save(assessment: Assessment, actor: "User | None", reason: str) -> Assessment:
    attribute(assessment, actor, reason)
    assessment.full_clean()
    assessment.save()
    return assessment
