"""Who is told of what the Board arranges."""

from board.models import ActionArising
from core.dates import long_date
from people.notices import tell


def tell_of_arising(arising: ActionArising) -> None:
    """Tell the owner what a Board asks of them."""
    said = f"{arising.meeting} asks of you, by {long_date(arising.due_on)}: {arising.text}"
    tell([arising.owner], said, arising.get_absolute_url())
