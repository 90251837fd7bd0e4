"""The queues of closures, and the page where one is assured, decided and returned."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.markings import Marking
from evidence.models import Evidence
from people.models import User
from tests.factories import make_action, make_closure
from tests.tracker.closures import (
    PDF,
    a_cast,
    approved,
    assured,
    attach,
    led_action,
    proposed,
    status_of,
    take_over,
)
from tracker.attaching import attach_new
from tracker.choices import ClosureStep, Status
from tracker.models import Closure
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


def queue(client: Client, step: str = "") -> str:
    address = reverse("tracker:closures") + (f"?step={step}" if step else "")
    return " ".join(client.get(address).content.decode().split())


def take(client: Client, closure: Closure, do: str, text: str = "") -> str:
    address, sent = closure.get_absolute_url(), {"do": do, "text": text}
    if do in ("return", "defer"):
        address, sent = reverse(f"tracker:{do}_closure", args=[closure.pk]), {"reason": text}
    response = client.post(address, sent, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_chair_sees_first_what_waits_for_the_board(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    waiting, other = assured(led_action(), closers), proposed(led_action(), closers)

    page = queue(sign_in(closers.chair))

    assert waiting.action.reference in page
    assert other.action.reference not in page


def test_a_conflict_is_shown_in_the_queue_and_on_the_page(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    take_over(action, closers.chair)
    closure = assured(action, closers)
    chair = sign_in(closers.chair)

    assert "You lead this action: you may not decide" in queue(chair)
    page = chair.get(closure.get_absolute_url()).content.decode()
    assert "a deputy decides instead" in page
    assert "Approve closure" not in page


def test_an_empty_queue_says_so(closers: SimpleNamespace, sign_in: SignIn) -> None:
    assert "Nothing waits here" in queue(sign_in(closers.governance), "to_upload")
    assert "Nothing waits here" in queue(sign_in(closers.governance), "nonsense")


def test_after_a_decision_comes_the_next_closure_of_the_queue(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    first, second = (assured(led_action(), closers) for _ in range(2))
    chair = sign_in(closers.chair)

    response = chair.post(first.get_absolute_url(), {"do": "approve"})
    assert response["Location"] == second.get_absolute_url()
    response = chair.post(second.get_absolute_url(), {"do": "approve"})
    assert response["Location"].endswith("?step=for_board")
    assert set(Closure.objects.values_list("step", flat=True)) == {ClosureStep.LETTER_AWAITED}


def test_assurance_asks_what_was_found_and_keeps_what_was_typed(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    assurer = sign_in(closers.assurance)

    assert "Say what you looked at" in take(assurer, closure, "assure")
    assert "is assured." in take(assurer, closure, "assure", "Sample re-tested.")
    closure.refresh_from_db()
    assert closure.step == ClosureStep.FOR_BOARD


def test_a_return_needs_its_reason_and_puts_the_action_back(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers)
    chair = sign_in(closers.chair)

    assert "Say why it is returned" in take(chair, closure, "return")
    assert "is returned to its lead." in take(chair, closure, "return", "Too few cases.")
    assert status_of(closure.action) == Status.IN_PROGRESS


def test_a_deferred_closure_stays_in_the_queue(closers: SimpleNamespace, sign_in: SignIn) -> None:
    closure = assured(led_action(), closers)

    assert "is deferred" in take(sign_in(closers.chair), closure, "defer", "In December.")
    assert closure.action.reference in queue(sign_in(closers.chair))


def test_a_second_submit_is_told_who_was_faster_and_keeps_the_text(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = approved(led_action(), closers)

    page = take(sign_in(closers.chair), closure, "approve", "I agree.")

    assert "Approved by Dcc on" in page
    assert "I agree." in page


def test_who_may_do_nothing_is_offered_nothing_and_refused_politely(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = assured(led_action(), closers)
    lead = sign_in(closers.delivery)

    assert 'name="do"' not in lead.get(closure.get_absolute_url()).content.decode()
    assert "Only the Board’s chair decides closures" in take(lead, closure, "approve")


def test_a_carried_over_closure_says_what_is_missing(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16")
    closure = make_closure(action)

    page = sign_in(closers.chair).get(closure.get_absolute_url()).content.decode()

    assert "this closure came with the force’s first list" in page
    assert "No evidence is shown yet" in page


def test_the_closure_of_a_sensitive_action_is_not_there_for_others(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action(marking=Marking.SENSITIVE)
    closure = proposed(action, closers)
    staff = sign_in(cast.staff)

    assert staff.get(closure.get_absolute_url()).status_code == 404
    assert action.reference not in queue(staff, "to_assure")
    assert sign_in(closers.delivery).get(closure.get_absolute_url()).status_code == 200


def test_a_queue_asks_the_database_as_often_for_many_as_for_few(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    chair = sign_in(closers.chair)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            queue(chair, "to_complete")
        return len(caught)

    make_closure(make_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16"))
    queries()
    for_one = queries()
    for _ in range(6):
        make_closure(make_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16"))

    assert queries() == for_one


# Proposing, and evidence --------------------------------------------------------------------------


def test_a_lead_attaches_evidence_and_proposes_the_closure(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    lead = sign_in(closers.delivery)
    assert "Propose closure" in lead.get(action.get_absolute_url()).content.decode()
    attached = lead.post(
        reverse("tracker:attach_evidence", args=[action.reference]) + "?then=propose",
        {
            "title": "Dip sample",
            "dated_on": "1 October 2024",
            "marking": "OFFICIAL",
            "taken_out": "on",
            "upload": SimpleUploadedFile("sample.pdf", PDF),
        },
    )
    address = reverse("tracker:propose_closure", args=[action.reference])
    assert attached["Location"] == address
    assert "Dip sample" in lead.get(address).content.decode()
    sent = {"did": "Done.", "impact": "Better.", "evidence": [Evidence.objects.get().pk]}
    response = lead.post(address, sent)

    closure = Closure.objects.get()
    assert response["Location"] == closure.get_absolute_url()
    assert (closure.step, closure.proposed_by) == (ClosureStep.TO_ASSURE, closers.delivery)


def test_a_proposal_without_evidence_keeps_what_was_typed(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    address = reverse("tracker:propose_closure", args=[action.reference])

    response = sign_in(closers.delivery).post(address, {"did": "All done.", "impact": "Better."})

    page = response.content.decode()
    assert "nothing closes without any" in page
    assert "All done." in page


def test_a_level_4_action_cannot_be_proposed_and_says_why(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action(level=4)
    evidence = attach(action, closers.delivery)
    lead = sign_in(closers.delivery)
    address = reverse("tracker:propose_closure", args=[action.reference])
    sent = {"did": "Done.", "impact": "Better.", "evidence": [evidence.pk]}

    asked = lead.get(address).content.decode()
    assert "At activity level 4" in asked
    assert "What was done" not in asked
    assert "At activity level 4" in lead.post(address, sent).content.decode()
    assert "Propose closure" not in lead.get(action.get_absolute_url()).content.decode()


def test_who_does_not_lead_an_action_attaches_nothing_to_it(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    address = reverse("tracker:attach_evidence", args=[action.reference])

    assert sign_in(cast.staff).get(address).status_code == 403
    assert sign_in(closers.assurance).get(address).status_code == 200
    with pytest.raises(Refused, match="Those who lead this action"):
        attach_new(action, actor=cast.staff, title="Mine")
    assert sign_in(cast.delivery).get(address.replace(action.reference, "X-1")).status_code == 404


def test_evidence_that_is_not_let_in_is_told_on_the_form(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    response = sign_in(closers.delivery).post(
        reverse("tracker:attach_evidence", args=[action.reference]),
        {"title": "Tool", "dated_on": "1 October 2024", "marking": "OFFICIAL"},
    )

    assert "Choose a file or enter a link." in response.content.decode()
    assert not Evidence.objects.exists()


def test_sensitive_evidence_of_a_closure_is_named_only_to_those_who_may_read_it(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = proposed(led_action(), closers)
    evidence = Evidence.objects.get()
    evidence.marking = Marking.SENSITIVE
    evidence.save()

    seen = sign_in(cast.staff).get(closure.get_absolute_url()).content.decode()
    assert evidence.title not in seen
    assert "which you may not read" in seen
    for reader in (closers.assurance, closers.executive):
        assert evidence.title in sign_in(reader).get(closure.get_absolute_url()).content.decode()


def test_an_action_shows_the_evidence_attached_to_it(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    staff = sign_in(cast.staff)
    nothing = "No evidence that you may read is attached to this action."
    assert nothing in staff.get(action.get_absolute_url()).content.decode()
    evidence = attach(action, closers.delivery)
    assert evidence.title in staff.get(action.get_absolute_url()).content.decode()


def test_a_proposal_begun_waits_while_its_evidence_is_attached(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action()
    lead = sign_in(closers.delivery)
    address = reverse("tracker:propose_closure", args=[action.reference])
    assert "None is attached to this action yet" in lead.get(address).content.decode()

    left = lead.post(address, {"do": "attach", "did": "A new rota.", "impact": "No gap."})
    attach_page = reverse("tracker:attach_evidence", args=[action.reference]) + "?then=propose"
    assert left.headers["Location"] == attach_page
    evidence = attach(action, closers.delivery)

    back = lead.get(address).content.decode()
    assert "A new rota." in back and "No gap." in back and evidence.title in back
    assert "A new rota." not in sign_in(closers.executive).get(address).content.decode()
    sent = {"did": "A new rota.", "impact": "No gap.", "evidence": [evidence.pk]}
    lead.post(address, sent)
    assert Closure.objects.get(action=action).did == "A new rota."
    assert "A new rota." not in lead.get(address).content.decode()


def test_a_carried_over_closure_that_was_completed_asks_for_nothing_more(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    action = led_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16")
    make_closure(action)
    lead = sign_in(closers.delivery)
    said = "This closure was carried over"
    assert said in lead.get(action.get_absolute_url()).content.decode()
    proposed(action, closers)
    assert said not in lead.get(action.get_absolute_url()).content.decode()


def test_the_very_same_file_is_attached_once(closers: SimpleNamespace, sign_in: SignIn) -> None:
    action, lead = led_action(), sign_in(closers.delivery)
    address = reverse("tracker:attach_evidence", args=[action.reference])
    for _ in range(2):
        sent = {
            "title": "Audit",
            "dated_on": "1.10.24",
            "marking": Marking.OFFICIAL,
            "taken_out": "on",
        }
        upload = SimpleUploadedFile("audit.pdf", PDF)
        response = lead.post(address, {**sent, "upload": upload}, follow=True)
    assert "This very file is attached already: “Audit”." in response.content.decode()
    assert Evidence.objects.count() == 1
    assert "Choose the file again" not in response.content.decode()

    again = SimpleUploadedFile("audit.pdf", PDF)
    response = lead.post(address, {**sent, "title": "", "upload": again})
    assert "Choose the file again: browsers do not keep it." in response.content.decode()
