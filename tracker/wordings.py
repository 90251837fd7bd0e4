"""What the closing words of a force's list mean; the words themselves are kept as well."""

from tracker.choices import CloseReason, Kind, Register

# Tried in this order; the first found in the lower-case wording decides.
_MEANINGS: tuple[tuple[str, CloseReason], ...] = (
    ("no follow-up", CloseReason.NO_FOLLOW_UP),
    ("supersed", CloseReason.SUPERSEDED),
    ("not accepted", CloseReason.NOT_ACCEPTED),
    ("withdrawn", CloseReason.WITHDRAWN),
    ("closed by hmicfrs", CloseReason.VERIFIED),
    ("verified by hmicfrs", CloseReason.VERIFIED),
    ("closed by the force", CloseReason.COMPLETED),
    ("super-complaint:", CloseReason.COMPLETED),
    ("complete", CloseReason.COMPLETED),
)


def close_reason_of(
    wording: str, *, kind: str, register: str, level: int | None
) -> tuple[CloseReason, bool]:
    """The reason that a list's wording stands for, and whether the wording was recognised.

    A wording nobody knows is taken as the usual end of the action's route: completed where the
    force closes (level 2, super-complaints and other local tracking), verified where HMICFRS does
    (levels 3 and 4, causes of concern).

    Args:
        wording: as in the list.
        kind, register, level: of the action, which decide when the wording does not.
    """
    if register == Register.HMICFRS and level == 1:
        return CloseReason.NO_FOLLOW_UP, True
    folded = " ".join(wording.lower().split())
    for words, reason in _MEANINGS:
        if words in folded:
            return reason, True
    if register == Register.HMICFRS and (kind == Kind.CAUSE_OF_CONCERN or (level or 0) >= 3):
        return CloseReason.VERIFIED, False
    return CloseReason.COMPLETED, False
