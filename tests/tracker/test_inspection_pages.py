"""The page of an internal review, its report, and its actions: recorded like any, counted apart."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.dates import today
from inspections.choices import InspectionStatus, PublicationType
from inspections.models import Inspection, Publication
from people.models import User
from reports.figures import snapshot
from tests.factories import (
    day,
    make_action,
    make_framework,
    make_inspection,
    make_lead,
    make_publication,
    make_report,
)
from tests.tracker.closures import a_cast, assured
from tracker import position, workflow
from tracker.choices import Register, Status
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
INTERNAL = PublicationType.INTERNAL_REVIEW


def text_of(client: Client, where: str) -> str:
    response = client.get(where, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def send(client: Client, where: str, form: dict[str, Any]) -> str:
    response = client.post(where, form, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def address(name: str, *args: object) -> str:
    return reverse(f"tracker:{name}", args=args)


def test_a_review_names_the_board_as_the_force_calls_it(
    cast: SimpleNamespace, sign_in: SignIn, settings: Any
) -> None:
    settings.BOARD_NAME = "Scrutiny Board"
    where = address("inspection", make_inspection().pk)
    assert "Scrutiny Board of 16 October 2024" in text_of(sign_in(cast.staff), where)


def test_everybody_reads_a_review_and_nobody_but_governance_is_offered_a_step(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    question = make_framework().questions.get(number=2)
    review = make_inspection(
        lead=make_lead("Head of Crime"), question=question, expected="May 2025"
    )
    page = text_of(sign_in(cast.staff), address("inspection", review.pk))
    for words in (
        "Internal review",
        "Quality of case files",
        "Too many files come back",
        'Led by</dt> <dd class="govuk-summary-list__value"> Head of Crime',
        "GAIN Board of 16 October 2024",
        "Commissioned by",
        "May 2025",
        "PAF 2: How good is the force at thing 2?",
        "actions are recorded with its report",
    ):
        assert words in page, words
    assert 'Scheduled<span class="govuk-visually-hidden">: now' in page
    assert "Record its report" not in page
    assert "/board/2024-10-16/" not in page
    read = text_of(sign_in(cast.governance), address("inspection", review.pk))
    assert read.count("Record its report") == 1
    assert "/board/2024-10-16/" in read


def test_a_review_that_is_only_proposed_is_not_there_for_staff(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    review = make_inspection(status=InspectionStatus.PROPOSED)
    where = address("inspection", review.pk)
    assert sign_in(cast.staff).get(where).status_code == 404
    assert "Proposed to" in text_of(sign_in(cast.member), where)


def test_governance_changes_the_status_and_the_details(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    review = make_inspection()
    officer = sign_in(cast.governance)
    page = send(officer, address("inspection_status", review.pk), {"status": "fieldwork"})
    assert "The status is: fieldwork." in page
    form = {"title": "Files", "why": "To see.", "expected": "June 2025", "version": 2}
    assert "The details are saved." in send(officer, address("inspection_edit", review.pk), form)
    review.refresh_from_db()
    assert (review.status, review.title, review.expected) == ("fieldwork", "Files", "June 2025")


def test_the_second_of_two_writers_is_told_and_loses_nothing(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    review = make_inspection()
    officer = sign_in(cast.governance)
    form = {"title": "Files", "why": "To see.", "expected": "June 2025", "version": 1}
    send(officer, address("inspection_edit", review.pk), form)
    late = {**form, "expected": "July 2025"}
    page = send(officer, address("inspection_edit", review.pk), late)
    assert "changed this at" in page
    assert 'value="July 2025"' in page


def test_a_review_leads_to_its_report_and_the_report_to_its_actions(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    review = make_inspection(status=InspectionStatus.AWAITING_REPORT)
    officer = sign_in(cast.governance)
    where = address("inspection_report", review.pk)
    assert '<option value="internal_review" selected>Internal review</option>' in text_of(
        officer, where
    )
    form = {
        "title": "Review of case files",
        "type": INTERNAL,
        "scope": "local",
        "published_on": "20 November 2024",
        "date_precision": "day",
    }
    page = send(officer, where, form)
    assert "Add the actions that came of it." in page
    review.refresh_from_db()
    assert review.status == "published"
    assert f'href="{address("inspection", review.pk)}">Quality of case files</a>' in page

    slug = Publication.objects.get().slug
    actions = {
        "received": "20 November 2024",
        "scope": "local",
        "marking": "OFFICIAL",
        "action-TOTAL_FORMS": "1",
        "action-INITIAL_FORMS": "0",
        "action-0-kind": "recommendation",
        "action-0-text": "Check every file before it leaves.",
        "late_reason": "The report came by post.",
    }
    page = send(officer, address("actions_add", slug), actions)
    action = Action.objects.get()
    assert f"{action} is recorded." in page
    assert "1 recorded, counted apart from the position" in page
    assert (action.register, action.portal_reference) == (Register.INTERNAL, None)
    shown = text_of(sign_in(cast.staff), address("inspection", review.pk))
    assert "counted apart from what HMICFRS asks" in shown
    assert "Check every file before it leaves." in shown
    assert "The force tracks it" not in shown
    assert "its Board closes it" in text_of(officer, action.get_absolute_url())


def test_a_report_is_asked_for_once(cast: SimpleNamespace, sign_in: SignIn) -> None:
    review = make_inspection(report=make_publication(type=INTERNAL), status="published")
    officer = sign_in(cast.governance)
    where = address("inspection_report", review.pk)
    assert "Its report is recorded already." in text_of(officer, where)
    form = {
        "title": "Again",
        "type": INTERNAL,
        "scope": "local",
        "published_on": "20.11.24",
        "date_precision": "day",
    }
    page = send(officer, where, form)
    assert "Its report is recorded already" in page
    assert 'name="title"' in page
    assert Publication.objects.count() == 1


def test_actions_of_a_review_close_on_the_boards_decision_without_a_letter(media: object) -> None:
    people = a_cast()
    report = make_publication(type=INTERNAL)
    action = make_action(
        publication=report,
        register=Register.INTERNAL,
        executive="ACC Baker",
        delivery="Head of Crime",
        on_portal=False,
    )
    workflow.approve(assured(action, people), actor=people.chair)
    assert action.periods.get(ended_on=None).status == Status.CLOSED


@pytest.fixture
def reviewed() -> Inspection:
    """A review whose report brought two live actions, beside one of HMICFRS."""
    report = make_publication("Secret of the house", type=INTERNAL, published_on=day("2024-11-01"))
    make_publication("An inspection of all", published_on=day("2024-10-01"))
    make_action(received="2024-11-02")
    for _ in range(2):
        make_action(
            "",
            publication=report,
            register=Register.INTERNAL,
            received="2024-11-02",
            on_portal=False,
            due="2024-11-10",
        )
    return make_inspection(report=report, status="published")


def test_lists_position_and_home_do_not_count_or_name_internal_reviews(
    reviewed: Inspection, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.governance)
    assert position.stages(today()).live == 1
    assert position.table(today()).total.total == 1
    assert position.exceptions(today()).overdue == 0
    assert position.by_publication(today()).keys().isdisjoint({reviewed.report_id})
    assert "1 live action as at" in text_of(client, address("actions"))
    assert "Secret of the house" not in text_of(client, reverse("home"))
    page = text_of(client, address("publications"))
    assert "2 publications" in page
    assert "Secret of the house" not in page
    assert "Secret of the house" in text_of(
        client, f"{address('publications')}?type=internal_review"
    )
    assert "2 actions" in text_of(client, f"{address('actions')}?register=internal").replace(
        "live actions", "actions"
    )


def test_the_committee_report_does_not_name_internal_reviews(reviewed: Inspection) -> None:
    figures = snapshot(make_report(as_at=day("2024-11-20")))
    assert figures.table.total.total == 1
    assert reviewed.report is not None
    assert reviewed.report.slug not in {each.slug for each in figures.publications}
    assert figures.movement.new == 1
