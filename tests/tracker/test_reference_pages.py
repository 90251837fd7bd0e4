"""The pages about what actions come from: framework, question areas, publications, leads."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from inspections.choices import LeadRole, ResponseRule
from inspections.models import QuestionLead
from people.models import User
from tests.factories import day, make_action, make_framework, make_lead, make_publication

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_without_a_framework_the_page_says_how_to_load_one(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    page = text_of(sign_in(cast.staff), reverse("tracker:frameworks"))
    assert "No framework is loaded yet" in page


def test_the_framework_shows_leads_and_live_actions_of_each_question(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    framework = make_framework()
    question = framework.questions.get(number=1)
    QuestionLead.objects.create(
        question=question,
        role=LeadRole.EXECUTIVE,
        lead=make_lead("ACC Baker"),
        started_on=day("2023-04-01"),
    )
    make_action(question=question)
    make_action()
    page = text_of(sign_in(cast.staff), reverse("tracker:frameworks"))
    assert "ACC Baker" in page
    assert '?framework=2023-25&amp;question=1">1<' in page
    assert "1 live action is not aligned to a question area." in page


def test_a_question_area_shows_its_actions_and_what_good_looks_like(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    framework = make_framework()
    make_action("T-LIVE", question=framework.questions.get(number=2))
    page = text_of(sign_in(cast.staff), reverse("tracker:question", args=[framework.version, 2]))
    assert "T-LIVE" in page
    assert "The force does this well." in page


def test_a_question_area_that_does_not_exist_is_not_found(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    framework = make_framework()
    address = reverse("tracker:question", args=[framework.version, 9])
    assert sign_in(cast.staff).get(address).status_code == 404


def test_a_sensitive_action_is_not_listed_for_those_who_may_not_read_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    framework = make_framework()
    question = framework.questions.get(number=1)
    action = make_action("T-SECRET", question=question, marking="OFFICIAL-SENSITIVE")
    for address in (
        reverse("tracker:question", args=[framework.version, 1]),
        reverse("tracker:publication", args=[action.publication.slug]),
    ):
        assert "T-SECRET" not in text_of(sign_in(cast.staff), address)
        assert "T-SECRET" in text_of(sign_in(cast.governance), address)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "No response duty recorded"),
        (
            {"response_rule": ResponseRule.SECTION_55, "response_due_on": day("2024-12-04")},
            "9 days left",
        ),
        (
            {"response_rule": ResponseRule.SECTION_55, "response_due_on": day("2024-11-01")},
            "no response is recorded here",
        ),
        ({"response_published_on": day("2024-03-07")}, "Published on 7 March 2024"),
    ],
)
def test_a_publication_says_how_its_response_clock_stands(
    cast: SimpleNamespace, sign_in: SignIn, fields: dict[str, object], sentence: str
) -> None:
    publication = make_publication("", **fields)
    page = text_of(sign_in(cast.staff), reverse("tracker:publication", args=[publication.slug]))
    assert sentence in page


def test_publications_filter_by_how_their_response_stands(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    for title, due, published in (
        ("Running", "2024-12-01", None),
        ("Missed", "2024-11-24", None),
        ("Answered", "2024-11-24", "2024-11-20"),
        ("Without a duty", None, None),
    ):
        make_publication(
            title,
            response_rule=ResponseRule.SECTION_55 if due else ResponseRule.NONE,
            response_due_on=day(due) if due else None,
            response_published_on=day(published) if published else None,
        )
    client = sign_in(cast.staff)

    def titles(query: str) -> list[str]:
        rows = client.get(f"{reverse('tracker:publications')}?{query}").context["table"].rows
        return sorted(row.record.title for row in rows)

    assert titles("response=running") == ["Running"]
    assert titles("response=missed") == ["Missed"]
    assert titles("response=published&response=running") == ["Answered", "Running"]
    panel = client.get(f"{reverse('tracker:publications')}?counts=yes").context["panel"]
    [control] = [c for s in panel.sections for c in s.controls if c.name == "response"]
    assert [option.count for option in control.options] == [1, 1, 1]
    home = client.get("/").content.decode()
    assert '<a class="govuk-link" href="/publications/?response=missed">1 publication' in home


def test_leads_show_their_holders_and_how_many_live_actions_they_lead(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    make_lead("ACC Baker", chief_officer=True)
    make_action(executive="ACC Baker", delivery="Head of Crime")
    page = text_of(sign_in(cast.staff), reverse("tracker:leads"))
    assert "Delivery" in page
    assert "?executive=acc-baker" in page
    assert "?delivery=head-of-crime" in page
