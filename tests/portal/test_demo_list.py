"""The demonstration’s list goes in through the same door and gives its known figures."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from inspections.models import Publication
from people import roles
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import SpreadsheetImport
from tests.factories import day, make_user
from tracker import position
from tracker.choices import CloseReason
from tracker.models import Action, Closure, StatusPeriod

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LIST = FIXTURES / "start-list-2024-11-20.xlsx"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
AS_AT, OPENING = day(EXPECTED["position_date"]), day(EXPECTED["opening_date"])


@pytest.fixture(scope="module")
def admin(standing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """An administrator who has loaded what the list refers to."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        call_command("load_framework", str(FIXTURES / "paf-2023-25.json"), verbosity=0)
        call_command("load_publications", str(FIXTURES / "publications.json"), verbosity=0)
        yield make_user("admin", roles.ADMINISTRATOR)


def taken_in() -> SpreadsheetImport:
    with LIST.open("rb") as file:
        return receive(file, LIST.name, actor=None)


@pytest.fixture(scope="module")
def loaded(standing: None, admin: User) -> SpreadsheetImport:
    """The list as an administrator applies it, once; what a test changes is undone after it."""
    return apply_import(taken_in(), actor=admin)


def test_every_row_is_good(loaded: SpreadsheetImport) -> None:
    counts = {name: count for name, count in loaded.counts.items() if count}
    assert counts == {"new": 240, "to_apply": 240}
    assert loaded.new_publications == []
    assert loaded.unknown_headers == []


def test_the_same_file_twice_changes_nothing(loaded: SpreadsheetImport) -> None:
    assert taken_in().counts["unchanged"] == 240


def test_the_table_is_the_papers(loaded: SpreadsheetImport) -> None:
    table = position.table(AS_AT)
    found = [(row.local, row.national, row.total) for row in (*table.rows, table.total)]
    assert found == [(each["local"], each["national"], each["total"]) for each in EXPECTED["table"]]


def test_movement_and_stages_are_the_papers(loaded: SpreadsheetImport) -> None:
    expected = EXPECTED["movement"]
    movement = position.movement(OPENING, AS_AT)
    assert (movement.opening, movement.new, movement.closed, movement.closing) == (
        expected["opening"],
        expected["new"],
        expected["closed"],
        expected["closing"],
    )
    assert movement.closed_not_on_portal == expected["closed_not_on_portal"]
    stages = position.stages(AS_AT)
    assert [stages.in_progress, stages.local_closure, stages.with_hmicfrs] == [
        EXPECTED["stages"][name] for name in ("In progress", "Local closure", "With HMICFRS")
    ]


def test_live_actions_at_each_month_end_are_as_expected(loaded: SpreadsheetImport) -> None:
    expected = {each["date"]: each["total"] for each in EXPECTED["live_at"]}
    found = {text: position.table(day(text)).total.total for text in expected}
    assert found == expected


def test_new_actions_by_report_are_as_expected(loaded: SpreadsheetImport) -> None:
    slugs = dict(Publication.objects.values_list("pk", "slug"))
    found: dict[str, int] = {}
    for group in position.received_by_publication(OPENING, AS_AT):
        slug = slugs[group.publication_id]
        found[slug] = found.get(slug, 0) + group.count
    assert found == EXPECTED["movement"]["new_by_report"]


def test_closing_words_are_mapped_and_kept(loaded: SpreadsheetImport) -> None:
    closed = StatusPeriod.objects.exclude(close_reason="")
    assert closed.count() == 117
    assert not closed.filter(original_wording="").exists()
    superseded = closed.get(close_reason=CloseReason.SUPERSEDED)
    assert superseded.original_wording.startswith("Superseded by the final inspection report")
    assert closed.filter(close_reason=CloseReason.NO_FOLLOW_UP).count() == 2


def test_closures_under_way_are_carried_over(loaded: SpreadsheetImport) -> None:
    assert Closure.objects.filter(carried_over=True, ended_on=None).count() == 14


def test_the_trail_has_a_row_for_every_action(loaded: SpreadsheetImport, admin: User) -> None:
    assert Action.history.filter(history_type="+", history_user=admin).count() == 240
