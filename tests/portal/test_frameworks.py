"""Taking in a version of the framework: JSON and workbooks, good and bad."""

import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from inspections.mapping import mapping_of
from inspections.models import Characteristic, CharacteristicMapping, Framework
from inspections.versions import VersionRefused, compare
from people.models import User
from portal.frameworks.reading import Told, read_framework
from portal.frameworks.taking_in import apply_framework, receive_framework, seen_in
from portal.models import FrameworkUpload
from tests.factories import make_action
from tests.inspections.frameworks import INVENTED, invented, make_version, the_real_one

pytestmark = pytest.mark.django_db
TOLD = Told(framework="Invented framework", version=INVENTED, in_force_from="2024-11-01")
# A JSON file says it itself.
ITSELF = Told()
HEADERS = (
    "Question number",
    "Question",
    "Topic number",
    "Topic",
    "Characteristic number",
    "Characteristic",
    "Was",
)
GOOD = (
    (1, "Is it good?", 1, "Calls", 1, "It answers calls.", "1.1.1"),
    (1, None, 1, None, 2, "It records calls.", "1.1.2; 2.1.1"),
    (2, "Is it fair?", 1, "Searches", 1, "It searches fairly.", None),
)


def sheet(*rows: Sequence[Any], headers: Sequence[str] = HEADERS) -> io.BytesIO:
    book = Workbook()
    page: Any = book.active
    page.append(list(headers))
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def as_json(document: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(document).encode())


def take_in(file: io.BytesIO, actor: User, told: Told = ITSELF) -> Framework:
    received = receive_framework(file, "framework", told=told, actor=actor)
    return apply_framework(received, seen=seen_in(compare(received.document)), actor=actor)


def problems(file: io.BytesIO, actor: User, told: Told = TOLD) -> list[str]:
    with pytest.raises(VersionRefused) as refused:
        receive_framework(file, "framework", told=told, actor=actor)
    assert not FrameworkUpload.objects.exists()
    return refused.value.problems


@pytest.fixture
def admin(cast: SimpleNamespace) -> Any:
    return cast.admin


@pytest.fixture
def old() -> Framework:
    return make_version("Test-1", "2023-04-01", "1.1.1", "1.1.2", "2.1.1")


def test_a_workbook_becomes_a_version_beside_the_one_before(old: Framework, admin: User) -> None:
    taken = take_in(sheet(*GOOD), admin, TOLD)

    texts = Characteristic.objects.filter(topic__question__framework=taken)
    assert [each.text for each in texts.order_by("pk")] == [row[5] for row in GOOD]
    assert taken.questions.get(number=1).text == "Is it good?"
    became = {code: each.words for code, each in mapping_of(old, taken).parts.items()}
    assert became["1.1.1"] == "1.1.1"
    assert became["1.1.2"] == became["2.1.1"] == "1.1.2"
    assert became["1"] == ""
    assert Framework.objects.get(version="Test-1").questions.count() == 2


def test_the_version_that_ships_is_taken_in_from_its_own_file(admin: User) -> None:
    file = io.BytesIO(Path("fixtures/paf-2023-25.json").read_bytes())
    taken = take_in(file, admin)
    assert Characteristic.objects.filter(topic__question__framework=taken).count() == 93


def test_the_same_again_changes_nothing(old: Framework, admin: User, sign_in: Any) -> None:
    take_in(sheet(*GOOD), admin, TOLD)
    taken = Framework.objects.get(version=INVENTED)
    rows = (taken.history.count(), CharacteristicMapping.history.count())

    received = receive_framework(sheet(*GOOD), "framework.xlsx", told=TOLD, actor=admin)

    page = sign_in(admin).get(received.get_absolute_url()).content.decode()
    assert "This version is here already, word for word." in page
    assert "Take in version" not in page
    assert (taken.history.count(), CharacteristicMapping.history.count()) == rows


