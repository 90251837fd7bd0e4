"""The document of a Board, composed from what is on record."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from board.agenda import next_turns
from board.choices import AttendanceState, Section
from board.document.around import (
    arising_part,
    carried_part,
    exceptions_part,
    publications_part,
)
from board.document.beside import decided_between, on_the_way_part
from board.document.closures import (
    Grounds,
    closure_part,
    grounds_of,
    with_closures,
)
from board.document.deep import deep_dive_part
from board.document.short import short_of
from board.document.withheld import (
    Document,
    for_reader,
    references_in,
    sees_sensitive,
    the_record,
    with_marking,
    withheld,
)
from board.models import AgendaItem, Attendance, Meeting, Nomination, TermsOfReference
from board.review_status import status_at
from core.dates import long_date
from core.markings import Marking
from inspections.choices import InspectionStatus
from inspections.models import Inspection
from people.models import User
from tracker.models import Action


def shown_to(meeting: Meeting, user: User) -> Document:
    """The document of a meeting as somebody reads it: frozen once it is closed, live until then.

    What was marked OFFICIAL-SENSITIVE after a meeting closed is withheld like what was before.
    """
    if meeting.document is None:
        return document_of(meeting, reader=user)
    if sees_sensitive(user):
        return for_reader(meeting.document, sees_sensitive=True)
    return for_reader(
        meeting.document, sees_sensitive=False, marked_since=marked_since(meeting.document)
    )


def marked_since(document: Document) -> set[str]:
    """The references that the open version of a frozen document tells of, and that are
    OFFICIAL-SENSITIVE by now.
    """
    named = references_in(for_reader(document, sees_sensitive=False))
    marked = Action.objects.filter(reference__in=named, marking=Marking.SENSITIVE)
    return set(marked.values_list("reference", flat=True))


def document_of(meeting: Meeting, *, reader: User | None) -> Document:
    """What page, pack and minutes of a meeting say, composed from what is on record now.

    The number of questions to the database does not depend on how many closures, exceptions and
    actions arising there are.

    Args:
        meeting: planned; of a closed one the document that was kept counts, see `shown_to`.
        reader: is told what they may read; None for the record itself, which says everything.

    Returns:
        `front`, `short` (a few sentences), `sections` with their items, `between` (decisions taken
        between meetings), `on_the_way` (closures not for decision), `exceptions`, `arising`,
        `taken_off`, `next`, `closed`.
    """
    reader = reader or the_record()
    before = Meeting.objects.last_before(meeting.held_on)
    since = before.held_on if before else None
    rows = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related(
            "meeting",
            "publication__executive_lead",
            "publication__question",
            "publication__plenary",
            "question__framework",
            "inspection",
        )
        .prefetch_related(*with_closures(), "arising__owner")
        .order_by("order", "pk")
    )
    standing = [row for row in rows if row.removed_at is None]
    grounds = grounds_of(meeting, rows, since, reader)
    here = [row.closure_id for row in standing if row.closure_id]
    document: Document = {
        "front": _front(meeting),
        "short": [],
        "sections": _Sections(meeting, standing, grounds, reader).composed(),
        "between": decided_between(meeting, before, here, reader),
        "on_the_way": on_the_way_part(meeting, here, reader),
        "exceptions": exceptions_part(meeting, since, reader),
        "arising": {"carried": carried_part(meeting, reader)},
        "taken_off": [_taken_off(row, grounds) for row in rows if row.removed_at is not None],
        "next_turns": [f"{each.question}, {each.words}" for each in next_turns(meeting)],
        "next": _next(meeting),
        "closed": None,
    }
    off = [row for row in rows if row.removed_at is not None and _may_read(row, grounds)]
    document["arising"]["new"] = [
        *_arisen(document["sections"]),
        *(arising_part(each, meeting) for row in off for each in row.arising.all()),
    ]
    document["told"] = _told(document)
    document["short"] = short_of(document)
    return with_marking(document)


def _front(meeting: Meeting) -> Document:
    terms = TermsOfReference.objects.in_force(meeting.held_on)
    people = list(meeting.attendance.all())
    return {
        "board": settings.BOARD_LONG_NAME,
        "force": settings.FORCE_NAME,
        "title": f"{settings.BOARD_NAME}, {long_date(meeting.held_on)}",
        "held_on": long_date(meeting.held_on),
        "day": meeting.held_on.isoformat(),
        "time": f"{meeting.starts_at:%H:%M} to {meeting.ends_at:%H:%M}",
        "place": meeting.place,
        "chair": str(meeting.chair or ""),
        "deputies": [
            _nomination(each) for each in meeting.nominations.select_related("deputy").made()
        ],
        "present": [_person(each) for each in people if each.state == AttendanceState.PRESENT],
        "apologies": [_person(each) for each in people if each.state == AttendanceState.APOLOGIES],
        "terms": f"{terms}, {terms.dated_words}" if terms else "",
    }


def _nomination(nomination: Nomination) -> str:
    why = ", the chair is away" if nomination.whole_meeting else ""
    return (
        f"{nomination.deputy} ({long_date(nomination.started_on)} to "
        f"{long_date(nomination.last_day)}{why})"
    )


def _person(attendance: Attendance) -> str:
    words = f"{attendance.name}, {attendance.post}" if attendance.post else attendance.name
    deputy = attendance.represented_by
    return f"{words}, represented by {deputy}" if deputy else words


class _Sections:
    """The sections of an agenda with their items.

    Args:
        meeting: whose agenda it is.
        rows: heads and items that stand on it.
        grounds: for its closures.
        reader: who reads.
    """

    def __init__(
        self, meeting: Meeting, rows: Sequence[AgendaItem], grounds: Grounds, reader: User
    ) -> None:
        self.meeting, self.rows, self.grounds, self.reader = meeting, rows, grounds, reader
        self.publications = publications_part(meeting, rows, reader)

    def composed(self) -> list[Document]:
        """Every section, in the order of an agenda, also where there is nothing in it."""
        return [self._section(number, key) for number, key in enumerate(Section, start=1)]

    def _section(self, number: int, key: Section) -> Document:
        rows = [row for row in self.rows if row.section == key]
        head = next((row for row in rows if row.is_head), None)
        items = [row for row in rows if not row.is_head]
        return {
            "key": key.value,
            "pk": head.pk if head else None,
            "number": str(number),
            "anchor": key.value.replace("_", "-"),
            "title": head.title if head else key.label,
            "introduction": head.introduction if head else "",
            "notes": head.notes if head else "",
            "arising": self._arising(head) if head else [],
            "items": [self._item(f"{number}.{at}", row) for at, row in enumerate(items, start=1)],
        }

    def _item(self, number: str, row: AgendaItem) -> Document:
        closure, question = row.closure, row.question
        publication = self.publications.get(row.publication_id or 0)
        item = {
            "pk": row.pk,
            "number": number,
            "anchor": f"item-{row.pk}",
            "title": row.title,
            "introduction": row.introduction,
            "notes": row.notes,
            "late": row.late,
            "swap_reason": row.swap_reason,
            "closure": closure_part(row, self.grounds) if closure else None,
            "publication": publication,
            "deep_dive": deep_dive_part(question, self.meeting, self.reader) if question else None,
            "review": _review(row.inspection, self.meeting) if row.inspection else None,
            "arising": self._arising(row),
            "sensitive": _is_sensitive(row),
        }
        return item if _may_read(row, self.grounds) else withheld(item)

    def _arising(self, row: AgendaItem) -> list[Document]:
        return [arising_part(each, self.meeting) for each in row.arising.all()]


def _review(found: Inspection, meeting: Meeting) -> Document:
    """The internal review that the Board commissions with an item: on its day, what was proposed to
    it is commissioned.
    """
    proposed = found.status == InspectionStatus.PROPOSED
    status = status_at(meeting) if proposed else InspectionStatus(found.status)
    return {
        "title": found.title,
        "status": status.label.lower(),
        "href": reverse("tracker:inspection", args=[found.pk]),
    }


def _is_sensitive(row: AgendaItem) -> bool:
    return row.closure is not None and row.closure.action.marking == Marking.SENSITIVE


def _may_read(row: AgendaItem, grounds: Grounds) -> bool:
    return row.closure is None or row.closure.action_id in grounds.readable


def _taken_off(row: AgendaItem, grounds: Grounds) -> Document:
    """An item that was taken off the agenda, and why."""
    part = {"title": row.title, "reason": row.removed_reason, "sensitive": _is_sensitive(row)}
    return part if _may_read(row, grounds) else withheld(part)


def _arisen(sections: Sequence[Document]) -> list[Document]:
    """What this Board asked for, in the order of its agenda, with the item it arises from."""
    found = []
    for section in sections:
        for part in (section, *section["items"]):
            for each in part.get("arising", []):
                found.append({**each, "about": f"{part['number']} {part['title']}"})
    return found


def _told(document: Document) -> list[int]:
    """The decisions that the document tells, by key: no later Board is told them again."""
    items = [item for section in document["sections"] for item in section["items"]]
    closures = [item["closure"] for item in items if item.get("closure")]
    decided = [closure["decision"] for closure in closures if closure["decision"]]
    return [each["event"] for each in (*document["between"], *decided) if "event" in each]


def _next(meeting: Meeting) -> str:
    """When and where the Board meets next; "" where none is planned."""
    following = Meeting.objects.next_after(meeting.held_on + dt.timedelta(days=1))
    if following is None:
        return ""
    place = f", {following.place}" if following.place else ""
    return f"{long_date(following.held_on)}, {following.starts_at:%H:%M}{place}"
