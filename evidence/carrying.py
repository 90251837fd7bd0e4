"""Carrying over to the next framework what evidence stands for."""

from core.bulk import create_all
from evidence.choices import Strength
from evidence.models import CharacteristicEvidence
from inspections.carrying import Finding, copied, reason
from inspections.mapping import FrameworkMapping
from inspections.models import Characteristic
from people.models import User


class EvidenceLinks:
    """Links of evidence to characteristics, each copied to every counterpart. Where several
    characteristics became one, the same evidence stands for it once, with the strongest link.
    """

    things = "links of evidence to characteristics"
    to_confirm = True

    def find(self, mapping: FrameworkMapping) -> Finding:
        """What there is to carry; what somebody has taken off a counterpart is not put back."""
        rows = CharacteristicEvidence.objects.filter(
            characteristic__topic__question__framework=mapping.old, removed_at=None
        )
        of_new = CharacteristicEvidence.objects.filter(
            characteristic__topic__question__framework=mapping.new
        ).order_by()
        there = set(of_new.values_list("evidence_id", "characteristic_id"))

        def stands_there(row: CharacteristicEvidence, target: Characteristic) -> bool:
            key = (row.evidence_id, target.pk)
            known = key in there
            there.add(key)
            return known

        strongest_first = sorted(
            rows.order_by("pk"), key=lambda row: row.strength != Strength.DEMONSTRATES
        )
        # The evidence itself may be sensitive: its title is not told.
        return copied(
            strongest_first, set(), mapping, lambda row: "A link of evidence", stands_there
        )

    def carry(self, finding: Finding, mapping: FrameworkMapping, actor: User | None) -> None:
        """Copy the links, to be confirmed."""
        create_all(
            [
                CharacteristicEvidence(
                    characteristic=characteristic,
                    evidence_id=row.evidence_id,
                    strength=row.strength,
                    added_by=actor,
                    carried_from=row,
                    confirmed=False,
                )
                for row, characteristic in finding.moves
            ],
            actor=actor,
            reason=reason(mapping),
        )
