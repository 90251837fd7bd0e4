"""Saying what a piece of evidence stands for: who may, and what is on record."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core.markings import Marking
from evidence.choices import Strength
from evidence.keeping import may_keep
from evidence.linking import (
    characteristics_named,
    choose,
    confirm,
    link,
    may_link,
    unlink,
)
from evidence.models import CharacteristicEvidence, Evidence
from inspections.choices import LeadRole
from inspections.models import Characteristic, CoreQuestion, Framework, QuestionLead
from people.models import Lead, User
from tests.factories import (
    day,
    make_delegate,
    make_evidence,
    make_framework,
    make_lead,
    make_link,
    make_user,
)


@pytest.fixture
def paf(db: None) -> Framework:
    return make_framework(questions=2)


def first_of(framework: Framework, number: int) -> Characteristic:
    return Characteristic.objects.select_related("topic__question").get(
        topic__question__framework=framework, topic__question__number=number
    )


def lead_of(question: CoreQuestion, user: User, until: str | None = None) -> None:
    QuestionLead.objects.create(
        question=question,
        role=LeadRole.DELIVERY,
        lead=make_lead(f"Lead {question.number}", user),
        started_on=day("2020-01-01"),
        ended_on=day(until) if until else None,
    )


def test_its_owner_links_it(paf: Framework) -> None:
    evidence = make_evidence()
    made = link(evidence, first_of(paf, 1), actor=evidence.owner, strength=Strength.DEMONSTRATES)
    assert (made.evidence, made.strength, made.confirmed) == (evidence, "demonstrates", True)
    kept = made.history.get()
    assert (kept.history_user, kept.history_change_reason) == (
        evidence.owner,
        "Linked to a characteristic",
    )


def test_whoever_may_post_for_its_lead_links_it_to_an_area(paf: Framework) -> None:
    one, other = paf.questions.order_by("number")
    lead_of(one, make_user("leads"))
    lead = Lead.objects.get()
    clerk, late = make_user("clerk"), make_user("late")
    make_delegate(lead, clerk)
    make_delegate(lead, late, until="2024-11-02")
    evidence = make_evidence()
    assert may_link(evidence, clerk, one)
    assert not may_link(evidence, clerk, other)
    assert not may_link(evidence, late)


@pytest.mark.parametrize("role", ["assurance", "governance"])
def test_those_who_keep_the_evidence_link_it(
    paf: Framework, cast: SimpleNamespace, role: str
) -> None:
    evidence = make_evidence(marking=Marking.SENSITIVE)
    assert may_keep(evidence, getattr(cast, role))
    link(evidence, first_of(paf, 1), actor=getattr(cast, role))
    assert evidence.characteristic_links.count() == 1


@pytest.mark.parametrize(
    "role",
    [
        *("staff", "delivery", "executive", "corporate", "admin", "support", "member"),
        # They read it all, and keep nothing.
        *("chair", "deputy"),
    ],
)
def test_others_do_not(paf: Framework, cast: SimpleNamespace, role: str) -> None:
    evidence, actor = make_evidence(), getattr(cast, role)
    assert not may_link(evidence, actor)
    made = make_link(evidence, first_of(paf, 2))
    with pytest.raises(PermissionDenied):
        link(evidence, first_of(paf, 1), actor=actor)
    with pytest.raises(PermissionDenied):
        unlink(made, actor=actor)
    with pytest.raises(PermissionDenied):
        confirm(made, actor=actor)
    assert list(CharacteristicEvidence.objects.filter(removed_at=None)) == [made]


def test_who_leads_a_question_area_links_within_it(paf: Framework, cast: SimpleNamespace) -> None:
    evidence, here, there = make_evidence(), first_of(paf, 1), first_of(paf, 2)
    lead_of(here.topic.question, cast.delivery)
    assert may_link(evidence, cast.delivery)
    assert not may_keep(evidence, cast.delivery)
    link(evidence, here, actor=cast.delivery)
    with pytest.raises(PermissionDenied):
        link(evidence, there, actor=cast.delivery)
    assert [each.characteristic for each in evidence.characteristic_links.all()] == [here]


def test_who_led_it_once_does_not(paf: Framework, cast: SimpleNamespace) -> None:
    lead_of(first_of(paf, 1).topic.question, cast.delivery, until="2024-01-01")
    assert not may_link(make_evidence(), cast.delivery)


def test_a_lead_does_not_link_what_they_may_not_read(paf: Framework, cast: SimpleNamespace) -> None:
    here = first_of(paf, 1)
    lead_of(here.topic.question, cast.delivery)
    with pytest.raises(PermissionDenied):
        link(make_evidence(marking=Marking.SENSITIVE), here, actor=cast.delivery)


def test_linked_twice_it_is_linked_once(paf: Framework) -> None:
    evidence, place = make_evidence(), first_of(paf, 1)
    first = link(evidence, place, actor=evidence.owner)
    assert link(evidence, place, actor=evidence.owner) == first
    assert first.history.count() == 1


def test_linked_again_with_another_strength_it_is_changed(paf: Framework) -> None:
    evidence, place = make_evidence(), first_of(paf, 1)
    link(evidence, place, actor=evidence.owner)
    changed = link(evidence, place, actor=evidence.owner, strength=Strength.DEMONSTRATES)
    assert evidence.characteristic_links.get().strength == "demonstrates"
    assert changed.history.first().history_change_reason == "Strength changed"


def test_there_are_two_strengths_only(paf: Framework) -> None:
    evidence = make_evidence()
    with pytest.raises(ValidationError):
        link(evidence, first_of(paf, 1), actor=evidence.owner, strength="proves")
    assert not CharacteristicEvidence.objects.exists()


def test_what_was_withdrawn_is_not_linked(paf: Framework) -> None:
    evidence = make_evidence(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
    with pytest.raises(ValidationError, match="was withdrawn"):
        link(evidence, first_of(paf, 1), actor=evidence.owner)


def test_taken_off_it_stays_on_record_and_is_linked_anew(paf: Framework) -> None:
    evidence, place = make_evidence(), first_of(paf, 1)
    made = link(evidence, place, actor=evidence.owner)
    unlink(made, actor=evidence.owner)
    unlink(made, actor=evidence.owner)
    made.refresh_from_db()
    assert made.removed_at is not None
    assert made.history.count() == 2
    again = link(evidence, place, actor=evidence.owner)
    assert again != made


def test_confirmed_once(paf: Framework) -> None:
    evidence = make_evidence()
    made = make_link(evidence, first_of(paf, 1), confirmed=False)
    confirm(made, actor=evidence.owner)
    confirm(made, actor=evidence.owner)
    made.refresh_from_db()
    assert made.confirmed
    assert [each.history_change_reason for each in made.history.all()][:1] == [
        "Confirmed after it was carried over"
    ]
    assert made.history.count() == 2


def test_what_was_taken_off_is_not_confirmed(paf: Framework) -> None:
    evidence = make_evidence()
    made = make_link(evidence, first_of(paf, 1), confirmed=False, removed_at=timezone.now())
    with pytest.raises(ValidationError, match="taken off"):
        confirm(made, actor=evidence.owner)


def test_choosing_takes_off_only_what_was_shown(paf: Framework) -> None:
    evidence, place = make_evidence(), first_of(paf, 1)
    topic, question = place.topic, place.topic.question
    second, third, fourth = (
        Characteristic.objects.create(topic=topic, number=number, text=f"Well {number}.")
        for number in (2, 3, 4)
    )
    elsewhere = make_link(evidence, first_of(paf, 2))
    for each in (place, second, third):
        make_link(evidence, each)
    # The third was linked by somebody else, after the page was shown.
    choose(
        evidence,
        question,
        actor=evidence.owner,
        chosen={second: Strength.DEMONSTRATES, fourth: Strength.SUPPORTS},
        shown=[place.pk, second.pk],
    )
    holding = evidence.characteristic_links.holding().order_by("characteristic")
    assert {each.characteristic: each.strength for each in holding} == {
        elsewhere.characteristic: "supports",
        second: "demonstrates",
        third: "supports",
        fourth: "supports",
    }


class TestNamed:
    def test_by_their_codes_in_the_order_of_the_text(self, paf: Framework) -> None:
        named = characteristics_named(" 2.1.1; 1.1.1,2.1.1\n", paf)
        assert [each.code for each in named] == ["2.1.1", "1.1.1"]

    @pytest.mark.parametrize("text", ["", "  ", ",; "])
    def test_none(self, paf: Framework, text: str) -> None:
        assert characteristics_named(text, paf) == []

    @pytest.mark.parametrize("text", ["1.1", "one", "1.1.1.1", "1.1.x"])
    def test_what_is_no_code_is_said(self, paf: Framework, text: str) -> None:
        with pytest.raises(ValidationError) as caught:
            characteristics_named(f"1.1.1, {text}", paf)
        assert caught.value.messages == [
            f"“{text}” is not the number of a characteristic. Write it like 1.2.3: question area, "
            "topic area, characteristic."
        ]

    def test_what_the_framework_has_not_is_said(self, paf: Framework) -> None:
        with pytest.raises(ValidationError) as caught:
            characteristics_named("9.9.9", paf)
        assert caught.value.messages == [
            "There is no characteristic 9.9.9 in PEEL Assessment Framework 2023-25."
        ]


def test_evidence_counts_as_linked_until_it_is_withdrawn(paf: Framework) -> None:
    evidence = make_evidence()
    make_link(evidence, first_of(paf, 1))
    assert evidence.characteristic_links.holding().count() == 1
    Evidence.objects.filter(pk=evidence.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."
    )
    assert evidence.characteristic_links.holding().count() == 0
