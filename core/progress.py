"""How far long work has come, told while its transaction is open: so not kept in the database.

It is kept in files of the data directory. Another machine that has a data directory of its own
sees that work is under way, but not how far it has come.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

# Nothing heard for so long: whoever was at work may be gone.
QUIET = dt.timedelta(minutes=2)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Told:
    """So much of so much was done at a moment."""

    done: int
    total: int
    at: dt.datetime


@dataclass(frozen=True)
class UnderWay:
    """Work that somebody has asked for and that has not ended yet.

    Args:
        done: so much; None while it waits, or where another machine is at work.
        total: of so much; None where that is not known.
        stalled: nothing has been heard of it for two minutes.
    """

    done: int | None
    total: int | None
    stalled: bool


@dataclass(frozen=True)
class Progress:
    """What is told of one kind of work.

    Args:
        prefix: that tells it from other kinds.
    """

    prefix: str

    def _key(self, pk: int) -> str:
        return f"{self.prefix}-{pk}"

    def teller(self, pk: int) -> Tell:
        """What the work of this number calls to tell how far it has come."""

        def tell(done: int, total: int) -> None:
            caches["progress"].set(self._key(pk), (done, total, timezone.now()))

        return tell

    def told(self, pk: int) -> Told | None:
        """What was told last; None when nothing is under way or it is long ago."""
        found = caches["progress"].get(self._key(pk))
        return Told(*found) if found else None

    def forget(self, pk: int) -> None:
        """Nothing is under way any more."""
        caches["progress"].delete(self._key(pk))

    def since(self, asked_at: dt.datetime, pk: int) -> UnderWay:
        """How the work of this number stands that was asked for at a moment and has not ended.

        What an attempt before told, that was broken off, says nothing of this one.
        """
        found = self.told(pk)
        if found is None or found.at < asked_at:
            return UnderWay(None, None, timezone.now() - asked_at > QUIET)
        return UnderWay(found.done, found.total, timezone.now() - found.at > QUIET)
