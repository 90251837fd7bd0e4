"""The evidence of the demonstration: what it holds, and that a second load changes nothing."""

import json
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from core.markings import Marking
from evidence.choices import Freshness
from evidence.coverage import coverage
from evidence.demo import load_evidence
from evidence.demo_files import ILLUSTRATIVE, file_of
from evidence.models import (
    CharacteristicEvidence,
    CorporateMeeting,
    DayWithout,
    Evidence,
    EvidenceFile,
    GoodPractice,
    TakeUp,
)
from evidence.reminders import days_of, to_keep
from inspections.models import Framework
from people.demo import load_cast
from people.models import User
from tests.factories import day, make_action, make_lead, make_publication
from tracker.demo import attach_evidence
from tracker.models import ActionEvidence

pytestmark = pytest.mark.django_db
FIXTURES = django_settings.BASE_DIR / "fixtures"
PATH = FIXTURES / "evidence-2024.json"
TOLD: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
TODAY = day("2024-11-25")
# Links of current evidence to the characteristics of each question area.
LINKS = {1: 17, 2: 13, 3: 14, 4: 15, 5: 15, 6: 14, 7: 15, 8: 12, 9: 12, 10: 14, 11: 7}
GAPS = {
    *("2.3.2", "3.2.2", "4.2.4", "7.3.2", "7.3.5", "8.3.1", "8.4.3"),
    *("8.5.1", "9.1.3", "9.2.3", "10.2.1", "10.4.3", "10.5.2", "11.1.2"),
}


@pytest.fixture(scope="module")
def loaded(standing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The evidence of the demonstration, with what it asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "DEMO", True)
        patch.setattr(django_settings, "MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        call_command(
            "load_framework",
            FIXTURES / "paf-2023-25.json",
            leads=FIXTURES / "inspections.json",
            verbosity=0,
        )
        load_cast()
        for told in TOLD["good_practice"]:
            for name in told["could_use"]:
                make_lead(name)
            if "publication" in told:
                make_publication(told["publication"])
        for told in TOLD["evidence"]:
            for reference in told.get("actions", ()):
                make_action(reference)
        assert load_evidence(PATH) == 122
        assert attach_evidence(PATH) == 14
        yield


def everything() -> dict[str, int]:
    models: tuple[Any, ...] = (
        *(Evidence, EvidenceFile, CharacteristicEvidence, CorporateMeeting),
        *(DayWithout, GoodPractice, TakeUp, ActionEvidence),
    )
    counts = {model.__name__: model.objects.count() for model in models}
    return counts | {f"{model.__name__}, history": model.history.count() for model in models}


def test_there_are_so_many_of_each(loaded: None) -> None:
    counts = everything()
    assert {name: number for name, number in counts.items() if "history" not in name} == {
        "Evidence": 122,
        "EvidenceFile": 128,
        "CharacteristicEvidence": 150,
        "CorporateMeeting": 6,
        "DayWithout": 2,
        "GoodPractice": 5,
        "TakeUp": 2,
        "ActionEvidence": 14,
    }


def test_a_second_load_changes_nothing(loaded: None) -> None:
    before = everything()
    assert load_evidence(PATH) == 0
    assert attach_evidence(PATH) == 0
    assert everything() == before


def test_evidence_stands_for_every_area_and_leaves_gaps(loaded: None) -> None:
    found = coverage(Framework.objects.get(), TODAY)
    assert {n: sum(cover.total for cover in each.covers) for n, each in found.items()} == LINKS
    covers = [cover for each in found.values() for cover in each.covers]
    assert {cover.characteristic.code for cover in covers if not cover.total} == GAPS
    assert len(covers) == 93


def test_evidence_is_fresh_due_and_stale_open_and_sensitive(loaded: None) -> None:
    current = Evidence.objects.current()
    assert Counter(each.freshness for each in current) == {
        Freshness.FRESH: 100,
        Freshness.DUE: 11,
        Freshness.STALE: 9,
    }
    assert Evidence.objects.filter(marking=Marking.SENSITIVE).count() == 12
    assert Evidence.objects.exclude(withdrawn_at=None).count() == 2
    assert Evidence.objects.filter(meeting=None).count() == 102
    assert not Evidence.objects.filter(dated_on__gte=TODAY).exists()


def test_evidence_is_kept_in_files_of_four_kinds_and_as_links(loaded: None) -> None:
    kinds = Counter(
        Path(each.latest.original_name).suffix if each.latest else "link"
        for each in Evidence.objects.prefetch_related("files")
    )
    assert kinds == {".docx": 49, ".xlsx": 27, ".pdf": 27, ".png": 11, "link": 8}
    fingerprints = EvidenceFile.objects.values_list("sha256", flat=True)
    assert len(set(fingerprints)) == len(fingerprints)


def test_evidence_from_a_meeting_is_dated_on_a_day_of_it(loaded: None) -> None:
    kept = list(Evidence.objects.exclude(meeting=None).select_related("meeting"))
    assert len(kept) == 20
    for each in kept:
        assert each.meeting is not None
        assert days_of(each.meeting, each.dated_on, each.dated_on), each


def test_three_people_are_reminded_of_two_meetings(loaded: None) -> None:
    reminded = {
        user.username: [f"{each.meeting} {each.day}" for each in found]
        for user in User.objects.all()
        if (found := to_keep(user, TODAY))
    }
    assert reminded == {
        "delivery": ["Force Performance Board 2024-11-20"],
        "corporate": ["Force Performance Board 2024-11-20"],
        "executive": ["Vulnerability and Safeguarding Board 2024-11-14"],
    }


def test_nothing_is_loaded_outside_of_a_demonstration(settings: Any) -> None:
    settings.DEMO = False
    for load in (load_evidence, attach_evidence):
        with pytest.raises(ImproperlyConfigured):
            load(PATH)


# The files


def told_of(kind: str) -> dict[str, Any]:
    return next(each for each in TOLD["evidence"] if each.get("file") == kind)


def words_in(kind: str, contents: bytes) -> str:
    held = BytesIO(contents)
    if kind == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(held).pages)
    elif kind == "docx":
        text = " ".join(each.text for each in Document(held).paragraphs)
    else:
        rows = load_workbook(held).worksheets[0].values
        text = " ".join(str(cell) for row in rows for cell in row if cell is not None)
    return " ".join(text.split())


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_a_file_says_what_it_is_and_that_it_is_illustrative(kind: str) -> None:
    told = told_of(kind)
    name, contents = file_of(told)
    text = words_in(kind, contents)
    assert name.endswith(f".{kind}")
    for words in (told["title"], ILLUSTRATIVE, *filter(None, told["lines"])):
        assert words in text


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_same_text_gives_the_same_file(kind: str) -> None:
    assert file_of(told_of(kind)) == file_of(told_of(kind))


def test_the_second_version_of_a_file_says_what_was_corrected() -> None:
    told = next(each for each in TOLD["evidence"] if "newer" in each and each["file"] == "docx")
    (correction,) = told["newer"]["lines"]
    assert correction not in words_in("docx", file_of(told)[1])
    assert correction in words_in("docx", file_of(told, newer=True)[1])
