"""The list of differences that goes to HMICFRS: what its portal shows, and what the force holds.

Nothing of it is internal: no owner, no note. What is our own error, or accepted for now, is left
out.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Lower

from core.dates import long_date, today
from core.exports import Sheet
from core.markings import Marking
from core.numbers import counted
from people.models import User
from portal.difference_queries import PortalDifferenceQuerySet, still_accepted
from portal.models import Answer, PortalDifference
from portal.reconciliation.exports_taken import last_export
from portal.reconciliation.listing import portal_reference_of, title_of

_HEADINGS = (
    "Portal reference",
    "Force’s reference",
    "Report",
    "Difference",
    "The portal shows",
    "The force holds",
    "Found on",
)


def to_send(user: User) -> PortalDifferenceQuerySet:
    """The open differences that the portal would have to put right, as far as this person may
    read them.
    """
    open_now = PortalDifference.objects.visible_to(user).open()
    return open_now.exclude(still_accepted(today())).exclude(answer=Answer.OUR_ERROR)


def left_out_words(user: User) -> str:
    """What of the open differences the list leaves out, as a sentence; "" where it has them all."""
    open_now = PortalDifference.objects.visible_to(user).open()
    number = open_now.count() - to_send(user).count()
    if not number:
        return ""
    left_out = counted(number, "open difference")
    why = "what is accepted until a date, and our own errors"
    return f"The list for HMICFRS leaves out {left_out}: {why}."


def list_for_hmicfrs(user: User) -> Sheet:
    """The list as it is exported; its marking is that of its rows together."""
    rows = to_send(user)
    sensitive = rows.filter(action__marking=Marking.SENSITIVE).exists()
    number = rows.count()
    left_out = left_out_words(user)
    export = last_export()
    of = f" with the export of {long_date(export.as_at)}" if export and export.as_at else ""
    return Sheet(
        title="Differences with the portal",
        file_name="differences-with-the-portal",
        day=today(),
        marking=str(Marking.SENSITIVE) if sensitive else str(settings.DEFAULT_MARKING),
        sentence=f"{number} difference{'' if number == 1 else 's'}{of}",
        filters=(left_out,) if left_out else (),
        made_by=str(user),
        headings=_HEADINGS,
        rows=_rows(rows),
    )


def _rows(differences: PortalDifferenceQuerySet) -> Iterator[list[Any]]:
    for each in _by_reference(differences.with_all()):
        yield [
            portal_reference_of(each) or None,
            each.action.reference if each.action else None,
            title_of(each),
            each.get_kind_display(),
            each.theirs_words,
            "Not known to the force" if each.action is None else each.ours_words,
            each.opened_on,
        ]


def _by_reference(differences: PortalDifferenceQuerySet) -> PortalDifferenceQuerySet:
    """By portal reference, what has none last; then by ours, and by kind."""
    theirs = Lower(Coalesce(F("record__reference"), F("action__portal_reference")))
    return differences.order_by(theirs.asc(nulls_last=True), "action__reference", "kind", "pk")
