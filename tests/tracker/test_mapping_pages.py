"""Saying what became of a version, and carrying over, on their pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspections.choices import Judgement
from inspections.mapping import NotMapped, map_question, mapping_of, suggestions
from inspections.models import Characteristic, CharacteristicMapping, Framework
from tests.factories import make_action, make_assessment
from tests.inspections.frameworks import INVENTED, make_version, the_real_one

pytestmark = pytest.mark.django_db
PAGE = f"/paf/{INVENTED}/mapping/"


@pytest.fixture
def old() -> Framework:
    return make_version("Test-1", "2023-04-01", "1.1.1", "1.1.2", "2.1.1")


@pytest.fixture
def new(old: Framework) -> Framework:
    return make_version(INVENTED, "2024-11-01", "1.1.1", "4.1.1", "4.1.2")


def words(old: Framework, new: Framework) -> dict[str, str]:
    return {code: each.words for code, each in mapping_of(old, new).parts.items()}


def test_governance_says_what_a_question_area_became(
    old: Framework, new: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(cast.governance)
    said = {"1": "4", "1.1": "none", "1.1.1": "4.1.1; 4.1.2", "1.1.2": ""}
    page = client.post(f"{PAGE}1/", said, follow=True).content.decode()
    assert "Question area 1: what three parts became is kept." in page
    assert "<strong>3 of 7 parts</strong> are mapped; 4 still to be said." in page
    assert words(old, new) == {
        **dict.fromkeys(mapping_of(old, new).parts, ""),
        "1": "4",
        "1.1": "none",
        "1.1.1": "4.1.1, 4.1.2",
    }
    row = CharacteristicMapping.objects.get(place=0)
    reason = row.history.get()  # type: ignore[union-attr]
    assert reason.history_change_reason == "1.1.1 became 4.1.1"
    assert reason.user_name == str(cast.governance)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9.9.9", "The new version has no “9.9.9”. Write codes such as 4.1.2."),
        ("4.1", "“4.1” is a topic area, and 1.1.1 is a characteristic."),
        ("none, 4.1.1", "Write either “none” or codes, not both."),
        ("<script>", "The new version has no “&lt;script&gt;”."),
    ],
)
def test_a_wrong_code_is_told_beside_its_field_and_nothing_typed_is_lost(
    text: str,
    sentence: str,
    old: Framework,
    new: Framework,
    cast: Any,
    sign_in: Callable[..., Client],
) -> None:
    sent = {"1.1.1": text, "1.1.2": "4.1.1"}
    page = sign_in(cast.admin).post(f"{PAGE}1/", sent).content.decode()
    assert sentence in page
    assert 'name="1.1.2" value="4.1.1"' in page
    assert set(words(old, new).values()) == {""}


def test_two_people_who_map_one_question_area_lose_nothing(
    old: Framework, new: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    question = old.questions.get(number=1)
    map_question(question, new, said={"1.1.1": "1.1.1"}, seen={}, actor=cast.admin)
    # The second opened the page before that, and said something of another part.
    opened = {f"seen-{code}": "" for code in ("1", "1.1", "1.1.1", "1.1.2")}
    client = sign_in(cast.governance)
    client.post(f"{PAGE}1/", {**opened, "1.1.1": "", "1.1.2": "4.1.2"})
    assert words(old, new)["1.1.1"] == "1.1.1"
    assert words(old, new)["1.1.2"] == "4.1.2"

    # Of the same part, the second is told, and saves again knowingly.
    page = client.post(f"{PAGE}1/", {**opened, "1.1.1": "4.1.1", "1.1.2": "4.1.2"})
    text = page.content.decode()
    assert "Somebody has just said “1.1.1” here. Save again to put yours in its place." in text
    assert 'name="seen-1.1.1" value="1.1.1"' in text
    assert words(old, new)["1.1.1"] == "1.1.1"
    again = {**opened, "seen-1.1.1": "1.1.1", "1.1.1": "4.1.1", "1.1.2": "4.1.2"}
    client.post(f"{PAGE}1/", again)
    assert words(old, new)["1.1.1"] == "4.1.1"


def test_the_same_said_twice_writes_nothing(old: Framework, new: Framework) -> None:
    question = old.questions.get(number=1)
    said = {"1.1.1": "4.1.1"}
    assert map_question(question, new, said=said, seen={}, actor=None) == 1
    rows = CharacteristicMapping.history.count()
    assert map_question(question, new, said=said, seen={}, actor=None) == 0
    assert CharacteristicMapping.history.count() == rows


def test_codes_of_other_question_areas_are_left_alone(old: Framework, new: Framework) -> None:
    question = old.questions.get(number=1)
    assert map_question(question, new, said={"2.1.1": "4.1.1"}, seen={}, actor=None) == 0
    with pytest.raises(NotMapped):
        map_question(question, new, said={"1.1.1": "4.1.7"}, seen={}, actor=None)


def test_what_reads_alike_is_shown_and_filled_in_only_when_asked(
    old: Framework, new: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(cast.governance)
    page = client.get(f"{PAGE}1/").content.decode()
    assert "of 100 alike" in page
    assert 'name="1.1.1" value=' not in page
    filled = client.get(f"{PAGE}1/?fill=alike").content.decode()
    assert 'name="1.1.1" value="1.1.1"' in filled
    assert set(words(old, new).values()) == {""}


def test_a_version_against_itself_is_suggested_word_for_word() -> None:
    real = the_real_one()
    targets = mapping_of(real, real).targets
    found = suggestions(list(targets.values()), targets)
    best = {code: likely[0] for code, likely in found.items()}
    assert all(each.score == 100 for each in best.values())
    same = [code for code, each in best.items() if each.part.text == targets[code].text]
    assert len(same) == len(targets)


def test_the_first_version_has_nothing_to_map(cast: Any, sign_in: Callable[..., Client]) -> None:
    make_version("Test-1", "2023-04-01", "1.1.1")
    for page in ("mapping/", "mapping/1/", "carry-over/"):
        text = sign_in(cast.admin).get(f"/paf/Test-1/{page}").content.decode()
        assert "There is no version before it" in text


def test_carrying_over_asks_first_and_says_what_stays(
    old: Framework, new: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    for number in range(1, 8):
        make_action(f"ST-000{number}", question=old.questions.get(number=2))
    moving = make_action(question=old.questions.get(number=1))
    question = old.questions.get(number=1)
    map_question(question, new, said={"1": "4"}, seen={}, actor=None)
    client = sign_in(cast.governance)

    page = client.get(f"/paf/{INVENTED}/carry-over/").content.decode()
    assert "Carry over to Test-9?" in page
    assert f'<a class="govuk-link" href="{PAGE}">Cancel</a>' in page
    assert "ST-0001; ST-0002; ST-0003; ST-0004; ST-0005 and 2 more" in page
    assert "Nobody has said what 2 became." in page
    moving.refresh_from_db()
    assert moving.question == question

    done = client.post(f"/paf/{INVENTED}/carry-over/", follow=True).content.decode()
    assert "One record carried over to Test-9." in done
    assert "There is nothing more to carry over along what is mapped so far." in done
    moving.refresh_from_db()
    assert moving.question == new.questions.get(number=4)


def test_what_stays_is_told_question_area_by_question_area_in_one_line_each(
    old: Framework, new: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    for each in Characteristic.objects.filter(topic__question__framework=old):
        make_assessment(each, Judgement.MEETS)
    page = sign_in(cast.governance).get(f"/paf/{INVENTED}/carry-over/").content.decode()
    first = page[page.index('id="left-1"') : page.index('id="left-2"')]
    assert "1. Invented question 1?" in first
    assert first.count('<th scope="row"') == 1
    assert 'data-label="How many">2</td>' in first
    assert "It is not mapped yet." in first and "Of 1.1.1, 1.1.2" in first
    assert "Nobody has said what 2.1.1 became." in page


def test_before_its_day_a_version_is_mapped_but_not_carried_to(
    old: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    make_version("Test-10", "2099-01-01", "1.1.1")
    make_action(question=old.questions.get(number=1))
    client = sign_in(cast.admin)
    page = client.post("/paf/Test-10/carry-over/").content.decode()
    assert "comes into force on 1 January 2099" in page
    assert "Carry over to Test-10</button>" not in page


def test_the_overview_asks_the_database_a_fixed_number_of_times(
    cast: Any, sign_in: Callable[..., Client]
) -> None:
    def asked(version: str) -> int:
        client = sign_in(cast.admin)
        client.get(f"/paf/{version}/mapping/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/paf/{version}/mapping/").status_code == 200
        return len(queries)

    make_version("Test-1", "2020-04-01", "1.1.1")
    make_version("Test-2", "2021-04-01", "1.1.1")
    few = asked("Test-2")
    the_real_one()
    make_version(INVENTED, "2024-11-01", "1.1.1")
    assert asked(INVENTED) == few
