"""The pages on which somebody says what a piece of evidence stands for."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.markings import Marking
from evidence.models import CharacteristicEvidence, Evidence
from inspections.choices import LeadRole
from inspections.models import Characteristic, Framework, QuestionLead
from people.models import User
from tests.factories import day, make_evidence, make_framework, make_lead, make_link

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def paf() -> Framework:
    """Two question areas; the first has a second characteristic."""
    framework = make_framework()
    topic = place(framework, "1").topic
    Characteristic.objects.create(topic=topic, number=2, text="The force does that well.")
    return framework


def place(framework: Framework, question: str, number: int = 1) -> Characteristic:
    return Characteristic.objects.select_related("topic__question").get(
        topic__question__framework=framework, topic__question__number=question, number=number
    )


@pytest.fixture
def owner(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


@pytest.fixture
def evidence(cast: SimpleNamespace) -> Evidence:
    return make_evidence("Wardrobe audit", owner=cast.staff)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def areas(evidence: Evidence) -> str:
    return reverse("evidence:link_areas", args=[evidence.pk])


def choosing(evidence: Evidence, number: int = 1) -> str:
    return reverse("evidence:link_characteristics", args=[evidence.pk, number])


def test_what_it_stands_for_is_on_its_page_by_question_area(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    make_link(evidence, place(paf, "2"), strength="demonstrates")
    make_link(evidence, place(paf, "1", 2), confirmed=False)
    text = text_of(owner.get(evidence.get_absolute_url()))
    assert text.index("PAF 1: How good is the force at thing 1?") < text.index("PAF 2:")
    assert "<strong>Supports 1.1.2</strong> The force does that well." in text
    assert "<strong>Demonstrates 2.1.1</strong>" in text
    assert text.count("To be confirmed") == 1
    assert text.count(">Take off<") == 2
    assert "Say what it stands for" in text


def test_who_may_not_link_it_reads_it_without_buttons(
    paf: Framework, evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    made = make_link(evidence, place(paf, "1"), confirmed=False)
    client = sign_in(cast.corporate)
    text = text_of(client.get(evidence.get_absolute_url()))
    assert "Supports 1.1.1" in text
    assert "To be confirmed" in text
    assert "Take off" not in text
    assert "Say what it stands for" not in text
    for address in (areas(evidence), choosing(evidence)):
        assert client.get(address).status_code == 403
    for name in ("unlink", "confirm_link"):
        address = reverse(f"evidence:{name}", args=[made.pk])
        assert client.post(address, {"sure": "yes"}).status_code == 403
    assert CharacteristicEvidence.objects.get() == made


def test_nothing_is_told_of_what_may_not_be_read(
    paf: Framework, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    secret = make_evidence(marking=Marking.SENSITIVE)
    made = make_link(secret, place(paf, "1"))
    client = sign_in(cast.staff)
    assert client.get(areas(secret)).status_code == 404
    assert client.get(reverse("evidence:unlink", args=[made.pk])).status_code == 404


def test_choosing_an_area_then_its_characteristics(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    text = text_of(owner.get(areas(evidence)))
    assert choosing(evidence, 1) in text
    assert choosing(evidence, 2) in text
    first, second = place(paf, "1"), place(paf, "1", 2)
    text = text_of(owner.get(choosing(evidence)))
    assert "1.1 Topic 1" in text
    assert "<strong>1.1.2</strong> The force does that well." in text
    # By this the box opens how far, where scripts run.
    assert f'data-aria-controls="id_strength_{second.pk}_how"' in text
    assert f'id="id_strength_{second.pk}_how"' in text
    response = owner.post(
        choosing(evidence),
        {
            "shown": "",
            f"stands_{first.pk}": "on",
            f"strength_{first.pk}": "demonstrates",
            f"stands_{second.pk}": "on",
            f"strength_{second.pk}": "supports",
        },
        follow=True,
    )
    text = text_of(response)
    assert "What it stands for in PAF 1 is saved." in text
    assert "Demonstrates 1.1.1" in text
    assert "Supports 1.1.2" in text
    assert "2 characteristics" in text_of(owner.get(areas(evidence)))


def test_what_is_ticked_is_shown_ticked_and_taking_the_tick_off_takes_it_off(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    first = place(paf, "1")
    make_link(evidence, first, strength="demonstrates")
    text = text_of(owner.get(choosing(evidence)))
    assert f'name="stands_{first.pk}" id="id_stands_{first.pk}" checked' in text
    assert f'name="shown" value="{first.pk}"' in text
    assert 'value="demonstrates" id="id_strength_' in text
    owner.post(choosing(evidence), {"shown": str(first.pk)})
    assert not evidence.characteristic_links.filter(removed_at=None).exists()


def test_what_somebody_else_has_linked_meanwhile_stays(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    made = make_link(evidence, place(paf, "1"))
    owner.post(choosing(evidence), {"shown": ""})
    assert evidence.characteristic_links.get(removed_at=None) == made


def test_no_strength_that_there_is_not(paf: Framework, evidence: Evidence, owner: Client) -> None:
    first = place(paf, "1")
    sent = {f"stands_{first.pk}": "on", f"strength_{first.pk}": "proves"}
    assert owner.post(choosing(evidence), sent).status_code == 200
    assert not evidence.characteristic_links.exists()


def test_withdrawn_evidence_is_not_linked(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    first = place(paf, "1")
    make_link(evidence, place(paf, "2"))
    Evidence.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
    sent = {f"stands_{first.pk}": "on", f"strength_{first.pk}": "supports"}
    assert "This evidence was withdrawn." in text_of(owner.post(choosing(evidence), sent))
    text = text_of(owner.get(evidence.get_absolute_url()))
    assert "Supports 2.1.1" in text
    assert "Take off" not in text
    assert "Say what it stands for" not in text


def test_a_lead_chooses_within_the_areas_they_lead(
    paf: Framework, evidence: Evidence, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    question = place(paf, "2").topic.question
    QuestionLead.objects.create(
        question=question,
        role=LeadRole.DELIVERY,
        lead=make_lead("Head of Crime", cast.delivery),
        started_on=day("2020-01-01"),
    )
    make_link(evidence, place(paf, "1"))
    make_link(evidence, place(paf, "2"))
    client = sign_in(cast.delivery)
    text = text_of(client.get(evidence.get_absolute_url()))
    assert text.count(">Take off<") == 1
    text = text_of(client.get(areas(evidence)))
    assert choosing(evidence, 2) in text
    assert choosing(evidence, 1) not in text
    assert client.get(choosing(evidence, 2)).status_code == 200
    assert client.get(choosing(evidence, 1)).status_code == 403


def test_taking_it_off_asks_first(paf: Framework, evidence: Evidence, owner: Client) -> None:
    made = make_link(evidence, place(paf, "1"))
    address = reverse("evidence:unlink", args=[made.pk])
    assert "Take it off 1.1.1?" in text_of(owner.get(address))
    made.refresh_from_db()
    assert made.removed_at is None
    text = text_of(owner.post(address, {"sure": "yes"}, follow=True))
    assert "It does not stand for 1.1.1 any more." in text
    assert "It is not linked to a characteristic of good." in text
    assert owner.post(address, {"sure": "yes"}).status_code == 302


def test_what_was_carried_over_is_confirmed(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    made = make_link(evidence, place(paf, "1"), confirmed=False)
    address = reverse("evidence:confirm_link", args=[made.pk])
    text = text_of(owner.post(address, follow=True))
    assert "It is confirmed for 1.1.1." in text
    assert "To be confirmed" not in text
    CharacteristicEvidence.objects.update(removed_at=timezone.now())
    assert "This was taken off meanwhile." in text_of(owner.post(address, follow=True))


def test_links_of_an_older_framework_stay_in_sight(
    paf: Framework, evidence: Evidence, owner: Client
) -> None:
    older = make_framework(version="2021-22")
    Framework.objects.filter(pk=older.pk).update(in_force_from=day("2021-01-01"))
    make_link(evidence, place(older, "1"))
    make_link(evidence, place(paf, "2"))
    text = text_of(owner.get(evidence.get_absolute_url()))
    assert "(PEEL Assessment Framework 2021-22)" in text
    assert text.index("Supports 2.1.1") < text.index("Supports 1.1.1")


def test_there_is_no_framework_to_choose_from(evidence: Evidence, owner: Client) -> None:
    assert "There is nothing to choose" in text_of(owner.get(areas(evidence)))
    assert owner.get(choosing(evidence)).status_code == 404


def test_many_links_take_no_more_queries(
    paf: Framework, evidence: Evidence, owner: Client, django_assert_max_num_queries: Any
) -> None:
    topic = place(paf, "1").topic
    for number in range(3, 40):
        one = Characteristic.objects.create(topic=topic, number=number, text="Well.")
        make_link(evidence, one)
    with django_assert_max_num_queries(20):
        assert "Supports 1.1.39" in text_of(owner.get(evidence.get_absolute_url()))
