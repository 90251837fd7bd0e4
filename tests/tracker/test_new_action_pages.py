"""The page on which governance records several actions of a publication at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.choices import PublicationType, Scope
from inspections.models import Publication
from people import roles
from people.models import User
from tests.factories import day, make_action, make_framework, make_publication, make_user
from tracker.choices import Kind
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def form_of(*parts: dict[str, Any], **shared: Any) -> dict[str, Any]:
    sent = {
        "received": "25 November 2024",
        "scope": "national",
        "marking": "OFFICIAL",
        "action-TOTAL_FORMS": str(len(parts)),
        "action-INITIAL_FORMS": "0",
        **shared,
    }
    for place, part in enumerate(parts):
        sent |= {f"action-{place}-{name}": value for name, value in part.items()}
    return sent


def send(client: Client, publication: Publication, form: dict[str, Any]) -> str:
    address = reverse("tracker:actions_add", args=[publication.slug])
    response = client.post(address, form, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def desk(db: None, sign_in: SignIn) -> Client:
    return sign_in(make_user("officer", roles.GOVERNANCE))


def test_the_page_begins_with_what_the_publication_says(desk: Client) -> None:
    question = make_framework().questions.get(number=2)
    publication = make_publication(scope=Scope.LOCAL, question=question)
    page = desk.get(reverse("tracker:actions_add", args=[publication.slug])).content.decode()
    assert 'value="25 November 2024"' in page
    assert 'name="scope" value="local" id="id_scope_0" checked' in page
    assert f'<option value="{question.pk}" selected>PAF 2' in page
    assert page.count('name="action-0-text"') == 1


def test_another_action_is_added_and_nothing_typed_is_lost_or_judged(desk: Client) -> None:
    form = form_of(
        {"kind": "cause_of_concern", "text": "It fails.", "due_on": "soon"},
        received="31.02.24",
        late_reason="Post.",
        another="yes",
    )
    page = send(desk, make_publication(), form)
    assert "There is a problem" not in page
    for kept in ('value="31.02.24"', 'value="Post."', "It fails.</textarea>", 'value="soon"'):
        assert kept in page
    assert 'name="action-TOTAL_FORMS" value="2"' in page
    # What follows a cause of concern begins as a recommendation that belongs to it.
    assert 'value="recommendation" id="id_action-1-kind_1" checked' in page
    assert '<option value="row-0" selected>Action 1 on this page' in page


def test_the_next_recommendation_belongs_where_the_one_before_does(desk: Client) -> None:
    page = send(
        desk,
        make_publication(),
        form_of(
            {"kind": "cause_of_concern", "text": "It fails."},
            {"kind": "recommendation", "text": "Mend it.", "cause": "row-0"},
            another="yes",
        ),
    )
    assert 'value="recommendation" id="id_action-2-kind_1" checked' in page
    assert page.count('<option value="row-0" selected>') == 2


def test_twenty_parts_ask_the_database_no_more_than_two(desk: Client) -> None:
    make_framework()
    publication = make_publication()
    make_action("T-CAUSE", kind=Kind.CAUSE_OF_CONCERN, publication=publication)
    asked = []
    for parts in (1, 19):
        with CaptureQueriesContext(connection) as queries:
            page = send(desk, publication, form_of(*[{"text": "A."}] * parts, another="yes"))
        assert page.count("T-CAUSE: Chief constables") == parts + 1
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_there_are_at_most_twenty_on_a_page(desk: Client) -> None:
    page = send(desk, make_publication(), form_of(*[{"text": "A."}] * 19, another="yes"))
    assert 'name="action-TOTAL_FORMS" value="20"' in page
    assert "Add another action" not in page


def test_a_cause_of_concern_and_its_recommendations_come_from_one_page(desk: Client) -> None:
    publication = make_publication()
    form = form_of(
        {},
        {"kind": "cause_of_concern", "text": "It fails."},
        {"kind": "recommendation", "text": "Mend it.", "level": "4", "cause": "row-1"},
        {"kind": "recommendation", "cause": "row-1"},
        {"kind": "afi", "text": "Improve.", "level": "2", "scope": "local"},
        received="20.11.24",
        late_reason="Came by post.",
        due_on="31 March 2025",
    )
    page = send(desk, publication, form)
    assert "3 actions are recorded: ST-0001 to ST-0003." in page
    cause, child, afi = Action.objects.order_by("reference")
    assert (child.parent, afi.parent) == (cause, None)
    assert (child.scope, afi.scope) == (Scope.NATIONAL, Scope.LOCAL)
    assert {due for due in Action.objects.values_list("due_dates__due_on", flat=True)} == {
        day("2025-03-31")
    }


def test_a_form_sent_twice_records_its_actions_once(desk: Client) -> None:
    publication = make_publication()
    form = form_of({"kind": "afi", "text": "Improve."})
    send(desk, publication, form)
    page = send(desk, publication, form)
    assert "Action 1: ST-0001 says the same." in page
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("parts", "shared", "said"),
    [
        ([{}], {}, "Fill in at least one action."),
        ([{"text": "A."}], {}, "Action 1: Select a kind"),
        ([{}, {"kind": "afi", "level": "2"}], {}, "Action 2: Say what it requires"),
        ([{"kind": "afi", "text": "A."}], {"received": "20.11.24"}, "Say why this is recorded"),
        ([{"kind": "afi", "text": "A."}], {"received": "26.11.24"}, "has not come yet"),
        ([{"kind": "afi", "text": "A."}], {"received": "x"}, "Enter a date like"),
        ([{"kind": "afi", "text": "A."}], {"scope": ""}, "Select a scope"),
        ([{"kind": "afi", "text": "A."}], {"due_on": "1.11.24"}, "before the action was received"),
        ([{"kind": "afi", "text": "A.", "due_on": "1.11.24"}], {}, "Action 1: 1 November 2024 is"),
        (
            [{"kind": "recommendation", "text": "A.", "cause": "row-1"}, {}],
            {},
            "That action on this page is empty.",
        ),
        ([{"kind": "cause_of_concern", "text": "A."}], {}, "has at least one recommendation"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Client, parts: list[dict[str, str]], shared: dict[str, str], said: str
) -> None:
    page = send(desk, make_publication(), form_of(*parts, **{"late_reason": "", **shared}))
    assert said in page
    assert "There is a problem" in page
    assert "<title>Error:" in page.replace("<title> ", "<title>")
    for part in parts:
        if "text" in part:
            assert f"{part['text']}</textarea>" in page
    assert not Action.objects.exists()


def test_a_super_complaint_is_asked_neither_kind_nor_level(desk: Client) -> None:
    publication = make_publication(type=PublicationType.SUPER_COMPLAINT)
    address = reverse("tracker:actions_add", args=[publication.slug])
    page = desk.get(address).content.decode()
    for name in ("kind", "level", "cause", "portal_reference"):
        assert f'name="action-0-{name}"' not in page
    send(desk, publication, form_of({"text": "A."}))
    assert Action.objects.get().kind == Kind.RECOMMENDATION


def test_a_form_that_was_tampered_with_does_no_harm(desk: Client) -> None:
    publication = make_publication()
    form = form_of({"kind": "afi", "text": "A."})
    for total in ("", "-1", "100000", "x"):
        page = send(desk, publication, {**form, "action-TOTAL_FORMS": total})
        assert "There is a problem" in page
    assert not Action.objects.exists()


def test_what_is_wrong_for_all_is_said_once(desk: Client) -> None:
    form = form_of(
        {"kind": "afi", "text": "A."}, {"kind": "afi", "text": "B."}, due_on="1 November 2024"
    )
    page = send(desk, make_publication(), form)
    assert page.count("before the action was received") == 2  # the summary and the field
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("received", "field"), [("20.11.24", "late_reason"), ("26.11.24", "received")]
)
def test_a_day_that_is_refused_leads_to_the_field_it_is_about(
    desk: Client, received: str, field: str
) -> None:
    form = form_of({"kind": "afi", "text": "A."}, received=received, late_reason="")
    assert f'href="#id_{field}"' in send(desk, make_publication(), form)
