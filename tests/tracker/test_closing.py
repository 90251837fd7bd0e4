"""What the steps of a closure refuse and keep, each with the sentence people read."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.dates import today
from core.markings import Marking
from people.models import Notice
from tests.factories import day, make_action, make_evidence_file
from tests.tracker.closures import (
    PDF,
    a_cast,
    approved,
    assured,
    attach,
    led_action,
    on,
    proposed,
    signed,
    status_of,
    take_over,
)
from tracker import workflow
from tracker.choices import CloseReason, ClosureStep, Kind, Status
from tracker.models import Closure, ErrorClaim
from tracker.workflow import Refused, When

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(media: Path) -> SimpleNamespace:
    return a_cast()


def test_nothing_is_proposed_without_evidence_what_was_done_and_its_impact(
    cast: SimpleNamespace,
) -> None:
    action = led_action()
    evidence = [attach(action, cast.delivery)]
    for did, impact, shown, said in (
        ("", "Better.", evidence, "Say what was done."),
        ("Done.", " ", evidence, "Say what its impact is"),
        ("Done.", "Better.", [], "Choose at least one piece of evidence"),
    ):
        with pytest.raises(Refused, match=said):
            workflow.propose(action, actor=cast.delivery, did=did, impact=impact, evidence=shown)
    assert status_of(action) == Status.IN_PROGRESS


def test_why_a_closure_is_returned_is_told_to_its_proposer(cast: SimpleNamespace) -> None:
    closure = proposed(led_action(reference="ST-0101"), cast)
    workflow.send_back(closure, actor=cast.assurance, reason="Sample more cases.")
    notice = Notice.objects.get(user=cast.delivery)
    assert notice.text == "The closure of ST-0101 was returned: Sample more cases."
    assert notice.address == closure.action.get_absolute_url()


def test_a_proposer_who_may_no_longer_read_the_action_is_told_without_the_reason(
    cast: SimpleNamespace,
) -> None:
    closure = proposed(led_action(reference="ST-0101", marking=Marking.SENSITIVE), cast)
    cast.delivery.held_leads.all().delete()
    workflow.send_back(closure, actor=cast.assurance, reason="Name the officer.")
    notice = Notice.objects.get(user=cast.delivery)
    assert notice.text == "The closure of ST-0101 was returned."
    assert notice.address == ""


def test_evidence_of_another_action_is_not_taken(cast: SimpleNamespace) -> None:
    other = attach(led_action(), cast.delivery)
    with pytest.raises(Refused, match="is not attached to this action"):
        workflow.propose(
            led_action(), actor=cast.delivery, did="Done.", impact="Better.", evidence=[other]
        )


def test_a_decision_keeps_the_evidence_it_was_made_on(cast: SimpleNamespace) -> None:
    closure = approved(led_action(), cast)
    (shown,) = closure.events.get(kind="approved").evidence
    newest = closure.evidence_links.get().evidence.latest

    assert newest is not None
    assert (shown["version"], shown["sha256"]) == (1, newest.sha256)


def test_a_new_version_after_assurance_stops_the_decision_until_it_is_assured_again(
    cast: SimpleNamespace,
) -> None:
    closure = assured(led_action(), cast)
    make_evidence_file(closure.evidence_links.get().evidence, PDF + b"% changed")
    with pytest.raises(Refused, match="The evidence has changed since it was assured"):
        workflow.approve(closure, actor=cast.chair)
    workflow.assure(closure, actor=cast.assurance, text="Looked at again.")

    assert workflow.approve(closure, actor=cast.chair).step == ClosureStep.LETTER_AWAITED


def test_a_second_approval_is_told_who_was_faster(cast: SimpleNamespace) -> None:
    closure = approved(led_action(), cast)
    with pytest.raises(Refused, match="Approved by Dcc on"):
        workflow.approve(closure, actor=cast.chair)
    assert closure.events.filter(kind="approved").count() == 1


def test_a_deputy_decides_where_the_chair_leads_the_action(cast: SimpleNamespace) -> None:
    action = led_action()
    take_over(action, cast.chair)
    closure = assured(action, cast)
    with pytest.raises(Refused, match="You lead this action"):
        workflow.approve(closure, actor=cast.chair)

    assert workflow.approve(closure, actor=cast.deputy).decided_by == cast.deputy


def test_a_deputy_does_not_decide_for_a_chair_who_may(cast: SimpleNamespace) -> None:
    closure = assured(led_action(), cast)
    with pytest.raises(Refused, match="The Board’s chair decides this closure"):
        workflow.approve(closure, actor=cast.deputy)


def test_a_returned_closure_puts_the_action_back_and_tells_the_proposer(
    cast: SimpleNamespace,
) -> None:
    closure = assured(led_action(), cast)
    workflow.send_back(closure, actor=cast.chair, reason="The sample is too small.")

    assert status_of(closure.action) == Status.IN_PROGRESS
    assert "The sample is too small." in Notice.objects.get(user=cast.delivery).text
    again = proposed(closure.action, cast)
    assert again.pk != closure.pk


def test_several_are_returned_with_one_reason_or_none_is(cast: SimpleNamespace) -> None:
    closures = [proposed(led_action(), cast) for _ in range(2)]
    stranger = approved(led_action(), cast)
    with pytest.raises(Refused, match=str(stranger.action)):
        workflow.send_back_several([*closures, stranger], actor=cast.assurance, reason="More.")
    assert all(status_of(each.action) == Status.CLOSURE_PROPOSED for each in closures)
    workflow.send_back_several(closures, actor=cast.assurance, reason="More.")
    assert all(status_of(each.action) == Status.IN_PROGRESS for each in closures)


def test_a_deferred_decision_stays_with_the_board(cast: SimpleNamespace) -> None:
    closure = workflow.defer(assured(led_action(), cast), actor=cast.chair, reason="In December.")

    assert closure.step == ClosureStep.FOR_BOARD
    assert workflow.approve(closure, actor=cast.chair).step == ClosureStep.LETTER_AWAITED


def test_a_carried_over_closure_is_completed_before_it_goes_on(cast: SimpleNamespace) -> None:
    action = led_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16")
    closure = Closure.objects.create(
        action=action,
        carried_over=True,
        route="local_closure",
        step=ClosureStep.TO_COMPLETE,
        proposed_on=day("2024-10-16"),
    )
    with pytest.raises(Refused, match="came with the force’s first list"):
        workflow.assure(closure, actor=cast.assurance, text="Fine.")
    completed = proposed(action, cast)

    assert completed.pk == closure.pk
    assert (completed.step, completed.proposed_on) == (ClosureStep.TO_ASSURE, day("2024-10-16"))
    assert workflow.open_period(action).started_on == day("2024-10-16")


def test_backdating_asks_for_a_reason_and_keeps_both_dates(cast: SimpleNamespace) -> None:
    action = led_action()
    with pytest.raises(Refused, match="Say why this is recorded later"):
        proposed(action, cast, When(day("2024-06-03")))
    closure = proposed(action, cast, on("2024-06-03"))
    event = closure.events.get()

    assert (event.happened_on, event.late_reason) == (
        day("2024-06-03"),
        "Recorded later, from the minutes.",
    )
    assert event.recorded_at.date() >= event.happened_on
    assert workflow.open_period(action).late_reason == "Recorded later, from the minutes."


def test_nothing_takes_effect_in_the_future_or_before_the_step_before(
    cast: SimpleNamespace,
) -> None:
    action = led_action(received="2024-01-10")
    with pytest.raises(Refused, match="has not come yet"):
        proposed(action, cast, When(today() + dt.timedelta(days=1)))
    with pytest.raises(Refused, match="is too early"):
        proposed(action, cast, on("2024-01-09"))


def test_a_letter_covers_several_closures(cast: SimpleNamespace) -> None:
    two, three = (approved(led_action(level=level), cast) for level in (2, 3))
    letter = workflow.draft_letter([two, three], actor=cast.governance, introduction="Dear all,")
    with pytest.raises(Refused, match="already"):
        workflow.draft_letter([two], actor=cast.governance, introduction="Dear all,")
    workflow.file_letter(
        letter,
        actor=cast.governance,
        scan=SimpleUploadedFile("letter.pdf", PDF),
        signed_on=today(),
    )

    assert status_of(two.action) == Status.CLOSED
    assert Closure.objects.get(pk=three.pk).step == ClosureStep.TO_UPLOAD


def test_a_signed_letter_is_only_followed_by_a_new_version(cast: SimpleNamespace) -> None:
    closure = signed(approved(led_action(), cast), cast)
    letter = closure.letter
    assert letter is not None
    for refused in (
        lambda: workflow.change_letter(
            letter, actor=cast.governance, introduction="Else", version=1
        ),
        lambda: workflow.discard_letter(letter, actor=cast.governance),
    ):
        with pytest.raises(Refused, match="can only be followed by a new version"):
            refused()
    workflow.replace_letter(
        letter,
        actor=cast.governance,
        scan=SimpleUploadedFile("better.pdf", PDF + b"%"),
        signed_on=today(),
        reason="The first scan could not be read.",
    )

    assert [scan.version for scan in letter.scans.all()] == [1, 2]


def test_a_draft_that_is_put_away_sets_its_closures_free(cast: SimpleNamespace) -> None:
    closure = approved(led_action(), cast)
    letter = workflow.draft_letter([closure], actor=cast.governance, introduction="Dear all,")
    workflow.discard_letter(letter, actor=cast.governance)

    assert signed(closure, cast).letter != letter


def test_a_returned_closure_leaves_the_draft_and_the_others_in_it_go_on(
    cast: SimpleNamespace,
) -> None:
    returned, other = (approved(led_action(), cast) for _ in range(2))
    letter = workflow.draft_letter(
        [returned, other], actor=cast.governance, introduction="Dear all,"
    )
    workflow.send_back(returned, actor=cast.governance, reason="Not signed.")
    workflow.file_letter(
        letter,
        actor=cast.governance,
        scan=SimpleUploadedFile("letter.pdf", PDF),
        signed_on=today(),
    )

    assert status_of(returned.action) == Status.IN_PROGRESS
    assert status_of(other.action) == Status.CLOSED


def test_a_letter_is_not_signed_before_the_approval_it_rests_on(cast: SimpleNamespace) -> None:
    closure = approved(led_action(), cast)
    letter = workflow.draft_letter([closure], actor=cast.governance, introduction="Dear all,")
    with pytest.raises(Refused, match="its letter is signed on that day or later"):
        workflow.file_letter(
            letter,
            actor=cast.governance,
            scan=SimpleUploadedFile("letter.pdf", PDF),
            signed_on=today() - dt.timedelta(days=1),
        )


@pytest.mark.parametrize("who", ["delivery", "chair", "assurance"])
def test_only_governance_handles_letters(cast: SimpleNamespace, who: str) -> None:
    closure = approved(led_action(), cast)
    letter = workflow.draft_letter([closure], actor=cast.governance, introduction="Dear all,")
    with pytest.raises(Refused, match="Only a governance officer"):
        workflow.change_letter(letter, actor=getattr(cast, who), introduction="Mine", version=1)
    with pytest.raises(Refused, match="Only a governance officer"):
        workflow.discard_letter(letter, actor=getattr(cast, who))


def test_a_letter_from_which_every_closure_was_returned_cannot_be_filed(
    cast: SimpleNamespace,
) -> None:
    closure = approved(led_action(), cast)
    letter = workflow.draft_letter([closure], actor=cast.governance, introduction="Dear all,")
    workflow.send_back(closure, actor=cast.governance, reason="Not signed.")

    with pytest.raises(Refused):
        workflow.file_letter(
            letter,
            actor=cast.governance,
            scan=SimpleUploadedFile("letter.pdf", PDF),
            signed_on=today(),
        )
    assert status_of(closure.action) == Status.IN_PROGRESS


def test_only_hmicfrs_ends_levels_3_and_4_and_its_document_is_asked_for(
    cast: SimpleNamespace,
) -> None:
    action = led_action(level=3)
    with pytest.raises(Refused, match="Attach the document"):
        workflow.supersede(action, actor=cast.governance, text="Overtaken.")
    with pytest.raises(Refused, match="only HMICFRS withdraws or supersedes"):
        workflow.not_accept(action, actor=cast.executive, reason="We do not agree.")
    workflow.withdraw(
        action,
        actor=cast.governance,
        text="Withdrawn nationally.",
        document=attach(action, cast.governance),
    )

    assert workflow.open_period(action).close_reason == CloseReason.WITHDRAWN


def test_level_2_may_be_superseded_by_another_action_in_mid_closure(
    cast: SimpleNamespace,
) -> None:
    closure, other = proposed(led_action(), cast), make_action()
    workflow.supersede(closure.action, actor=cast.governance, text="Newer report.", by=other)

    period = workflow.open_period(closure.action)
    closure.refresh_from_db()
    assert (period.close_reason, period.superseded_by) == (CloseReason.SUPERSEDED, other)
    assert (closure.step, closure.outcome) == (ClosureStep.ENDED, "other_end")


def test_a_chief_officer_does_not_accept_a_recommendation_with_the_published_reason(
    cast: SimpleNamespace,
) -> None:
    action = led_action(level=2)
    with pytest.raises(Refused, match="Only a chief officer"):
        workflow.not_accept(action, actor=cast.delivery, reason="No.")
    workflow.not_accept(action, actor=cast.executive, reason="The law does not allow it.")

    assert workflow.open_period(action).reason == "The law does not allow it."


def test_an_entry_in_error_leaves_the_figures_once_a_second_person_confirms(
    cast: SimpleNamespace,
) -> None:
    closure = proposed(led_action(), cast)
    action = closure.action
    workflow.claim_error(action, actor=cast.governance, reason="It repeats ST-0001.")
    with pytest.raises(Refused, match="somebody else confirms"):
        workflow.settle_error(action, actor=cast.governance, confirmed=True)
    workflow.settle_error(action, actor=cast.assurance, confirmed=True)

    action.refresh_from_db()
    assert action.entered_in_error
    assert Closure.objects.get().step == ClosureStep.ENDED
    with pytest.raises(Refused, match="was entered in error"):
        proposed(action, cast)


def test_who_says_that_something_is_an_error_may_take_it_back(cast: SimpleNamespace) -> None:
    action = led_action()
    workflow.claim_error(action, actor=cast.governance, reason="It repeats ST-0001.")
    workflow.settle_error(action, actor=cast.governance, confirmed=False)

    assert ErrorClaim.objects.get().confirmed is False


def test_allocation_puts_the_action_in_progress_and_tells_its_leads(
    cast: SimpleNamespace,
) -> None:
    action = make_action(status=Status.AWAITING_ALLOCATION)
    leads = {
        "executive": cast.executive.held_leads.get().lead,
        "delivery": cast.delivery.held_leads.get().lead,
    }
    with pytest.raises(Refused, match="not at Chief Officer level"):
        workflow.allocate(action, actor=cast.governance, executive=leads["delivery"])
    workflow.allocate(action, actor=cast.governance, **leads)

    assert status_of(action) == Status.IN_PROGRESS
    assert Notice.objects.filter(user__in=(cast.executive, cast.delivery)).count() == 2


def test_several_are_allocated_or_none_is(cast: SimpleNamespace) -> None:
    delivery = cast.delivery.held_leads.get().lead
    one, closed = make_action(), make_action(status=Status.CLOSED)
    with pytest.raises(Refused, match=f"{closed}: This action is closed already"):
        workflow.allocate_several([one, closed], actor=cast.governance, delivery=delivery)

    assert not one.leads.exists()
    assert workflow.allocate_several([one], actor=cast.governance, delivery=delivery) == 1


def test_a_public_summary_is_approved_and_a_change_takes_the_approval_away(
    cast: SimpleNamespace,
) -> None:
    closure = proposed(led_action(), cast)
    closure = workflow.change_summary(
        closure, actor=cast.governance, text="The force has done it.", approved=True
    )
    assert closure.summary_approved_by == cast.governance
    closure = workflow.change_summary(
        closure, actor=cast.governance, text="The force has done more.", approved=False
    )
    assert closure.summary_approved_by is None


def test_the_proposer_changes_the_proposal_until_it_is_assured(cast: SimpleNamespace) -> None:
    closure = proposed(led_action(), cast)
    grounds: dict[str, Any] = {
        "did": "More was done.",
        "impact": "Better.",
        "evidence": [attach(closure.action, cast.delivery)],
    }
    closure = workflow.change_proposal(closure, actor=cast.delivery, **grounds)
    assert (closure.did, closure.evidence_links.count()) == ("More was done.", 1)
    workflow.assure(closure, actor=cast.assurance, text="Fine.")
    with pytest.raises(Refused, match="waits for the Board"):
        workflow.change_proposal(closure, actor=cast.delivery, **grounds)


def test_level_4_that_hmicfrs_keeps_open_stays_in_progress(cast: SimpleNamespace) -> None:
    action = led_action(level=4)
    with pytest.raises(Refused, match="Attach the document"):
        workflow.record_outcome(
            action, actor=cast.governance, closed=True, text="Seen.", document=None
        )
    workflow.record_outcome(
        action,
        actor=cast.governance,
        closed=False,
        text="More to do.",
        document=attach(action, cast.governance),
    )

    assert workflow.open_period(action).reason == "More to do."
    assert status_of(action) == Status.IN_PROGRESS


def test_a_new_recommendation_re_opens_a_closed_cause(cast: SimpleNamespace) -> None:
    cause = make_action(kind=Kind.CAUSE_OF_CONCERN, status=Status.CLOSED, since="2024-06-01")
    workflow.reopen_cause_for_child(cause, actor=cast.governance, reason="A new one came")

    assert status_of(cause) == Status.IN_PROGRESS
