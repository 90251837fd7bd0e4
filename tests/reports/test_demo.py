"""The demonstration, loaded as `bin/run` loads it, gives the paper's figures."""

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from people.demo import DEMO_ACCOUNTS, load_cast
from people.models import User
from portal.models import SpreadsheetImport
from reports.models import CommitteeReport
from tests.factories import day
from tracker import position
from tracker.models import Action, Closure

pytestmark = pytest.mark.django_db
EXPECTED = json.loads((settings.BASE_DIR / "fixtures" / "expected.json").read_text("utf-8"))
AS_AT = day(EXPECTED["position_date"])


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True
    call_command("load_demo", stdout=StringIO())


def test_demo_data_are_loaded_into_a_demonstration_only() -> None:
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("load_demo")
    with pytest.raises(Exception, match="demo mode only"):
        load_cast()
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


def test_loading_twice_changes_nothing(demo: None) -> None:
    history: Any = Action.history
    before = (Action.objects.count(), history.count(), User.objects.count())
    call_command("load_demo", stdout=StringIO())
    assert (Action.objects.count(), history.count(), User.objects.count()) == before
    assert SpreadsheetImport.objects.count() == 1
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
