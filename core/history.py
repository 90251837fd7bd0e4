"""The audit trail: what django-simple-history keeps of every change, and under which request."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from core.middleware import current_request_id


class RequestStamp(models.Model):
    """What each row of history adds: the request it was made in and the person's name as text."""

    request_id = models.CharField(max_length=12, default="-")
    user_name = models.CharField(max_length=150, default="")

    class Meta:
        abstract = True


def tracked(**options: Any) -> HistoricalRecords:
    """The history of a model; every tracked model declares `history = tracked()`."""
    return HistoricalRecords(bases=[RequestStamp], **options)


def stamp(sender: type, **kwargs: Any) -> None:
    row = kwargs["history_instance"]
    row.request_id = current_request_id()
    user = kwargs.get("history_user")
    row.user_name = str(user) if user else ""


def connect() -> None:
    pre_create_historical_record.connect(stamp, dispatch_uid="core.history.stamp")


def attribute(instance: models.Model, actor: Any, reason: str = "") -> None:
    """Say who causes the next save of a record, and why, for its row of history.

    Args:
        instance: a record of a tracked model, not yet saved.
        actor: the user; None when a command does it on nobody's behalf.
        reason: in a few words; what does not fit into 100 characters is cut off.
    """
    instance._history_user = actor  # type: ignore[attr-defined]
    instance._change_reason = reason[:100]  # type: ignore[attr-defined]


def bulk_stamp(actor: Any) -> dict[str, str]:
    """What `RequestStamp` adds, for bulk writes, which send no signal."""
    return {"request_id": current_request_id(), "user_name": str(actor) if actor else ""}
