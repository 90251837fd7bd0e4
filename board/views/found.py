"""What an address of the Board is about, as far as its reader may see it."""

import datetime as dt

from django.http import Http404
from django.shortcuts import get_object_or_404

from board.models import ActionArising, AgendaItem, Meeting
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


def item_or_404(request: SignedInRequest, day: dt.date, pk: int) -> AgendaItem:
    """An item of the agenda of a day, with what it is about.

    Raises:
        Http404: there is none, or the reader may not read what it is about.
    """
    visible = AgendaItem.objects.visible_to(request.user).select_related(
        "meeting", "closure__action", "publication", "question"
    )
    found: AgendaItem = get_object_or_404(visible, pk=pk, meeting__held_on=day)
    return found


def arising_or_404(request: SignedInRequest, pk: int) -> ActionArising:
    """An action arising, with the meeting it arose from and its owner.

    Raises:
        Http404: there is none, or it is neither the reader's own nor on an agenda they read.
    """
    visible = ActionArising.objects.visible_to(request.user).select_related(
        "item__meeting", "owner", "done_by"
    )
    found: ActionArising = get_object_or_404(visible, pk=pk)
    return found
