"""How long a pack is kept, and the end of it."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from core.dates import now
from core.history import attribute
from evidence.models import PackRequest, PackState
from people.models import User


def expiry(built_at: dt.datetime) -> dt.datetime:
    """Until when a pack that was built at a moment can be downloaded."""
    return built_at + dt.timedelta(days=settings.EVIDENCE_PACK_DAYS)


@transaction.atomic
def remove_pack(pack: PackRequest, *, actor: User | None, reason: str) -> None:
    """Remove the archive of a pack; what was in it stays on record. Again, it does nothing.

    Args:
        pack: any; one that is still being built comes to nothing.
        actor: who removes it; None for a command.
        reason: for the audit trail.
    """
    locked = PackRequest.objects.select_for_update().get(pk=pack.pk)
    if locked.state == PackState.REMOVED and not locked.file:
        return
    if locked.file:
        # Before the row says so: broken off in between, it is removed the next time.
        locked.file.storage.delete(str(locked.file.name))
    locked.file, locked.state = "", PackState.REMOVED
    attribute(locked, actor, reason)
    locked.save()


def remove_expired() -> int:
    """Remove the archives whose days are over.

    Returns:
        How many there were.
    """
    found = list(PackRequest.objects.over(now()))
    for pack in found:
        remove_pack(pack, actor=None, reason="Its days are over")
    return len(found)
