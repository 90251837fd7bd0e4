"""Who is told when a difference with HMICFRS's portal becomes theirs."""

from collections.abc import Sequence

from django.urls import reverse

from core.numbers import counted
from people.models import User
from people.notices import tell
from portal.models import PortalDifference


def tell_owner(owner: User | None, differences: Sequence[PortalDifference], *, actor: User) -> None:
    """Tell somebody that differences, which they may read, are theirs now; not who has taken them
    for themselves.
    """
    if owner is None or owner == actor or not differences:
        return
    if len(differences) == 1:
        one = differences[0]
        about = f"{one.action or one.record}, {one.get_kind_display().lower()}"
        said = f"{actor} makes you owner of a difference with HMICFRS’s portal: {about}"
        tell([owner], said, one.get_absolute_url())
        return
    number = counted(len(differences), "difference")
    address = f"{reverse('portal:reconciliation')}?mine=me"
    tell([owner], f"{actor} makes you owner of {number} with HMICFRS’s portal", address)
