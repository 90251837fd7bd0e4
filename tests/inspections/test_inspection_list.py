"""`/inspections/`: each source counted apart, by how far they are; adding one; its dates."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.collisions import Overtaken
from inspections.choices import InspectionStatus, PhaseKind, Precision, PublicationType
from inspections.models import Expectation, Inspection, InspectionPhase
from inspections.phasing import add_phase, change_phase
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_expectation, make_inspection, make_phase

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def outside(title: str = "PEEL inspection 2023-25", **fields: object) -> Inspection:
    values: dict[str, object] = {
        "kind": PublicationType.PEEL,
        "body": "HMICFRS",
        "why": "",
        "commissioned_on": None,
        **fields,
    }
    return make_inspection(title, **values)


def test_each_source_is_counted_apart_and_listed_by_how_far_it_is(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    outside(status=InspectionStatus.AWAITING_REPORT)
    outside("Child protection", kind=PublicationType.CHILD_PROTECTION)
    outside("Payroll", kind=PublicationType.OTHER_BODY, body="Internal audit")
    make_inspection("Case files")
    make_inspection("A secret review", status=InspectionStatus.PROPOSED)
    client = sign_in(cast.staff)
    page = shown(client, "/inspections/")
    for source, count in (("HMICFRS", 2), ("Other bodies", 1), ("Internal reviews", 1)):
        assert f'{source} <span class="app-tabs__count">{count}</span>' in page
    assert page.index("Child protection") < page.index("PEEL inspection 2023-25")
    assert "Payroll" not in page and "Case files" not in page
    assert "Internal audit" in shown(client, "/inspections/?source=other")
    page = shown(client, "/inspections/?source=internal")
    assert "Case files" in page and "A secret review" not in page
    assert "A secret review" in shown(sign_in(cast.member), "/inspections/?source=internal")
    page = shown(client, "/inspections/?source=hmicfrs&kind=peel")
    assert "PEEL inspection 2023-25" in page and "Child protection</a>" not in page
    assert "Child protection" in shown(client, "/inspections/?source=nonsense&kind=nonsense")


def test_the_list_asks_as_often_for_many_as_for_one(cast: SimpleNamespace, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(client, "/inspections/")
        return len(caught)

    make_phase(outside("One"))
    queries()
    for_one = queries()
    for title in ("Two", "Three", "Four"):
        make_phase(outside(title))
    assert queries() == for_one


def test_governance_adds_an_inspection_of_another_body(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    officer = sign_in(cast.governance)
    form = {
        "title": "Payroll",
        "kind": "other_body",
        "body": "Internal audit",
        "scope": "local",
        "status": "scheduled",
        "involvement": "involved",
    }
    page = sent(officer, "/inspections/add/", **{**form, "body": ""})
    assert "There is a problem" in page and 'value="Payroll"' in page
    page = sent(officer, "/inspections/add/", **form)
    assert "“Payroll” is recorded." in page and "Internal audit" in page
    page = sent(officer, "/inspections/add/", **form)
    assert "recorded already" in page
    assert Inspection.objects.get().body == "Internal audit"


def test_governance_records_changes_and_takes_away_dates(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    inspection, officer = outside(), sign_in(cast.governance)
    where = f"/inspections/{inspection.pk}/phases/add/"
    form = {
        "version": "0",
        "kind": "fieldwork",
        "precision": "week",
        "starts_on": "9.10.24",
        "ends_on": "",
        "words": "",
    }
    for _ in range(2):
        page = sent(officer, where, **form)
        assert "Week beginning 7 October 2024" in page
    phase = InspectionPhase.objects.get()
    assert (phase.starts_on, phase.ends_on) == (day("2024-10-07"), day("2024-10-13"))

    change = f"/inspections/phases/{phase.pk}/edit/"
    page = sent(officer, change, **{**form, "version": "1", "ends_on": "1.10.24"})
    assert "It cannot end before it starts." in page
    form = {**form, "version": "1", "precision": "year", "words": "early 2025"}
    page = sent(officer, change, **{**form, "starts_on": "1 January 2025"})
    assert "Early 2025" in page

    assert "Take these dates away?" in shown(officer, f"/inspections/phases/{phase.pk}/remove/")
    page = sent(officer, f"/inspections/phases/{phase.pk}/remove/")
    assert "is taken away" in page and "No dates are recorded." in page
    assert InspectionPhase.history.filter(history_type="-").count() == 1


def test_a_report_that_is_expected_stands_once_and_for_all_in_the_dates(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    inspection = outside(expected="some day")
    officer = sign_in(cast.governance)
    assert "some day" in shown(officer, inspection.get_absolute_url())
    add_phase(
        inspection,
        actor=cast.governance,
        kind=PhaseKind.REPORT,
        precision=Precision.YEAR,
        starts_on=day("2025-01-01"),
        words="early 2025",
    )
    page = shown(officer, inspection.get_absolute_url())
    assert "early 2025" in page and "some day" not in page
    assert "Expected early 2025" in shown(officer, "/inspections/")
    assert "report is expected" not in shown(officer, f"/inspections/{inspection.pk}/edit/")


def test_the_second_of_two_who_change_dates_is_told(cast: SimpleNamespace) -> None:
    phase = make_phase(outside())
    same: dict[str, Any] = {"precision": "day", "kind": "fieldwork", "words": "", "note": ""}
    change_phase(phase, actor=cast.admin, version=1, starts_on=day("2024-12-03"), **same)
    with pytest.raises(Overtaken):
        change_phase(phase, actor=cast.governance, version=1, starts_on=day("2024-12-04"), **same)


def test_what_is_expected_of_the_force_is_recorded_chased_and_done(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    inspection, officer = outside(), sign_in(cast.governance)
    where = f"/inspections/{inspection.pk}/expected/add/"
    form = {"version": "0", "text": "Send the statement.", "due_on": "20.11.24"}
    for _ in range(2):
        page = sent(officer, where, **form)
        assert "Send the statement." in page and "Overdue" in page
    expected = Expectation.objects.get()
    change = f"/inspections/expected/{expected.pk}/edit/"
    page = sent(officer, change, **{**form, "version": "1", "met_on": "26.11.24"})
    assert "has not come yet" in page
    page = sent(officer, change, **{**form, "version": "1", "met_on": "25.11.24"})
    assert "25 November 2024" in page and "Overdue" not in page


def test_what_belongs_to_a_review_that_is_only_proposed_is_as_hidden_as_it_is(
    cast: SimpleNamespace,
) -> None:
    review = make_inspection(status=InspectionStatus.PROPOSED)
    make_phase(review), make_expectation(review)
    for user, count in ((cast.staff, 0), (cast.member, 1)):
        assert InspectionPhase.objects.visible_to(user).count() == count
        assert Expectation.objects.visible_to(user).count() == count
