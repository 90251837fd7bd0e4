"""Files that are kept: under our own name, with the sender's as text and a fingerprint."""

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.utils import timezone


def kept_under(instance: models.Model, name: str) -> str:
    """Where a file is kept: the sender's name decides nothing but the ending, which was vetted."""
    return f"{instance._meta.app_label}/{uuid.uuid4()}{PurePosixPath(name).suffix.lower()}"


class StoredFile(models.Model):
    """A file as it was received. It is never changed: another one is another row."""

    file = models.FileField(upload_to=kept_under, max_length=200)
    original_name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_at = models.DateTimeField(default=timezone.now)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name
