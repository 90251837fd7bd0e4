"""How workbooks of a kind are laid out, and what their words mean: asked once and remembered."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.history import tracked
from portal.models.imports import Purpose


class Profile(models.Model):
    """A layout that has a name: which sheet, which row of headers, and what each header fills."""

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    sheet = models.CharField(max_length=100, blank=True, default="")
    # {"ref no": "reference", "notes": ""}: header as `columns.header_key` gives it -> field;
    # "" where the column is not read.
    fields = models.JSONField(default=dict)
    # {"ref no": "Ref No"}: header key -> header as it was written.
    headers = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering = ("name", "id")
        verbose_name = "layout"
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                "purpose",
                name="portal_profile_unique_name",
                violation_error_message="There is a layout of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Meaning(models.Model):
    """What a word in a column means here: “Sgt Hill’s team” is the lead Head of Crime."""

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    field = models.CharField(max_length=40)
    # In lower case with single spaces (`meanings.word_key`).
    said = models.CharField(max_length=400)
    # As somebody wrote it.
    written = models.CharField(max_length=400, blank=True, default="")
    # The word that the field's reader knows; "" where the cell is to be read as empty.
    meant = models.CharField(max_length=400, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering = ("purpose", "field", "said")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "field", "said"],
                name="portal_meaning_unique_word",
                violation_error_message="This word has a meaning already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_written}: {self.meant or 'nothing'}"

    @property
    def as_written(self) -> str:
        """The word as people read it."""
        return self.written or self.said
