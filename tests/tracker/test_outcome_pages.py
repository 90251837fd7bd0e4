"""The pages on which HMICFRS's outcomes, other ends, re-opening and errors are recorded."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.dates import long_date, today
from evidence.models import Evidence
from people.models import Notice, User
from tests.factories import make_action
from tests.tracker.closures import (
    PDF,
    a_cast,
    approved,
    attach,
    led_action,
    proposed,
    signed,
    status_of,
)
from tracker import workflow
from tracker.choices import CloseReason, ClosureOutcome, Kind, Status
from tracker.models import Action, Closure

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


def page(client: Client, name: str, action: Action) -> str:
    return words(client.get(reverse(f"tracker:{name}", args=[action.reference])))


def send(client: Client, name: str, action: Action, **sent: Any) -> str:
    address = reverse(f"tracker:{name}", args=[action.reference])
    response = client.post(address, {"on": long_date(today()), **sent}, follow=True)
    return words(response)


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def a_document() -> SimpleUploadedFile:
    return SimpleUploadedFile("letter-from-hmicfrs.pdf", PDF + b"%%\n")


@pytest.fixture
def with_hmicfrs(closers: SimpleNamespace) -> Action:
    """A level 3 action that the force has certified."""
    closure = signed(approved(led_action(level=3), closers), closers)
    workflow.record_upload([closure], actor=closers.governance)
    return closure.action


def test_not_verified_puts_the_action_back_with_the_document_and_tells_its_leads(
    closers: SimpleNamespace, sign_in: SignIn, with_hmicfrs: Action
) -> None:
    governance = sign_in(closers.governance)
    assert "Record what HMICFRS found" in words(governance.get(with_hmicfrs.get_absolute_url()))

    shown = send(
        governance,
        "verification",
        with_hmicfrs,
        verified="no",
        text="Two stations have no log.",
        upload=a_document(),
    )

    assert status_of(with_hmicfrs) == Status.IN_PROGRESS
    assert Closure.objects.get(action=with_hmicfrs).outcome == ClosureOutcome.NOT_VERIFIED
    document = Evidence.objects.get(title__startswith="What HMICFRS says of")
    assert document.get_absolute_url() in shown and "Two stations have no log." in shown
    assert Notice.objects.filter(user=closers.delivery, text__contains="did not verify").exists()


def test_verified_closes_it(
    closers: SimpleNamespace, sign_in: SignIn, with_hmicfrs: Action
) -> None:
    shown = send(
        sign_in(closers.governance), "verification", with_hmicfrs, verified="yes", text="Met."
    )
    assert "Closed on" in shown
    assert workflow.open_period(with_hmicfrs).close_reason == CloseReason.VERIFIED


def test_what_hmicfrs_decided_needs_its_document_and_nothing_typed_is_lost(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, governance = led_action(level=4), sign_in(closers.governance)
    assert "Or a link to it</label>" in page(governance, "outcome", action)
    assert "Or a link to it (optional)</label>" in page(governance, "level", action)

    shown = send(governance, "outcome", action, closed="yes", text="Fieldwork in October: met.")
    assert "Attach the document in which HMICFRS says so" in shown
    assert "Fieldwork in October: met." in shown
    assert 'href="#id_document"' in shown

    kept = attach(action, closers.governance)
    send(governance, "outcome", action, closed="yes", text="Met.", document=kept.pk)
    period = workflow.open_period(action)
    assert (period.status, period.document) == (Status.CLOSED, kept)


def test_a_refused_outcome_leaves_no_document_behind(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    cause = led_action(kind=Kind.CAUSE_OF_CONCERN, level=None)
    make_action(parent=cause, level=3)
    governance = sign_in(closers.governance)

    shown = send(governance, "outcome", cause, closed="yes", text="Met.", upload=a_document())

    assert "recommendation is still live" in shown
    assert not Evidence.objects.exists()
    assert status_of(cause) == Status.IN_PROGRESS


def test_two_documents_are_one_too_many(closers: SimpleNamespace, sign_in: SignIn) -> None:
    shown = send(
        sign_in(closers.governance),
        "withdraw",
        led_action(level=4),
        text="It repeats another.",
        upload=a_document(),
        link="https://example.police.uk/letter",
    )
    assert "Choose one document" in shown


def test_a_new_level_ends_a_closure_whose_route_no_longer_applies(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(level=2), closers)
    governance = sign_in(closers.governance)
    assert "already" in send(governance, "level", closure.action, level=2, text="The same letter.")

    send(governance, "level", closure.action, level=3, text="Letter of 20 November 2024.")

    assert Closure.objects.get().outcome == ClosureOutcome.LEVEL_CHANGED
    assert workflow.open_period(closure.action).level == 3


def test_a_superseded_action_leads_to_the_one_that_took_its_place(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, other = led_action(), led_action()
    governance = sign_in(closers.governance)

    shown = send(governance, "supersede", action, text="The new report asks it.", by="ST-9999")
    assert "There is no action ST-9999" in shown and "The new report asks it." in shown
    shown = send(governance, "supersede", action, text="A new report.", by=other.reference.lower())

    assert workflow.open_period(action).superseded_by == other
    assert f'By <a class="govuk-link" href="{other.get_absolute_url()}">' in shown


def test_hmicfrs_withdraws_with_its_document(closers: SimpleNamespace, sign_in: SignIn) -> None:
    action = led_action(level=3)
    send(
        sign_in(closers.governance),
        "withdraw",
        action,
        text="It repeats another.",
        link="https://example.police.uk/letter",
    )
    assert workflow.open_period(action).close_reason == CloseReason.WITHDRAWN


def test_a_chief_officer_does_not_accept_a_recommendation_and_nobody_else_does(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, certified = led_action(level=2), led_action(level=3)
    refusal = "Only a chief officer says that the force does not accept an action."
    assert refusal in page(sign_in(closers.delivery), "not_accept", action)
    chief = sign_in(closers.executive)
    assert "The force cannot decline" in page(chief, "not_accept", certified)
    assert "Do not accept it" not in words(chief.get(certified.get_absolute_url()))

    send(chief, "not_accept", action, reason="The force uses another system.")

    assert workflow.open_period(action).close_reason == CloseReason.NOT_ACCEPTED


def test_re_opening_on_an_earlier_day_asks_why_it_is_late_and_shows_it(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action(level=2, status=Status.CLOSED, since="2024-06-01")
    governance = sign_in(closers.governance)

    late = {"on": "1 November 2024", "reason": "The Board re-opened it."}
    shown = send(governance, "reopen", action, **late)
    assert "Say why this is recorded later than it happened." in shown
    assert 'href="#id_late_reason"' in shown and "The Board re-opened it." in shown
    shown = send(governance, "reopen", action, **late, late_reason="The minutes came on Friday.")

    assert workflow.open_period(action).started_on.isoformat() == "2024-11-01"
    assert "Recorded later: The minutes came on Friday." in shown


def test_an_entry_in_error_is_said_by_one_and_settled_by_another(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    governance, assurance = sign_in(closers.governance), sign_in(closers.assurance)

    send(governance, "error", action, reason="It repeats ST-0001.")
    assert "It repeats ST-0001." in page(governance, "error", action)
    assert "Take it back" in page(governance, "error", action)
    send(assurance, "error", action, confirmed="yes")

    action.refresh_from_db()
    assert action.entered_in_error
    shown = words(governance.get(action.get_absolute_url()))
    assert "this action counts in no figure" in shown and "What you may do" not in shown


def test_who_said_it_was_an_error_may_take_it_back(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, governance = led_action(), sign_in(closers.governance)
    send(governance, "error", action, reason="It repeats ST-0001.")

    assert f"{action} stays." in send(governance, "error", action)

    action.refresh_from_db()
    assert not action.entered_in_error
    assert action.error_claims.get().confirmed is False


def test_a_page_nothing_can_come_of_asks_for_nothing(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    shown = page(sign_in(closers.governance), "verification", led_action(level=2))
    assert "This action is not with HMICFRS for closure." in shown
    assert "What HMICFRS found</label>" not in shown


def test_governance_corrects_a_day_and_the_history_shows_it(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action(level=2, received="2024-03-11")
    governance = sign_in(closers.governance)
    address = reverse("tracker:correct_day", args=[action.reference, 1])
    assert address in words(governance.get(action.get_absolute_url()))
    assert address not in words(sign_in(closers.delivery).get(action.get_absolute_url()))

    shown = words(governance.post(address, {"day": "20.3.24", "reason": ""}))
    assert "Say how the right day is known." in shown and "20.3.24" in shown
    shown = words(governance.post(address, {"day": "20.3.24", "reason": "Seen."}, follow=True))

    assert "Day corrected, it was 11 March 2024: Seen." in shown
    assert "Executive lead: ACC Baker, from 20 March 2024" in shown
    gone = reverse("tracker:correct_day", args=[action.reference, 9])
    assert governance.get(gone).status_code == 404


def test_what_stays_open_keeps_its_status_and_is_recorded_once(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action(level=4, status=Status.AWAITING_ALLOCATION)
    governance, document = sign_in(closers.governance), attach(action, closers.governance)
    sent = {"closed": "no", "text": "More is needed.", "document": document.pk}
    send(governance, "outcome", action, **sent)
    assert "recorded already" in send(governance, "outcome", action, **sent)

    assert status_of(action) == Status.AWAITING_ALLOCATION
    assert action.periods.count() == 2


def test_nothing_takes_the_place_of_an_action_that_was_entered_in_error(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, wrong = led_action(), led_action(entered_in_error=True)
    shown = send(
        sign_in(closers.governance), "supersede", action, text="Newer.", by=wrong.reference
    )
    assert f"There is no action {wrong}" in shown
    with pytest.raises(workflow.Refused, match="was entered in error"):
        workflow.supersede(action, actor=closers.governance, text="Newer.", by=wrong)


@pytest.mark.parametrize("name", ["level", "supersede", "withdraw", "reopen", "error"])
def test_nothing_is_asked_for_an_action_that_was_entered_in_error(
    closers: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    shown = page(sign_in(closers.governance), name, led_action(entered_in_error=True))
    assert "This action was entered in error" in shown and "</textarea>" not in shown


def test_a_cause_of_concern_that_has_recommendations_again_is_not_taken_as_an_error(
    closers: SimpleNamespace,
) -> None:
    cause = led_action(kind=Kind.CAUSE_OF_CONCERN, level=None)
    workflow.claim_error(cause, actor=closers.governance, reason="It repeats another.")
    make_action(parent=cause, level=3)
    with pytest.raises(workflow.Refused, match="Recommendations belong to this cause"):
        workflow.settle_error(cause, actor=closers.assurance, confirmed=True)
    workflow.settle_error(cause, actor=closers.assurance, confirmed=False)


def test_an_end_that_is_no_completion_tells_why_and_no_route(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action, other = led_action(level=2), led_action()
    workflow.supersede(action, actor=closers.governance, text="A newer report.", by=other)
    shown = words(sign_in(closers.delivery).get(action.get_absolute_url()))
    part = shown.split("How it closed")[1].split("</section>")[0]
    assert "A newer report." in part and other.get_absolute_url() in part
    assert "Local closure" not in part


def test_what_stands_in_the_way_is_told_before_anything_is_typed(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    cause = led_action(kind=Kind.CAUSE_OF_CONCERN, level=None)
    make_action(parent=cause, level=3)
    governance = sign_in(closers.governance)
    assert "1 recommendation is still live" in page(governance, "outcome", cause)
    closure = proposed(led_action(level=2), closers)
    shown = page(governance, "level", closure.action)
    assert "It is at activity level 2 now. Its closure (to assure) will end." in shown


def test_what_is_said_to_be_an_error_is_shown_on_the_action(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    workflow.claim_error(action, actor=closers.governance, reason="It repeats ST-0001.")
    shown = words(sign_in(closers.delivery).get(action.get_absolute_url()))
    assert "Said to be entered in error" in shown and "It repeats ST-0001." in shown
