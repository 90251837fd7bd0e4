"""The plenary session on a report, and the improvement items that come from it."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.collisions import Overtaken
from inspections.models import CoreQuestion, ImprovementItem, Plenary
from inspections.plenaries import Wanted, add_items, record_plenary
from tests.factories import day, make_framework, make_lead, make_plenary, make_publication

pytestmark = pytest.mark.django_db


def wanted(question: CoreQuestion, text: str = "Train custody sergeants.") -> Wanted:
    return Wanted(question, text, make_lead("Head of Crime"), day("2025-03-31"))


def test_a_session_is_recorded_with_who_and_notes_and_changed(cast: SimpleNamespace) -> None:
    publication = make_publication(published_on=day("2024-11-05"))
    assert publication.plenary_on is None
    first = record_plenary(
        publication,
        actor=cast.governance,
        held_on=day("2024-11-14"),
        attended="ACC Baker\nHead of Crime",
        notes=" Three things to do. ",
    )
    assert (first.notes, first.recorded_by) == ("Three things to do.", cast.governance)
    changed = record_plenary(
        publication, actor=cast.governance, version=1, held_on=day("2024-11-15"), attended="All"
    )
    assert (changed.pk, changed.held_on, changed.version) == (first.pk, day("2024-11-15"), 2)
    assert changed.history.latest().user_name == "Governance"


@pytest.mark.parametrize(
    ("held_on", "said"),
    [("2024-11-04", "before the report was published"), ("2024-11-26", "has not come yet")],
)
def test_a_session_is_held_after_the_report_and_not_in_the_future(
    cast: SimpleNamespace, held_on: str, said: str
) -> None:
    publication = make_publication(published_on=day("2024-11-05"))
    with pytest.raises(ValidationError, match=said):
        record_plenary(publication, actor=cast.governance, held_on=day(held_on))
    assert not Plenary.objects.exists()


def test_the_same_session_sent_twice_is_one_and_another_is_told(cast: SimpleNamespace) -> None:
    publication = make_publication()
    for _ in range(2):
        record_plenary(publication, actor=cast.governance, held_on=day("2024-11-14"))
    assert Plenary.objects.get().version == 1
    with pytest.raises(Overtaken):
        record_plenary(publication, actor=cast.admin, held_on=day("2024-11-15"))
    assert Plenary.objects.get().held_on == day("2024-11-14")


def test_items_go_into_the_plans_of_their_areas_linked_to_the_session(
    cast: SimpleNamespace,
) -> None:
    first, second = make_framework().questions.all()
    plenary = make_plenary(make_publication())
    both = [wanted(first), wanted(second, "Review the policy.")]
    for _ in range(2):
        add_items(plenary, actor=cast.governance, wanted=both)
    found = plenary.improvement_items.order_by("question__number")
    assert [(item.question, item.text, item.owner.name) for item in found] == [
        (first, "Train custody sergeants.", "Head of Crime"),
        (second, "Review the policy.", "Head of Crime"),
    ]
    assert {item.recorded_by for item in found} == {cast.governance}


def test_of_several_items_all_are_written_or_none(cast: SimpleNamespace) -> None:
    question = make_framework().questions.get(number=1)
    plenary = make_plenary(make_publication())
    with pytest.raises(ValidationError):
        add_items(plenary, actor=cast.governance, wanted=[wanted(question), wanted(question, "")])
    with pytest.raises(PermissionDenied):
        add_items(plenary, actor=cast.staff, wanted=[wanted(question)])
    assert not ImprovementItem.objects.exists()
