"""Governance allocates one action or several, and dates several: all of them or none."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspections.models import CoreQuestion
from people.models import Lead, Notice, User
from tests.factories import day, make_action, make_due_request, make_framework, make_lead
from tests.tracker.closures import a_cast, led_action, status_of
from tests.tracker.test_action_page import words
from tracker import workflow
from tracker.choices import Status
from tracker.due_dates import set_due_dates
from tracker.models import Action, ActionLead, DueDate, DueDateRequest

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ALLOCATE, DATES = "/actions/allocate/", "/actions/due-dates/"


@pytest.fixture
def team(db: None) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def officer(team: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(team.governance)


def lead(name: str) -> Lead:
    return Lead.objects.get(name=name)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("text", flat=True))


def leads_of(action: Action) -> set[tuple[str, str, str]]:
    return {
        (each.role, str(each.lead), each.started_on.isoformat())
        for each in action.leads.filter(ended_on=None)
    }


def allocation(**fields: Any) -> dict[str, Any]:
    return {"on": "25.11.24", "delivery": lead("Head of Crime").pk, **fields}


# One action -------------------------------------------------------------------------------------


def test_an_action_is_allocated_with_its_area_and_its_leads_are_told(
    team: SimpleNamespace, officer: Client
) -> None:
    action = make_action(status=Status.AWAITING_ALLOCATION)
    question = make_framework().questions.get(number=2)
    assert "Allocate" in words(officer.get(action.get_absolute_url()))

    sent = allocation(executive=lead("ACC Baker").pk, question=question.pk)
    page = words(officer.post(f"/actions/{action}/allocate/", sent, follow=True))

    assert f"{action} is allocated." in page
    action.refresh_from_db()
    assert (action.question, action.version, status_of(action)) == (
        question,
        2,
        Status.IN_PROGRESS,
    )
    assert leads_of(action) == {
        ("executive", "ACC Baker", "2024-11-25"),
        ("delivery", "Head of Crime", "2024-11-25"),
    }
    assert told(team.delivery) == [
        f"{action} is allocated: ACC Baker is executive lead, Head of Crime is delivery lead and "
        "PAF 2 is its question area."
    ]


def test_an_earlier_day_needs_its_reason_and_nothing_typed_is_lost(
    officer: Client, team: SimpleNamespace
) -> None:
    action = make_action()
    address = f"/actions/{action}/allocate/"
    page = officer.post(address, allocation(on="16 October 2024")).content.decode()
    assert "Say why this is recorded later" in page
    assert 'value="16 October 2024"' in page
    assert f'value="{lead("Head of Crime").pk}" selected' in page
    assert leads_of(action) == set()

    officer.post(address, allocation(on="16 October 2024", late_reason="At the Board."))
    assert leads_of(action) == {("delivery", "Head of Crime", "2024-10-16")}


def test_the_form_starts_with_what_is_and_sent_as_it_is_changes_nothing(
    team: SimpleNamespace, officer: Client
) -> None:
    action = led_action()
    form = officer.get(f"/actions/{action}/allocate/").context["form"]
    before = leads_of(action)
    officer.post(f"/actions/{action}/allocate/", {**form.initial, "question": "", "on": "25.11.24"})
    assert leads_of(action) == before
    assert ActionLead.objects.count() == 2
    assert told(team.delivery) == []


def test_a_closed_action_is_not_allocated_and_the_page_says_so(officer: Client) -> None:
    action = make_action(status=Status.CLOSED)
    page = words(officer.get(f"/actions/{action}/allocate/"))
    assert "This action is closed already" in page
    assert "Delivery lead" not in page


# Ticking in the list ----------------------------------------------------------------------------


def test_only_governance_can_tick_rows_and_only_as_they_are_today(
    team: SimpleNamespace, officer: Client, sign_in: SignIn
) -> None:
    action = led_action()
    assert f'name="chosen" value="{action}"' in officer.get("/actions/").content.decode()
    assert 'name="chosen"' not in officer.get("/actions/?as_at=2024-11-01").content.decode()
    for person in (team.delivery, team.chair):
        assert 'name="chosen"' not in sign_in(person).get("/actions/").content.decode()
        assert sign_in(person).get(f"{ALLOCATE}?chosen={action}").status_code == 403
        assert sign_in(person).post(DATES, {"chosen": str(action)}).status_code == 403


def test_what_was_ticked_is_listed_or_all_of_the_filtered_list(officer: Client) -> None:
    one, two, other = led_action(), led_action(), led_action(level=3)
    page = words(officer.get(f"{ALLOCATE}?chosen={one}&chosen={two}"))
    assert "Allocate 2 actions" in page
    assert one.reference in page and two.reference in page
    assert other.reference not in page

    page = words(officer.get(f"{DATES}?all=yes&query=level%3D3"))
    assert "Record a due date for 1 action" in page
    assert other.reference in page


def test_nothing_ticked_leads_back_to_the_list_and_says_so(officer: Client) -> None:
    response = officer.get(f"{ALLOCATE}?query=level%3D2", follow=True)
    assert response.redirect_chain == [("/actions/?level=2", 302)]
    assert "Tick at least one action first." in words(response)


def test_a_reference_that_is_not_there_is_not_found(officer: Client) -> None:
    action = led_action()
    assert officer.get(f"{ALLOCATE}?chosen={action}&chosen=NO-1").status_code == 404
    assert officer.post(DATES, {"chosen": [str(action), "NO-1"]}).status_code == 404


def test_more_than_a_page_can_name_are_refused(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.views.allocation.MOST", 1)
    led_action(), led_action()
    page = words(officer.get(f"{ALLOCATE}?all=yes", follow=True))
    assert "At most 1 actions at once; this list has 2." in page


def test_a_list_that_is_too_long_is_not_read_to_its_end(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.views.allocation.MOST", 1)
    chosen = [led_action().reference for _ in range(4)]
    for query in ({"all": "yes"}, {"chosen": chosen}):
        with CaptureQueriesContext(connection) as caught:
            officer.get(ALLOCATE, query)
        reads = [each["sql"] for each in caught if 'SELECT "tracker_action"."id"' in each["sql"]]
        assert len(reads) == 1
        assert reads[0].endswith("LIMIT 2")


# What it costs ----------------------------------------------------------------------------------


def cost_of_one(few: Callable[[], object], many: Callable[[], object], more: int) -> float:
    """How often the database is asked for each further action."""
    counts = []
    for step in (few, many):
        with CaptureQueriesContext(connection) as caught:
            step()
        counts.append(len(caught))
    return (counts[1] - counts[0]) / more


def all_at_once(actions: list[Action], team: SimpleNamespace, question: CoreQuestion) -> int:
    officer = User.objects.get(pk=team.governance.pk)
    return workflow.allocate_several(
        actions,
        actor=officer,
        executive=lead("ACC Baker"),
        delivery=lead("Head of Crime"),
        question=question,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.AWAITING_ALLOCATION},
        {"executive": "ACC Felton", "delivery": "Head of Dogs"},
    ],
    ids=["first leads", "other leads"],
)
def test_allocating_asks_at_most_twelve_queries_of_an_action(
    team: SimpleNamespace, fields: dict[str, str]
) -> None:
    question = make_framework().questions.get(number=1)
    few = [make_action(**fields) for _ in range(2)]  # type: ignore[arg-type]
    many = [make_action(**fields) for _ in range(7)]  # type: ignore[arg-type]
    cost = cost_of_one(
        lambda: all_at_once(few, team, question), lambda: all_at_once(many, team, question), 5
    )
    assert cost <= 12
    assert {status_of(action) for action in many} == {Status.IN_PROGRESS}
    assert {len(leads_of(action)) for action in many} == {2}


def test_a_due_date_asks_at_most_twelve_queries_of_an_action(team: SimpleNamespace) -> None:
    def agree(number: int) -> Callable[[], object]:
        actions = [led_action(due="2024-12-31") for _ in range(number)]
        for action in actions:
            make_due_request(action, team.delivery)
        officer = User.objects.get(pk=team.governance.pk)
        return lambda: set_due_dates(
            actions, actor=officer, due_on=day("2025-03-31"), agreed_by="Board", reason="Law."
        )

    assert cost_of_one(agree(2), agree(7), 5) <= 12
    assert not DueDateRequest.objects.filter(agreed=None).exists()


# Several ----------------------------------------------------------------------------------------


def test_several_are_allocated_and_each_lead_is_told_once(
    team: SimpleNamespace, officer: Client
) -> None:
    actions = [make_action() for _ in range(3)]
    sent = {
        **allocation(executive=lead("ACC Baker").pk, reason="New portfolio."),
        "chosen": [str(action) for action in actions],
        "query": "level=2",
    }
    response = officer.post(ALLOCATE, sent, follow=True)

    assert response.redirect_chain == [("/actions/?level=2", 302)]
    assert "3 actions are allocated." in words(response)
    for action in actions:
        assert {role for role, _, _ in leads_of(action)} == {"executive", "delivery"}
    reasons = ActionLead.history.values_list("history_change_reason", flat=True)
    assert set(reasons) == {"New portfolio."}
    assert told(team.delivery) == [
        "3 of your actions are allocated: ACC Baker is executive lead and Head of Crime is "
        "delivery lead."
    ]
    # The same again tells nobody and changes nothing.
    officer.post(ALLOCATE, sent)
    assert len(told(team.delivery)) == 1
    assert ActionLead.objects.count() == 6


def test_one_that_cannot_be_allocated_stops_all_and_what_was_chosen_stays(
    team: SimpleNamespace, officer: Client
) -> None:
    action, closed = make_action(), make_action(status=Status.CLOSED)
    sent = {**allocation(reason="New."), "chosen": [str(action), str(closed)]}
    response = officer.post(ALLOCATE, sent)

    assert f"{closed}: This action is closed already." in words(response)
    assert f'name="chosen" value="{action}"' in response.content.decode()
    assert 'value="New."' in response.content.decode()
    assert leads_of(action) == set()
    assert told(team.delivery) == []


def test_one_action_alone_is_named_to_its_lead(team: SimpleNamespace) -> None:
    action = make_action()
    workflow.allocate_several([action], actor=team.governance, delivery=lead("Head of Crime"))
    assert told(team.delivery) == [f"{action} is allocated: Head of Crime is delivery lead."]


def test_a_due_date_is_recorded_for_several_with_who_agreed_it(
    team: SimpleNamespace, officer: Client
) -> None:
    one, two = led_action(due="2024-12-31"), led_action(due="2025-03-31")
    sent = {
        "chosen": [str(one), str(two)],
        "due_on": "31.3.25",
        "agreed_by": "GAIN Board",
        "reason": "New law.",
    }
    assert "1 action is now due 31 March 2025." in words(officer.post(DATES, sent, follow=True))
    latest = one.due_dates.last()
    assert latest is not None
    assert (latest.due_on, latest.agreed_by, latest.reason, latest.recorded_by) == (
        day("2025-03-31"),
        "GAIN Board",
        "New law.",
        team.governance,
    )
    assert "All were due 31 March 2025 already." in words(officer.post(DATES, sent, follow=True))
    assert DueDate.objects.count() == 3


def test_a_date_refused_for_one_changes_none_and_keeps_what_was_typed(
    team: SimpleNamespace, officer: Client
) -> None:
    action, closed = led_action(due="2024-12-31"), led_action(status=Status.CLOSED)
    sent = {
        "chosen": [str(action), str(closed)],
        "due_on": "31.3.25",
        "agreed_by": "GAIN Board",
        "reason": "New law.",
    }
    response = officer.post(DATES, sent)
    assert f"{closed}: This action is closed" in words(response)
    assert "New law." in response.content.decode()
    assert action.due_dates.count() == 1


def test_the_page_of_one_action_leads_to_recording_its_date(officer: Client) -> None:
    action = led_action()
    assert "Record a due date that was agreed" in words(officer.get(action.get_absolute_url()))
    page = words(officer.get(f"/actions/{action}/agreed-date/", follow=True))
    assert "Record a due date for 1 action" in page


def test_the_page_asks_the_database_as_often_for_many_as_for_few(officer: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            officer.get(f"{ALLOCATE}?all=yes")
        return len(caught)

    make_lead("Head of Custody")
    led_action()
    queries()
    before = queries()
    for _ in range(6):
        led_action()
    assert queries() == before


def test_an_allocation_is_not_written_over_unseen_and_who_led_it_is_told(
    team: SimpleNamespace, officer: Client
) -> None:
    action = led_action()
    page = officer.get(f"/actions/{action}/allocate/").content.decode()
    seen = re.findall(r'name="seen" value="(\d+)"', page)
    assert len(seen) == 2
    crime, custody = make_lead("Head of Crime", None), make_lead("Head of Custody", None)
    workflow.allocate(action, actor=team.governance, delivery=custody)
    notice = Notice.objects.get(user=team.delivery)
    assert notice.text == f"You no longer lead {action}."

    sent = {**allocation(delivery=crime.pk), "leads": "seen", "seen": seen}
    page = officer.post(f"/actions/{action}/allocate/", sent).content.decode()
    assert "Somebody else has allocated" in page and "Head of Custody is delivery lead" in page
    now = [str(each.lead_id) for each in action.leads.filter(ended_on=None)]
    assert re.findall(r'name="seen" value="(\d+)"', page) == now
    sent["seen"] = now
    shown = words(officer.post(f"/actions/{action}/allocate/", sent, follow=True))
    assert f"{action} is allocated." in shown
