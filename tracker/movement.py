"""What each word of the movement means, as conditions on the status at both ends of a window.

Used on actions that carry `opening_period` and `closing_period` (`tracker.queries.ends`). Comparing
the two ends, not counting events between, is what makes opening + new + re-opened - closed =
closing hold always.
"""

from django.db.models import Q

from tracker.choices import Status

_KNOWN_BEFORE = Q(opening_period__isnull=False)
_LIVE_BEFORE = _KNOWN_BEFORE & ~Q(opening_period__status=Status.CLOSED)
_CLOSED_BEFORE = Q(opening_period__status=Status.CLOSED)
_KNOWN_AFTER = Q(closing_period__isnull=False)
_LIVE_AFTER = _KNOWN_AFTER & ~Q(closing_period__status=Status.CLOSED)
_CLOSED_AFTER = Q(closing_period__status=Status.CLOSED)

CHANGES: dict[str, Q] = {
    "opening": _LIVE_BEFORE,
    "new": Q(opening_period__isnull=True) & _KNOWN_AFTER,
    "reopened": _CLOSED_BEFORE & _LIVE_AFTER,
    "closed": _CLOSED_AFTER & (_LIVE_BEFORE | Q(opening_period__isnull=True)),
    "closing": _LIVE_AFTER,
}
