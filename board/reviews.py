"""The Board commissions internal reviews (Appendix A, core activities): each is an inspection with
its own report and its own actions, counted apart.
"""

from typing import Any

from django.conf import settings
from django.db import transaction

from board.agenda import add_item, locked_item
from board.choices import Section
from board.meetings import open_meeting
from board.models import AgendaItem, Meeting
from board.review_status import status_at
from core.history import attribute
from inspections.activity import change_inspection, change_status, record_inspection
from inspections.choices import InspectionStatus, PublicationType
from inspections.models import CoreQuestion, Inspection
from people.models import Lead, User
from tracker.workflow import Refused


@transaction.atomic
def commission(
    meeting: Meeting,
    *,
    actor: User,
    title: str,
    why: str,
    question: CoreQuestion | None = None,
    lead: Lead | None = None,
    expected: str = "",
    item: AgendaItem | None = None,
) -> AgendaItem:
    """Have a Board commission an internal review: before its day the review is proposed to it, on
    its day and after it the review is commissioned. One of this title that was withdrawn is taken
    up again.

    Args:
        meeting: planned, with an agenda that is compiled.
        title, why: what is reviewed; why, and what it is to look at.
        question, lead: the question area and who leads it, where that is known.
        expected: when its report is expected, in words.
        item: the item of the agenda it arises from, of risks and internal reviews; None puts it on
            the agenda.

    Returns:
        The item, with its inspection.

    Raises:
        Refused: the meeting is closed, cancelled or not compiled yet, it commissions a review of
            this title already, or the item is of another part or has a review.
        ValidationError: a field that does not fit.
    """
    meeting = open_meeting(meeting)
    if meeting.compiled_at is None:
        raise Refused("Compile the agenda first, then add to it.")
    there = meeting.items.standing().filter(inspection__title__iexact=title)
    if there.exists():
        raise Refused(f"“{title}” is on the agenda of this Board already.", "title")
    if item is not None:
        item = _free(item)
    details = {"question": question, "lead": lead, "why": why, "expected": expected}
    inspection = _recorded(meeting, actor, title, details)
    if item is not None:
        return _link(item, inspection, actor)
    return add_item(
        meeting,
        actor=actor,
        section=Section.RISKS,
        title=title,
        introduction=why,
        inspection=inspection,
    )


def _recorded(meeting: Meeting, actor: User, title: str, details: dict[str, Any]) -> Inspection:
    """A new review; one of this title that was withdrawn is taken up instead."""
    kind, status = PublicationType.INTERNAL_REVIEW, status_at(meeting)
    details = {**details, "title": title, "commissioned_on": meeting.held_on}
    reviews = Inspection.objects.filter(kind=kind, title__iexact=title)
    withdrawn = reviews.filter(status=InspectionStatus.WITHDRAWN).first()
    if withdrawn is None:
        return record_inspection(
            actor=actor, kind=kind, body=settings.FORCE_NAME, status=status, **details
        )
    change_inspection(withdrawn, actor=actor, version=withdrawn.version, **details)
    return change_status(withdrawn, actor=actor, status=status)


def _free(item: AgendaItem) -> AgendaItem:
    """An item a review may arise from, locked.

    Raises:
        Refused: it is of another part, stands for the whole of it, or has a review.
    """
    current = locked_item(item)
    if current.section != Section.RISKS or current.is_head:
        raise Refused(f"Reviews are commissioned under “{Section.RISKS.label}”.")
    if current.inspection is not None:
        raise Refused(f"A review is commissioned here already: “{current.inspection}”.")
    return current


def _link(item: AgendaItem, inspection: Inspection, actor: User) -> AgendaItem:
    item.inspection = inspection
    attribute(item, actor, "Internal review commissioned")
    item.full_clean()
    item.save()
    return item
