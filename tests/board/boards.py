"""What tests of documents, packs and closing share: a Board that has something of everything."""

from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from board.choices import AttendanceState, Section
from board.models import AgendaItem, Attendance, Decision, Meeting, Nomination, TermsOfReference
from core.markings import Marking
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_arising,
    make_evidence,
    make_framework,
    make_item,
    make_meeting,
    make_publication,
)
from tests.tracker.closures import a_cast, assured, led_action, on
from tracker import workflow
from tracker.models import ActionEvidence, Closure, ClosureEvidence

DAY = "2024-11-27"


def a_meeting(cast: SimpleNamespace, **fields: Any) -> Meeting:
    """The Board of 27 November with its heads, its chair and who was present; one before it."""
    make_meeting("2024-10-16")
    make_meeting("2024-12-18", place="Conference room 2")
    compiled = timezone.now()
    fields = {"chair": cast.chair, "place": "Conference room 1", "compiled_at": compiled, **fields}
    meeting = make_meeting(DAY, **fields)
    for section in Section:
        make_item(meeting, section, order=0, title=section.label)
    Attendance.objects.create(
        meeting=meeting, name="DCC Fuller", post="Chair", state=AttendanceState.PRESENT
    )
    Attendance.objects.create(
        meeting=meeting,
        name="Head of Crime",
        state=AttendanceState.APOLOGIES,
        represented_by="DCI Ames",
    )
    return meeting


def for_decision(
    meeting: Meeting, cast: SimpleNamespace, reference: str = "", **fields: Any
) -> AgendaItem:
    """An assured closure on an agenda."""
    closure = assured(led_action(reference=reference, **fields), cast, on("2024-11-01"))
    return put_on(meeting, closure)


def the_closure(item: AgendaItem) -> Closure:
    """The closure that an item is about."""
    closure = item.closure
    assert closure is not None
    return closure


def put_on(meeting: Meeting, closure: Closure) -> AgendaItem:
    order = meeting.items.filter(section=Section.CLOSURES).count()
    return make_item(
        meeting, Section.CLOSURES, order=order, title=str(closure.action), closure=closure
    )


def decide(item: AgendaItem, actor: User, how: str = "approve", text: str = "") -> Decision:
    """A decision as the agenda page takes it."""
    assert item.closure is not None
    steps: dict[str, Any] = {
        "approve": workflow.approve,
        "return": workflow.send_back,
        "defer": workflow.defer,
    }
    name = "text" if how == "approve" else "reason"
    closure = steps[how](item.closure, actor=actor, **{name: text})
    item.closure.refresh_from_db()
    return Decision.objects.create(item=item, event=closure.events.last())


def more_evidence(closure: Closure, owner: User, count: int, **fields: Any) -> None:
    """Further pieces of evidence that a closure rests on."""
    for number in range(count):
        title = f"Dip sample {number + 1} of case files reviewed by the quality team"
        piece = make_evidence(title, owner=owner, contents=b"%PDF-1.7 " + title.encode(), **fields)
        ActionEvidence.objects.create(action=closure.action, evidence=piece)
        ClosureEvidence.objects.create(closure=closure, evidence=piece)


def a_full_board(cast: SimpleNamespace | None = None) -> SimpleNamespace:
    """Closures decided and open, one sensitive, a conflict, late, between, carried, asked."""
    cast = cast or a_cast()
    meeting = a_meeting(cast)
    framework = make_framework()
    TermsOfReference.objects.create(
        version="0.3", status="Approved", approved_on=day("2023-06-21"), dated_on=day("2023-06-21")
    )
    Nomination.objects.create(
        meeting=meeting,
        deputy=cast.deputy,
        started_on=day("2024-11-20"),
        ended_on=day("2024-12-01"),
    )
    earlier = make_item(Meeting.objects.get(held_on="2024-10-16"), title="Custody")
    carried = make_arising(earlier, cast.delivery, text="Bring the custody plan.")
    plain = for_decision(meeting, cast, "ST-0101", portal_reference="HMI-7")
    secret = for_decision(
        meeting, cast, "ST-0102", text="A secret thing.", marking=Marking.SENSITIVE
    )
    secret.notes = "Said in confidence."
    secret.save()
    between = assured(led_action(reference="ST-0103"), cast, on("2024-11-02"))
    workflow.approve(between, actor=cast.chair, when=on("2024-11-10"))
    publication = make_publication("A report on custody", published_on=day("2024-11-05"))
    new = make_item(meeting, Section.PUBLICATIONS, title=publication.title, publication=publication)
    dive = make_item(
        meeting,
        Section.DEEP_DIVE,
        title="PAF 1",
        question=framework.questions.get(number=1),
        swap_reason="The lead is away in December.",
    )
    talk = make_item(
        meeting, Section.OTHER, title="Christmas cover", late=True, notes="Agreed as proposed."
    )
    asked = make_arising(talk, cast.executive, text="Publish the rota.")
    for number in range(200, 212):
        make_action(f"ST-0{number}", due="2024-11-01", executive="ACC Baker")
    return SimpleNamespace(
        cast=cast,
        meeting=meeting,
        carried=carried,
        plain=plain,
        secret=secret,
        between=between,
        publication=publication,
        new=new,
        dive=dive,
        talk=talk,
        asked=asked,
    )
