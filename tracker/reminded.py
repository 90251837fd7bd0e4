"""Corporate meetings on the page My work: what somebody is reminded to keep evidence from."""

from typing import TYPE_CHECKING

from django.urls import reverse

from core.dates import long_date, today
from evidence.digest import HEADING
from evidence.reminders import to_keep
from tracker.work import SHOWN, Item, Pile

if TYPE_CHECKING:
    from people.models import User


def meetings_to_keep(user: "User") -> Pile:
    """The meetings that took place and are not answered yet; the latest first."""
    days = to_keep(user, today())
    items = [
        Item(
            action=None,
            note="nothing is kept from it yet",
            cure="Add evidence",
            href=each.add_address,
            key=f"meeting:{each.meeting.pk}:{each.day.isoformat()}",
            about=str(each.meeting),
            text=f"What it showed on {long_date(each.day)}",
        )
        for each in days[:SHOWN]
    ]
    return Pile("meetings", HEADING, len(days), items, reverse("evidence:meetings"))
