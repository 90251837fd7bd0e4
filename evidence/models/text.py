"""What evidence is found by: the text of its files, and the words of a piece as search reads
them. Both are derived: nobody writes them, and they can be made anew at any time.
"""

from django.db import models

from evidence.choices import TextState
from evidence.models.items import Evidence, EvidenceFile
from evidence.queries import EvidenceWordsQuerySet


class EvidenceText(models.Model):
    """The text of one version of a file."""

    file = models.OneToOneField(EvidenceFile, on_delete=models.CASCADE, related_name="text")
    state = models.CharField(
        max_length=10, choices=TextState.choices, default=TextState.WAITING, db_index=True
    )
    text = models.TextField(blank=True, default="")
    extracted_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "text of a file"

    def __str__(self) -> str:
        return f"{self.file}: {self.get_state_display().lower()}"


class EvidenceWords(models.Model):
    """Title, what it shows and the text of the newest file of one piece of evidence, folded as
    `evidence.words.folded` does; indexed by `evidence.database`.
    """

    evidence = models.OneToOneField(
        Evidence, on_delete=models.CASCADE, primary_key=True, related_name="found_by"
    )
    words = models.TextField(blank=True, default="")

    objects = EvidenceWordsQuerySet.as_manager()

    class Meta:
        verbose_name = "words of a piece of evidence"
        verbose_name_plural = "words of evidence"

    def __str__(self) -> str:
        return str(self.evidence)
