"""Self-assessment by characteristic: who may judge, what is kept, and what writes nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core.collisions import Overtaken
from inspections.assessing import assess, confirm_assessment, latest_assessment, may_assess
from inspections.choices import Judgement, LeadRole
from inspections.models import Assessment, Characteristic, QuestionLead
from people.models import LeadHolder
from tests.factories import day, make_delegate, make_framework, make_lead, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> SimpleNamespace:
    """A question area that the Head of Crime leads for delivery, with its one characteristic."""
    question = make_framework().questions.get(number=1)
    holder = make_user("crime", "delivery lead")
    lead = make_lead("Head of Crime", holder)
    duty = QuestionLead.objects.create(
        question=question, role=LeadRole.DELIVERY, lead=lead, started_on=day("2024-01-01")
    )
    characteristic = Characteristic.objects.get(topic__question=question)
    return SimpleNamespace(
        question=question, holder=holder, lead=lead, duty=duty, characteristic=characteristic
    )


def say(area: SimpleNamespace, **fields: Any) -> Assessment:
    values = {"actor": area.holder, "judgement": Judgement.PARTLY, "narrative": "Half of it."}
    return assess(area.characteristic, **{**values, **fields})


def test_the_leads_of_today_those_who_post_for_them_and_governance_may_judge(
    area: SimpleNamespace, cast: SimpleNamespace
) -> None:
    clerk, past = make_user("clerk"), make_user("past", "delivery lead")
    make_delegate(area.lead, clerk)
    LeadHolder.objects.create(
        lead=area.lead, user=past, started_on=day("2023-01-01"), ended_on=day("2024-02-01")
    )
    allowed = [area.holder, clerk, cast.governance]
    assert [may_assess(area.question, each) for each in allowed] == [True] * 3
    refused = [past, cast.delivery, cast.staff, cast.chair]
    assert [may_assess(area.question, each) for each in refused] == [False] * 4


def test_who_led_the_question_area_yesterday_may_no_longer(area: SimpleNamespace) -> None:
    area.duty.ended_on = day("2024-11-25")
    area.duty.save()
    assert not may_assess(area.question, area.holder)
    with pytest.raises(PermissionDenied):
        say(area)


def test_a_framework_that_a_newer_one_took_over_from_stays_as_it_was(
    area: SimpleNamespace, cast: SimpleNamespace
) -> None:
    newer = make_framework("2024-26")
    newer.in_force_from = day("2024-06-01")
    newer.save()
    assert not may_assess(area.question, cast.governance)
    assert may_assess(newer.questions.get(number=1), cast.governance)


def test_a_new_judgement_is_a_new_row_and_the_old_one_is_history(area: SimpleNamespace) -> None:
    say(area, made_on=day("2024-06-01"))
    say(area, judgement=Judgement.MEETS, narrative="All of it.")
    told = [(each.judgement, each.made_on) for each in area.characteristic.assessments.all()]
    assert told == [("meets", day("2024-11-25")), ("partly", day("2024-06-01"))]
    latest = latest_assessment(area.characteristic)
    assert latest is not None and str(latest.made_by) == "Crime"
    assert latest.history.latest().user_name == "Crime"


def test_what_holds_already_is_not_written_again(area: SimpleNamespace) -> None:
    first = say(area, made_on=day("2024-06-01"))
    assert say(area, narrative=" Half of it. ", seen=0) == first
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("judgement", [Judgement.MEETS, Judgement.PARTLY, Judgement.DOES_NOT])
def test_a_judgement_says_why(area: SimpleNamespace, judgement: str) -> None:
    with pytest.raises(ValidationError, match="Say why in one or two sentences"):
        say(area, judgement=judgement, narrative="  ")
    assert say(area, judgement=Judgement.NOT_ASSESSED, narrative="").pk


def test_no_day_of_the_future_and_none_before_what_was_said_last(area: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="26 November 2024 has not come yet"):
        say(area, made_on=day("2024-11-26"))
    say(area, made_on=day("2024-06-01"))
    with pytest.raises(ValidationError, match="assessed on 1 June 2024"):
        say(area, judgement=Judgement.MEETS, made_on=day("2024-05-31"))


def test_who_is_second_is_told_what_the_first_said(
    area: SimpleNamespace, cast: SimpleNamespace
) -> None:
    first = say(area, judgement=Judgement.MEETS, narrative="All of it.", seen=0)
    with pytest.raises(Overtaken) as told:
        say(area, actor=cast.governance, judgement=Judgement.DOES_NOT, narrative="No.", seen=0)
    assert told.value.version == first.pk
    [change] = told.value.changes
    assert change.by == "Crime"
    assert [field.now for field in change.fields] == ["Meets", "All of it."]
    again = say(
        area, actor=cast.governance, judgement=Judgement.DOES_NOT, narrative="No.", seen=first.pk
    )
    assert latest_assessment(area.characteristic) == again


def test_what_was_carried_over_holds_once_it_is_confirmed(area: SimpleNamespace) -> None:
    carried = Assessment.objects.create(
        characteristic=area.characteristic,
        judgement=Judgement.MEETS,
        narrative="All of it.",
        made_on=day("2023-06-01"),
        recorded_at=timezone.now(),
        confirmed=False,
    )
    confirmed = confirm_assessment(carried, actor=area.holder)
    assert confirmed.confirmed and confirmed != carried
    assert (confirmed.judgement, confirmed.narrative) == ("meets", "All of it.")
    assert confirm_assessment(confirmed, actor=area.holder) == confirmed
    carried.refresh_from_db()
    assert not carried.confirmed
