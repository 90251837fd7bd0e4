"""Which words of a list are asked for, and when: all of them at once, and each of them once."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from portal.imports.setting_up import choose_words, unasked_words
from portal.layouts.alike import may_be_one_of
from portal.layouts.meanings import remember
from portal.models import Purpose, SpreadsheetImport
from tests.factories import make_action, make_framework, make_lead
from tests.portal.conftest import TakeIn
from tests.portal.test_pages import upload
from tests.workbooks import row, start_list
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
STRANGE = {
    "On portal": "perhaps",
    "Source type": "Big one",
    "Kind": "Wish",
    "Level": "two or so",
    "Scope": "everywhere",
    "PAF question": 77,
    "Executive lead": "Chief Wiggum",
    "Delivery lead": "Head of Kennels",
    "Stage": "getting there",
    "Delivery confidence": "Amber, and we hope that it will be green before long",
}


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.admin)


def asked(of: SpreadsheetImport) -> dict[str, list[str]]:
    """Header -> words."""
    return {field: [word for word, *_ in said] for field, said in of.unknown_words.items()}


def test_every_word_of_a_row_is_asked_whatever_else_is_wrong_with_it(take_in: TakeIn) -> None:
    of = take_in([row(1, Received="31/02/2024", Published="then", **STRANGE)])
    assert asked(of) == {
        "on_portal": ["perhaps"],
        "source_type": ["Big one"],
        "kind": ["Wish"],
        "level": ["two or so"],
        "scope": ["everywhere"],
        "question": ["77"],
        "executive": ["Chief Wiggum"],
        "delivery": ["Head of Kennels"],
        "stage": ["getting there"],
        "confidence": ["Amber, and we hope that it will be green before long"],
    }
    assert of.counts["unreadable"] == 1
    assert of.new_leads == []


def test_a_row_that_no_rule_lets_in_is_asked_for_its_words_too(take_in: TakeIn) -> None:
    odd = {"Due": None, "Stage date": None, "PAF question": 77, "Delivery confidence": "Amber"}
    of = take_in([row(1, Delivery_lead="Head of Kennels", **odd)])
    assert {"question", "confidence", "delivery"} <= asked(of).keys()


def test_a_question_of_an_earlier_framework_is_no_word_to_ask_of_its_own_action(
    take_in: TakeIn,
) -> None:
    action = make_action("ST-0001")
    earlier = make_framework("2018", questions=14).questions.get(number=14)
    Action.objects.filter(pk=action.pk).update(question=earlier)
    for different in ({}, {"Due": "31/02/2024"}):
        of = take_in([row(1, PAF_question=14, **different)])
        assert "question" not in asked(of)


def test_a_word_that_is_written_in_two_ways_is_asked_once(take_in: TakeIn) -> None:
    of = take_in([row(1, Level="Middling"), row(2, Level="MIDDLING"), row(3, Level="Low")])
    assert of.unknown_words["level"] == [["Middling", 2, 2], ["Low", 1, 4]]


@pytest.mark.parametrize("value", [True, "Mid​dling", 14.5])
def test_whatever_a_cell_holds_is_known_again_by_the_word_that_was_asked(
    take_in: TakeIn, value: Any
) -> None:
    of = take_in([row(1, Level=value)])
    [(word, *_)] = of.unknown_words["level"]
    remember(Purpose.LIST, {("level", word): "2"}, actor=None)
    assert take_in([row(1, Level=value)]).counts["new"] == 1


# On to the words, and back to them while some were not asked


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("A/ACC Baker", True),
        ("Hd of Safeguarding", True),
        ("Baker", True),
        ("Head of Safeguarding (interim)", True),
        ("Head of Crime", False),
        ("DCI Hill", False),
    ],
)
def test_a_new_lead_is_to_be_asked_where_it_may_be_one_that_is_here(name: str, like: bool) -> None:
    assert may_be_one_of(name, ["ACC Baker", "Head of Safeguarding"]) is like
    assert not may_be_one_of(name, [])


def test_a_lead_much_like_one_that_is_here_leads_to_the_words_first(
    admin: Client, media: object
) -> None:
    make_lead("ACC Baker", chief_officer=True)
    make_lead("Head of Crime")
    response = upload(admin, start_list([row(1, Executive_lead="A/ACC Baker")]))
    of = SpreadsheetImport.objects.get()
    assert response.redirect_chain[-1][0] == reverse("portal:words", args=[of.pk])
    assert "What “A/ACC Baker” means" in response.content.decode()
    other = upload(admin, start_list([row(2, Delivery_lead="DCI Hill")]))
    latest = SpreadsheetImport.objects.latest("pk")
    assert other.redirect_chain[-1][0] == latest.get_absolute_url()


def test_what_is_left_undecided_is_not_asked_again_but_what_comes_up_is(
    admin: Client, take_in: TakeIn, cast: SimpleNamespace
) -> None:
    of = take_in([row(number, Level=f"word {number}") for number in range(1, 103)])
    address = reverse("portal:words", args=[of.pk])
    text = admin.get(address).content.decode()
    names = [part.partition('"')[0] for part in text.split('name="level-')[1:]]
    assert len(names) == 100
    posted = {f"level-{name}": "" for name in names}
    posted[f"level-{names[0]}"] = posted[f"level-{names[1]}"] = "is:2"
    response = admin.post(address, posted, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "2 more words to decide on." in response.content.decode()
    of.refresh_from_db()
    assert (of.counts["new"], unasked_words(of)) == (2, 2)
    text = admin.get(address).content.decode()
    names = [part.partition('"')[0] for part in text.split('name="level-')[1:]]
    done = admin.post(address, {f"level-{name}": "" for name in names})
    assert done["Location"] == of.get_absolute_url()
    of.refresh_from_db()
    assert (of.counts["unreadable"], unasked_words(of)) == (100, 0)
    assert of.history.first().user_name == "Admin"


def test_a_word_of_another_import_is_asked_there(take_in: TakeIn, cast: SimpleNamespace) -> None:
    of = take_in([row(1, Level="Middling")])
    left = choose_words(of, meant={("level", "Middling"): None}, actor=cast.admin)
    assert unasked_words(left) == 0
    assert unasked_words(take_in([row(1, Level="Middling")])) == 1
