"""The meeting an address is about, as far as its reader may see it."""

import datetime as dt

from django.http import Http404

from board.models import Meeting
from people.requests import SignedInRequest


def meeting_or_404(request: SignedInRequest, day: dt.date) -> Meeting:
    """The Board of a day.

    Raises:
        Http404: there is none, or the reader may not know of it.
    """
    found = Meeting.objects.visible_to(request.user).filter(held_on=day)
    meeting = found.select_related("chair", "closed_by").first()
    if meeting is None:
        raise Http404("There is no Board on that day.")
    return meeting
