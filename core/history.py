"""The audit trail: what django-simple-history keeps of every change, and under which request."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections, models, router
from django.utils import timezone
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from core.batches import in_batches
from core.middleware import current_request_id

# A database takes so many values in one statement at least.
_COPIED_AT_ONCE = 900
_stamp: ContextVar[str] = ContextVar("stamp", default="")


class RequestStamp(models.Model):
    """What each row of history adds: the request it was made in and the person's name as text."""

    request_id = models.CharField(max_length=12, default="-")
    user_name = models.CharField(max_length=150, default="")

    class Meta:
        abstract = True


def tracked(**options: Any) -> HistoricalRecords:
    """The history of a model; every tracked model declares `history = tracked()`."""
    return HistoricalRecords(bases=[RequestStamp], **options)


@contextmanager
def stamped(stamp: str) -> Iterator[None]:
    """Let every row of history that is written within carry this stamp for its `request_id`.

    So that what one piece of work wrote is found again, whichever process it ran in.

    Args:
        stamp: 12 characters at most; unlike any other.
    """
    token = _stamp.set(stamp)
    try:
        yield
    finally:
        _stamp.reset(token)


def _written_in() -> str:
    return _stamp.get() or current_request_id()


def stamp(sender: type, **kwargs: Any) -> None:
    row = kwargs["history_instance"]
    row.request_id = _written_in()
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


def record_creations(records: Sequence[models.Model], *, actor: Any, reason: str = "") -> None:
    """Give records that were just created in bulk their rows of history, copied by the database.

    The library's own `bulk_create_with_history` builds every row of history in Python, which takes
    as long as building the records; one INSERT ... SELECT for a batch says the same in a tenth of
    that.

    Args:
        records: of one tracked model, created, all of them with their primary keys.
        actor: the user; None when a command does it on nobody's behalf.
        reason: as for `attribute`.
    """
    _copy_all(records, "+", actor, reason)


def record_changes(records: Sequence[models.Model], *, actor: Any, reason: str = "") -> None:
    """Give records that were just changed in bulk their rows of history, copied by the database.

    Arguments as for `record_creations`.
    """
    _copy_all(records, "~", actor, reason)


def _copy_all(records: Sequence[models.Model], kind: str, actor: Any, reason: str) -> None:
    if not records:
        return
    model = type(records[0])
    for batch in in_batches(records, _COPIED_AT_ONCE):
        keys = [record.pk for record in batch]
        _copy(model, kind, ", ".join(["%s"] * len(keys)), keys, actor=actor, reason=reason)


def remove_in_bulk(records: models.QuerySet[Any], *, actor: Any, reason: str = "") -> int:
    """Delete records of a tracked model, each with its row of history, copied by the database.

    Nothing goes with them: the caller has seen to it that nothing refers to them. The database
    holds to that when the transaction ends.

    Args:
        records: which; ordering and slices do not count.
        actor, reason: as for `attribute`.

    Returns:
        How many there were.
    """
    found = records.order_by().values("pk")
    which, parameters = found.query.sql_with_params()
    _copy(records.model, "-", which, parameters, actor=actor, reason=reason)
    return int(records.order_by()._raw_delete(router.db_for_write(records.model)))


def _copy(
    model: type[models.Model],
    kind: str,
    which: str,
    parameters: Sequence[Any],
    *,
    actor: Any,
    reason: str,
) -> None:
    """Copy records into the history as they are.

    Args:
        kind: of the rows of history, "+", "~" or "-".
        which: the SQL of their primary keys, with its parameters.
    """
    history = model.history.model  # type: ignore[attr-defined]
    connection = connections[router.db_for_write(model)]
    stamps = {
        "history_date": connection.ops.adapt_datetimefield_value(timezone.now()),
        "history_type": kind,
        "history_user_id": actor.pk if actor else None,
        "history_change_reason": reason[:100],
        "request_id": _written_in(),
        "user_name": str(actor) if actor else "",
    }
    quote = connection.ops.quote_name
    copied = ", ".join(quote(field.column) for field in history.tracked_fields)
    stamped_columns = ", ".join(quote(name) for name in stamps)
    keys = quote(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} ({copied}, {stamped_columns}) "
            f"SELECT {copied}, {', '.join(['%s'] * len(stamps))} "
            f"FROM {quote(model._meta.db_table)} WHERE {keys} IN ({which}) ORDER BY {keys}",
            [*stamps.values(), *parameters],
        )
