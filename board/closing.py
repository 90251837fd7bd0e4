"""Closing a Board: what it said is frozen, with its minutes as PDF, and never changes again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from board.choices import AttendanceState, MeetingState, PackReaders
from board.document import Document, document_of, for_reader
from board.document.closures import grounds_of, is_open, with_closures
from board.document.withheld import the_record
from board.models import AgendaItem, Meeting, Pack
from board.pack import pack_name, pack_pdf
from board.review_status import settle_reviews
from core.dates import long_date, now, today
from core.history import attribute
from core.kinds import UploadRefused
from core.markings import Marking
from core.numbers import counted, listed
from core.uploads import atomic_with_files, store, vet
from people.models import User
from tracker.models import Action
from tracker.workflow import Refused

NOT_REACHED = "Not reached: it waits for the next Board."
_CHANGED = (
    "Somebody has changed this Board while it was being closed, so nothing was closed. Look at "
    "what is there now, then close it again."
)


@dataclass(frozen=True)
class Check:
    """Something that belongs to a meeting before it is closed.

    Args:
        key: names it: "day", "decided", "present", "chair" or "notes".
        text: what, in words.
        done: whether it is there.
        needed: whether the meeting stays open without it.
        missing: what is missing, as a sentence; "" where it is there.
        href: where to put it right.
    """

    key: str
    text: str
    done: bool
    needed: bool
    missing: str = ""
    href: str = ""

    @property
    def state(self) -> str:
        """In one word, for the list."""
        return "Done" if self.done else "Needed" if self.needed else "Missing"


def undecided(meeting: Meeting) -> list[AgendaItem]:
    """The closures on an agenda that are neither decided nor deferred, in its order."""
    before = Meeting.objects.last_before(meeting.held_on)
    items = list(
        AgendaItem.objects.standing()
        .filter(meeting=meeting)
        .exclude(closure=None)
        .prefetch_related(*with_closures())
        .order_by("order", "pk")
    )
    grounds = grounds_of(meeting, items, before.held_on if before else None, the_record())
    return [item for item in items if is_open(item, grounds)]


def checklist(meeting: Meeting, user: User) -> list[Check]:
    """What a meeting needs before it is closed, and what it may lack.

    Who was present has to be there: minutes that say who decided are read years later, and nothing
    can be added to a closed meeting.

    Args:
        meeting: planned.
        user: the reader; a closure they may not read is counted and not named.
    """
    agenda = meeting.get_absolute_url()
    waiting = undecided(meeting)
    present = meeting.attendance.filter(state=AttendanceState.PRESENT)
    silent = _without_notes(meeting)
    day = f"It is held on {long_date(meeting.held_on)}: close it on that day or after it."
    return [
        _check("day", "The day of the Board has come", day if meeting.held_on > today() else ""),
        _check(
            "decided",
            "Every closure on the agenda is decided or deferred",
            f"Neither decided nor deferred: {_named(waiting, user)}." if waiting else "",
            href=agenda,
        ),
        _check(
            "present",
            "Who was present is recorded",
            "" if present.exists() else "Record at least who took the meeting and who decided.",
            href=reverse("board:attendance", args=[meeting.held_on.isoformat()]),
        ),
        _check(
            "chair",
            "The chair is named",
            "" if meeting.chair_id else "The minutes will not say who took the meeting.",
            needed=False,
            href=agenda,
        ),
        _check(
            "notes",
            "Notes are taken",
            f"{counted(silent, 'item has', 'items have')} no notes." if silent else "",
            needed=False,
            href=agenda,
        ),
    ]


def _check(key: str, text: str, missing: str, *, needed: bool = True, href: str = "") -> Check:
    return Check(key, text, not missing, needed, missing[:1].upper() + missing[1:], href)


def _without_notes(meeting: Meeting) -> int:
    return AgendaItem.objects.standing().filter(meeting=meeting, order__gt=0, notes="").count()


def _named(items: Sequence[AgendaItem], user: User) -> str:
    """The references of closures; of those that the reader may not read, only how many."""
    actions = [item.closure.action for item in items if item.closure]
    visible = Action.objects.visible_to(user).filter(pk__in=[action.pk for action in actions])
    readable = set(visible.values_list("pk", flat=True))
    names = [action.reference for action in actions if action.pk in readable]
    if hidden := len(actions) - len(names):
        names.append(f"{counted(hidden, 'closure')} marked {Marking.SENSITIVE.value}")
    return listed(names)


def _check_may_close(meeting: Meeting, actor: User) -> None:
    """
    Raises:
        Refused: the meeting may not be closed, or not by this person or not yet.
    """
    if not actor.has_perm("board.compile_agenda"):
        raise Refused("Only those who compile the agenda close a meeting.")
    if meeting.closed:
        by = f" by {meeting.closed_by}" if meeting.closed_by else ""
        raise Refused(f"This Board is closed already{by}.")
    if not meeting.open:
        raise Refused("This Board is cancelled: there is nothing to close.")
    if meeting.compiled_at is None:
        raise Refused("This Board has no agenda: compile it first, or cancel the Board.")
    missing = [each.missing for each in checklist(meeting, actor) if each.needed and not each.done]
    if missing:
        raise Refused(" ".join(missing))


def close_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Close a Board: its document is frozen, and its minutes are stored as PDF.

    The minutes are made before the meeting is locked, since that takes seconds; what changes until
    the lock stops the closing, so that what is printed is what is kept.

    Args:
        meeting: planned.
        actor: who closes it.

    Raises:
        Refused: the person may not; it is before its day; it is closed or cancelled; closures on
            its agenda are neither decided nor deferred; nobody is recorded as present; it changed
            while it was being closed; or there is no room for the files.
        PdfError: the minutes cannot be made.
    """
    meeting = Meeting.objects.get(pk=meeting.pk)
    _check_may_close(meeting, actor)
    document = _to_keep(meeting, actor)
    made = _versions(document)
    with atomic_with_files():
        current = Meeting.objects.select_for_update().get(pk=meeting.pk)
        _check_may_close(current, actor)
        if _to_keep(current, actor) != document:
            raise Refused(_CHANGED)
        current.state, current.document = MeetingState.CLOSED, document
        current.closed_at, current.closed_by = now(), actor
        attribute(current, actor, "Closed")
        current.full_clean()
        current.save()
        settle_reviews(current, actor=actor)
        for readers, version, content in made:
            _keep(current, readers, pack_name(version, readers), content, actor)
    return current


