"""Writing many tracked records in a few statements, each with its row of history.

The one place that does: what is written in bulk elsewhere would leave no history.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models

from core.history import record_changes, record_creations

BATCH = 1_000
# A statement that changes many rows names each value of each: fewer of them go into one.
CHANGED_AT_ONCE = 200


def create_all(records: Sequence[models.Model], *, actor: Any, reason: str) -> None:
    """Create records of one tracked model.

    Args:
        records: valid, not saved yet; there may be none.
        actor: the user; None when a command does it on nobody's behalf.
        reason: for the audit trail.
    """
    if records:
        type(records[0])._default_manager.bulk_create(records, batch_size=BATCH)
        record_creations(records, actor=actor, reason=reason)


def change_all(
    records: Sequence[models.Model], fields: Sequence[str], *, actor: Any, reason: str
) -> None:
    """Save these fields of records of one tracked model.

    Args:
        records: valid, with their new values; there may be none.
        fields: the names of those that may have changed.
        actor, reason: as for `create_all`.
    """
    if records:
        type(records[0])._default_manager.bulk_update(records, fields, batch_size=CHANGED_AT_ONCE)
        record_changes(records, actor=actor, reason=reason)
