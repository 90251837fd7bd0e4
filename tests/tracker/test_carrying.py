"""Carrying over to an invented version of the framework: nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dates import today
from evidence.choices import Strength
from evidence.models import CharacteristicEvidence
from inspections.carrying import (
    CannotBeCarried,
    CarriedOver,
    carry_over,
    what_would_be_carried,
)
from inspections.choices import ImprovementState, Judgement, LeadRole
from inspections.mapping import (
    NotMapped,
    codes_in,
    map_question,
    mapping_of,
    say_what_became,
)
from inspections.models import (
    Assessment,
    Characteristic,
    Framework,
    ImprovementItem,
    Publication,
    QuestionLead,
)
from tests.factories import make_action, make_evidence, make_lead, make_publication, make_user
from tests.inspections.frameworks import INVENTED, day, make_version, the_real_one
from tracker import position
from tracker.models import Action

pytestmark = pytest.mark.django_db
BEFORE = day("2024-10-01")


@pytest.fixture
def old() -> Framework:
    return make_version("Test-1", "2023-04-01", "1.1.1", "1.1.2", "2.1.1", "2.2.1", "3.1.1")


@pytest.fixture
def new() -> Framework:
    return make_version(INVENTED, "2024-11-01", "1.1.1", "1.1.2", "4.1.1", "5.1.1")


def say(old: Framework, new: Framework, **said: str) -> None:
    """`say(old, new, **{"1.1.1": "4.1.1, 1.1.2", "2": "none"})`."""
    mapping = mapping_of(old, new)
    for code, text in said.items():
        part = mapping.parts[code].part
        say_what_became(part, new, codes_in(text, part, mapping.targets), actor=None)


def characteristic(framework: Framework, code: str) -> Characteristic:
    found: Characteristic = mapping_of(framework, framework).targets[code].record
    return found


def assess(framework: Framework, code: str, when: str = "2024-03-01", **fields: Any) -> Assessment:
    values = {"judgement": Judgement.PARTLY, "narrative": "Half of it.", **fields}
    return Assessment.objects.create(
        characteristic=characteristic(framework, code), made_on=day(when), **values
    )


def link(framework: Framework, code: str, evidence: Any = None, **fields: Any) -> Any:
    return CharacteristicEvidence.objects.create(
        characteristic=characteristic(framework, code),
        evidence=evidence or make_evidence(),
        **fields,
    )


def why_kept(record: Any) -> str:
    """What the history says of the last change of a record."""
    return str(record.history.latest().history_change_reason)


def kind(carried: CarriedOver, things: str) -> Any:
    return next(each for each in carried.kinds if each.things == things)


def test_a_split_characteristic_is_assessed_twice_to_be_confirmed(
    old: Framework, new: Framework
) -> None:
    person = make_user("pat")
    first = assess(old, "1.1.1", made_by=person)
    last = assess(old, "1.1.1", "2024-09-01", judgement=Judgement.MEETS, made_by=person)
    say(old, new, **{"1.1.1": "4.1.1, 1.1.2"})

    carried = carry_over(old, new, actor=person)

    for code in ("4.1.1", "1.1.2"):
        rows = Assessment.objects.filter(characteristic=characteristic(new, code))
        assert [row.carried_from for row in rows.order_by("made_on")] == [first, last]
        assert not any(row.confirmed for row in rows)
        assert {row.made_by for row in rows} == {person}
        assert why_kept(rows[0]) == "Carried over from Test-1 to Test-9"
    assert Assessment.objects.holding(new)[characteristic(new, "4.1.1").pk].judgement == "meets"
    assert (kind(carried, "assessments").records, kind(carried, "assessments").copies) == (2, 4)
    last.refresh_from_db()
    assert last.confirmed and last.characteristic == characteristic(old, "1.1.1")


def test_what_was_said_for_the_new_version_is_not_covered_by_a_copy(
    old: Framework, new: Framework
) -> None:
    late = assess(old, "1.1.1", "2024-11-20", judgement=Judgement.MEETS)
    own = assess(new, "4.1.1", "2024-11-10", judgement=Judgement.DOES_NOT)
    say(old, new, **{"1.1.1": "4.1.1, 1.1.2"})

    carried = carry_over(old, new, actor=None)

    holding = Assessment.objects.holding(new)
    assert holding[characteristic(new, "4.1.1").pk] == own
    assert holding[characteristic(new, "1.1.2").pk].carried_from == late
    assert [(left.code, left.what, left.why) for _, left in carried.left] == [
        (
            "1.1.1",
            "Assessment: Meets (2024-11-20)",
            "4.1.1 has an assessment made for Test-9, which holds.",
        )
    ]
    assert carry_over(old, new, actor=None).copies == 0


@pytest.mark.parametrize("worse_on", ["2024-03-01", "2024-09-01"])
def test_of_different_judgements_that_became_one_the_least_good_holds(
    worse_on: str, old: Framework, new: Framework
) -> None:
    assess(old, "1.1.1", "2024-06-01", judgement=Judgement.MEETS)
    worse = assess(old, "1.1.2", worse_on, judgement=Judgement.DOES_NOT)
    assess(old, "2.1.1", "2024-10-01", judgement=Judgement.NOT_ASSESSED, narrative="")
    say(old, new, **dict.fromkeys(("1.1.1", "1.1.2", "2.1.1"), "5.1.1"))

    carried = carry_over(old, new, actor=None)

    held = Assessment.objects.holding(new)[characteristic(new, "5.1.1").pk]
    assert (held.carried_from, held.confirmed) == (worse, False)
    whys = {left.why for _, left in carried.left}
    assert whys == {
        "5.1.1 was merged from characteristics with different judgements; the least good, “Does "
        "not meet” of 1.1.2, holds."
    }
    assert carry_over(old, new, actor=None).copies == 0


def test_a_counterpart_that_something_was_carried_to_stays(old: Framework, new: Framework) -> None:
    one = old.questions.get(number=1)
    assess(old, "1.1.1")
    link(old, "1.1.2")
    action = make_action(question=one)
    codes = {"1": "4", "1.1.1": "4.1.1", "1.1.2": "4.1.1"}
    say(old, new, **codes)
    # Before anything is carried, anything can be corrected.
    map_question(one, new, said={"1": "5", "1.1.1": "5.1.1"}, seen=codes, actor=None)
    map_question(one, new, said=codes, seen={"1": "5", "1.1.1": "5.1.1"}, actor=None)
    carry_over(old, new, actor=None)

    said = {"1": "5, 4", "1.1.1": "5.1.1", "1.1.2": "none"}
    with pytest.raises(NotMapped) as refused:
        map_question(one, new, said=said, seen=codes, actor=None)

    assert refused.value.errors["1"].startswith(
        "What was of question area 1 was moved to 4 already, and stays there. Keep 4 first;"
    )
    for code in ("1.1.1", "1.1.2"):
        assert refused.value.errors[code].startswith(
            f"What stands on {code} was copied to 4.1.1 already, and would count under both. Keep"
        )
    more = {"1": "4, 5", "1.1.1": "4.1.1, 5.1.1"}
    assert map_question(one, new, said=more, seen=codes, actor=None) == 2

    # What somebody has put right there stands in the way no longer.
    CharacteristicEvidence.objects.filter(confirmed=False).update(removed_at=timezone.now())
    action.refresh_from_db()
    action.question = new.questions.get(number=5)
    action.save()
    said = {"1": "5", "1.1.2": "5.1.1"}
    assert map_question(one, new, said=said, seen={**codes, **more}, actor=None) == 2


def test_what_was_merged_is_linked_once_with_the_strongest_link(
    old: Framework, new: Framework
) -> None:
    evidence = make_evidence()
    link(old, "1.1.1", evidence)
    strongest = link(old, "2.1.1", evidence, strength=Strength.DEMONSTRATES)
    say(old, new, **{"1.1.1": "5.1.1", "2.1.1": "5.1.1"})

    carry_over(old, new, actor=None)

    carried = CharacteristicEvidence.objects.get(characteristic=characteristic(new, "5.1.1"))
    assert (carried.carried_from, carried.strength) == (strongest, Strength.DEMONSTRATES)
    assert not carried.confirmed
    assert CharacteristicEvidence.objects.filter(removed_at=None).count() == 3


def test_a_link_that_somebody_took_off_is_not_put_back(old: Framework, new: Framework) -> None:
    link(old, "1.1.1")
    say(old, new, **{"1.1.1": "1.1.1"})
    carry_over(old, new, actor=None)
    CharacteristicEvidence.objects.filter(confirmed=False).update(removed_at=timezone.now())

    carry_over(old, new, actor=None)

    on_new = CharacteristicEvidence.objects.filter(characteristic=characteristic(new, "1.1.1"))
    assert on_new.count() == 1


def test_what_is_not_mapped_is_listed_as_left_behind(old: Framework, new: Framework) -> None:
    assess(old, "3.1.1")
    link(old, "2.2.1")
    question = old.questions.get(number=3)
    action = make_action("ST-0001", question=question)
    say(old, new, **{"3.1.1": "none"})

    carried = carry_over(old, new, actor=None)

    told = {(things, left.code, left.what, left.why) for things, left in carried.left}
    assert told == {
        (
            "assessments",
            "3.1.1",
            "Assessment: Partly meets (2024-03-01)",
            "3.1.1 has no counterpart in Test-9.",
        ),
        (
            "links of evidence to characteristics",
            "2.2.1",
            "A link of evidence",
            "Nobody has said what 2.2.1 became.",
        ),
        ("actions", "3", "ST-0001", "Nobody has said what 3 became."),
    }
    action.refresh_from_db()
    assert action.question == question
    assert carried.copies == 0


def test_actions_publications_and_open_items_go_to_the_first_counterpart(
    old: Framework, new: Framework
) -> None:
    question = old.questions.get(number=1)
    action = make_action(question=question)
    version = Action.objects.get(pk=action.pk).version
    report = make_publication(question=question)
    lead = make_lead("Head of Crime")
    item = ImprovementItem.objects.create(question=question, text="Do better", owner=lead)
    done = ImprovementItem.objects.create(
        question=question,
        text="Done already",
        owner=lead,
        state=ImprovementState.DONE,
        ended_on=BEFORE,
        outcome="It is better.",
    )
    say(old, new, **{"1": "4, 1"})

    carry_over(old, new, actor=None)

    for record in (action, report, item, done):
        record.refresh_from_db()
    four = new.questions.get(number=4)
    assert (action.question, report.question, item.question) == (four, four, four)
    assert done.question == question
    # A form that somebody has open is told.
    assert action.version == version + 1
    assert why_kept(action) == "Carried over from Test-1 to Test-9"


def test_leads_of_a_question_area_lead_its_counterparts(old: Framework, new: Framework) -> None:
    baker, crime = make_lead("ACC Baker", chief_officer=True), make_lead("ACC Carr")
    for number, lead in ((1, baker), (2, crime)):
        QuestionLead.objects.create(
            question=old.questions.get(number=number),
            role=LeadRole.EXECUTIVE,
            lead=lead,
            started_on=day("2023-04-01"),
        )
    say(old, new, **{"1": "1, 4", "2": "1"})

    carried = carry_over(old, new, actor=None)

    leads = QuestionLead.objects.filter(question__framework=new)
    assert {(duty.question.number, duty.lead) for duty in leads} == {(1, baker), (4, baker)}
    assert {duty.started_on for duty in leads} == {new.in_force_from}
    assert [(left.code, left.why) for _, left in carried.left] == [
        ("2", "1 of Test-9 has another lead already.")
    ]
    assert QuestionLead.objects.filter(question__framework=old, ended_on=None).count() == 2


def test_a_past_day_keeps_its_live_actions_together(old: Framework, new: Framework) -> None:
    one, two = old.questions.get(number=1), old.questions.get(number=2)
    make_action(question=one, received="2023-05-01")
    make_action(question=one, received="2023-05-01", status="closed", since="2024-11-15")
    make_action(question=two, received="2023-05-01")
    before = position.by_question(BEFORE)
    assert before == {one.pk: 2, two.pk: 1}
    say(old, new, **{"1": "4", "2": "5"})

    carry_over(old, new, actor=None)

    four, five = new.questions.get(number=4), new.questions.get(number=5)
    assert position.by_question(BEFORE) == {four.pk: 2, five.pk: 1}
    assert position.by_question(today()) == {four.pk: 1, five.pk: 1}


def test_done_again_nothing_is_carried_twice(old: Framework, new: Framework) -> None:
    assess(old, "1.1.1")
    link(old, "1.1.1")
    make_action(question=old.questions.get(number=1))
    say(old, new, **{"1": "4", "1.1.1": "4.1.1"})
    foretold = what_would_be_carried(old, new)
    assert Assessment.objects.count() == 1

    first = carry_over(old, new, actor=None)
    again = carry_over(old, new, actor=None)

    assert first == foretold
    assert first.copies == 3
    assert again.copies == 0
    assert kind(again, "assessments").already == 1


def test_nothing_is_carried_before_the_version_is_in_force(old: Framework) -> None:
    later = make_version("Test-10", "2099-01-01", "1.1.1")
    with pytest.raises(CannotBeCarried, match="comes into force on 1 January 2099"):
        carry_over(old, later, actor=None)


def test_the_number_of_questions_to_the_database_does_not_grow(
    old: Framework, new: Framework, django_assert_num_queries: Callable[..., Any]
) -> None:
    assess(old, "1.1.1")
    with CaptureQueriesContext(
        connection,
    ) as few:
        what_would_be_carried(old, new)
    for code in ("1.1.1", "1.1.2", "2.1.1"):
        assess(old, code, "2024-05-01")
        link(old, code)
        make_action(question=old.questions.get(number=1))
    with django_assert_num_queries(len(few)):
        what_would_be_carried(old, new)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_mapping_nothing_of_the_real_framework_is_lost(
    data: st.DataObject, db: None
) -> None:
    """Splits, merges, drops and renumbering, at random."""
    with transaction.atomic():
        _check_that_nothing_is_lost(data)
        transaction.set_rollback(True)


def _check_that_nothing_is_lost(data: st.DataObject) -> None:
    old = the_real_one()
    new = make_version(INVENTED, "2024-11-01", *[f"{q}.1.{n}" for q in (2, 7, 30) for n in (1, 2)])
    mapping = mapping_of(old, new)
    some = data.draw(st.lists(st.sampled_from(sorted(mapping.parts)), unique=True, max_size=25))
    owner = make_user("owner")
    papers = [make_evidence(owner=owner) for _ in range(3)]
    for code in some:
        part = mapping.parts[code].part
        targets = [each.code for each in mapping.targets.values() if each.level == part.level]
        became = data.draw(st.lists(st.sampled_from(targets), unique=True, max_size=3))
        if data.draw(st.booleans()):
            chosen = [mapping.targets[each] for each in became]
            say_what_became(part, new, chosen, actor=None)
        if part.level == 2:
            for paper in data.draw(st.lists(st.sampled_from(papers), unique=True)):
                CharacteristicEvidence.objects.create(characteristic=part.record, evidence=paper)
            for month in range(1, data.draw(st.integers(0, 2)) + 1):
                assess(old, code, f"2024-0{month}-01")
        if part.level == 0:
            make_action(question=part.record)
            ImprovementItem.objects.create(
                question=part.record, text="Better", owner=make_lead("Head of Crime")
            )
    before = _everything(old)

    carried = carry_over(old, new, actor=None)

    counterparts = {
        each.part.record.pk: {part.record.pk for part in each.new}
        for each in mapping_of(old, new).parts.values()
        if each.part.level == 2
    }
    told = [left.what for things, left in carried.left if things == "assessments"]
    for row in Assessment.objects.filter(characteristic__topic__question__framework=old):
        got = set(row.carried_to.values_list("characteristic", flat=True))
        assert got == counterparts[row.characteristic_id] or f"Assessment: {row}" in told
    stands = set(
        CharacteristicEvidence.objects.filter(
            confirmed=False, carried_from__isnull=False
        ).values_list("evidence", "characteristic")
    )
    links = CharacteristicEvidence.objects.filter(characteristic__topic__question__framework=old)
    for each in links:
        expected = counterparts[each.characteristic_id]
        assert {(each.evidence_id, target) for target in expected} <= stands
    left = {(things, item.code) for things, item in carried.left}
    moving: tuple[tuple[str, Any], ...] = (
        ("actions", Action),
        ("open improvement items", ImprovementItem),
    )
    for name, model in moving:
        for record in model.objects.select_related("question__framework"):
            if record.question.framework == old:
                assert (name, str(record.question.number)) in left
            else:
                assert why_kept(record).startswith("Carried over")
    lost = sum(1 for things, _ in carried.left if things == "assessments")
    assert lost == sum(not counterparts[pk] for pk in _assessed(old))
    assert _everything(old) == before
    assert carry_over(old, new, actor=None).copies == 0


def _assessed(framework: Framework) -> list[int]:
    rows = Assessment.objects.filter(characteristic__topic__question__framework=framework)
    return list(rows.values_list("characteristic", flat=True))


def _everything(framework: Framework) -> Any:
    """What hangs on the characteristics of a framework, and their wording."""
    parts = {code: part.text for code, part in mapping_of(framework, framework).targets.items()}
    of = {"characteristic__topic__question__framework": framework}
    return (
        parts,
        list(Assessment.objects.filter(**of).order_by("pk").values()),
        list(CharacteristicEvidence.objects.filter(**of).order_by("pk").values()),
        Publication.objects.count(),
    )
