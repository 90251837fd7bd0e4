"""Files that are kept: under our own name, with the sender's as text and a fingerprint."""

import hashlib
import re
import uuid
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from core.signs import shown

_CHUNK = 1024 * 1024
# What comes after the last dot of a longer name is no ending.
_LONGEST_ENDING = 10


def plain_name(name: str, length: int) -> str:
    """The name of a file as text: no path, no control characters; its ending stays.

    Args:
        name: what its sender calls it.
        length: most characters; a longer name is cut before its ending.

    Returns:
        The name; empty when nothing of it can be shown.
    """
    last = re.split(r"[\\/]", name)[-1]
    kept = " ".join(shown(last).split()).strip(". ")
    if len(kept) > length:
        stem, dot, ending = kept.rpartition(".")
        ends = dot and len(ending) <= _LONGEST_ENDING
        kept = f"{stem[: length - len(ending) - 2]}….{ending}" if ends else kept[:length]
    return kept


def fingerprint(file: IO[bytes]) -> str:
    """SHA-256 of a file, which is left at its start."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


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


def recorded_names(names: Collection[str] | None = None) -> set[str]:
    """Names of the files that records stand for, of whatever room.

    Args:
        names: only of these; all unless told.
    """
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.exclude(**{field.name: ""})
                if names is not None:
                    rows = rows.filter(**{f"{field.name}__in": list(names)})
                found.update(rows.values_list(field.name, flat=True).iterator())
    return found


def is_recorded(name: str) -> bool:
    """Whether a record stands for a file of this name."""
    return bool(recorded_names([name]))
