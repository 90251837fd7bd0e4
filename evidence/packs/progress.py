"""How far the building of a pack has come (`core.progress`)."""

from core.progress import Progress, UnderWay
from evidence.models import PackRequest

_PACKS = Progress("pack")
teller = _PACKS.teller
forget = _PACKS.forget


def under_way(pack: PackRequest) -> UnderWay | None:
    """How the building of a pack stands, in bytes copied; None where it has ended."""
    if not pack.is_building:
        return None
    return _PACKS.since(pack.asked_at, pack.pk)
