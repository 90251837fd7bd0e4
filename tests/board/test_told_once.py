"""What a Board is told: everything once, at the first Board that can tell it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from board.agenda import compile_agenda, remove_item
from board.arising import ask, finish
from board.choices import AttendanceState, Section
from board.closing import close_meeting, leave_for_next_board, undecided
from board.decisions import decide
from board.document import document_of, shown_to
from board.models import Attendance, Meeting, Nomination
from core.markings import Marking
from people import roles
from people.models import User
from tests.factories import (
    day,
    make_arising,
    make_item,
    make_meeting,
    make_plenary,
    make_publication,
    make_user,
)
from tests.tracker.closures import a_cast, assured, led_action, on, take_over
from tracker import workflow
from tracker.models import Action, Closure
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr("board.closing.pack_pdf", lambda document: b"%PDF-1.7")
    people = a_cast()
    people.support = make_user("support", roles.EXECUTIVE_SUPPORT)
    people.member = make_user("member", roles.BOARD_MEMBER)
    return people


def a_board(held_on: str, cast: SimpleNamespace) -> Meeting:
    """A Board whose agenda is compiled, with its chair present."""
    meeting = make_meeting(held_on, chair=cast.chair)
    compile_agenda(meeting, actor=cast.support)
    Attendance.objects.create(meeting=meeting, name="Dcc", state=AttendanceState.PRESENT)
    return meeting


def closed(meeting: Meeting, cast: SimpleNamespace) -> Meeting:
    return close_meeting(Meeting.objects.get(pk=meeting.pk), actor=cast.support)


def between(meeting: Meeting) -> list[str]:
    return [part["title"] for part in document_of(meeting, reader=None)["between"]]


def closures_of(meeting: Meeting) -> list[dict[str, Any]]:
    sections = document_of(meeting, reader=None)["sections"]
    (found,) = (section["items"] for section in sections if section["key"] == Section.CLOSURES)
    return [item["closure"] for item in found]


# Decisions ----------------------------------------------------------------------------------------


def test_what_is_decided_on_the_day_after_the_board_has_closed_is_told_by_the_next(
    cast: SimpleNamespace,
) -> None:
    before = assured(led_action(reference="ST-0301"), cast, on("2024-11-20"))
    later = assured(led_action(reference="ST-0302"), cast, on("2024-11-20"))
    meeting = make_meeting("2024-11-25", chair=cast.chair)
    workflow.approve(before, actor=cast.chair)
    compile_agenda(meeting, actor=cast.support)
    remove_item(meeting.items.get(closure=later), actor=cast.support, reason="Not ready.")
    Attendance.objects.create(meeting=meeting, name="Dcc", state=AttendanceState.PRESENT)
    assert between(closed(meeting, cast)) == ["ST-0301"]
    workflow.approve(later, actor=cast.chair)
    assert between(make_meeting("2024-12-18")) == ["ST-0302"]


def test_what_is_recorded_late_is_told_by_the_next_board(cast: SimpleNamespace) -> None:
    closure = assured(led_action(reference="ST-0301"), cast, on("2024-10-02"))
    closed(a_board("2024-10-01", cast), cast)
    meeting = a_board("2024-11-20", cast)
    remove_item(meeting.items.get(closure=closure), actor=cast.support, reason="Not ready.")
    closed(meeting, cast)
    workflow.approve(closure, actor=cast.chair, when=on("2024-11-15"))
    assert between(make_meeting("2024-12-18")) == ["ST-0301"]


def test_a_closure_deferred_between_meetings_is_still_to_decide(cast: SimpleNamespace) -> None:
    closure = assured(led_action(reference="ST-0301"), cast, on("2024-11-20"))
    workflow.defer(closure, actor=cast.chair, reason="Wait for the audit.", when=on("2024-11-21"))
    meeting = a_board("2024-11-25", cast)
    assert [item.title for item in undecided(meeting)] == ["ST-0301"]
    (told,) = closures_of(meeting)
    assert told["open"] and told["decision"] is None
    assert told["deferred"] == "Deferred on 21 November 2024: Wait for the audit."


def test_what_waits_no_longer_is_not_to_decide(cast: SimpleNamespace) -> None:
    returned = assured(led_action(reference="ST-0301"), cast, on("2024-11-20"))
    wrong = assured(led_action(reference="ST-0302"), cast, on("2024-11-21"))
    meeting = a_board("2024-11-27", cast)
    closure = Closure.objects.get(pk=returned.pk)
    # The evidence has changed, so that Review and Assurance may return it.
    closure.evidence_links.all().delete()
    workflow.send_back(closure, actor=cast.assurance, reason="A piece was withdrawn.")
    Action.objects.filter(pk=wrong.action_id).update(entered_in_error=True)
    first, second = closures_of(meeting)
    assert (first["open"], first["stands"]) == (False, "Returned on 25 November 2024")
    assert (second["open"], second["stands"]) == (False, "The action was entered in error")
    assert undecided(meeting) == []
    assert "to decide" not in " ".join(map(str, document_of(meeting, reader=None)["short"]))


# Who decides --------------------------------------------------------------------------------------


def nominate(meeting: Meeting, deputy: User, first: str, until: str) -> None:
    Nomination.objects.create(
        meeting=meeting,
        deputy=deputy,
        started_on=day(first),
        ended_on=day(until),
        whole_meeting=True,
    )


def test_a_deputy_decides_what_is_dated_within_the_nomination(cast: SimpleNamespace) -> None:
    other = make_user("other", roles.DEPUTY)
    assured(led_action(reference="ST-0301"), cast, on("2024-11-18"))
    assured(led_action(reference="ST-0302"), cast, on("2024-11-18"))
    past, coming = a_board("2024-11-20", cast), make_meeting("2024-11-27")
    nominate(past, cast.deputy, "2024-11-20", "2024-11-21")
    nominate(coming, other, "2024-11-22", "2024-11-28")
    item, second = past.items.get(title="ST-0301"), past.items.get(title="ST-0302")
    with pytest.raises(Refused, match="Another deputy is nominated"):
        decide(item, "approve", actor=other)
    made = decide(item, "approve", actor=cast.deputy)
    assert made.event.happened_on == day("2024-11-20")
    decide(second, "approve", actor=cast.chair)


def test_nobody_is_named_who_may_not_decide(cast: SimpleNamespace) -> None:
    closure = assured(led_action(reference="ST-0301"), cast)
    take_over(closure.action, cast.chair)
    meeting = a_board("2024-11-25", cast)
    nominate(meeting, cast.deputy, "2024-11-25", "2024-11-26")
    assert closures_of(meeting)[0]["decides"].startswith("Acc, nominated deputy")
    cast.deputy.is_active = False
    cast.deputy.save()
    assert closures_of(meeting)[0]["decides"].startswith("A deputy who has to be nominated")
    second = make_user("second", roles.CHAIR)
    assert closures_of(meeting)[0]["decides"] == str(second)


# What arises --------------------------------------------------------------------------------------


def carried(meeting: Meeting) -> list[tuple[str, str]]:
    parts = document_of(meeting, reader=None)["arising"]["carried"]
    return [(part["title"], part["done"]) for part in parts]


def test_what_came_of_it_is_told_by_the_first_board_that_can(cast: SimpleNamespace) -> None:
    earlier = make_item(make_meeting("2024-10-16"))
    on_the_day = make_arising(earlier, cast.delivery, text="On the day.")
    late = make_arising(earlier, cast.delivery, text="Recorded late.")
    meeting = closed(a_board("2024-11-25", cast), cast)
    assert carried(meeting) == [("On the day.", ""), ("Recorded late.", "")]
    finish(on_the_day, actor=cast.delivery, outcome="Done.")
    finish(late, actor=cast.delivery, outcome="Done.", on=day("2024-11-21"))
    coming = make_meeting("2024-12-18")
    assert carried(coming) == [
        ("On the day.", "25 November 2024"),
        ("Recorded late.", "21 November 2024"),
    ]


def test_minutes_do_not_tell_what_was_done_after_their_day(cast: SimpleNamespace) -> None:
    arising = make_arising(make_item(make_meeting("2024-10-16")), cast.delivery, text="Write it.")
    meeting = a_board("2024-11-20", cast)
    finish(arising, actor=cast.delivery, outcome="Written.")
    assert carried(meeting) == [("Write it.", "")]


def test_what_is_left_for_the_next_board_takes_nothing_with_it(cast: SimpleNamespace) -> None:
    assured(led_action(reference="ST-0301"), cast, on("2024-11-20"))
    meeting = a_board("2024-11-25", cast)
    item = meeting.items.get(title="ST-0301")
    ask(
        item,
        actor=cast.support,
        text="Sample the south.",
        owner=cast.delivery,
        due_on=day("2024-12-10"),
    )
    leave_for_next_board(meeting, actor=cast.support)
    told = document_of(meeting, reader=None)["arising"]["new"]
    assert [part["title"] for part in told] == ["Sample the south."]
    item.refresh_from_db()
    with pytest.raises(Refused, match="taken off the agenda"):
        ask(item, actor=cast.support, text="More.", owner=cast.delivery, due_on=day("2024-12-10"))


def test_nobody_is_asked_about_what_they_may_not_read(cast: SimpleNamespace) -> None:
    assured(led_action(reference="ST-0301", marking=Marking.SENSITIVE), cast)
    item = a_board("2024-11-25", cast).items.get(title="ST-0301")
    words = {"actor": cast.support, "text": "Look at it.", "due_on": day("2024-12-10")}
    with pytest.raises(Refused, match="may not read the action"):
        ask(item, owner=cast.support, **words)
    assert ask(item, owner=cast.delivery, **words).owner == cast.delivery


# Publications and documents -----------------------------------------------------------------------


def test_a_publication_comes_back_until_its_plenary_session_is_held(
    cast: SimpleNamespace,
) -> None:
    make_meeting("2024-09-18")
    for title, plenary in (("Settled", "2024-10-20"), ("Unsettled", None)):
        publication = make_publication(title, published_on="2024-10-01")
        if plenary:
            make_plenary(publication, plenary)
    closed(a_board("2024-10-16", cast), cast)
    meeting = a_board("2024-11-25", cast)
    items = meeting.items.filter(section=Section.PUBLICATIONS, order__gt=0)
    assert [item.title for item in items] == ["Unsettled"]


def test_what_is_marked_sensitive_afterwards_is_withheld_from_then_on(
    cast: SimpleNamespace,
) -> None:
    action = led_action(reference="ST-0301", text="Cover officers.")
    assured(action, cast)
    meeting = a_board("2024-11-25", cast)
    decide(meeting.items.get(title="ST-0301"), "approve", actor=cast.chair)
    meeting = closed(meeting, cast)
    assert "Cover officers." in str(shown_to(meeting, cast.member))
    Action.objects.filter(pk=action.pk).update(marking=Marking.SENSITIVE)
    assert "Cover officers." not in str(shown_to(meeting, cast.member))
    assert "Cover officers." in str(shown_to(meeting, cast.chair))


def test_a_board_without_an_agenda_is_not_closed(cast: SimpleNamespace) -> None:
    meeting = make_meeting("2024-11-25")
    Attendance.objects.create(meeting=meeting, name="Dcc", state=AttendanceState.PRESENT)
    with pytest.raises(Refused, match="has no agenda"):
        closed(meeting, cast)