def test_the_day_it_was_taken_in_is_that_of_the_clock_on_the_wall(
    old: Framework, admin: User, sign_in: Any
) -> None:
    take_in(sheet(*GOOD), admin, TOLD)
    # Half past midnight in Middlesbrough.
    FrameworkUpload.objects.update(applied_at=dt.datetime(2024, 7, 1, 23, 30, tzinfo=dt.UTC))

    page = sign_in(admin).get(FrameworkUpload.objects.get().get_absolute_url()).content.decode()
    assert f"2 July 2024 by {admin}" in page


def test_a_version_in_use_is_reworded_only(admin: User) -> None:
    real = the_real_one()
    make_action(question=real.questions.get(number=1))
    document = json.loads(Path("fixtures/paf-2023-25.json").read_text(encoding="utf-8"))
    characteristics = document["questions"][0]["topics"][0]["characteristics"]
    characteristics[0]["text"] = "The force answers 999 calls in time."
    take_in(as_json(document), admin)
    found = mapping_of(real, real).targets["1.1.1"].text
    assert found == "The force answers 999 calls in time."

    characteristics.append({"number": 77, "text": "Something else."})
    del document["counts"]
    told = problems_of(as_json(document), admin)
    assert "2023-25 is in use" in told and "characteristic 1.1.77 is new" in told

    del characteristics[-2:]
    told = problems_of(as_json(document), admin)
    assert "is missing in this file, and an import takes nothing away" in told


def problems_of(file: io.BytesIO, actor: User) -> str:
    with pytest.raises(VersionRefused) as refused:
        receive_framework(file, "framework.json", told=ITSELF, actor=actor)
    return str(refused.value)


def test_two_versions_cannot_begin_on_one_day(old: Framework, admin: User) -> None:
    document = invented("1.1.1", in_force_from="2023-04-01")
    assert problems(as_json(document), admin, ITSELF) == [
        "Test-1 is in force from 1 April 2023 already. Two versions cannot begin on one day: "
        "correct the day, or the version’s name."
    ]


def changed(column: int, value: Any) -> list[list[Any]]:
    rows = [list(row) for row in GOOD]
    rows[1][column] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (changed(0, "one"), "Row 3, column A (Question number): is “one”. Enter a whole number"),
        (changed(0, None), "Row 3, column A (Question number): is empty. Enter it."),
        (
            changed(4, 1),
            "Row 3: characteristic 1.1.1 is also at Row 2. Correct one of the numbers.",
        ),
        (changed(5, None), "Row 3, column F (Characteristic): is empty. Enter it."),
        (changed(5, "x" * 10_001), "Row 3, column F (Characteristic): has 10,001 characters"),
        (changed(1, "Is it bad?"), "is worded otherwise than in row 2."),
        (changed(6, "9.9.9"), "Row 3: “was” says “9.9.9”, which is not in Test-1."),
        (changed(6, "1.1"), "Row 3: “was” says “1.1”, which is a topic area."),
        (changed(0, 3), "Row 3: the wording of the question is missing. Enter it."),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_by_row(
    rows: list[Any], sentence: str, old: Framework, admin: User
) -> None:
    told = problems(sheet(*rows), admin)
    assert any(sentence in each for each in told), told


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: io.BytesIO(b'{"framework": '), "This JSON file is broken in line 1, column"),
        (lambda: io.BytesIO(b"[" * 100_000), "This JSON file"),
        (lambda: io.BytesIO(b'{"version": ' + b"1" * 5_000 + b"}"), "a number of 5,000 digits"),
        (lambda: io.BytesIO(b'{"version": -' + b"1" * 21 + b"}"), "a number of 21 digits"),
        (lambda: io.BytesIO(b'{"version": NaN}'), "says “NaN” where a number belongs"),
        (lambda: as_json({"questions": ["Is it\x00 good?"]}), "after “Is it” that is no text"),
        (lambda: as_json(invented("1.1.1", source="\ud83d")), "that is no text (U+D83D)"),
        (lambda: as_json({**invented("1.1.1"), "odd\udc00": 1}), "that is no text (U+DC00)"),
        (lambda: as_json([]), "does not hold a framework"),
        (lambda: as_json({"questions": []}), "The framework has no questions."),
        (lambda: as_json(invented("1.1.1", version="import")), "cannot be the name of a version"),
        (lambda: as_json(invented("1.1.1", version="a/b")), "The version has no usable name."),
        (lambda: as_json(invented("1.1.1", in_force_from="soon")), "is missing or is no date"),
        (lambda: as_json(invented("1.1.1", counts={"topics": 7})), "The file says how many topics"),
        (lambda: as_json(invented("1.1.1", questions=[7])), "The question in place 1 cannot be"),
        (lambda: as_json(invented("1.1.1", questions=[{}])), "Question 1: the question has no num"),
        (lambda: as_json(invented("1.1.1", source=7)), "“source” is not text."),
        (lambda: io.BytesIO(b""), "This file is empty."),
        (lambda: io.BytesIO(b"%PDF-1.7"), "This file is a PDF."),
        (lambda: sheet(headers=("Local ref", "Text")), "no row of headers that can be read"),
    ],
)
def test_what_is_no_framework_is_refused_with_what_to_do(
    file: Callable[[], io.BytesIO], sentence: str, admin: User
) -> None:
    told = problems(file(), admin, ITSELF)
    assert any(sentence in each for each in told), told


