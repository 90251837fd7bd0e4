"""The pages on which governance records publications and the response to them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inspections.choices import PublicationType, ResponseRule
from inspections.models import Framework, Publication
from people.models import User
from tests.factories import day, make_action, make_framework, make_lead, make_publication
from tracker.choices import Register

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FORM = {
    "title": "An Inspection of Custody",
    "type": "peel",
    "scope": "local",
    "published_on": "20.11.24",
    "date_precision": "day",
    "source_url": "hmicfrs.example/custody",
    "note": "First line.\r\nSecond line.",
}


@pytest.fixture
def officer(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


def address(name: str, *args: object) -> str:
    return reverse(f"tracker:{name}", args=args)


def send(client: Client, where: str, form: dict[str, Any]) -> str:
    response = client.post(where, form, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_governance_adds_a_publication_and_is_told_when_its_response_is_due(
    officer: Client,
) -> None:
    question = make_framework().questions.get(number=2)
    lead = make_lead("ACC Baker", chief_officer=True)
    form = {**FORM, "question": question.pk, "executive_lead": lead.pk}

    page = send(officer, address("publication_add"), form)

    assert "is recorded. Its response is due on 14 January 2025." in page
    assert address("actions_add", "an-inspection-of-custody") in page
    added = Publication.objects.get()
    assert (added.question, added.executive_lead) == (question, lead)
    assert added.source_url == "https://hmicfrs.example/custody"
    assert added.note == "First line.\nSecond line."
    assert added.history.get().user_name == "Governance"


def test_a_report_of_another_body_has_no_response_duty(officer: Client) -> None:
    page = send(officer, address("publication_add"), {**FORM, "type": "other_body"})
    assert "Say which body published it" in page
    form = {**FORM, "type": "other_body", "body": "Internal audit"}
    page = send(officer, address("publication_add"), form)
    assert "Internal audit</dd>" in page.replace(" </dd>", "</dd>")
    assert "No response duty is recorded for it." in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Enter a title"),
        ({"type": ""}, "Select a type"),
        ({"scope": ""}, "Select a scope"),
        ({"published_on": "31/02/2024"}, "is not a real date"),
        ({"published_on": "26.11.24"}, "Record a report once it is published."),
        ({"source_url": "not an address"}, "Enter a web address that starts with https://"),
        ({"question": "99"}, "from the list"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    officer: Client, fields: dict[str, str], said: str
) -> None:
    page = send(officer, address("publication_add"), {**FORM, "described_as": "Cells", **fields})
    assert said in page
    assert "There is a problem" in page
    assert 'value="Cells"' in page
    assert not Publication.objects.exists()


def test_the_same_form_sent_twice_records_one_publication(officer: Client) -> None:
    send(officer, address("publication_add"), FORM)
    assert "already recorded" in send(officer, address("publication_add"), FORM)
    assert Publication.objects.count() == 1


def test_the_details_can_be_changed_and_the_address_stays(officer: Client) -> None:
    publication = make_publication("Dogs", slug="dogs")
    page = send(officer, address("publication_edit", "dogs"), {**FORM, "version": "1"})
    assert "The publication is saved." in page
    publication.refresh_from_db()
    assert (publication.title, publication.slug) == ("An Inspection of Custody", "dogs")


def test_a_lead_of_before_and_a_question_of_an_earlier_framework_stay_on_offer(
    officer: Client,
) -> None:
    question = make_framework("2021-22").questions.get(number=1)
    Framework.objects.update(in_force_from=day("2021-04-01"))
    make_framework("2023-25")
    lead = make_lead("Head of Crime")
    make_publication("Dogs", slug="dogs", question=question, executive_lead=lead)
    page = officer.get(address("publication_edit", "dogs")).content.decode()
    assert f'<option value="{question.pk}" selected>' in page
    assert f'<option value="{lead.pk}" selected>Head of Crime' in page


def test_the_second_writer_is_told_what_the_first_changed_and_may_go_over_it(
    officer: Client, cast: SimpleNamespace
) -> None:
    publication = make_publication("Dogs", slug="dogs", note="Old.")
    where = address("publication_edit", "dogs")
    mine = {**FORM, "note": "Mine.", "version": "1"}
    send(officer, where, {**FORM, "title": "Cats", "note": "Theirs.", "version": "1"})

    page = send(officer, where, mine)

    assert "Governance changed this at" in page
    assert "<strong>Title:</strong> was “Dogs”, is now “Cats”" in page
    assert "<strong>Note for colleagues:</strong> was “Old.”, is now “Theirs.”" in page
    # What both say alike is no collision.
    assert "<strong>Scope:</strong>" not in page
    assert "Mine.</textarea>" in page
    assert 'name="version" value="2"' in page
    publication.refresh_from_db()
    assert publication.note == "Theirs."

    assert "The publication is saved." in send(officer, where, {**mine, "version": "2"})
    publication.refresh_from_db()
    assert (publication.title, publication.note) == ("An Inspection of Custody", "Mine.")


def test_the_type_stays_one_whose_actions_are_kept_in_the_same_register(officer: Client) -> None:
    publication = make_publication("Dogs", slug="dogs", type=PublicationType.SUPER_COMPLAINT)
    make_action("T-1", publication=publication, register=Register.SUPER_COMPLAINT)
    page = send(officer, address("publication_edit", "dogs"), {**FORM, "version": "1"})
    assert "T-1 came from this publication and is kept as “Super-complaint”" in page
    publication.refresh_from_db()
    assert publication.type == PublicationType.SUPER_COMPLAINT


def test_a_report_was_published_before_its_actions_were_received(officer: Client) -> None:
    publication = make_publication("Dogs", slug="dogs")
    make_action("T-1", publication=publication, received="2024-11-19")
    page = send(officer, address("publication_edit", "dogs"), {**FORM, "version": "1"})
    assert "T-1 was received on 19 November 2024" in page
    publication.refresh_from_db()
    assert publication.published_on == day("2023-01-10")


def test_the_response_page_says_what_each_rule_means_for_this_publication(
    officer: Client,
) -> None:
    make_publication("Dogs", slug="dogs", published_on=day("2024-11-20"))
    page = officer.get(address("publication_response", "dogs")).content.decode()
    assert "Section 55, Police Act 1996: due 14 January 2025" in page
    assert "Super-complaint: due 15 January 2025" in page


def test_the_response_is_recorded(officer: Client) -> None:
    publication = make_publication("Dogs", slug="dogs", published_on=day("2024-11-20"))
    form = {
        "version": "1",
        "response_rule": "section_55",
        "response_due_on": "1 February 2025",
        "response_due_reason": "Agreed with the PCC’s office.",
        "response_published_on": "25.11.24",
        "response_url": "https://example.test/response",
    }
    page = send(officer, address("publication_response", "dogs"), form)
    assert "The response is saved." in page
    assert "Published on 25 November 2024 (due 1 February 2025)" in page
    publication.refresh_from_db()
    assert publication.response_due_reason == "Agreed with the PCC’s office."


def test_another_day_without_a_reason_is_refused_beside_its_field(officer: Client) -> None:
    publication = make_publication("Dogs", slug="dogs", published_on=day("2024-11-20"))
    form = {"version": "1", "response_rule": "section_55", "response_due_on": "1 February 2025"}
    page = send(officer, address("publication_response", "dogs"), form)
    assert "By the rule the response is due on 14 January 2025." in page
    assert 'id="id_response_due_reason_error"' in page
    assert 'value="1 February 2025"' in page
    publication.refresh_from_db()
    assert publication.response_rule == ResponseRule.NONE


def test_a_response_recorded_meanwhile_is_shown_beside_ones_own(officer: Client) -> None:
    make_publication("Dogs", slug="dogs", published_on=day("2024-11-20"))
    where = address("publication_response", "dogs")
    form = {"version": "1", "response_rule": "section_55", "response_published_on": "22.11.24"}
    send(officer, where, form)
    page = send(officer, where, {**form, "response_published_on": "23.11.24"})
    assert "<strong>Response published on:</strong> was empty, is now “22 November 2024”" in page
    assert 'value="23.11.24"' in page
    assert 'name="version" value="2"' in page


def test_only_governance_is_offered_these_pages(
    officer: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_publication("Dogs", slug="dogs")
    offered = [
        (address("publications"), address("publication_add")),
        *[
            (address("publication", "dogs"), address(name, "dogs"))
            for name in ("publication_edit", "publication_response", "actions_add")
        ],
    ]
    staff = sign_in(cast.staff)
    for page, link in offered:
        assert f'href="{link}"' in officer.get(page).content.decode()
        assert f'href="{link}"' not in staff.get(page).content.decode()
