"""Letters of self-certification in the browser: draft, PDF, signature, new versions, upload."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.markings import Marking
from evidence.models import Evidence
from people import roles
from people.models import User
from tests.factories import make_closure, make_evidence, make_user
from tests.tracker.closures import PDF, a_cast, approved, led_action, signed, status_of
from tests.tracker.letters import drafted, filed, pdf_pages, pdf_text, sent, shown, words
from tracker import workflow
from tracker.choices import ClosureStep, Status
from tracker.models import Action, Closure, ClosureEvidence, Letter

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def officer(closers: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(closers.governance)


# The whole way ------------------------------------------------------------------------------------


def test_two_closures_go_from_their_letter_to_closed_and_with_hmicfrs(
    closers: SimpleNamespace, officer: Client
) -> None:
    two = approved(led_action(level=2, portal_reference="HM-17"), closers)
    three = approved(led_action(level=3), closers)
    assert two.action.reference in shown(officer, "letters", show="awaited")

    form = shown(officer, "draft_letter", closure=str(two.pk))
    assert f'value="{two.pk}" id="id_closures_0" checked' in form
    assert f'value="{three.pk}" id="id_closures_1" checked' not in form
    assert "I write on behalf of Cleveland Police" in form
    page = sent(
        officer, "draft_letter", closures=[two.pk, three.pk], introduction="Dear Inspector,"
    )
    letter = Letter.objects.get()
    assert f"{letter} is drafted" in page
    assert "Nothing waits here" in shown(officer, "letters", show="awaited")
    assert str(letter) in shown(officer, "letters", show="drafts")

    sent(officer, "change_letter", letter.pk, introduction="Dear Chief Inspector,", version=1)
    text = pdf_text(officer, letter)
    for part in (
        "Cleveland Police",
        f"Our reference: {letter}. Prepared on 25 November 2024.",
        "HM Inspectorate of Constabulary and Fire & Rescue Services",
        "Dear Chief Inspector,",
        f"1. HM-17 (our reference {two.action})",
        f"{two.action.publication.title}, published 10 January 2023. Activity level 2.",
        two.action.text,
        "A new procedure is in use.",
        "58 of 60 cases met the standard.",
        f"Dip sample for {two.action}, 1 October 2024",
        f"2. {three.action.reference}",
        "The force has closed HM-17 (activity level 2).",
        f"The force certifies that the work asked for in {three.action} (activity level 3) is "
        "complete, and asks HMICFRS to verify it at its next relevant inspection.",
        "Chief Constable Cleveland Police Date signed",
    ):
        assert part in text

    before = shown(officer, "file_letter", letter.pk)
    assert f"{two.action} closes." in before
    assert f"{three.action} goes to HMICFRS once the letter is uploaded." in before
    assert f"{letter} is filed." in filed(officer, letter)
    assert status_of(two.action) == Status.CLOSED
    assert status_of(three.action) == Status.CLOSURE_PROPOSED
    assert str(letter) in shown(officer, "letters", show="signed")

    queue = shown(officer, "letters", show="to_upload")
    assert two.action.reference in queue
    assert three.action.reference in queue
    page = sent(
        officer,
        "record_upload",
        three.pk,
        closures=[two.pk, three.pk],
        on="25 November 2024",
        by=closers.governance.pk,
    )
    assert f"The upload for {two.action} and {three.action} is recorded." in page
    assert "Every signed letter you may read is on the HMICFRS portal." in page
    assert status_of(three.action) == Status.WITH_HMICFRS
    uploaded = words(officer.get(three.get_absolute_url()))
    assert "Uploaded to the HMICFRS portal on 25 November 2024 by Officer" in uploaded


# Drafts -------------------------------------------------------------------------------------------


def test_a_draft_needs_a_closure_and_an_introduction_and_keeps_what_was_typed(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(), closers)

    page = sent(officer, "draft_letter", introduction="Dear Inspector of mine,")
    assert "Choose at least one approved closure for the letter." in page
    assert "Dear Inspector of mine," in page
    assert "Write the introduction of the letter." in sent(
        officer, "draft_letter", closures=[closure.pk], introduction=" "
    )
    assert not Letter.objects.exists()


def test_a_second_submit_drafts_no_second_letter(closers: SimpleNamespace, officer: Client) -> None:
    first, _ = (approved(led_action(), closers) for _ in range(2))
    values = {"closures": [first.pk], "introduction": "Dear Inspector,"}
    sent(officer, "draft_letter", **values)

    assert "no longer waits for a letter" in sent(officer, "draft_letter", **values)
    assert Letter.objects.count() == 1


def test_without_an_approved_closure_there_is_nothing_to_draft(officer: Client) -> None:
    page = shown(officer, "draft_letter", closure="nonsense")

    assert "No closure waits for a letter." in page
    assert "Introduction" not in page


def test_somebody_elses_introduction_is_not_written_over_unseen(
    closers: SimpleNamespace, officer: Client
) -> None:
    letter = drafted(closers, approved(led_action(), closers))
    workflow.change_letter(
        letter, actor=make_user("rival", roles.GOVERNANCE), introduction="Theirs", version=1
    )

    page = sent(officer, "change_letter", letter.pk, introduction="Mine", version=1)
    assert "Rival changed this at" in page
    assert "is now “Theirs”" in page
    assert ">\nMine</textarea>" in page.replace("> Mine", ">\nMine")
    letter.refresh_from_db()
    assert letter.introduction == "Theirs"

    assert 'name="version" value="2"' in page
    sent(officer, "change_letter", letter.pk, introduction="Mine and theirs", version=2)
    letter.refresh_from_db()
    assert (letter.introduction, letter.version) == ("Mine and theirs", 3)


def test_a_draft_is_put_away_after_a_question_and_its_closures_wait_again(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(), closers)
    letter = drafted(closers, closure)

    assert f"{closure.action} will wait for another letter." in shown(
        officer, "discard_letter", letter.pk
    )
    closure.refresh_from_db()
    assert closure.letter == letter
    assert f"{letter} is put away." in sent(officer, "discard_letter", letter.pk)
    closure.refresh_from_db()
    assert closure.letter is None
    assert closure.action.reference in shown(officer, "letters", show="awaited")
    assert officer.get(letter.get_absolute_url()).status_code == 404
    assert f"{letter} is put away already." in sent(officer, "discard_letter", letter.pk)


def test_a_draft_whose_closures_were_returned_says_so(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(), closers)
    letter = drafted(closers, closure)
    workflow.send_back(closure, actor=closers.governance, reason="Not signed.")

    assert "No closure is left in this letter." in words(officer.get(letter.get_absolute_url()))
    page = shown(officer, "file_letter", letter.pk)
    assert f"No closure is left in {letter}." in page
    assert "Date signed" not in page


@pytest.mark.parametrize("lines", [1, 6, 9, 12, 15])
def test_the_signature_block_stands_on_one_page_with_what_is_certified(
    closers: SimpleNamespace, officer: Client, settings: Any, lines: int
) -> None:
    settings.CHIEF_CONSTABLE = "Mark Example QPM"
    closure = approved(led_action(level=3), closers)
    closure.did = "\n".join(["A step of the work."] * lines)
    closure.save()

    pages = pdf_pages(officer, drafted(closers, closure))

    last = " ".join(pages[-1].split())
    assert "The force certifies that" in last
    assert "Yours faithfully, Mark Example QPM Chief Constable Cleveland Police" in last
    assert "Yours faithfully" not in "".join(pages[:-1])
    for page in pages:
        assert page.count("OFFICIAL") == 2


# Who may see and do what --------------------------------------------------------------------------


def test_others_read_letters_and_do_nothing_with_them(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    waiting, closure = (approved(led_action(), closers) for _ in range(2))
    letter = drafted(closers, closure)
    staff = sign_in(cast.staff)

    awaited = shown(staff, "letters", show="awaited")
    assert waiting.action.reference in awaited
    assert "checkbox" not in awaited
    assert "Governance drafts the letters." in awaited
    page = words(staff.get(letter.get_absolute_url()))
    assert "A new procedure is in use." in page
    assert "File the signed letter" not in page
    assert closure.action.text in pdf_text(staff, letter)
    for name in ("change_letter", "discard_letter", "file_letter", "replace_letter"):
        response = staff.post(reverse(f"tracker:{name}", args=[letter.pk]), {})
        assert response.status_code == 403
    assert staff.post(reverse("tracker:draft_letter"), {}).status_code == 403
    for offered in ("Draft a letter", "Record the upload"):
        assert offered not in words(staff.get(waiting.get_absolute_url()))


def test_a_letter_with_a_sensitive_action_is_read_by_those_who_may_read_all_of_it(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    secret = approved(led_action(marking=Marking.SENSITIVE), closers)
    open_one = approved(led_action(), closers)
    letter = drafted(closers, secret, open_one)
    staff = sign_in(cast.staff)

    assert staff.get(letter.get_absolute_url()).status_code == 404
    assert staff.get(reverse("tracker:letter_pdf", args=[letter.pk])).status_code == 404
    assert "Nothing waits here" in shown(staff, "letters", show="drafts")
    assert letter.get_absolute_url() not in words(staff.get(open_one.get_absolute_url()))
    assert "OFFICIAL-SENSITIVE" in pdf_text(sign_in(closers.governance), letter)
    assert sign_in(closers.delivery).get(letter.get_absolute_url()).status_code == 200

    filed(sign_in(closers.governance), letter)
    found = letter.scans.get().get_absolute_url()
    assert staff.get(found).status_code == 404
    assert b"".join(sign_in(closers.delivery).get(found)) == PDF


def test_a_sensitive_closure_without_a_letter_hides_no_letter(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    letter = drafted(closers, approved(led_action(), closers))
    approved(led_action(marking=Marking.SENSITIVE), closers)
    staff = sign_in(cast.staff)

    assert staff.get(letter.get_absolute_url()).status_code == 200
    assert str(letter) in shown(staff, "letters", show="drafts")


def test_a_letter_that_a_sensitive_closure_has_left_is_read_by_governance_only(
    closers: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    closure = approved(led_action(marking=Marking.SENSITIVE), closers)
    letter = drafted(closers, closure)
    workflow.send_back(closure, actor=closers.governance, reason="Not signed.")

    for reader in (cast.staff, closers.assurance, closers.delivery):
        assert sign_in(reader).get(letter.get_absolute_url()).status_code == 404
    assert sign_in(closers.governance).get(letter.get_absolute_url()).status_code == 200


def sensitive(closure: Closure) -> Evidence:
    """A piece of sensitive evidence that a closure rests on."""
    evidence = make_evidence("Names of informants", marking=Marking.SENSITIVE)
    ClosureEvidence.objects.create(closure=closure, evidence=evidence)
    return evidence


def test_an_official_letter_counts_sensitive_evidence_and_does_not_name_it(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(), closers)
    evidence = sensitive(closure)
    letter = drafted(closers, closure)

    for text in (pdf_text(officer, letter), words(officer.get(letter.get_absolute_url()))):
        assert evidence.title not in text
        assert "1 further piece of evidence marked OFFICIAL-SENSITIVE" in text
        assert f"Dip sample for {closure.action}" in text


def test_in_a_mixed_letter_sensitive_evidence_stands_beneath_the_sensitive_action_only(
    closers: SimpleNamespace, officer: Client
) -> None:
    secret = approved(led_action(marking=Marking.SENSITIVE), closers)
    plain = approved(led_action(), closers)
    named, unnamed = sensitive(secret), sensitive(plain)
    Evidence.objects.filter(pk=named.pk).update(title="Plan of the operation")

    text = pdf_text(officer, drafted(closers, secret, plain))

    assert "Plan of the operation" in text
    assert unnamed.title not in text


# Where letters are found from ---------------------------------------------------------------------


def test_the_closure_page_leads_to_its_letter_the_scan_and_the_upload(
    closers: SimpleNamespace, officer: Client
) -> None:
    closure = approved(led_action(level=3), closers)
    new = f"{reverse('tracker:draft_letter')}?closure={closure.pk}"
    assert new in words(officer.get(closure.get_absolute_url()))
    letter = drafted(closers, closure)
    page = words(officer.get(closure.get_absolute_url()))
    assert new not in page
    assert f'href="{letter.get_absolute_url()}"' in page
    filed(officer, letter)
    page = words(officer.get(closure.get_absolute_url()))
    assert letter.scans.get().get_absolute_url() in page
    assert reverse("tracker:record_upload", args=[closure.pk]) in page


@pytest.mark.parametrize("step", [ClosureStep.LETTER_AWAITED, ClosureStep.TO_UPLOAD])
def test_the_queues_of_closures_lead_to_the_letters(officer: Client, step: str) -> None:
    page = shown(officer, "closures", step=step)

    show = "awaited" if step == ClosureStep.LETTER_AWAITED else "to_upload"
    assert f"{reverse('tracker:letters')}?show={show}" in page


def test_the_letters_begin_with_the_first_list_that_holds_something(
    closers: SimpleNamespace, officer: Client
) -> None:
    assert "Nothing waits here" in shown(officer, "letters")
    signed(approved(led_action(), closers), closers)

    assert "Closed already: HMICFRS is still to be told" in shown(officer, "letters", show="x")


def test_the_lists_ask_the_database_as_often_for_many_as_for_few(
    closers: SimpleNamespace, officer: Client
) -> None:
    def fill() -> None:
        for level in (2, 3):
            approved(led_action(level=level), closers)
            drafted(closers, approved(led_action(level=level), closers))
            signed(approved(led_action(level=level), closers), closers)

    def queries() -> list[int]:
        asked = []
        for show in ("awaited", "drafts", "to_upload", "signed"):
            with CaptureQueriesContext(connection) as caught:
                shown(officer, "letters", show=show)
            asked.append(len(caught))
        return asked

    fill()
    queries()
    for_few = queries()
    fill()
    assert queries() == for_few


def test_a_letter_asks_the_database_as_often_for_many_actions_as_for_one(
    closers: SimpleNamespace, officer: Client
) -> None:
    def queries(actions: list[Action]) -> int:
        letter = drafted(closers, *(approved(action, closers) for action in actions))
        with CaptureQueriesContext(connection) as caught:
            words(officer.get(letter.get_absolute_url()))
        return len(caught)

    queries([led_action()])
    assert queries([led_action()]) == queries([led_action() for _ in range(4)])


def test_a_closure_in_no_letter_has_no_letter_part(
    closers: SimpleNamespace, officer: Client
) -> None:
    page = words(officer.get(make_closure(led_action()).get_absolute_url()))

    assert "Draft a letter" not in page
    assert "Record the upload" not in page
