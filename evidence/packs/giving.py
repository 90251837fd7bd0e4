"""Whether the archive of a pack is given out: asked at every download."""

from core.markings import Marking
from evidence.choices import ReadAs
from evidence.models import Evidence, PackRequest
from evidence.readings import note_all
from people.models import User

_NOT_READY = "This pack is not ready."
_OVER = "The days of this pack are over. Build it again."
_OTHERWISE = (
    "This pack is not given out any more: something in it was withdrawn or marked otherwise since, "
    "or is not for you to read any more. Build it again, and it holds what you may read now."
)


def why_not_given(pack: PackRequest, user: User) -> str:
    """Why somebody may not have the archive of a pack now; "" where they may.

    Args:
        pack: of this person, or not.
        user: who asks for it.
    """
    if pack.made_by_id != user.pk or not pack.is_ready:
        return _NOT_READY
    if pack.has_expired:
        return _OVER
    keys = {each["id"] for each in pack.contents}
    readable = Evidence.objects.visible_to(user).current().filter(pk__in=keys)
    markings = list(readable.values_list("marking", flat=True))
    if len(markings) != len(keys):
        return _OTHERWISE
    if pack.marking == Marking.OFFICIAL and Marking.SENSITIVE in markings:
        return _OTHERWISE
    return ""


def note_given(pack: PackRequest) -> None:
    """Write down that the maker of a pack was given the sensitive evidence in it."""
    versions = {each["id"]: each["version"] for each in pack.contents}
    pieces = Evidence.objects.filter(pk__in=versions).prefetch_related("files")
    read = [
        (piece, next((f for f in piece.files.all() if f.version == versions[piece.pk]), None))
        for piece in pieces
    ]
    note_all(read, pack.made_by, ReadAs.PACK)
