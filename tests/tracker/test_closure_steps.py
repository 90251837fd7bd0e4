"""The steps of a closure that have pages of their own, and the day a step took effect."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.models import Evidence
from evidence.queries import EvidenceQuerySet
from evidence.recording import add_version
from people import roles
from people.models import Notice, User
from tests.factories import make_closure, make_user
from tests.tracker.closures import PDF, a_cast, assured, attach, led_action, on, proposed, status_of
from tracker import workflow
from tracker.choices import ClosureEventKind, ClosureStep, Status
from tracker.models import Closure
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_assurance_returns_several_with_one_reason(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    first, second = proposed(led_action(), closers), proposed(led_action(), closers)
    assurer, address = sign_in(closers.assurance), reverse("tracker:return_closures")
    assert f'name="closure" value="{first.pk}"' in words(
        assurer.get(reverse("tracker:closures") + "?step=to_assure")
    )
    chosen = {"closure": [first.pk, second.pk]}

    shown = words(assurer.get(address, chosen))
    assert "Return 2 closures" in shown and second.action.reference in shown
    shown = words(assurer.post(address, {**chosen, "reason": ""}))
    assert "Say why it is returned" in shown and f'value="{first.pk}"' in shown
    assert status_of(first.action) == Status.CLOSURE_PROPOSED

    shown = words(assurer.post(address, {**chosen, "reason": "Add a sample."}, follow=True))
    assert "2 closures are returned" in shown
    assert [status_of(each.action) for each in (first, second)] == [Status.IN_PROGRESS] * 2
    assert Notice.objects.filter(user=closers.delivery, text__endswith="Add a sample.").count() == 2


def test_one_that_cannot_go_back_keeps_all_where_they_are(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    first, decided = proposed(led_action(), closers), assured(led_action(), closers)

    sent = {"closure": [first.pk, decided.pk], "reason": "Add a sample."}
    shown = words(sign_in(closers.assurance).post(reverse("tracker:return_closures"), sent))

    assert f"{decided.action}: " in shown and "Add a sample." in shown
    assert status_of(first.action) == Status.CLOSURE_PROPOSED


@pytest.mark.parametrize("chosen", [[], ["999999"], ["one"]])
def test_returning_none_leads_back_to_the_queue(
    closers: SimpleNamespace, sign_in: SignIn, chosen: list[str]
) -> None:
    address = reverse("tracker:return_closures")
    response = sign_in(closers.assurance).get(address, {"closure": chosen}, follow=True)
    assert "Tick at least one closure first." in words(response)


def test_only_review_and_assurance_is_offered_to_return_several(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    proposed(led_action(), closers)
    queue = reverse("tracker:closures") + "?step=to_assure"
    assert "Return those ticked" in words(sign_in(closers.assurance).get(queue))
    assert "Return those ticked" not in words(sign_in(closers.chair).get(queue))


def test_a_decision_of_an_earlier_day_asks_why_it_is_late_and_shows_it(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers, on("2024-11-10"))
    chair, address = sign_in(closers.chair), closure.get_absolute_url()

    shown = words(chair.post(address, {"do": "approve", "on": "20 November 2024"}))
    assert "Say why this is recorded later" in shown and "<details" in shown
    shown = words(chair.post(address, {"do": "approve", "on": "5.11.24", "late_reason": "Minutes"}))
    assert "is too early" in shown and 'href="#id_on"' in shown
    sent = {"do": "approve", "on": "20.11.24", "late_reason": "From the minutes."}
    chair.post(address, sent)

    shown = words(chair.get(address))
    assert "Recorded later: From the minutes." in shown
    event = closure.events.get(kind=ClosureEventKind.APPROVED)
    assert event.happened_on.isoformat() == "2024-11-20"


def test_a_carried_over_closure_is_not_completed_before_it_was_proposed(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16")
    make_closure(action)
    evidence = attach(action, closers.delivery)

    address = reverse("tracker:propose_closure", args=[action.reference])
    sent = {"did": "Done.", "impact": "Better.", "evidence": [evidence.pk], "on": "1.10.24"}
    shown = words(sign_in(closers.delivery).post(address, {**sent, "late_reason": "Minutes."}))

    assert "is too early: it was proposed on 16 October 2024" in shown
    assert Closure.objects.get().step == ClosureStep.TO_COMPLETE


def test_the_proposer_changes_a_proposal_until_it_is_assured(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    lead, address = sign_in(closers.delivery), reverse("tracker:change_proposal", args=[closure.pk])
    assert address in words(lead.get(closure.get_absolute_url()))
    assert "A new procedure is in use." in words(lead.get(address))

    kept = closure.evidence_links.get().evidence_id
    lead.post(address, {"did": "Two procedures are in use.", "impact": "B", "evidence": [kept]})
    closure.refresh_from_db()
    assert closure.did == "Two procedures are in use."

    workflow.assure(closure, actor=closers.assurance, text="Read.")
    shown = words(lead.get(address))
    assert "waits for the Board" in shown and "What was done</label>" not in shown
    assert address not in words(lead.get(closure.get_absolute_url()))
    other = words(sign_in(closers.executive).get(address))
    assert "Only the person who proposed a closure changes the proposal." in other


def test_governance_approves_the_public_summary_and_a_change_takes_that_away(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    governance = sign_in(closers.governance)
    address = reverse("tracker:closure_summary", args=[closure.pk])

    shown = words(governance.post(address, {"text": " ", "approved": "on"}))
    assert "Write the summary before you approve it." in shown
    governance.post(address, {"text": "Every station has a log.", "approved": "on"})
    shown = words(governance.get(closure.get_absolute_url()))
    assert "Every station has a log." in shown and "approved it for use in papers" in shown

    was = {"was": "Every station has a log."}
    shown = words(governance.post(address, {"text": "All of them.", "was": ""}))
    assert "it is now “Every station has a log.”" in shown and "All of them." in shown
    assert 'value="Every station has a log."' in shown
    governance.post(address, {"text": "Most stations have a log.", **was})
    shown = words(governance.get(closure.get_absolute_url()))
    assert "Not approved for use in papers yet." in shown
    assert address not in words(sign_in(closers.delivery).get(closure.get_absolute_url()))


def seen_on(client: Client, closure: Closure) -> str:
    """The mark that the page of a closure holds."""
    page = client.get(closure.get_absolute_url()).content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]


def test_assurance_is_not_given_to_a_proposal_that_was_changed_meanwhile(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    assurer, address = sign_in(closers.assurance), closure.get_absolute_url()
    sent = {"do": "assure", "text": "Sample re-tested.", "seen": seen_on(assurer, closure)}
    evidence = [closure.evidence_links.get().evidence]
    workflow.change_proposal(
        closure, actor=closers.delivery, did="Something else.", impact="B", evidence=evidence
    )

    shown = words(assurer.post(address, sent))
    assert "has changed since you opened the page" in shown
    assert "Sample re-tested." in shown and "Something else." in shown
    closure.refresh_from_db()
    assert closure.step == ClosureStep.TO_ASSURE
    assurer.post(address, {**sent, "seen": seen_on(assurer, closure)})
    closure.refresh_from_db()
    assert closure.step == ClosureStep.FOR_BOARD


def test_the_board_does_not_decide_on_evidence_assured_again_meanwhile(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers)
    chair, seen = sign_in(closers.chair), seen_on(sign_in(closers.chair), closure)
    evidence = closure.evidence_links.get().evidence
    newer = SimpleUploadedFile("newer.pdf", PDF + b"%%\n")
    add_version(evidence, actor=closers.delivery, upload=newer)
    workflow.assure(closure, actor=closers.assurance, text="Read again.")

    shown = words(chair.post(closure.get_absolute_url(), {"do": "approve", "seen": seen}))
    assert "has changed since you opened the page" in shown
    closure.refresh_from_db()
    assert closure.step == ClosureStep.FOR_BOARD


def test_who_assured_first_does_not_decide_after_somebody_else_assured_again(
    closers: SimpleNamespace,
) -> None:
    closure = assured(led_action(), closers)
    evidence = closure.evidence_links.get().evidence
    newer = SimpleUploadedFile("newer.pdf", PDF + b"%%\n")
    add_version(evidence, actor=closers.delivery, upload=newer)
    other = make_user("second assurer", roles.ASSURANCE)
    workflow.assure(closure, actor=other, text="Read again.")
    closers.assurance.take_roles(roles.ASSURANCE, roles.CHAIR)
    first = User.objects.get(pk=closers.assurance.pk)

    assert workflow.conflicts(first, [closure]) == {closure.pk: "You assured it"}
    with pytest.raises(Refused, match="You assured this closure"):
        workflow.approve(closure, actor=first)


def test_a_return_is_not_dated_before_the_step_it_undoes(closers: SimpleNamespace) -> None:
    closure = assured(led_action(), closers, on("2024-11-10"))
    with pytest.raises(Refused, match="too early"):
        workflow.send_back(closure, actor=closers.chair, reason="Again.", when=on("2024-10-02"))


def test_a_deferral_sent_twice_is_kept_once(closers: SimpleNamespace) -> None:
    closure = assured(led_action(), closers)
    for _ in range(2):
        workflow.defer(closure, actor=closers.chair, reason="The lead is away.")
    assert closure.events.filter(kind=ClosureEventKind.DEFERRED).count() == 1


def test_who_leads_the_action_no_more_does_not_change_the_proposal(
    closers: SimpleNamespace,
) -> None:
    closure = proposed(led_action(), closers)
    evidence = [closure.evidence_links.get().evidence]
    closure.action.leads.all().delete()
    with pytest.raises(Refused, match="You no longer lead this action"):
        workflow.change_proposal(
            closure, actor=closers.delivery, did="Other", impact="B", evidence=evidence
        )


def test_evidence_a_writer_may_not_read_stays_when_they_change_the_proposal(
    closers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = led_action()
    hidden, shown = attach(action, closers.governance), attach(action, closers.delivery)
    closure = workflow.propose(
        action, actor=closers.delivery, did="Done.", impact="B", evidence=[hidden, shown]
    )
    unreadable = Evidence.objects.exclude(pk=hidden.pk)
    monkeypatch.setattr(EvidenceQuerySet, "visible_to", lambda self, user: unreadable)
    workflow.change_proposal(
        closure, actor=closers.delivery, did="More.", impact="B", evidence=[shown]
    )
    assert {link.evidence for link in closure.evidence_links.all()} == {hidden, shown}


def test_what_was_written_goes_along_to_the_return(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    assurer, address = sign_in(closers.assurance), closure.get_absolute_url()

    shown = words(assurer.post(address, {"do": "return", "text": "Only one station."}))
    assert "Return the closure of" in shown and "Only one station." in shown
    back = reverse("tracker:return_closure", args=[closure.pk])
    assert f'action="{back}"' in shown and "Error:" not in shown
    assert status_of(closure.action) == Status.CLOSURE_PROPOSED


def test_a_return_opened_before_the_approval_does_not_undo_it(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers)
    chair = sign_in(closers.chair)
    seen = seen_on(chair, closure)
    chair.post(closure.get_absolute_url(), {"do": "approve", "seen": seen})

    sent = {"reason": "Add a sample.", "seen": seen}
    shown = words(chair.post(reverse("tracker:return_closure", args=[closure.pk]), sent))
    assert "The last step on record: Approved by" in shown and "Add a sample." in shown
    closure.refresh_from_db()
    assert closure.step == ClosureStep.LETTER_AWAITED


def test_a_proposal_that_came_back_is_there_with_why(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers)
    workflow.send_back(closure, actor=closers.chair, reason="Only one station.")

    shown = words(
        sign_in(closers.delivery).get(
            reverse("tracker:propose_closure", args=[closure.action.reference])
        )
    )
    assert "Returned on" in shown and "Only one station." in shown
    assert "A new procedure is in use." in shown and "checked" in shown


def test_an_ended_closure_shows_its_own_steps_and_how_it_ended(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    first = assured(action, closers)
    workflow.send_back(first, actor=closers.chair, reason="Only one station.")
    second = proposed(action, closers)

    lead = sign_in(closers.delivery)
    shown = words(lead.get(first.get_absolute_url()))
    assert "Returned on" in shown and "Only one station." in shown
    assert "Assurer" in shown.split("How far this closure has come")[1].split("</ol>")[0]
    assert "Only one station." not in words(lead.get(second.get_absolute_url()))


def test_a_deferral_is_shown_until_the_decision(closers: SimpleNamespace, sign_in: SignIn) -> None:
    closure = assured(led_action(), closers)
    workflow.defer(closure, actor=closers.chair, reason="The lead is away.")
    chair = sign_in(closers.chair)
    assert "Deferred</strong> on" in words(chair.get(closure.get_absolute_url()))
    queue = reverse("tracker:closures") + "?step=for_board"
    assert "Deferred on 25 November 2024</strong>" in words(chair.get(queue))
    workflow.approve(closure, actor=closers.chair)
    assert "Deferred</strong> on" not in words(chair.get(closure.get_absolute_url()))


def test_who_drafted_a_letter_is_told_when_a_closure_leaves_it(closers: SimpleNamespace) -> None:
    closure = assured(led_action(), closers)
    workflow.approve(closure, actor=closers.chair)
    closure.refresh_from_db()
    letter = workflow.draft_letter([closure], actor=closers.governance, introduction="Dear all,")
    closure.refresh_from_db()
    workflow.send_back(closure, actor=closers.chair, reason="Only one station.")

    notice = Notice.objects.get(user=closers.governance)
    assert notice.text.startswith(f"{closure.action} is no longer in {letter}")
    assert notice.address == letter.get_absolute_url()
