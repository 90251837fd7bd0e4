"""What a compiled agenda holds, and how it is edited."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from board.agenda import (
    add_item,
    change_item,
    compile_agenda,
    move_up,
    next_turns,
    put_back,
    remove_item,
    swap_deep_dive,
    turn,
)
from board.choices import MeetingState, Section
from board.models import AgendaItem, Meeting
from core.collisions import Overtaken
from tests.factories import make_framework, make_meeting, make_publication, make_user
from tests.tracker.closures import a_cast, approved, assured, led_action, proposed
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def meeting() -> Meeting:
    return make_meeting("2024-11-27")


def titles(meeting: Meeting, section: Section) -> list[str]:
    """What stands in a part of the agenda, beneath its head, in order."""
    items = AgendaItem.objects.standing().filter(meeting=meeting, section=section, order__gt=0)
    return [item.title for item in items]


def test_every_part_stands_on_every_agenda(cast: SimpleNamespace, meeting: Meeting) -> None:
    assert compile_agenda(meeting, actor=cast.governance) == []
    heads = meeting.items.filter(order=0)
    assert {item.section for item in heads} == set(Section)
    meeting.refresh_from_db()
    assert meeting.compiled_at is not None


def test_only_assured_closures_stand_for_decision(cast: SimpleNamespace, meeting: Meeting) -> None:
    proposed(led_action(reference="ST-0301"), cast)
    assured(led_action(reference="ST-0302", level=2), cast)
    assured(led_action(reference="ST-0303", level=3), cast)
    approved(led_action(reference="ST-0304"), cast)
    compile_agenda(meeting, actor=cast.governance)
    assert titles(meeting, Section.CLOSURES) == ["ST-0302", "ST-0303"]


def test_publications_since_the_board_before_are_to_be_assigned(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    make_meeting("2024-10-16")
    make_meeting("2024-11-13", state=MeetingState.CANCELLED)
    for title, published_on in (
        ("On the day of the Board before", "2024-10-16"),
        ("The day after", "2024-10-17"),
        ("On the day", "2024-11-27"),
        ("Later", "2024-11-28"),
    ):
        make_publication(title, published_on=published_on)
    compile_agenda(meeting, actor=cast.governance)
    assert titles(meeting, Section.PUBLICATIONS) == ["The day after", "On the day"]


def test_the_deep_dive_whose_turn_it_is_stands_on_the_agenda(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    make_framework(questions=3)
    compile_agenda(meeting, actor=cast.governance)
    assert titles(meeting, Section.DEEP_DIVE) == ["PAF 1: How good is the force at thing 1?"]


def test_two_planned_boards_do_not_have_the_same_deep_dive(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    make_framework(questions=2)
    compile_agenda(meeting, actor=cast.governance)
    following = make_meeting("2024-12-18")
    found = turn(following)
    assert found is not None
    assert found.number == 2


def test_what_comes_after_compiling_is_late(cast: SimpleNamespace, meeting: Meeting) -> None:
    assured(led_action(reference="ST-0301"), cast)
    compile_agenda(meeting, actor=cast.governance)
    assured(led_action(reference="ST-0302"), cast)
    added = compile_agenda(meeting, actor=cast.governance)
    assert [(item.title, item.late) for item in added] == [("ST-0302", True)]
    assert not meeting.items.get(title="ST-0301").late
    assert compile_agenda(meeting, actor=cast.governance) == []


def test_what_was_taken_off_stays_off(cast: SimpleNamespace, meeting: Meeting) -> None:
    assured(led_action(reference="ST-0301"), cast)
    make_framework()
    compile_agenda(meeting, actor=cast.governance)
    for item in meeting.items.filter(order__gt=0):
        remove_item(item, actor=cast.governance, reason="Not ready.")
    assert compile_agenda(meeting, actor=cast.governance) == []
    assert titles(meeting, Section.CLOSURES) == []
    back = put_back(meeting.items.get(title="ST-0301"), actor=cast.governance)
    assert titles(meeting, Section.CLOSURES) == ["ST-0301"]
    assert back.removed_reason == ""


def test_an_item_is_taken_off_with_a_reason_and_a_part_never(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    compile_agenda(meeting, actor=cast.governance)
    item = add_item(meeting, actor=cast.governance, section=Section.OTHER, title="Parking")
    with pytest.raises(Refused, match="Say why"):
        remove_item(item, actor=cast.governance, reason=" ")
    with pytest.raises(Refused, match="stands on every agenda"):
        remove_item(meeting.items.get(section=Section.OTHER, order=0), actor=None, reason="No.")  # type: ignore[arg-type]


def test_only_parts_without_records_are_filled_by_hand(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    with pytest.raises(Refused, match="Compile the agenda first"):
        add_item(meeting, actor=cast.governance, section=Section.OTHER, title="Parking")
    compile_agenda(meeting, actor=cast.governance)
    with pytest.raises(Refused, match="Choose the part"):
        add_item(meeting, actor=cast.governance, section=Section.CLOSURES, title="ST-0001")
    item = add_item(meeting, actor=cast.governance, section=Section.RISKS, title="Custody")
    assert item.late


def test_an_item_changes_places_with_the_one_before_it(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    compile_agenda(meeting, actor=cast.governance)
    _, second, third = (
        add_item(meeting, actor=cast.governance, section=Section.OTHER, title=title)
        for title in ("One", "Two", "Three")
    )
    remove_item(second, actor=cast.governance, reason="Withdrawn.")
    move_up(third, actor=cast.governance)
    assert titles(meeting, Section.OTHER) == ["Three", "One"]
    move_up(third, actor=cast.governance)
    assert titles(meeting, Section.OTHER) == ["Three", "One"]


def test_another_deep_dive_needs_a_reason(cast: SimpleNamespace, meeting: Meeting) -> None:
    framework = make_framework(questions=3)
    compile_agenda(meeting, actor=cast.governance)
    third = framework.questions.get(number=3)
    with pytest.raises(Refused, match="Say why another question area"):
        swap_deep_dive(meeting, actor=cast.governance, question=third, reason="")
    swap_deep_dive(meeting, actor=cast.governance, question=third, reason="Fieldwork in January.")
    assert titles(meeting, Section.DEEP_DIVE) == ["PAF 3: How good is the force at thing 3?"]
    back = swap_deep_dive(
        meeting, actor=cast.governance, question=framework.questions.get(number=1), reason="x"
    )
    assert back.swap_reason == ""


def test_two_who_take_notes_undo_nothing_of_one_another(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    compile_agenda(meeting, actor=cast.governance)
    item = meeting.items.get(section=Section.OTHER, order=0)
    seen = item.version
    support = make_user("support")
    change_item(item, actor=support, version=seen, notes="Nothing was raised.")
    with pytest.raises(Overtaken, match="Support"):
        change_item(item, actor=cast.governance, version=seen, notes="Parking was raised.")
    item.refresh_from_db()
    assert item.notes == "Nothing was raised."
    change_item(item, actor=cast.governance, version=item.version, notes="Nothing was raised.")
    assert item.history.count() == 2


@pytest.mark.parametrize("state", [MeetingState.CLOSED, MeetingState.CANCELLED])
def test_the_agenda_of_a_board_that_is_over_does_not_change(
    cast: SimpleNamespace, meeting: Meeting, state: MeetingState
) -> None:
    compile_agenda(meeting, actor=cast.governance)
    item = add_item(meeting, actor=cast.governance, section=Section.OTHER, title="Parking")
    Meeting.objects.filter(pk=meeting.pk).update(
        state=state, document={}, closed_at="2024-11-27T12:00:00Z"
    )
    actor = cast.governance
    for change in (
        lambda: compile_agenda(meeting, actor=actor),
        lambda: add_item(meeting, actor=actor, section=Section.OTHER, title="More"),
        lambda: change_item(item, actor=actor, version=item.version, notes="More"),
        lambda: remove_item(item, actor=actor, reason="No."),
        lambda: put_back(item, actor=actor),
        lambda: move_up(item, actor=actor),
    ):
        with pytest.raises(Refused, match="This Board is"):
            change()


def test_the_next_three_turns_pass_over_what_this_and_other_boards_take(
    cast: SimpleNamespace, meeting: Meeting
) -> None:
    make_framework(questions=6)
    compile_agenda(meeting, actor=cast.governance)
    december = make_meeting("2024-12-18")
    compile_agenda(december, actor=cast.governance)
    assert [each.question.number for each in next_turns(meeting)] == [3, 4, 5]
    assert [each.question.number for each in next_turns(december)] == [3, 4, 5]
