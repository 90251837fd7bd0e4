"""Files with a version of the framework, between being sent and being taken in."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.history import tracked


class FrameworkUpload(models.Model):
    """A version of the framework that somebody has sent: compared, and perhaps taken in. What is
    refused is not kept.
    """

    original_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    # As `inspections.versions` reads it.
    document = models.JSONField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    history = tracked(excluded_fields=["document"])

    class Meta:
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("versions:upload", args=[self.pk])
