"""How long a pack is kept, and the end of it."""

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction

from core.dates import now
from core.history import attribute
from evidence.models import PackRequest, PackState
from people.models import User

logger = logging.getLogger("portal.evidence")


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
    if locked.is_removed and not locked.file:
        return
    if locked.file:
        # Before the row says so: broken off in between, it is removed the next time.
        locked.file.storage.delete(str(locked.file.name))
    locked.file, locked.state = "", PackState.REMOVED
    attribute(locked, actor, reason)
    locked.save()


def expired() -> list[PackRequest]:
    """The packs whose days are over and whose archive is still kept."""
    return list(PackRequest.objects.over(now()))


def remove_expired() -> tuple[int, list[str]]:
    """Remove the archives whose days are over. One that cannot be removed keeps none of the others;
    it is tried again the next time.

    Returns:
        How many were removed, and the names of the archives that could not be.
    """
    removed, left = 0, []
    for pack in expired():
        try:
            remove_pack(pack, actor=None, reason="Its days are over")
        except OSError:
            logger.exception("The archive of inspection pack %d could not be removed", pack.pk)
            left.append(str(pack.file.name))
        else:
            removed += 1
    return removed, left
