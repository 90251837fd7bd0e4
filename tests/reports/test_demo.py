"""The demonstration, loaded as `bin/run` loads it, gives the paper's figures."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from evidence.models import Evidence
from people.demo import DEMO_ACCOUNTS, load_cast
from people.models import User
from portal.models import SpreadsheetImport
from reports.figures import snapshot
from reports.models import CommitteeReport
from reports.wording import table_intro
from tests.factories import day
from tracker import position, workflow
from tracker.demo import load_closures
from tracker.models import Action, Closure, ClosureEvent
from tracker.workflow import Verb

pytestmark = pytest.mark.django_db
EXPECTED = json.loads((settings.BASE_DIR / "fixtures" / "expected.json").read_text("utf-8"))
AS_AT = day(EXPECTED["position_date"])


@pytest.fixture(scope="module")
def demo(standing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demonstration, loaded once; what a test changes is undone after it."""
    with override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        call_command("load_demo", stdout=StringIO())
        yield


def test_demo_data_are_loaded_into_a_demonstration_only() -> None:
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("load_demo")
    with pytest.raises(Exception, match="demo mode only"):
        load_cast()
    with pytest.raises(Exception, match="demo mode only"):
        load_closures(settings.BASE_DIR / "fixtures" / "closures-2024-11-25.json")
    assert not User.objects.exists()


def test_the_figures_are_those_of_the_paper(demo: None) -> None:
    table = position.table(AS_AT)
    rows = [(row.local, row.national, row.total) for row in (*table.rows, table.total)]
    assert rows == [(r["local"], r["national"], r["total"]) for r in EXPECTED["table"]]

    wanted = EXPECTED["movement"]
    moved = position.movement(day(EXPECTED["opening_date"]), AS_AT)
    assert (moved.opening, moved.new, moved.closed, moved.closing) == (
        wanted["opening"],
        wanted["new"],
        wanted["closed"],
        wanted["closing"],
    )
    assert moved.closed_not_on_portal == wanted["closed_not_on_portal"]
    assert moved.adds_up

    stages = position.stages(AS_AT)
    assert (stages.in_progress, stages.local_closure, stages.with_hmicfrs) == (109, 9, 5)
    assert stages.not_on_portal == EXPECTED["not_on_portal"]["live"]


def test_every_month_end_is_that_of_the_list(demo: None) -> None:
    wanted = [*EXPECTED["live_before_period"], *EXPECTED["live_at"]]
    points = position.trend([day(each["date"]) for each in wanted])
    assert [(p.total, p.local, p.national, p.super_complaint) for p in points] == [
        (
            each["total"],
            each["local"],
            each["national_excluding_super_complaints"],
            each["super_complaint"],
        )
        for each in wanted
    ]


def test_rows_that_arrive_in_mid_closure_are_carried_over(demo: None) -> None:
    assert Closure.objects.filter(carried_over=True, ended_on=None).count() == 9 + 5


def test_the_nine_local_closures_stand_at_different_steps(demo: None) -> None:
    found = {
        step: [closure.action.reference for closure in Closure.objects.at_step(step)]
        for step in ("to_complete", "to_assure", "for_board", "letter_awaited")
    }
    assert found == {
        "to_complete": ["ST-0198"],
        "to_assure": ["ST-0067", "ST-0180"],
        "for_board": ["ST-0132", "ST-0106", "ST-0187", "ST-0112", "ST-0169"],
        "letter_awaited": ["ST-0160"],
    }


def test_two_closures_wait_for_the_deputy_because_the_chair_leads_them(demo: None) -> None:
    chair, deputy = (User.objects.get(username=name) for name in ("chair", "deputy"))
    may_approve: dict[str, list[str]] = {"chair": [], "deputy": []}
    for closure in Closure.objects.at_step("for_board"):
        case = workflow.case_of(closure.action, closure)
        for user in (chair, deputy):
            person = workflow.person_of(user, closure.action, closure)
            if not workflow.verdict(Verb.APPROVE, case, person):
                may_approve[user.username].append(closure.action.reference)
    assert may_approve == {
        "chair": ["ST-0132", "ST-0187", "ST-0169"],
        "deputy": ["ST-0106", "ST-0112"],
    }


def test_loading_twice_changes_nothing(demo: None) -> None:
    history: Any = Action.history

    def now() -> tuple[int, ...]:
        counted = (Action.objects, history, User.objects, ClosureEvent.objects, Evidence.objects)
        return tuple(each.count() for each in counted)

    before = now()
    call_command("load_demo", stdout=StringIO())
    assert now() == before
    # The force’s list and the portal’s export.
    assert SpreadsheetImport.objects.count() == 2
    assert CommitteeReport.objects.count() == 1


def test_every_member_of_the_cast_can_sign_in(demo: None) -> None:
    names = set(User.objects.values_list("username", flat=True))
    assert names == {account.username for account in DEMO_ACCOUNTS}


def test_the_home_page_says_what_the_position_is(demo: None, client: Any) -> None:
    client.force_login(
        User.objects.get(username="delivery"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    page = " ".join(client.get("/").content.decode().split())
    stages = position.stages(day("2024-11-25"))
    assert f'<span class="app-figure__number">{stages.live}</span>' in page
    assert "You hold Head of Crime." in page
    assert "The policing response to antisocial behaviour" in page


def test_the_report_prints_the_differences_with_the_portal(demo: None) -> None:
    figures = snapshot(CommitteeReport.objects.get())
    assert (
        "12 differences with the portal were open, by its export of 20 November 2024."
        in table_intro(figures)
    )
