"""The agenda of a Board: compiled from what is on record, then edited (Appendix A: executive
support compiles it).

Every section stands on every agenda (`order` 0). Beneath them stand closures that await the
Board's decision, publications that came out since the Board before, the question area whose deep
dive is due, and whatever somebody adds.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from board.choices import Section
from board.meetings import open_meeting
from board.models import AgendaItem, Meeting
from board.review_status import propose_again, withdraw_review
from board.rotation import Turn, rotation
from core.collisions import what_to_write
from core.dates import now, today
from core.history import attribute
from core.working_days import working_days_before
from inspections.models import CoreQuestion, Framework, Inspection, Publication
from people.models import User
from tracker.choices import ClosureStep
from tracker.models import Closure
from tracker.workflow import Refused

_LONGEST = 200
# Working days before a Board on which its agenda is read.
CIRCULATED_BEFORE = 2
# Sections to which people add items by hand.
OPEN_SECTIONS = (Section.MINUTES, Section.RISKS, Section.BEST_PRACTICE, Section.OTHER)


@transaction.atomic
def compile_agenda(meeting: Meeting, *, actor: User | None) -> list[AgendaItem]:
    """Put on the agenda what is on record and not on it yet; what was taken off stays off.

    The first time it makes the sections. What is found once it has been circulated is a late item.

    Args:
        meeting: planned.
        actor: who compiles it; None for a command.

    Returns:
        The items that were added, without the heads of the sections.

    Raises:
        Refused: the meeting is closed or cancelled.
    """
    meeting = open_meeting(meeting)
    # Two Boards that are compiled at once do not take the same question area.
    list(Framework.objects.select_for_update())
    late = meeting.compiled_at is not None and circulated(meeting)
    if meeting.compiled_at is None:
        for section in Section:
            _add(meeting, section, actor, order=0, title=section.label)
        meeting.compiled_at = now()
        attribute(meeting, actor, "Agenda compiled")
        meeting.save()
    return [
        *_add_each(meeting, Section.CLOSURES, "closure", closures_to_decide(meeting), actor, late),
        *_add_each(
            meeting,
            Section.PUBLICATIONS,
            "publication",
            publications_to_assign(meeting),
            actor,
            late,
        ),
        *_add_each(meeting, Section.DEEP_DIVE, "question", _question_due(meeting), actor, late),
    ]


def circulated(meeting: Meeting) -> bool:
    """Whether members have an agenda to read: from two working days before the Board."""
    return today() >= working_days_before(meeting.held_on, CIRCULATED_BEFORE)


def _add_each(
    meeting: Meeting,
    section: Section,
    about: str,
    found: Iterable[Any],
    actor: User | None,
    late: bool,
) -> list[AgendaItem]:
    """An item for each of these that never stood on the agenda."""
    there = set(meeting.items.exclude(**{about: None}).values_list(about, flat=True))
    return [
        _add(meeting, section, actor, title=_title(each), late=late, **{about: each})
        for each in found
        if each.pk not in there
    ]


def _title(subject: Closure | Publication | CoreQuestion) -> str:
    """What an item about something is called; of a closure nothing but its reference, which is
    never sensitive.
    """
    if isinstance(subject, Closure):
        return str(subject.action)
    if isinstance(subject, CoreQuestion):
        return f"{subject}: {subject.text}"[:_LONGEST]
    return str(subject)[:_LONGEST]


def closures_to_decide(meeting: Meeting) -> "QuerySet[Closure]":
    """Closures that are assured and await this Board, the longest waiting first; what was assured
    after a Board that is past awaits the next.
    """
    waiting = Closure.objects.at_step(ClosureStep.FOR_BOARD).select_related("action")
    return waiting.filter(step_since__lte=meeting.held_on, action__entered_in_error=False)


def publications_to_assign(meeting: Meeting) -> "QuerySet[Publication]":
    """What was published since the Board before, up to this one, and what that Board had before
    it and has no plenary session yet; the earliest first.
    """
    found = Publication.objects.from_outside().filter(published_on__lte=meeting.held_on)
    before = Meeting.objects.last_before(meeting.held_on)
    since = before.held_on if before else meeting.held_on - dt.timedelta(days=31)
    new = Q(published_on__gt=since)
    if before is not None:
        new |= Q(plenary=None, pk__in=before.items.standing().values("publication"))
    return found.filter(new).order_by("published_on", "title")


def turns(meeting: Meeting) -> list[Turn]:
    """The question areas in the order of their turns for a Board, without those that other planned
    Boards have on their agendas; all of them where those leave none.
    """
    taken = set(
        AgendaItem.objects.deep_dives()
        .filter(meeting__in=Meeting.objects.planned().exclude(pk=meeting.pk))
        .values_list("question", flat=True)
    )
    every = rotation(meeting.held_on)
    return [each for each in every if each.question.pk not in taken] or every


def turn(meeting: Meeting) -> CoreQuestion | None:
    """The question area whose deep dive is due; None without a framework."""
    return next((each.question for each in turns(meeting)), None)


def next_turns(meeting: Meeting) -> list[Turn]:
    """The three question areas whose turns come after what is on the agenda of a Board."""
    own = set(meeting.items.deep_dives().values_list("question", flat=True))
    return [each for each in turns(meeting) if each.question.pk not in own][:3]


def _question_due(meeting: Meeting) -> list[CoreQuestion]:
    """The question area to add; none where the agenda has, or had, a deep dive."""
    if meeting.items.filter(section=Section.DEEP_DIVE, order__gt=0).exists():
        return []
    question = turn(meeting)
    return [question] if question else []


def _add(meeting: Meeting, section: str, actor: User | None, **fields: Any) -> AgendaItem:
    """A row of an agenda, the last of its section unless `order` is given."""
    if "order" not in fields:
        last = meeting.items.filter(section=section).aggregate(last=Max("order"))["last"]
        fields["order"] = (last or 0) + 1
    item = AgendaItem(meeting=meeting, section=section, added_by=actor, **fields)
    return _keep(item, actor, "Agenda")


def _keep(item: AgendaItem, actor: User | None, reason: str) -> AgendaItem:
    attribute(item, actor, reason)
    item.full_clean()
    item.save()
    return item


def following_item(item: AgendaItem, reader: User) -> AgendaItem | None:
    """The item after one, in the order of the agenda, that somebody may read; None after the
    last.
    """
    visible = AgendaItem.objects.visible_to(reader).standing().filter(meeting=item.meeting)
    sections = list(Section)
    in_order = sorted(
        visible, key=lambda each: (sections.index(Section(each.section)), each.order, each.pk)
    )
    at = next((n for n, each in enumerate(in_order) if each.pk == item.pk), len(in_order))
    return in_order[at + 1] if at + 1 < len(in_order) else None


def locked_item(item: AgendaItem) -> AgendaItem:
    """An item as it is now, locked with its meeting.

    Raises:
        Refused: the meeting is closed or cancelled.
    """
    meeting = open_meeting(item.meeting)
    current = AgendaItem.objects.select_for_update().get(pk=item.pk)
    current.meeting = meeting
    return current


def standing_item(item: AgendaItem) -> AgendaItem:
    """The same, of what was not taken off.

    Raises:
        Refused: it was taken off, or as for `locked_item`.
    """
    current = locked_item(item)
    if current.removed_at is not None:
        raise Refused("This was taken off the agenda. Put it back first.")
    return current


@transaction.atomic
def add_item(
    meeting: Meeting,
    *,
    actor: User,
    section: str,
    title: str,
    introduction: str = "",
    inspection: Inspection | None = None,
) -> AgendaItem:
    """Put something on an agenda by hand; once members read it, that is a late item. The same sent
    twice is one.

    Args:
        inspection: the internal review that the Board is to commission there.

    Raises:
        Refused: the meeting is closed or cancelled, or its agenda is not compiled yet, or the
            section holds only what is on record.
        ValidationError: no title.
    """
    meeting = open_meeting(meeting)
    if meeting.compiled_at is None:
        raise Refused("Compile the agenda first, then add to it.")
    if section not in OPEN_SECTIONS:
        raise Refused("Choose the part of the agenda this belongs to.", "section")
    there = meeting.items.standing().filter(section=section, order__gt=0, title__iexact=title)
    same = there.filter(introduction=introduction, inspection=inspection).first()
    if same is not None:
        return same
    if there.exists():
        raise Refused(f"“{title}” stands in this part of the agenda already.", "title")
    return _add(
        meeting,
        section,
        actor,
        title=title,
        introduction=introduction,
        inspection=inspection,
        late=circulated(meeting),
    )


@transaction.atomic
def change_item(item: AgendaItem, *, actor: User, version: int, **fields: Any) -> AgendaItem:
    """Change the words of an item; nothing happens where it says all that already.

    Args:
        version: the one the writer saw.
        fields: of `title`, `introduction`, `notes`.

    Raises:
        Overtaken: somebody else changed the same words first.
        Refused: the meeting is closed or cancelled.
        ValidationError: by field, what does not fit.
    """
    current = standing_item(item)
    fields = what_to_write(current, version, fields)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    for name, value in fields.items():
        setattr(current, name, value)
    return _keep(current, actor, "Agenda" if "title" in fields else "Notes")


@transaction.atomic
def remove_item(item: AgendaItem, *, actor: User, reason: str) -> AgendaItem:
    """Take an item off the agenda; it stays on record, and compiling does not bring it back.

    Args:
        reason: why.

    Raises:
        Refused: it stands for a whole section, something was decided or asked on it, no reason is
            given, or the meeting is closed or cancelled.
    """
    current = locked_item(item)
    if current.is_head:
        raise Refused("This part stands on every agenda of the Board.")
    if current.decisions.exists() or current.arising.exists():
        raise Refused("Something was decided or asked here already, so it stays on the agenda.")
    if not reason.strip():
        raise Refused("Say why it is taken off the agenda.", "reason")
    if current.removed_at is None:
        current.removed_at, current.removed_reason = now(), reason.strip()
        _keep(current, actor, f"Taken off: {reason}")
        withdraw_review(current, actor=actor)
    return current


@transaction.atomic
def put_back(item: AgendaItem, *, actor: User) -> AgendaItem:
    """Put an item that was taken off on the agenda again.

    Raises:
        Refused: the meeting is closed or cancelled, or something else stands in its place by now.
    """
    current = locked_item(item)
    if current.removed_at is not None:
        _check_place(current)
        current.removed_at, current.removed_reason = None, ""
        _keep(current, actor, "Put back")
        propose_again(current, actor=actor)
    return current


def _check_place(item: AgendaItem) -> None:
    others = AgendaItem.objects.standing().filter(meeting=item.meeting).exclude(pk=item.pk)
    if item.question_id and others.exclude(question=None).exists():
        raise Refused("Another deep dive stands on the agenda. Choose the question area there.")
    for about in ("closure_id", "publication_id", "inspection_id"):
        key = getattr(item, about)
        if key and others.filter(**{about: key}).exists():
            raise Refused(f"“{item}” stands on the agenda already.")


@transaction.atomic
def move_up(item: AgendaItem, *, actor: User) -> AgendaItem:
    """Change places with the item before it in its section; the first stays the first.

    Raises:
        Refused: the meeting is closed or cancelled.
    """
    current = locked_item(item)
    before = (
        AgendaItem.objects.standing()
        .filter(meeting=current.meeting, section=current.section)
        .filter(order__gt=0, order__lt=current.order)
        .order_by("-order")
        .first()
    )
    if before is not None and not current.is_head:
        before.order, current.order = current.order, before.order
        _keep(before, actor, "Order")
        _keep(current, actor, "Order")
    return current


@transaction.atomic
def swap_deep_dive(
    meeting: Meeting, *, actor: User, question: CoreQuestion, reason: str
) -> AgendaItem:
    """Have the deep dive of another question area than the one whose turn it is.

    Args:
        question: of the framework in force.
        reason: why; not asked where the question area is the one whose turn it is.

    Raises:
        Refused: no reason, or the meeting is closed, cancelled or not compiled yet.
    """
    meeting = open_meeting(meeting)
    if meeting.compiled_at is None:
        raise Refused("Compile the agenda first.")
    due = turn(meeting)
    if due is not None and question == due:
        reason = ""
    elif not reason.strip():
        raise Refused(
            "Say why another question area comes before the one whose turn it is.", "reason"
        )
    current = meeting.items.standing().filter(section=Section.DEEP_DIVE, order__gt=0).first()
    words = {"title": _title(question), "swap_reason": reason.strip()}
    if current is None:
        return _add(meeting, Section.DEEP_DIVE, actor, question=question, **words)
    current.question, current.title = question, words["title"]
    current.swap_reason = words["swap_reason"]
    return _keep(current, actor, f"Deep dive: {reason}" if reason else "Deep dive")
