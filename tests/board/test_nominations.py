"""Who decides in the chair's place, and that closures are decided so (paper, Appendix A)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from board.choices import MeetingState
from board.meetings import cancel_meeting
from board.models import Meeting, Nomination
from board.nominations import end_nomination, named_on, nominate
from people import roles
from people.models import Notice, User
from tests.board.pages import sent, shown
from tests.factories import day, make_meeting, make_nomination, make_user
from tests.tracker.closures import a_cast, assured, led_action, proposed, take_over
from tracker import workflow
from tracker.awaiting import closures_awaiting
from tracker.deputies import nominated_on
from tracker.models import Closure
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = day("2024-11-25")
PAGE = "/board/2024-11-27/deputy/"


@pytest.fixture
def closers(media: Any) -> SimpleNamespace:
    cast = a_cast()
    cast.second = make_user("acc2", roles.DEPUTY)
    return cast


@pytest.fixture
def meeting(closers: SimpleNamespace) -> Meeting:
    return make_meeting(chair=closers.chair)


def waiting_for(user: User) -> list[int]:
    queues = {queue.heading: queue for queue in closures_awaiting(user)}
    queue = queues.get("For the Board’s decision")
    return [closure.pk for closure in queue.closures] if queue else []


def may_approve(closure: Closure, user: User) -> str:
    case = workflow.case_of(closure.action, closure)
    person = workflow.person_of(user, closure.action, closure)
    return workflow.verdict(workflow.Verb.APPROVE, case, person)


def both_kinds(closers: SimpleNamespace) -> tuple[Closure, Closure]:
    """A closure the chair decides, and one where the chair stands back."""
    plain, conflict = led_action(), led_action()
    take_over(conflict, closers.chair)
    return assured(plain, closers), assured(conflict, closers)


# Closures -----------------------------------------------------------------------------------------

# Nominated: nobody; the deputy where the chair may not; the deputy for everything; another one.
# -> who decides what the chair may decide, and what the chair may not: c(hair), d(eputy), s(econd).
DECIDES = {
    "nobody": ("c", "ds"),
    "where the chair may not": ("c", "d"),
    "the chair is away": ("cd", "d"),
    "another": ("c", "s"),
    "another, the chair being away": ("cs", "s"),
    "both": ("cd", "ds"),
    "yesterday": ("c", "ds"),
    "tomorrow": ("c", "ds"),
    "cancelled": ("c", "ds"),
    "who is no deputy any more": ("c", "s"),
    "who cannot sign in any more": ("c", "s"),
}


def nominations_of(name: str, meeting: Meeting, closers: SimpleNamespace) -> None:
    deputy, second = closers.deputy, closers.second
    match name:
        case "where the chair may not" | "cancelled":
            make_nomination(meeting, deputy)
        case "the chair is away" | "who is no deputy any more" | "who cannot sign in any more":
            make_nomination(meeting, deputy, whole_meeting=True)
        case "another":
            make_nomination(meeting, second)
        case "another, the chair being away":
            make_nomination(meeting, second, whole_meeting=True)
        case "both":
            make_nomination(meeting, deputy, whole_meeting=True)
            make_nomination(meeting, second)
        case "yesterday":
            make_nomination(meeting, deputy, "2024-11-20", "2024-11-24", whole_meeting=True)
        case "tomorrow":
            make_nomination(meeting, deputy, "2024-11-26", "2024-11-27", whole_meeting=True)
    if name == "cancelled":
        cancel_meeting(meeting, actor=closers.governance, reason="No room.")
    if name == "who is no deputy any more":
        deputy.take_roles(roles.BOARD_MEMBER)
    if name == "who cannot sign in any more":
        deputy.is_active = False
        deputy.save()


@pytest.mark.parametrize("nominated", DECIDES)
def test_the_rules_and_the_queue_agree_on_who_decides(
    closers: SimpleNamespace, meeting: Meeting, nominated: str
) -> None:
    plain, conflict = both_kinds(closers)
    nominations_of(nominated, meeting, closers)

    people = {"c": closers.chair, "d": closers.deputy, "s": closers.second}
    for letter, user in people.items():
        user = User.objects.get(pk=user.pk)  # Permissions are kept on the object.
        mine = [
            closure.pk
            for closure, letters in zip((plain, conflict), DECIDES[nominated], strict=True)
            if letter in letters
        ]
        assert waiting_for(user) == mine, (nominated, letter)
        by_rules = [each.pk for each in (plain, conflict) if not may_approve(each, user)]
        assert by_rules == mine, (nominated, letter)


def test_a_deputy_who_stands_in_approves_and_is_on_record(
    closers: SimpleNamespace, meeting: Meeting
) -> None:
    plain, _ = both_kinds(closers)
    with pytest.raises(Refused, match="The Board’s chair decides this closure"):
        workflow.approve(plain, actor=closers.deputy)
    make_nomination(meeting, closers.deputy, whole_meeting=True)

    workflow.approve(plain, actor=closers.deputy)

    plain.refresh_from_db()
    assert plain.events.get(kind="approved").recorded_by == closers.deputy
    with pytest.raises(Refused, match="Another deputy is nominated for the Board today"):
        workflow.send_back(plain, actor=closers.second, reason="No.")


def test_conflicts_stand_against_a_deputy_who_stands_in(
    closers: SimpleNamespace, meeting: Meeting
) -> None:
    action = led_action()
    take_over(action, closers.deputy)
    closure = assured(action, closers)
    make_nomination(meeting, closers.deputy, whole_meeting=True)

    with pytest.raises(Refused, match="You lead this action"):
        workflow.approve(closure, actor=closers.deputy)
    assert waiting_for(closers.deputy) == []

    make_nomination(meeting, closers.second, whole_meeting=True)
    assert waiting_for(closers.second) == [closure.pk]


def test_where_two_nominations_name_one_person_the_wider_one_counts(
    closers: SimpleNamespace, meeting: Meeting
) -> None:
    make_nomination(meeting, closers.deputy, whole_meeting=True)
    make_nomination(make_meeting("2024-12-18"), closers.deputy)
    assert named_on(TODAY) == {closers.deputy.pk: True}
    assert nominated_on(TODAY).stands_in(closers.deputy)


def test_the_page_of_a_closure_tells_a_deputy_who_is_not_nominated(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    _, conflict = both_kinds(closers)
    make_nomination(meeting, closers.second)
    page = shown(sign_in(closers.deputy), conflict.get_absolute_url())
    assert "Another deputy is nominated for the Board today" in page
    assert "Approve closure" in shown(sign_in(closers.second), conflict.get_absolute_url())


# Nominating ---------------------------------------------------------------------------------------


def values(user: User, **different: str) -> dict[str, str]:
    return {
        "deputy": str(user.pk),
        "whole_meeting": "yes",
        "first_day": "25.11.24",
        "last_day": "29.11.24",
        **different,
    }


def test_the_chair_nominates_a_deputy_who_is_told(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    page = sent(sign_in(closers.chair), PAGE, **values(closers.deputy))

    assert "Acc is nominated, and is told so." in page
    assert "decides everything, the chair being away, from 25 November 2024" in page
    made = Nomination.objects.get()
    assert (made.started_on, made.ended_on, made.nominated_by) == (
        TODAY,
        day("2024-11-30"),
        closers.chair,
    )
    assert Notice.objects.get(user=closers.deputy).text == (
        "Dcc nominates you for the Board of 27 November 2024: you decide everything, from "
        "25 November 2024 until 29 November 2024."
    )


def test_only_deputies_are_offered(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    page = shown(sign_in(closers.governance), PAGE)
    offered = page.partition('<select name="deputy"')[2].partition("</select>")[0]
    assert "Acc" in offered and "Acc2" in offered
    assert "Dcc" not in offered and "Officer" not in offered
    said = sent(sign_in(closers.governance), PAGE, **values(closers.governance))
    assert "from the list" in said
    with pytest.raises(ValidationError, match="Officer is no deputy"):
        nominate(
            meeting,
            actor=closers.chair,
            deputy=closers.governance,
            first_day=TODAY,
            last_day=meeting.held_on,
            whole_meeting=False,
        )


def test_whoever_chairs_a_board_is_not_its_deputy(closers: SimpleNamespace) -> None:
    meeting = make_meeting(chair=closers.deputy)
    with pytest.raises(ValidationError, match="Acc chairs this Board"):
        nominate(
            meeting,
            actor=closers.governance,
            deputy=closers.deputy,
            first_day=TODAY,
            last_day=meeting.held_on,
            whole_meeting=True,
        )


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"first_day": "24.11.24"}, "24 November 2024 has passed. Enter today or later."),
        ({"last_day": "24.11.24"}, "The last day cannot be before the first."),
        ({"last_day": "26.11.24"}, "The Board is on 27 November 2024, which has to lie between"),
        ({"first_day": "28.11.24"}, "The Board is on 27 November 2024, which has to lie between"),
        ({"whole_meeting": ""}, "Say what they decide"),
    ],
)
def test_days_that_do_not_fit_are_told(
    closers: SimpleNamespace,
    meeting: Meeting,
    sign_in: SignIn,
    different: dict[str, str],
    said: str,
) -> None:
    page = sent(sign_in(closers.chair), PAGE, **values(closers.deputy, **different))
    assert said in page
    assert not Nomination.objects.exists()


def test_a_board_that_was_held_may_still_get_a_deputy(closers: SimpleNamespace) -> None:
    meeting = make_meeting("2024-11-20")
    made = nominate(
        meeting,
        actor=closers.chair,
        deputy=closers.deputy,
        first_day=TODAY,
        last_day=TODAY,
        whole_meeting=True,
    )
    assert named_on(TODAY) == {closers.deputy.pk: True} and made.last_day == TODAY


def test_nobody_is_nominated_twice_for_one_day(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    chair = sign_in(closers.chair)
    sent(chair, PAGE, **values(closers.deputy))
    page = sent(chair, PAGE, **values(closers.deputy, first_day="27.11.24"))
    assert "Acc is nominated already, from 25 November 2024 until 29 November 2024." in page
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("state", [MeetingState.CANCELLED])
def test_a_board_that_does_not_take_place_needs_no_deputy(
    closers: SimpleNamespace, sign_in: SignIn, state: str
) -> None:
    meeting = make_meeting(state=state)
    with pytest.raises(Refused, match="cancelled"):
        nominate(
            meeting,
            actor=closers.chair,
            deputy=closers.deputy,
            first_day=TODAY,
            last_day=meeting.held_on,
            whole_meeting=True,
        )
    assert "This Board is cancelled" in shown(sign_in(closers.chair), PAGE)


# Ending -------------------------------------------------------------------------------------------


def test_a_nomination_ends_at_once_and_can_be_made_again(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    chair = sign_in(closers.chair)
    sent(chair, PAGE, **values(closers.deputy))
    made = Nomination.objects.get()
    question = shown(chair, f"{PAGE}{made.pk}/end/")
    assert "End the nomination of Acc?" in question and "until 29 November 2024" in question
    assert named_on(TODAY) == {closers.deputy.pk: True}

    page = sent(chair, f"{PAGE}{made.pk}/end/")

    assert "Acc decides no more, and is told so." in page and "Nobody is nominated." in page
    assert named_on(TODAY) == {}
    told = Notice.objects.filter(user=closers.deputy, text__contains="has ended your nomination")
    assert told.count() == 1
    assert "This nomination is over already." in sent(chair, f"{PAGE}{made.pk}/end/")
    sent(chair, PAGE, **values(closers.deputy))
    assert named_on(TODAY) == {closers.deputy.pk: True}


def test_one_that_has_begun_ends_with_the_day_before(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    made = make_nomination(meeting, closers.deputy, "2024-11-20")
    end_nomination(made, actor=closers.governance)
    made.refresh_from_db()
    assert made.ended_on == TODAY
    page = shown(sign_in(closers.governance), PAGE)
    assert "until 24 November 2024" in page and "Over" in page


def test_an_end_is_that_of_a_nomination_of_this_board(
    closers: SimpleNamespace, meeting: Meeting, sign_in: SignIn
) -> None:
    other = make_nomination(make_meeting("2024-12-18"), closers.deputy)
    assert sign_in(closers.chair).post(f"{PAGE}{other.pk}/end/").status_code == 404


def test_a_proposal_waits_for_nobody_of_the_board(
    closers: SimpleNamespace, meeting: Meeting
) -> None:
    make_nomination(meeting, closers.deputy, whole_meeting=True)
    proposed(led_action(), closers)
    assert waiting_for(closers.deputy) == []
