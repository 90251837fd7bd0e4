"""Linking evidence that comes with an index: what the index says counts, whoever takes it in."""

from collections.abc import Iterable

from core.history import attribute
from evidence.models import CharacteristicEvidence, Evidence
from inspections.models import Characteristic
from people.models import User


def stand_for(
    evidence: Evidence, characteristics: Iterable[Characteristic], *, actor: User, reason: str
) -> None:
    """Let evidence support characteristics that it does not stand for so far.

    Args:
        evidence: locked, or made in this transaction.
        characteristics: of the framework in force.
        actor: who takes it in; may take in a store of evidence.
        reason: for the history.
    """
    held = set(
        evidence.characteristic_links.filter(removed_at=None).values_list(
            "characteristic_id", flat=True
        )
    )
    for characteristic in characteristics:
        if characteristic.pk not in held:
            held.add(characteristic.pk)
            link = CharacteristicEvidence(
                evidence=evidence, characteristic=characteristic, added_by=actor
            )
            attribute(link, actor, reason)
            link.full_clean()
            link.save()
