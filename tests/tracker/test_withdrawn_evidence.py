"""Evidence that was withdrawn carries no closure, at whichever step it is."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from evidence.editing import restore, withdraw
from evidence.models import Evidence
from people.models import User
from tests.tracker.closures import a_cast, assured, attach, led_action, proposed
from tracker import workflow
from tracker.choices import ClosureStep, Status
from tracker.models import Closure
from tracker.workflow import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SignIn = Callable[[User], Client]


@pytest.fixture
def people() -> SimpleNamespace:
    return a_cast()


def withdrawn(closure: Closure, people: SimpleNamespace) -> Evidence:
    evidence = closure.evidence_links.get().evidence
    return withdraw(evidence, actor=people.delivery, reason="Of another action")


def test_no_closure_is_proposed_on_it(people: SimpleNamespace) -> None:
    action = led_action(level=2)
    evidence = attach(action, people.delivery)
    withdraw(evidence, actor=people.delivery, reason="Of another action")
    with pytest.raises(Refused, match="was withdrawn: nothing closes on it"):
        workflow.propose(
            action, actor=people.delivery, did="Done.", impact="Better.", evidence=[evidence]
        )


def test_a_proposal_that_rests_on_it_is_changed_or_returned(people: SimpleNamespace) -> None:
    action = led_action(level=2)
    closure = proposed(action, people)
    evidence = withdrawn(closure, people)
    with pytest.raises(Refused, match="was withdrawn, and this closure rests on it"):
        workflow.assure(closure, actor=people.assurance, text="Looked at.")
    grounds = {"did": "Done.", "impact": "Better."}
    with pytest.raises(Refused, match="was withdrawn"):
        workflow.change_proposal(closure, actor=people.delivery, evidence=[evidence], **grounds)

    other = attach(action, people.delivery)
    workflow.change_proposal(closure, actor=people.delivery, evidence=[other], **grounds)

    closure.refresh_from_db()
    assert [link.evidence for link in closure.evidence_links.all()] == [other]
    step = workflow.assure(closure, actor=people.assurance, text="Looked at.").step
    assert step == ClosureStep.FOR_BOARD


def test_the_board_does_not_decide_on_it(people: SimpleNamespace) -> None:
    action = led_action(level=2)
    closure = assured(action, people)
    evidence = withdrawn(closure, people)
    assert workflow.evidence_changed(closure)
    with pytest.raises(Refused, match="The evidence has changed since it was assured"):
        workflow.approve(closure, actor=people.chair)
    with pytest.raises(Refused, match="was withdrawn, and this closure rests on it"):
        workflow.assure(closure, actor=people.assurance, text="Looked at again.")

    restore(evidence, actor=people.governance)

    assert not workflow.evidence_changed(closure)
    workflow.approve(closure, actor=people.chair)


def test_its_closure_is_returned(people: SimpleNamespace) -> None:
    action = led_action(level=2)
    closure = assured(action, people)
    withdrawn(closure, people)
    workflow.send_back(closure, actor=people.assurance, reason="Its evidence was withdrawn.")
    assert workflow.open_period(action).status == Status.IN_PROGRESS


def test_what_was_assured_before_withdrawing_was_known_stays_assured(
    people: SimpleNamespace,
) -> None:
    closure = assured(led_action(level=2), people)
    event = closure.events.get(kind="assured")
    event.evidence = [
        {name: value for name, value in each.items() if name != "withdrawn"}
        for each in event.evidence
    ]
    event.save()
    assert not workflow.evidence_changed(closure)
    withdrawn(closure, people)
    assert workflow.evidence_changed(closure)


def test_pages_say_so_and_do_not_offer_it(people: SimpleNamespace, sign_in: SignIn) -> None:
    action = led_action(level=2)
    closure = proposed(action, people)
    withdrawn(closure, people)
    client = sign_in(people.delivery)
    for address in (action.get_absolute_url(), closure.get_absolute_url()):
        assert ">Withdrawn</strong>" in client.get(address).content.decode()
    form = client.get(f"/closures/{closure.pk}/change/").context["form"]
    assert not form.fields["evidence"].queryset.exists()
