"""Protective markings (Government Security Classifications)."""

from django.db import models


class Marking(models.TextChoices):
    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"


class PaperMarking(models.TextChoices):
    """What a paper may carry: the old scheme stays selectable (the paper of 10 December 2024 used
    it).
    """

    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"
    NOT_PROTECTIVELY_MARKED = "NOT PROTECTIVELY MARKED", "NOT PROTECTIVELY MARKED"
