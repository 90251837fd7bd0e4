"""The agendas on which a closure stands, for the page of the closure."""

from board.choices import MeetingState
from board.models import AgendaItem
from core.dates import long_date
from people.models import User
from tracker.mentions import Mention
from tracker.models import Closure


def agendas_of(closure: Closure, user: User) -> list[Mention]:
    """The Boards on whose agenda a closure stands, for who may read them; the latest first."""
    items = (
        AgendaItem.objects.visible_to(user)
        .standing()
        .filter(closure=closure)
        .exclude(meeting__state=MeetingState.CANCELLED)
        .select_related("meeting")
        .order_by("-meeting__held_on")
    )
    return [
        Mention(
            f"On the agenda of the Board of {long_date(item.meeting.held_on)}",
            item.get_absolute_url(),
        )
        for item in items
    ]