def _to_keep(meeting: Meeting, actor: User) -> Document:
    """The document in full, with who closes the meeting."""
    document = document_of(meeting, reader=None)
    document["closed"] = {"by": str(actor), "on": long_date(today())}
    return document


def _versions(document: Document) -> list[tuple[PackReaders, Document, bytes]]:
    """The minutes for each kind of reader: two where something is sensitive, else one."""
    versions = [(PackReaders.ALL, document)]
    if document["front"]["marking"] == Marking.SENSITIVE:
        versions.append((PackReaders.OPEN, for_reader(document, sees_sensitive=False)))
    return [(readers, version, pack_pdf(version)) for readers, version in versions]


def _keep(meeting: Meeting, readers: PackReaders, name: str, content: bytes, actor: User) -> None:
    file, record = ContentFile(content, name), Pack(meeting=meeting, readers=readers)
    attribute(record, actor, "Minutes stored")
    try:
        store(file, vet(file), record=record, actor=actor)
    except UploadRefused as refusal:
        raise Refused(str(refusal)) from refusal


@transaction.atomic
def leave_for_next_board(meeting: Meeting, *, actor: User) -> list[AgendaItem]:
    """Take the closures that this Board did not reach off its agenda: they wait for the next one.

    Returns:
        The items that were taken off.

    Raises:
        Refused: the person may not, or the meeting is closed, cancelled or still to come.
    """
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not actor.has_perm("board.compile_agenda"):
        raise Refused("Only those who compile the agenda take something off it.")
    if not current.open:
        raise Refused("This Board is not planned any longer: its agenda stays as it is.")
    if current.held_on > today():
        raise Refused("This Board is still to come: it may yet reach them.")
    items = undecided(current)
    for item in items:
        item.removed_at, item.removed_reason = now(), NOT_REACHED
        attribute(item, actor, "Not reached")
        item.full_clean()
        item.save()
    return items