def test_a_workbook_needs_to_be_told_its_version(admin: User) -> None:
    assert any(
        "The version has no usable name" in each for each in problems(sheet(*GOOD), admin, ITSELF)
    )


def test_whoever_is_second_is_told(old: Framework, admin: User) -> None:
    received = receive_framework(sheet(*GOOD), "f.xlsx", told=TOLD, actor=admin)
    seen = seen_in(compare(received.document))
    apply_framework(received, seen=seen, actor=admin)
    with pytest.raises(VersionRefused, match="Admin has taken in this file on"):
        apply_framework(received, seen=seen, actor=admin)
    other = receive_framework(sheet(*GOOD), "f.xlsx", told=TOLD, actor=admin)
    with pytest.raises(VersionRefused, match="has changed since you opened the page"):
        apply_framework(other, seen=seen, actor=admin)


def test_a_decision_is_not_overruled_by_what_a_file_says(old: Framework, admin: User) -> None:
    take_in(sheet(*GOOD), admin, TOLD)
    other = [list(row) for row in GOOD]
    other[2][6] = "1.1.1"
    take_in(
        sheet(*other[:2], [2, "Is it fair?", 1, "Searches", 1, "Reworded.", "1.1.1"]), admin, TOLD
    )
    new = Framework.objects.get(version=INVENTED)
    assert mapping_of(old, new).parts["1.1.1"].words == "1.1.1"


def test_sending_looking_and_taking_in(
    old: Framework, cast: Any, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(cast.governance)
    file = SimpleUploadedFile("paf.xlsx", sheet(*GOOD).getvalue())
    fields = {"version": INVENTED, "in_force_from": "1 November 2024", "framework": "Invented"}
    page = client.post("/paf/import/", {"upload": file, **fields}, follow=True)
    text = page.content.decode()
    assert "two question areas, two topic areas and three characteristics will be recorded" in text
    assert "what three parts of Test-1 became will be recorded" in text
    assert Framework.objects.count() == 1

    sent = client.post(page.request["PATH_INFO"], {"seen": page.context["seen"]}, follow=True)
    assert f"Version {INVENTED} is taken in." in sent.content.decode()
    assert Framework.objects.count() == 2


def test_what_was_entered_beside_a_bad_file_is_kept(
    cast: Any, sign_in: Callable[..., Client]
) -> None:
    file = SimpleUploadedFile("paf.xlsx", sheet(*changed(0, "one")).getvalue())
    page = sign_in(cast.admin).post("/paf/import/", {"upload": file, "version": INVENTED})
    text = page.content.decode()
    assert "Row 3, column A (Question number): is “one”." in text
    assert f'value="{INVENTED}"' in text


def test_reading_alone_says_where_parts_stand() -> None:
    document = read_framework(sheet(*GOOD), "f.xlsx", TOLD)
    assert document["questions"][0]["topics"][0]["characteristics"][1]["place"] == "Row 3"
