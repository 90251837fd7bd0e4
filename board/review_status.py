"""What becomes of an internal review with the agenda it stands on: proposed while the Board is to
come, commissioned when it is closed, withdrawn when it does not come before it.

A review whose work has begun is no longer in the hands of an agenda.
"""

from django.db import transaction
from django.db.models import QuerySet

from board.models import AgendaItem, Meeting
from core.dates import today
from inspections.activity import change_inspection, change_status
from inspections.choices import InspectionStatus
from inspections.models import Inspection
from people.models import User

_NOT_BEGUN = (InspectionStatus.PROPOSED, InspectionStatus.SCHEDULED)


def status_at(meeting: Meeting) -> InspectionStatus:
    """What a review on an agenda is today: proposed before the day of the Board, then scheduled."""
    held = meeting.held_on <= today()
    return InspectionStatus.SCHEDULED if held else InspectionStatus.PROPOSED


def reviews_before(meeting: Meeting) -> "QuerySet[Inspection]":
    """The reviews on the agenda of a Board whose work has not begun."""
    standing = AgendaItem.objects.standing().filter(meeting=meeting)
    found = Inspection.objects.filter(pk__in=standing.values("inspection"), status__in=_NOT_BEGUN)
    return found.order_by("pk")


@transaction.atomic
def settle_reviews(meeting: Meeting, *, actor: User) -> list[Inspection]:
    """Commission the reviews that were proposed to a Board, as it is closed.

    Returns:
        Those that were proposed until now.
    """
    proposed = reviews_before(meeting).filter(status=InspectionStatus.PROPOSED)
    return [
        change_status(review, actor=actor, status=InspectionStatus.SCHEDULED) for review in proposed
    ]


@transaction.atomic
def withdraw_review(item: AgendaItem, *, actor: User) -> None:
    """Withdraw the review of an item that is taken off the agenda; nothing happens where it has
    none, or its work has begun.
    """
    _withdraw(Inspection.objects.filter(agenda_items=item), actor)


@transaction.atomic
def withdraw_reviews(meeting: Meeting, *, actor: User) -> None:
    """Withdraw every review on the agenda of a Board that does not take place."""
    _withdraw(reviews_before(meeting), actor)


def _withdraw(reviews: "QuerySet[Inspection]", actor: User) -> None:
    for review in reviews.filter(status__in=_NOT_BEGUN):
        change_status(review, actor=actor, status=InspectionStatus.WITHDRAWN)


@transaction.atomic
def propose_again(item: AgendaItem, *, actor: User) -> None:
    """Take up the review of an item that is put back on the agenda, if it was withdrawn."""
    _take_up(Inspection.objects.filter(agenda_items=item), item.meeting, actor)


@transaction.atomic
def propose_all_again(meeting: Meeting, *, actor: User) -> None:
    """Take up the reviews of a Board that takes place after all."""
    standing = AgendaItem.objects.standing().filter(meeting=meeting)
    _take_up(Inspection.objects.filter(pk__in=standing.values("inspection")), meeting, actor)


def _take_up(reviews: "QuerySet[Inspection]", meeting: Meeting, actor: User) -> None:
    for review in reviews.filter(status=InspectionStatus.WITHDRAWN).order_by("pk"):
        change_inspection(
            review, actor=actor, version=review.version, commissioned_on=meeting.held_on
        )
        change_status(review, actor=actor, status=status_at(meeting))
