"""What a Board lacks still, for whoever keeps its agenda and its notes."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from board.choices import AttendanceState
from board.models import Attendance, Meeting
from core.dates import today
from core.numbers import capitalised, listed
from people.models import User
from tracker.work import Item, Pile


def boards_to_complete(user: User) -> Pile:
    """The Boards that were held and are not closed, and the next one while its agenda is not
    compiled; for the page of somebody's work, the earliest first.
    """
    items = []
    if user.has_perm("board.compile_agenda"):
        came = Attendance.objects.filter(meeting=OuterRef("pk"), state=AttendanceState.PRESENT)
        planned = Meeting.objects.planned().annotate(attended=Exists(came))
        held = planned.filter(held_on__lt=today()).order_by("held_on")
        coming = planned.filter(held_on__gte=today()).order_by("held_on")[:1]
        items = [item for meeting in (*held, *coming) if (item := _item(meeting))]
    return Pile("boards", "Boards to complete", len(items), items)


def _item(meeting: Meeting) -> Item | None:
    """What is missing, and the way to the first of it; None where nothing is."""
    missing = list(_missing(meeting))
    if not missing:
        return None
    words = capitalised(listed([text for text, _, _ in missing]))
    _, cure, href = missing[0]
    key = f"board:{meeting.held_on}:{words}"
    return Item(None, "", cure, href, key, about=str(meeting), text=words)


def _missing(meeting: Meeting) -> list[tuple[str, str, str]]:
    """(what, the words of a link to put it right, where)."""
    day, held = [meeting.held_on], meeting.held_on < today()
    found = []
    if meeting.compiled_at is None:
        agenda = meeting.get_absolute_url()
        found.append(("its agenda is not compiled", "Compile the agenda", agenda))
    if held and not getattr(meeting, "attended", False):
        attendance = reverse("board:attendance", args=day)
        found.append(("attendance is not recorded", "Record attendance", attendance))
    if held:
        found.append(("it is not closed", "Close this Board", reverse("board:close", args=day)))
    return found
