"""My work: what waits for me and how to put it right; notices; the count in the navigation."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from people.models import Notice, User
from people.notices import tell
from tests.factories import day, make_delegate, make_due_request, make_lead, make_user
from tests.tracker.closures import a_cast, approved, assured, led_action, proposed, take_over
from tests.tracker.lists import found
from tests.tracker.test_action_page import words
from tracker import position, workflow
from tracker.choices import Status
from tracker.models import Action
from tracker.work import SHOWN, Pile, own_actions

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = day("2024-11-25")
WORK = "/work/"


@pytest.fixture
def team(media: Path) -> SimpleNamespace:
    return a_cast()


def own(user: User) -> dict[str, Pile]:
    return {pile.key: pile for pile in own_actions(user, TODAY)}


def references(pile: Pile) -> list[str]:
    return [item.action.reference for item in pile.items if item.action]


def asked(client: Client) -> dict[str, list[str]]:
    """Key of each pile of what others wait for -> the references in it."""
    return {pile.key: references(pile) for pile in client.get(WORK).context["asked"]}


# My actions -------------------------------------------------------------------------------------


def test_my_actions_stand_by_what_is_wrong_each_with_its_cure(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    late = led_action(due="2024-11-01", updated="2024-11-20")
    soon = led_action(due="2024-12-25", updated="2024-11-20")
    stale = led_action(due="2025-06-01", updated="2024-10-01")
    led_action(due="2024-11-01", status=Status.CLOSED)
    led_action(due="2024-11-01", delivery="Head of Custody", executive="ACC Other")

    piles = own(team.delivery)
    assert references(piles["overdue"]) == [late.reference]
    assert references(piles["due_soon"]) == [soon.reference]
    assert references(piles["stale"]) == [stale.reference]
    assert piles["without_expected"].count == 3
    assert piles["overdue"].items[0].href == f"/actions/{late}/due-date/"
    assert piles["stale"].items[0].href == f"/actions/{stale}/update/"

    page = words(sign_in(team.delivery).get(WORK))
    assert "Due 1 November 2024, 24 days ago Another due date" in page
    assert "Last update 1 October 2024 Post an update" in page


def test_the_figures_are_those_of_the_position_and_of_the_list(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    for number in range(SHOWN + 2):
        led_action(due=f"2024-10-{number + 1:02}")
    led_action(updated="2024-11-24")
    counts = position.workload(team.delivery, TODAY)
    piles = own(team.delivery)
    client = sign_in(team.delivery)

    assert counts["overdue"] == SHOWN + 2
    for key, pile in piles.items():
        assert pile.count == counts[key]
        assert len(found(client, pile.href.partition("?")[2] + "&rows=100")) == pile.count
    assert len(piles["overdue"].items) == SHOWN
    assert f"Show all {SHOWN + 2}" in words(client.get(WORK))


def test_an_overdue_action_whose_date_is_asked_for_leads_to_the_request(
    team: SimpleNamespace,
) -> None:
    action = led_action(due="2024-11-01")
    request = make_due_request(action, team.delivery)
    item = own(team.delivery)["overdue"].items[0]
    assert (item.cure, item.href) == ("See the request", request.get_absolute_url())
    assert "31 March 2025 is asked for" in item.note


def test_an_update_takes_an_action_off_the_pile(team: SimpleNamespace, sign_in: SignIn) -> None:
    action = led_action(received="2024-01-01")
    lead = sign_in(team.delivery)
    assert set(own(team.delivery)) == {"stale", "without_expected"}

    sent = {"text": "Done.", "marking": "OFFICIAL", "expected_closure_on": "31.3.25"}
    lead.post(f"/actions/{action}/update/", sent)

    assert own(team.delivery) == {}
    assert "Nothing waits for you" in words(lead.get(WORK))


def test_who_leads_nothing_is_told_what_to_do(cast: SimpleNamespace, sign_in: SignIn) -> None:
    page = words(sign_in(cast.staff).get(WORK))
    assert "You hold no lead today." in page


def test_whom_i_post_for_is_said_with_the_way_to_their_actions(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    staff = make_user("staff-officer")
    make_delegate(make_lead("Head of Crime"), staff, "2024-11-01", "2024-12-07")
    response = sign_in(staff).get(WORK)
    assert "You post updates for Head of Crime until 6 December 2024" in words(response)
    assert "?delivery=head-of-crime&amp;sort=updated" in response.content.decode()


# What others wait for ---------------------------------------------------------------------------


def test_closures_wait_for_those_who_can_take_them_further(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    to_assure = proposed(led_action(), team).action.reference
    for_board = assured(led_action(), team).action.reference
    letter = approved(led_action(), team).action.reference
    conflict = led_action()
    take_over(conflict, team.chair)
    assured(conflict, team)

    assert asked(sign_in(team.assurance)) == {"to_assure": [to_assure]}
    assert asked(sign_in(team.chair)) == {"for_board": [for_board]}
    assert asked(sign_in(team.deputy)) == {"for_board": [conflict.reference]}
    assert asked(sign_in(team.governance)) == {"letter_awaited": [letter]}
    assert asked(sign_in(team.delivery)) == {}


def test_the_home_page_counts_closures_awaiting_me(team: SimpleNamespace, sign_in: SignIn) -> None:
    for _ in range(2):
        assured(led_action(), team)
    response = sign_in(team.chair).get("/")
    assert "Closures awaiting you For the Board’s decision: 2" in words(response)
    assert 'href="/closures/?step=for_board"' in response.content.decode()
    assert "Closures awaiting you" not in words(sign_in(team.delivery).get("/"))


def test_a_returned_closure_waits_for_its_lead_until_it_is_proposed_again(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), team)
    lead = sign_in(team.delivery)
    workflow.send_back(closure, actor=team.assurance, reason="Too few cases.")

    page = words(lead.get(WORK))
    assert "Closures returned to you (1)" in page
    assert "Returned by Assurer on 25 November 2024: Too few cases. Propose closure again" in page

    proposed(Action.objects.get(), team)
    assert "returned" not in asked(lead)


def test_a_request_for_a_date_waits_for_the_executive_lead(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    make_due_request(action, team.delivery)
    page = words(sign_in(team.executive).get(WORK))
    assert "Due dates to agree or decline (1)" in page
    assert "Lead asks for 31 March 2025: The trainer is away. Agree or decline" in page
    assert asked(sign_in(team.delivery)) == {}


def test_a_sensitive_closure_is_not_told_to_who_may_not_read_it(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(marking=Marking.SENSITIVE), team)
    assert asked(sign_in(team.assurance)) == {"to_assure": [closure.action.reference]}
    other = make_user("lead-of-nothing")
    assert asked(sign_in(other)) == {}


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    def fill() -> None:
        assured(led_action(due="2024-11-01"), team)
        workflow.send_back(proposed(led_action(), team), actor=team.assurance, reason="No.")
        make_due_request(led_action(due="2024-11-01"), team.delivery)

    def queries(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    fill()
    places = [
        (sign_in(getattr(team, who)), address)
        for who in ("delivery", "executive", "chair", "deputy")
        for address in (WORK, "/")
    ]
    before = [(queries(*place), queries(*place))[1] for place in places]
    for _ in range(3):
        fill()
    assert [queries(*place) for place in places] == before


# Notices ----------------------------------------------------------------------------------------


def test_notices_stand_unread_first_and_are_counted_in_the_navigation(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    staff = sign_in(cast.staff)
    tell([cast.staff], "The first.", "/actions/")
    tell([cast.staff], "The second.")
    tell([cast.admin], "Not mine.")
    second = Notice.objects.get(text="The second.")
    assert "My work (2 unread )" in " ".join(_navigation(staff).split())

    staff.post("/work/notices/", {"notice": second.pk})
    page = words(staff.get(WORK))
    assert page.index("The first.") < page.index("The second.")
    assert "Not mine." not in page
    assert "My work (1 unread )" in " ".join(_navigation(staff).split())

    staff.post("/work/notices/", {"notice": "all"})
    assert "unread" not in _navigation(staff)
    assert Notice.objects.filter(user=cast.admin).unread().count() == 1


def _navigation(client: Client) -> str:
    html = client.get("/people/").content.decode()
    return re.sub(r"<[^>]+>", " ", html.partition("<nav")[2].partition("</nav>")[0])


@pytest.mark.parametrize("notice", ["", "nonsense", "99999999999999999999999", "²"])
def test_nonsense_marks_nothing(cast: SimpleNamespace, sign_in: SignIn, notice: str) -> None:
    tell([cast.staff], "Unread.")
    assert sign_in(cast.staff).post("/work/notices/", {"notice": notice}).status_code == 302
    assert Notice.objects.unread().count() == 1


def test_a_number_that_only_begins_like_a_notice_marks_nothing(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    key = 123_456_789_012_345_678
    Notice.objects.create(pk=key, user=cast.staff, text="Unread.")
    sign_in(cast.staff).post("/work/notices/", {"notice": f"{key}9"})
    assert Notice.objects.unread().count() == 1


def test_nobody_marks_what_is_another_persons(cast: SimpleNamespace, sign_in: SignIn) -> None:
    tell([cast.admin], "Yours.")
    sign_in(cast.staff).post("/work/notices/", {"notice": Notice.objects.get().pk})
    sign_in(cast.staff).post("/work/notices/", {"notice": "all"})
    assert Notice.objects.unread().count() == 1


def test_governance_sees_what_nobody_works_on_and_whoever_settles_errors_sees_them(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    waiting = led_action(status=Status.AWAITING_ALLOCATION)
    doubtful = led_action()
    workflow.claim_error(doubtful, actor=team.governance, reason="It repeats another.")

    assert asked(sign_in(team.governance)) == {"allocate": [waiting.reference]}
    assert position.to_allocate(team.governance, TODAY) == 1
    assert "Actions to allocate (1)" in words(sign_in(team.governance).get(WORK))
    assert asked(sign_in(team.assurance)) == {"errors": [doubtful.reference]}
    assert asked(sign_in(team.delivery)) == {}
