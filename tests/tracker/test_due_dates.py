"""Another due date: who asks, who agrees, what is kept, and how often a date has slipped."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.test import Client

from core.markings import Marking
from people import roles
from people.models import Notice, User
from tests.factories import day, make_delegate, make_due_request, make_lead, make_user
from tests.tracker.closures import a_cast, led_action
from tests.tracker.lists import cell
from tests.tracker.test_action_page import words
from tracker import workflow
from tracker.choices import Status
from tracker.due_dates import answer, ask, set_due_dates, waiting_for
from tracker.models import Action, DueDate, DueDateRequest
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MARCH = day("2025-03-31")


@pytest.fixture
def team(db: None) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def action(team: SimpleNamespace) -> Action:
    return led_action(due="2024-12-31")


def asked(action: Action, actor: User, reason: str = "The trainer is away.") -> DueDateRequest:
    return ask(action, actor=actor, due_on=MARCH, reason=reason)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("text", flat=True))


def due(action: Action) -> list[tuple[int, str, str, str]]:
    return [
        (each.sequence, each.due_on.isoformat(), each.agreed_by, each.reason)
        for each in action.due_dates.order_by("sequence")
    ]


ISSUED = (0, "2024-12-31", "", "")

# Asking -----------------------------------------------------------------------------------------


def test_a_delivery_lead_asks_and_the_executive_lead_is_told(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    lead = sign_in(team.delivery)
    sent = {"due_on": "31.3.25", "reason": "The trainer is away."}
    page = words(lead.post(f"{action.get_absolute_url()}due-date/", sent, follow=True))

    assert "The executive lead is asked to agree the date." in page
    assert "Lead asked on 25 November 2024 that it be due 31 March 2025" in page
    assert "instead of 31 December 2024" in page
    assert "ACC Baker agrees or declines" in page
    assert told(team.executive) == [
        f"Lead asks that {action} be due 31 March 2025: The trainer is away."
    ]
    assert due(action) == [ISSUED]


def test_somebody_named_to_post_asks_and_agrees_to_nothing(
    team: SimpleNamespace, action: Action
) -> None:
    staff = make_user("staff-officer", roles.EXECUTIVE_LEAD)
    make_delegate(make_lead("ACC Baker"), staff)
    assert asked(action, staff).agreed is None
    with pytest.raises(Refused, match="Only the executive lead of this action"):
        answer(DueDateRequest.objects.get(), actor=staff, agreed=True)
    assert due(action) == [ISSUED]


def test_an_executive_lead_who_asks_agrees_in_the_same_step(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    chief = sign_in(team.executive)
    address = f"{action.get_absolute_url()}due-date/"
    assert "the date changes at once" in words(chief.get(address))
    page = words(chief.post(address, {"due_on": "31/3/2025", "reason": "No staff."}, follow=True))

    assert f"{action} is now due 31 March 2025." in page
    request = DueDateRequest.objects.get()
    assert (request.asked_by, request.answered_by, request.agreed) == (
        team.executive,
        team.executive,
        True,
    )
    assert due(action) == [ISSUED, (1, "2025-03-31", "Chief", "No staff.")]
    assert told(team.delivery) == [f"{action} is now due 31 March 2025: No staff."]


@pytest.mark.parametrize("who", ["assurance", "governance", "chair"])
def test_nobody_else_asks(team: SimpleNamespace, action: Action, sign_in: SignIn, who: str) -> None:
    with pytest.raises(Refused, match="Only those who lead this action"):
        asked(action, getattr(team, who))
    page = sign_in(getattr(team, who)).get(f"{action.get_absolute_url()}due-date/")
    assert page.status_code == 403


@pytest.mark.parametrize(
    ("due_on", "reason", "sentence"),
    [
        ("2024-11-24", "Late.", "24 November 2024 has passed"),
        ("2024-12-31", "Late.", "is the due date of this action already"),
        ("2025-03-31", "  ", "Say why the due date should change"),
    ],
)
def test_a_date_that_cannot_be_is_not_asked_for(
    team: SimpleNamespace, action: Action, due_on: str, reason: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        ask(action, actor=team.delivery, due_on=day(due_on), reason=reason)


def test_one_request_at_a_time_and_the_second_keeps_what_was_typed(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    lead = sign_in(team.delivery)
    address = f"{action.get_absolute_url()}due-date/"
    sent = {"due_on": "31.3.25", "reason": "The trainer is away."}
    lead.post(address, sent)

    page = lead.post(address, sent).content.decode()
    assert "Lead has asked for 31 March 2025 already" in page
    assert "The trainer is away." in page
    assert DueDateRequest.objects.count() == 1


def test_a_request_nobody_could_answer_and_one_on_a_closed_action_are_refused(
    team: SimpleNamespace,
) -> None:
    with pytest.raises(Refused, match="Nobody holds the executive lead"):
        asked(led_action(executive="ACC Nobody"), team.delivery)
    with pytest.raises(Refused, match="This action is closed"):
        asked(led_action(status=Status.CLOSED), team.delivery)


def test_an_executive_lead_who_may_not_agree_is_not_asked(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    team.executive.take_roles(roles.DELIVERY_LEAD)
    with pytest.raises(Refused, match="has the role of an executive lead"):
        asked(action, team.delivery)
    page = words(sign_in(team.delivery).get(f"{action.get_absolute_url()}due-date/"))
    assert "so nobody could agree" in page
    assert told(team.executive) == []


def test_an_executive_lead_who_can_no_longer_sign_in_is_not_asked(
    team: SimpleNamespace, action: Action
) -> None:
    team.executive.is_active = False
    team.executive.save()
    with pytest.raises(Refused, match="nobody could agree"):
        asked(action, team.delivery)


def test_of_two_holders_only_the_one_who_may_agree_is_told(
    team: SimpleNamespace, action: Action
) -> None:
    other = make_user("other", roles.DELIVERY_LEAD)
    make_lead("ACC Baker", other)
    asked(action, team.delivery)
    assert len(told(team.executive)) == 1
    assert told(other) == []


# With its action ---------------------------------------------------------------------------------


def test_a_request_ends_when_its_action_closes_and_another_may_be_asked_for_afterwards(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    request = asked(action, team.delivery)
    workflow.supersede(action, actor=team.governance, text="HMICFRS’s letter replaces it.")
    request.refresh_from_db()
    assert (request.agreed, request.answered_by) == (False, team.governance)
    assert request.answer == "The action closed."
    assert request.history.latest().history_change_reason == "The action closed."
    assert (
        f"{action} closed: nobody answers your request that it be due 31 March 2025 any more."
        in told(team.delivery)
    )
    page = words(sign_in(team.executive).get(request.get_absolute_url()))
    assert "Not agreed, recorded by Officer on" in page
    assert "The action closed." in page
    assert "Decline " not in page

    workflow.reopen(action, actor=team.governance, reason="The letter was withdrawn.")
    assert asked(action, team.delivery).agreed is None


# What somebody may not read ----------------------------------------------------------------------


def test_an_answer_keeps_its_words_from_whoever_may_no_longer_read_the_action(
    team: SimpleNamespace,
) -> None:
    action = led_action(marking=Marking.SENSITIVE)
    staff = make_user("staff-officer")
    delegate = make_delegate(make_lead("Head of Crime"), staff)
    request = asked(action, staff)
    delegate.delete()
    answer(request, actor=team.executive, agreed=False, text="The named victim objects.")
    assert told(staff) == [f"Chief does not agree that {action} be due 31 March 2025."]
    assert Notice.objects.get(user=staff).address == ""
    assert told(team.delivery) == [
        f"Chief does not agree that {action} be due 31 March 2025: The named victim objects."
    ]


def test_what_was_agreed_elsewhere_is_kept_from_them_too(team: SimpleNamespace) -> None:
    action = led_action(marking=Marking.SENSITIVE)
    staff = make_user("staff-officer")
    make_delegate(make_lead("Head of Crime"), staff)
    asked(action, staff)
    set_all([action], team.governance)
    assert told(staff) == [f"The due date of {action} has changed."]


# Answering --------------------------------------------------------------------------------------


def test_the_executive_lead_agrees_on_the_page_of_the_request(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    request = asked(action, team.delivery)
    chief = sign_in(team.executive)
    page = words(chief.get(request.get_absolute_url()))
    assert "90 days later" in page
    assert "The trainer is away." in page

    after = words(chief.post(request.get_absolute_url(), {"do": "agree"}, follow=True))
    assert f"{action}: the date is agreed." in after
    assert "Due date changed 1 time, 90 days later; as issued it was 31 December 2024" in after
    assert "is asked for" not in after
    assert due(action) == [ISSUED, (1, "2025-03-31", "Chief", "The trainer is away.")]
    assert told(team.delivery) == [f"Chief agrees that {action} be due 31 March 2025."]


def test_declining_needs_words_and_changes_nothing(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    request = asked(action, team.delivery)
    chief = sign_in(team.executive)
    page = words(chief.post(request.get_absolute_url(), {"do": "decline"}))
    assert "Say why you decline" in page

    after = words(
        chief.post(
            request.get_absolute_url(), {"do": "decline", "text": "Find another."}, follow=True
        )
    )
    assert due(action) == [ISSUED]
    assert "and not agreed: Find another." in after
    assert told(team.delivery) == [
        f"Chief does not agree that {action} be due 31 March 2025: Find another."
    ]
    # Once it is settled, another one may be asked for.
    assert asked(action, team.delivery).agreed is None


@pytest.mark.parametrize("who", ["delivery", "governance", "chair"])
def test_nobody_but_the_executive_lead_answers(
    team: SimpleNamespace, action: Action, sign_in: SignIn, who: str
) -> None:
    request = asked(action, team.delivery)
    person = getattr(team, who)
    with pytest.raises(Refused, match="Only the executive lead of this action agrees"):
        answer(request, actor=person, agreed=True)
    page = words(sign_in(person).get(request.get_absolute_url()))
    assert "The executive lead of the action agrees or declines: ACC Baker." in page
    assert "Decline " not in page


def test_a_second_answer_is_told_who_was_faster(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    request = asked(action, team.delivery)
    answer(request, actor=team.executive, agreed=True)
    chief = sign_in(team.executive)
    page = words(chief.post(request.get_absolute_url(), {"do": "decline", "text": "Second."}))
    assert "Agreed by Chief on" in page
    assert len(due(action)) == 2


def test_what_the_database_refuses_is_told_on_the_page_of_the_request(
    team: SimpleNamespace, action: Action, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faster(*args: object, **kwargs: object) -> None:
        raise IntegrityError

    request = asked(action, team.delivery)
    monkeypatch.setattr("tracker.views.due_dates.answer", faster)
    chief = sign_in(team.executive)
    page = words(chief.post(request.get_absolute_url(), {"do": "decline", "text": "Not now."}))
    assert "Somebody has just saved the same" in page
    assert "Not now." in page


def test_a_day_that_has_passed_meanwhile_is_not_agreed(
    team: SimpleNamespace, action: Action
) -> None:
    request = make_due_request(action, team.delivery, due_on=day("2024-11-20"))
    with pytest.raises(Refused, match="20 November 2024 has passed"):
        answer(request, actor=team.executive, agreed=True)


def test_what_waits_for_an_answer_is_what_one_leads_and_is_live(
    team: SimpleNamespace, action: Action
) -> None:
    request = asked(action, team.delivery)
    make_due_request(led_action(executive="ACC Other"), team.delivery)
    make_due_request(led_action(status=Status.CLOSED), team.delivery)
    assert list(waiting_for(team.executive)) == [request]
    assert not waiting_for(team.delivery).exists()


# Agreed elsewhere -------------------------------------------------------------------------------


def set_all(actions: list[Action], actor: User, **fields: str) -> int:
    values = {"agreed_by": "GAIN Board", "reason": "New legislation.", **fields}
    return set_due_dates(actions, actor=actor, due_on=MARCH, **values)


def test_governance_records_a_date_for_several_and_each_lead_is_told_once(
    team: SimpleNamespace, action: Action
) -> None:
    other = led_action()
    assert set_all([action, other], team.governance) == 2
    assert due(action)[-1] == (1, "2025-03-31", "GAIN Board", "New legislation.")
    assert due(other) == [(1, "2025-03-31", "GAIN Board", "New legislation.")]
    assert told(team.delivery) == [
        "2 of your actions are now due 31 March 2025, agreed by GAIN Board: New legislation."
    ]
    assert set_all([action, other], team.governance) == 0
    assert DueDate.objects.count() == 3


def test_all_dates_change_or_none(team: SimpleNamespace, action: Action) -> None:
    closed = led_action(status=Status.CLOSED)
    with pytest.raises(Refused, match=f"{closed}: This action is closed"):
        set_all([action, closed], team.governance)
    assert due(action) == [ISSUED]
    assert told(team.delivery) == []


def test_only_governance_records_what_was_agreed_elsewhere_and_says_by_whom(
    team: SimpleNamespace, action: Action
) -> None:
    with pytest.raises(Refused, match="Only a governance officer"):
        set_all([action], team.executive)
    with pytest.raises(Refused, match="Say who agreed"):
        set_all([action], team.governance, agreed_by=" ")
    with pytest.raises(Refused, match="Say why"):
        set_all([action], team.governance, reason=" ")


def test_an_open_request_is_settled_by_a_date_agreed_elsewhere(
    team: SimpleNamespace, action: Action
) -> None:
    staff = make_user("staff-officer")
    make_delegate(make_lead("Head of Crime"), staff)
    request = asked(action, staff)
    set_all([action], team.governance)
    request.refresh_from_db()
    assert (request.agreed, request.answered_by) == (True, team.governance)
    assert request.answer == "31 March 2025 was agreed by GAIN Board."
    assert told(staff) == [f"{action}: 31 March 2025 was agreed by GAIN Board."]
    assert len(told(team.delivery)) == 1


# Slippage ---------------------------------------------------------------------------------------


def test_the_list_counts_changes_and_days(
    team: SimpleNamespace, action: Action, sign_in: SignIn
) -> None:
    answer(asked(action, team.delivery), actor=team.executive, agreed=True)
    shown = cell(sign_in(team.delivery), "slipped")
    assert shown.startswith("<span>1<")
    assert "90 days later" in shown


def test_a_date_agreed_where_none_was_issued_is_not_called_issued(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    set_all([action], team.governance)
    page = words(sign_in(team.delivery).get(action.get_absolute_url()))
    assert "Issued without a due date" in page
    assert "31 March 2025, agreed on 25 November 2024 by GAIN Board: New legislation." in page
    assert "Due date agreed 1 time; it was issued without one" in page
    assert ", as issued" not in page
    assert cell(sign_in(team.delivery), "slipped").startswith("<span>1<")


def test_where_no_date_was_issued_slipping_counts_from_the_first_agreed(
    team: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    set_all([action], team.governance)
    ask(action, actor=team.executive, due_on=day("2025-04-10"), reason="Snow.")
    shown = cell(sign_in(team.delivery), "slipped")
    assert shown.startswith("<span>2<")
    assert "10 days later" in shown
