"""Who is told of what the Board arranges."""

from board.models import ActionArising, Nomination
from core.dates import long_date
from people.models import User
from people.notices import tell


def tell_of_arising(arising: ActionArising) -> None:
    """Tell the owner what a Board asks of them."""
    said = f"{arising.meeting} asks of you, by {long_date(arising.due_on)}: {arising.text}"
    tell([arising.owner], said, arising.get_absolute_url())


def tell_of_nomination(nomination: Nomination, *, actor: User) -> None:
    """Tell a deputy what they decide, and on which days."""
    what = "everything" if nomination.whole_meeting else "where the chair may not"
    tell(
        [nomination.deputy],
        f"{actor} nominates you for the {nomination.meeting}: you decide {what}, from "
        f"{long_date(nomination.started_on)} until {long_date(nomination.last_day)}.",
        nomination.meeting.get_absolute_url(),
    )


def tell_of_nomination_ended(nomination: Nomination, *, actor: User) -> None:
    """Tell a deputy that they decide no more."""
    tell(
        [nomination.deputy],
        f"{actor} has ended your nomination for the {nomination.meeting}.",
        nomination.meeting.get_absolute_url(),
    )
