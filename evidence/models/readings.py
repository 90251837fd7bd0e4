"""Who has read sensitive evidence."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from evidence.choices import ReadAs
from evidence.models.items import Evidence, EvidenceFile


class EvidenceReading(models.Model):
    """That somebody has read a piece of sensitive evidence. Append-only."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="readings")
    # Which version, where it was a file.
    file = models.ForeignKey(
        EvidenceFile, on_delete=models.PROTECT, related_name="readings", null=True, blank=True
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As text too: what people are called changes.
    reader_name = models.CharField(max_length=150)
    how = models.CharField(max_length=10, choices=ReadAs.choices)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-read_at", "-pk")
        indexes = [models.Index(fields=["evidence", "-read_at"], name="evidence_reading_latest")]

    def __str__(self) -> str:
        return f"{self.reader_name}: {self.evidence}, {self.get_how_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What was read stays read: this log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("What was read stays read: nothing is taken out of this log.")
