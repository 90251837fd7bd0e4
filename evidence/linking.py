"""What a piece of evidence stands for: its links to characteristics of good."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from core.history import attribute
from evidence.choices import Strength
from evidence.models import CharacteristicEvidence, Evidence
from inspections.models import Characteristic, Framework
from people.models import User


@transaction.atomic
def link(
    evidence: Evidence,
    characteristic: Characteristic,
    *,
    actor: User,
    strength: str = Strength.SUPPORTS,
) -> CharacteristicEvidence:
    """Say that a piece of evidence stands for a characteristic."""
    found = CharacteristicEvidence.objects.filter(
        evidence=evidence, characteristic=characteristic, removed_at=None
    ).first()
    if found is None:
        found = CharacteristicEvidence(
            evidence=evidence, characteristic=characteristic, strength=strength, added_by=actor
        )
        attribute(found, actor, "Linked to a characteristic")
        found.full_clean()
        found.save()
    return found


def characteristics_named(text: str, framework: Framework) -> list[Characteristic]:
    """The characteristics that a text names by their codes ("1.2.3, 4.1.1"), each once.

    Raises:
        ValidationError: something in it is no code, or the framework has no such characteristic.
    """
    every = Characteristic.objects.filter(topic__question__framework=framework)
    by_code = {each.code: each for each in every.select_related("topic__question")}
    codes = dict.fromkeys(filter(None, re.split(r"[,;\s]+", text)))
    for code in codes:
        if code not in by_code:
            raise ValidationError(f"There is no characteristic {code} in {framework}.")
    return [by_code[code] for code in codes]


def may_link(evidence: Evidence, user: User) -> bool:
    """Whether somebody may say what a piece of evidence stands for: the owner, and keepers."""
    return evidence.owner_id == user.pk or user.has_perm("evidence.view_sensitive_evidence")
