"""What evidence proves: its links to the characteristics of good."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.history import tracked
from evidence.choices import Strength
from evidence.models.items import Evidence
from evidence.queries import CharacteristicEvidenceQuerySet
from inspections.models import Characteristic


class CharacteristicEvidence(models.Model):
    """That a piece of evidence supports or demonstrates a characteristic, until it is taken off."""

    characteristic = models.ForeignKey(
        Characteristic, on_delete=models.PROTECT, related_name="evidence_links"
    )
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="characteristic_links"
    )
    strength = models.CharField(max_length=12, choices=Strength.choices, default=Strength.SUPPORTS)
    # Carried over from an older framework and not confirmed yet: False.
    confirmed = models.BooleanField(default=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="carried_to", null=True, blank=True
    )
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CharacteristicEvidenceQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("characteristic", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["characteristic", "evidence"],
                condition=Q(removed_at=None),
                name="evidence_characteristic_once",
                violation_error_message="This evidence stands for this characteristic already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence} {self.get_strength_display().lower()} {self.characteristic}"
