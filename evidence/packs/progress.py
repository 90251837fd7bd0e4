"""How far the building of a pack has come: kept in files of the data directory, so that telling it
costs the database nothing.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

from evidence.models import PackRequest

# Nothing heard for so long: whoever was at work may be gone.
QUIET = dt.timedelta(minutes=2)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class UnderWay:
    """A pack that is waited for.

    Args:
        done: bytes copied; None while it waits, or where another machine is at work.
        total: bytes to copy; None likewise.
        stalled: nothing has been heard of it for two minutes.
    """

    done: int | None
    total: int | None
    stalled: bool


def _key(pk: int) -> str:
    return f"pack-{pk}"


def teller(pk: int) -> Tell:
    """What building calls to tell how far the pack of this number has come."""

    def tell(done: int, total: int) -> None:
        caches["progress"].set(_key(pk), (done, total, timezone.now()))

    return tell


def forget(pk: int) -> None:
    """Nothing is under way any more."""
    caches["progress"].delete(_key(pk))


def under_way(pack: PackRequest) -> UnderWay | None:
    """How the building of a pack stands; None where it has ended."""
    if not pack.is_building:
        return None
    found = caches["progress"].get(_key(pack.pk))
    # What an attempt before told, that was broken off, says nothing of this one.
    done, total, heard = found if found and found[2] >= pack.asked_at else (None, None, None)
    stalled = timezone.now() - (heard or pack.asked_at) > QUIET
    return UnderWay(done=done, total=total, stalled=stalled)
