"""How the question areas are covered: the arithmetic, against a table written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from core.markings import Marking
from evidence.coverage import Cover, Standing, Totals, coverage
from evidence.models import CharacteristicEvidence, Evidence
from inspections.loading import load_framework
from inspections.models import Characteristic, Framework
from people.models import User
from tests.factories import day, make_evidence, make_framework, make_link, make_user

TODAY = day("2024-11-25")
FRESH, DUE, STALE = day("2024-12-26"), day("2024-12-25"), day("2024-11-24")

# What stands for each of the 93 characteristics, topic area by topic area and characteristic by
# characteristic: fresh, due for review, stale. The pattern, which `evidence_of_the_pattern` makes:
# the first of every topic area has something fresh, the second something due, the third something
# stale, the fourth and later ones nothing. Question area 4 has more: see there.
EXPECTED = """
1.1   1-0-0  0-1-0  0-0-1
1.2   1-0-0  0-1-0
1.3   1-0-0  0-1-0  0-0-1
1.4   1-0-0  0-1-0  0-0-1
1.5   1-0-0
2.1   1-0-0  0-1-0
2.2   1-0-0  0-1-0
2.3   1-0-0  0-1-0
3.1   1-0-0  0-1-0  0-0-1
3.2   1-0-0  0-1-0
3.3   1-0-0  0-1-0  0-0-1
4.1   1-0-2  0-1-0  0-0-1  0-0-0  0-0-0  1-0-0
4.2   1-0-2  0-1-0  0-0-1  0-0-0
5.1   1-0-0  0-1-0  0-0-1
5.2   1-0-0  0-1-0
5.3   1-0-0
6.1   1-0-0  0-1-0
6.2   1-0-0  0-1-0  0-0-1
7.1   1-0-0  0-1-0  0-0-1
7.2   1-0-0  0-1-0  0-0-1
7.3   1-0-0  0-1-0  0-0-1  0-0-0  0-0-0
8.1   1-0-0  0-1-0
8.2   1-0-0  0-1-0  0-0-1
8.3   1-0-0
8.4   1-0-0  0-1-0  0-0-1
8.5   1-0-0
9.1   1-0-0  0-1-0  0-0-1
9.2   1-0-0  0-1-0  0-0-1
9.3   1-0-0  0-1-0  0-0-1
10.1  1-0-0  0-1-0  0-0-1
10.2  1-0-0  0-1-0  0-0-1
10.3  1-0-0  0-1-0
10.4  1-0-0  0-1-0  0-0-1
10.5  1-0-0  0-1-0
11.1  1-0-0  0-1-0  0-0-1
"""
# Question area -> covered, only stale evidence, none: counted in the table above by hand.
TOTALS = {
    1: (9, 3, 0),
    2: (6, 0, 0),
    3: (6, 2, 0),
    4: (5, 2, 3),
    5: (5, 1, 0),
    6: (4, 1, 0),
    7: (6, 3, 2),
    8: (8, 2, 0),
    9: (6, 3, 0),
    10: (10, 3, 0),
    11: (2, 1, 0),
}


@pytest.fixture
def paf(db: None) -> Framework:
    """The framework of 2023-25, as it is shipped."""
    path = Path(settings.BASE_DIR) / "fixtures" / "paf-2023-25.json"
    load_framework(json.loads(path.read_text(encoding="utf-8")), actor=None)
    return Framework.objects.get(version="2023-25")


def at(framework: Framework, code: str) -> Characteristic:
    question, topic, number = (int(part) for part in code.split("."))
    return Characteristic.objects.get(
        topic__question__framework=framework,
        topic__question__number=question,
        topic__number=topic,
        number=number,
    )


def stand_for(evidence: Evidence, framework: Framework, **places: Any) -> None:
    found = Characteristic.objects.filter(topic__question__framework=framework, **places)
    for characteristic in found:
        make_link(evidence, characteristic)


def evidence_of_the_pattern(framework: Framework) -> None:
    fresh, due, stale = (make_evidence(review_by=review) for review in (FRESH, DUE, STALE))
    stand_for(fresh, framework, number=1)
    stand_for(due, framework, number=2)
    stand_for(stale, framework, number=3)
    # Two pieces that are stale, for the first of both topic areas of question area 4.
    for _ in range(2):
        older = make_evidence(review_by=day("2023-01-01"))
        stand_for(older, framework, number=1, topic__question__number=4)
    # What counts nowhere: withdrawn evidence, and a link that was taken off.
    gone = make_evidence(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
    make_link(gone, at(framework, "4.1.4"))
    make_link(make_evidence(), at(framework, "4.1.5"), removed_at=timezone.now())
    # What counts although few may read it.
    secret = make_evidence(review_by=FRESH, marking=Marking.SENSITIVE)
    make_link(secret, at(framework, "4.1.6"))


def table(framework: Framework) -> str:
    """What `coverage` says, as the table above writes it."""
    topics: dict[str, list[str]] = {}
    for of_question in coverage(framework, TODAY).values():
        for cover in of_question.covers:
            topic = cover.characteristic.code.rpartition(".")[0]
            counts = f"{cover.fresh}-{cover.due}-{cover.stale}"
            topics.setdefault(topic, []).append(counts)
    return "\n".join(f"{topic:<6}{'  '.join(cells)}" for topic, cells in topics.items())


def test_every_characteristic_has_what_the_table_says(paf: Framework) -> None:
    evidence_of_the_pattern(paf)
    assert table(paf) == EXPECTED.strip()
    assert EXPECTED.count("-") == 2 * 93


def test_question_areas_add_up_as_counted_by_hand(paf: Framework) -> None:
    evidence_of_the_pattern(paf)
    found = coverage(paf, TODAY)
    said = {number: each.totals for number, each in found.items()}
    assert said == {number: Totals(*counts) for number, counts in TOTALS.items()}
    assert sum(totals.total for totals in said.values()) == 93


def test_nothing_is_covered_where_there_is_no_evidence(paf: Framework) -> None:
    found = coverage(paf, TODAY)
    assert list(found) == list(range(1, 12))
    assert sum(each.totals.none for each in found.values()) == 93


def test_it_is_read_with_a_fixed_number_of_queries(
    paf: Framework, django_assert_num_queries: Any
) -> None:
    evidence_of_the_pattern(paf)
    with django_assert_num_queries(3):
        codes = [
            cover.characteristic.code
            for each in coverage(paf, TODAY).values()
            for cover in each.gaps_first
        ]
    assert len(set(codes)) == 93


def test_freshness_is_that_of_the_day(paf: Framework) -> None:
    make_link(make_evidence(review_by=DUE), at(paf, "1.1.1"))

    def cover(date: str) -> tuple[int, int, int]:
        found = coverage(paf, day(date))[1].covers[0]
        return found.fresh, found.due, found.stale

    assert cover("2024-11-24") == (1, 0, 0)
    assert cover("2024-11-25") == (0, 1, 0)
    assert cover("2024-12-25") == (0, 1, 0)
    assert cover("2024-12-26") == (0, 0, 1)


def test_what_demonstrates_and_what_is_to_be_confirmed_is_counted(paf: Framework) -> None:
    place = at(paf, "1.1.1")
    make_link(make_evidence(), place, strength="demonstrates")
    make_link(make_evidence(), place, strength="demonstrates", confirmed=False)
    make_link(make_evidence(), place)
    cover = coverage(paf, TODAY)[1].covers[0]
    assert (cover.total, cover.demonstrating, cover.to_confirm) == (3, 2, 1)


def test_another_version_of_the_framework_counts_for_itself(paf: Framework) -> None:
    other = make_framework(version="2099-01")
    make_link(make_evidence(), Characteristic.objects.filter(topic__question__framework=other)[0])
    assert sum(each.totals.none for each in coverage(paf, TODAY).values()) == 93
    assert [each.totals.none for each in coverage(other, TODAY).values()] == [0, 1]


def test_a_question_area_without_characteristics_is_there_and_empty(db: None) -> None:
    framework = make_framework(questions=1)
    framework.questions.create(number=2, text="How good is the force at nothing yet?")
    found = coverage(framework, TODAY)
    assert (found[2].covers, found[2].totals) == ((), Totals())


def test_gaps_come_first(paf: Framework) -> None:
    evidence_of_the_pattern(paf)
    order = [
        (cover.characteristic.code, cover.standing.label)
        for cover in coverage(paf, TODAY)[4].gaps_first
    ]
    assert order == [
        ("4.1.4", "No evidence"),
        ("4.1.5", "No evidence"),
        ("4.2.4", "No evidence"),
        ("4.1.3", "Only stale evidence"),
        ("4.2.3", "Only stale evidence"),
        ("4.1.1", "Covered"),
        ("4.1.2", "Covered"),
        ("4.1.6", "Covered"),
        ("4.2.1", "Covered"),
        ("4.2.2", "Covered"),
    ]


def test_what_is_due_for_review_still_covers() -> None:
    characteristic = Characteristic(number=1)
    assert Cover(characteristic, due=1, stale=2).standing == Standing.COVERED
    assert Cover(characteristic, stale=2).standing == Standing.STALE
    assert Totals(covered=1, stale=2, none=3).gaps == 5


def test_the_same_evidence_counts_once_where_it_was_taken_off_and_linked_again(
    paf: Framework,
) -> None:
    evidence, place = make_evidence(), at(paf, "1.1.1")
    make_link(evidence, place, removed_at=timezone.now())
    make_link(evidence, place)
    assert coverage(paf, TODAY)[1].covers[0].total == 1
    assert CharacteristicEvidence.objects.count() == 2


def test_who_asks_changes_nothing(paf: Framework) -> None:
    """There is nobody to ask for: the function takes a framework and a day."""
    reader: User = make_user("reader")
    evidence_of_the_pattern(paf)
    hidden = Evidence.objects.exclude(pk__in=Evidence.objects.visible_to(reader))
    assert hidden.count() == 1
    assert coverage(paf, TODAY)[4].covers[5].fresh == 1
