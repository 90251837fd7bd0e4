"""The search of the action list: references, text, publication and leads."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from inspections.choices import LeadRole
from people.models import User
from tests.factories import day, make_action, make_lead, make_publication
from tests.tracker.lists import found
from tracker.models import ActionLead

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.staff)


def test_every_word_of_a_search_must_occur(staff: Client) -> None:
    make_action("ONE", search_text="one victims of rape are heard")
    make_action("TWO", search_text="two rape cases 100% prepared")
    assert found(staff, "q=RAPE") == ["ONE", "TWO"]
    assert found(staff, "q=victims+rape") == ["ONE"]
    assert found(staff, "q=100%25") == ["TWO"]
    assert found(staff, "q=_") == []


def test_a_search_looks_through_publication_and_leads_too(staff: Client) -> None:
    report = make_publication("An inspection of kennels")
    make_action("ONE", publication=report, search_text="one", executive="ACC Baker")
    make_action("TWO", publication=report, search_text="two", delivery="Head of Dogs")
    assert found(staff, "q=kennels") == ["ONE", "TWO"]
    assert found(staff, "q=baker") == ["ONE"]
    assert found(staff, "q=kennels+dogs+two") == ["TWO"]


def test_a_search_knows_a_title_that_was_corrected(staff: Client) -> None:
    report = make_publication("A giraffe inspection")
    make_action("ONE", publication=report)
    report.title = "A zebra inspection"
    report.save()
    assert found(staff, "q=zebra") == ["ONE"]
    assert found(staff, "q=giraffe") == []


def test_a_search_knows_the_leads_of_the_day(staff: Client) -> None:
    action = make_action("ONE", delivery="Head of Crime")
    action.leads.filter(role=LeadRole.DELIVERY).update(ended_on=day("2024-06-01"))
    ActionLead.objects.create(
        action=action,
        role=LeadRole.DELIVERY,
        lead=make_lead("Head of Dogs"),
        started_on=day("2024-06-01"),
    )
    assert found(staff, "q=dogs") == ["ONE"]
    assert found(staff, "q=crime") == []
    assert found(staff, "q=crime&as_at=2024-05-31") == ["ONE"]
