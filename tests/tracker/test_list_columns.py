"""The list of actions and that of publications: order, columns, what each shows and exports."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from inspections.choices import PublicationType
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_framework,
    make_publication,
)
from tests.tracker.lists import LIST, cell, exported, found
from tracker.choices import Status
from tracker.models import DueDate, ProgressUpdate

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


# Order ------------------------------------------------------------------------------------------


def test_nothing_comes_last_in_both_directions(staff: Client) -> None:
    make_action("A", due="2025-01-01")
    make_action("B")
    make_action("C", due="2024-01-01")
    assert found(staff, "sort=due") == ["C", "A", "B"]
    assert found(staff, "sort=-due") == ["A", "C", "B"]


def test_confidence_sorts_by_its_scale(staff: Client) -> None:
    make_action("LOW", confidence="Low")
    make_action("HIGH", confidence="High")
    make_action("MEDIUM", confidence="Medium")
    assert found(staff, "sort=confidence") == ["HIGH", "MEDIUM", "LOW"]


def test_stages_sort_by_the_way_an_action_goes(staff: Client) -> None:
    make_action("A", status=Status.WITH_HMICFRS, level=3)
    make_action("B", status=Status.IN_PROGRESS)
    make_action("C", status=Status.CLOSURE_PROPOSED, level=2)
    make_action("D", status=Status.AWAITING_ALLOCATION)
    assert found(staff, "sort=stage") == ["B", "D", "C", "A"]
    assert found(staff, "sort=status") == ["D", "B", "C", "A"]


@pytest.mark.parametrize(
    "column",
    [
        "reference",
        "publication",
        "kind",
        "level",
        "scope",
        "stage",
        "status",
        "question",
        "leads",
        "executive",
        "delivery",
        "confidence",
        "due",
        "updated",
        "received",
        "closed",
        "age",
        "portal_reference",
    ],
)
def test_the_list_sorts_by_every_column_that_says_so(staff: Client, column: str) -> None:
    make_action("A", executive="ACC Baker", due="2025-01-01", level=2)
    make_action("B", level=3)
    both = f"show=all&sort={column}"
    assert sorted(found(staff, both)) == ["A", "B"]
    assert sorted(found(staff, both.replace("sort=", "sort=-"))) == ["A", "B"]


def test_the_oldest_publications_have_the_greatest_age(staff: Client) -> None:
    make_action("OLD", publication=make_publication(published_on=day("2020-01-01")))
    make_action("NEW", publication=make_publication(published_on=day("2024-01-01")))
    assert found(staff, "sort=age") == ["NEW", "OLD"]


# Columns ----------------------------------------------------------------------------------------


def test_the_reference_says_whether_the_action_is_on_the_portal(staff: Client) -> None:
    make_action("ST-0001", portal_reference="REC-18681")
    assert "REC-18681" in cell(staff, "reference")


def test_the_reference_of_an_action_that_is_not_on_the_portal_says_so(staff: Client) -> None:
    make_action("ST-0001", on_portal=False)
    assert "not on portal" in cell(staff, "reference")


def test_a_sensitive_action_shows_its_marking(cast: SimpleNamespace, sign_in: SignIn) -> None:
    make_action(marking="OFFICIAL-SENSITIVE")
    assert "app-marking--sensitive" in cell(sign_in(cast.chair), "reference")


def test_the_publication_stands_below_the_text_unless_it_has_a_column(staff: Client) -> None:
    make_action(publication=make_publication("Report on rape"))
    assert "Report on rape" in cell(staff, "text")
    response = staff.get(f"{LIST}?columns=text,publication")
    row = next(iter(response.context["table"].rows))
    assert "Report on rape" not in str(row.get_cell("text"))
    assert "Report on rape" in str(row.get_cell("publication"))


def test_text_is_never_markup(staff: Client) -> None:
    make_action(text="<script>alert(1)</script>")
    assert "<script>alert" not in staff.get(LIST).content.decode()


def test_confidence_is_a_symbol_beside_its_word(staff: Client) -> None:
    make_action(confidence="Low")
    assert '<span class="app-confidence__symbol" aria-hidden="true">▼</span>Low' in cell(
        staff, "confidence"
    )
    assert exported(staff, "confidence") == "Low"


def test_an_overdue_live_action_is_flagged_and_a_closed_one_is_not(staff: Client) -> None:
    make_action("LIVE", due="2024-11-24")
    assert "Overdue" in cell(staff, "due")
    assert exported(staff, "due") == "2024-11-24"
    make_action("CLOSED", due="2024-01-01", status=Status.CLOSED)
    assert "Overdue" not in cell(staff, "due", "show=closed")


def test_an_action_due_today_is_not_overdue(staff: Client) -> None:
    make_action(due="2024-11-25")
    assert "Overdue" not in cell(staff, "due")


def test_an_action_not_updated_for_long_is_flagged(staff: Client) -> None:
    make_action(updated="2024-10-25")
    assert "Not updated" in cell(staff, "updated")
    assert "Not updated" not in cell(staff, "updated", "as_at=2024-11-20")
    assert exported(staff, "updated") == "2024-10-25"


def test_changes_of_the_due_date_are_counted_up_to_the_day(staff: Client) -> None:
    action = make_action(due="2024-01-01")
    for sequence, agreed in ((1, "2024-01-15"), (2, "2024-06-01")):
        DueDate.objects.create(
            action=action,
            sequence=sequence,
            due_on=day("2024-12-31"),
            agreed_on=day(agreed),
            reason="More to do.",
        )
    assert cell(staff, "slipped").startswith("<span>2<")
    assert "365 days later" in cell(staff, "slipped")
    assert cell(staff, "slipped", "as_at=2024-02-01").startswith("<span>1<")
    assert exported(staff, "slipped") == "2"


def test_the_latest_expected_closure_counts(staff: Client) -> None:
    action = make_action()
    for made, expected in (("2024-01-01", "2024-06-30"), ("2024-05-01", "2024-12-31")):
        ProgressUpdate.objects.create(
            action=action, made_on=day(made), text="x", expected_closure_on=day(expected)
        )
    assert cell(staff, "expected") == "31 December 2024"
    assert exported(staff, "expected", "as_at=2024-02-01") == "2024-06-30"


@pytest.mark.parametrize(
    ("column", "shown", "in_a_file"),
    [
        ("kind", "Recommendation", "Recommendation"),
        ("scope", "National", "National"),
        ("question", "PAF 1", "PAF 1"),
        ("executive", "ACC Baker", "ACC Baker"),
        ("received", "11 January 2023", "2023-01-11"),
        ("closed", "1 June 2024", "2024-06-01"),
        ("close_reason", "Completed (local closure)", "Completed (local closure)"),
        ("age", "685", "685"),
        ("portal", "On the portal", "On the portal"),
        ("portal_reference", "REC-1", "REC-1"),
        ("leads", "Head of Crime", "ACC Baker; Head of Crime"),
        ("stage", "Closed", "Closed"),
        ("status", "Closed", "Closed"),
        ("publication", "A report", "A report"),
        ("text", "Do it.", "Do it."),
    ],
)
def test_every_column_shows_and_exports_its_value(
    staff: Client, column: str, shown: str, in_a_file: str
) -> None:
    make_action(
        text="Do it.",
        status=Status.CLOSED,
        since="2024-06-01",
        received="2023-01-11",
        executive="ACC Baker",
        delivery="Head of Crime",
        portal_reference="REC-1",
        question=make_framework().questions.get(number=1),
        publication=make_publication("A report", published_on=day("2023-01-10")),
    )
    assert shown in cell(staff, column, "show=closed")
    assert exported(staff, column, "show=closed") == in_a_file


def test_empty_cells_are_a_dash_on_the_page_and_empty_in_a_file(staff: Client) -> None:
    make_action(level=None)
    assert cell(staff, "level") == "—"
    assert exported(staff, "level") == ""


# Publications -----------------------------------------------------------------------------------


def test_publications_filter_sort_and_count_their_actions(staff: Client) -> None:
    first = make_framework().questions.get(number=1)
    make_publication("Quiet", published_on=day("2022-01-01"), scope="local")
    report = make_publication(
        "Rape: a joint report",
        published_on=day("2023-01-01"),
        type=PublicationType.JOINT,
        question=first,
        response_rule="section_55",
        response_due_on=day("2023-02-25"),
        date_precision="month",
    )
    make_action(publication=report)
    make_action(publication=report, status=Status.CLOSED)

    def titles(query: str) -> list[str]:
        response = staff.get(f"/publications/?{query}")
        assert response.context["notes"] == []
        return [row.record.title for row in response.context["table"].rows]

    for query in (
        "q=rape+report",
        "type=joint",
        "question=1",
        "published_from=2023-01-01",
        "scope=national",
    ):
        assert titles(query) == ["Rape: a joint report"]
    assert titles("published_to=2022-12-31") == ["Quiet"]
    assert titles("sort=title") == ["Quiet", "Rape: a joint report"]
    page = staff.get(
        "/publications/?q=rape&columns=title,published,question,live,received,response&counts=yes"
    )
    row = next(iter(page.context["table"].rows))
    assert [
        str(row.get_cell(name))
        for name in ("published", "question", "live", "received", "response")
    ] == [
        "January 2023",
        "PAF 1",
        "1",
        "2",
        "25 February 2023",
    ]


def test_exported_publications_hold_plain_values(staff: Client) -> None:
    make_publication(
        "A report",
        published_on=day("2023-01-01"),
        response_rule="section_55",
        response_due_on=day("2023-02-25"),
        response_published_on=day("2023-02-20"),
    )
    page = staff.get("/publications/?columns=title,published,response")
    assert "Published 20 February 2023" in page.content.decode()
    response = staff.get("/publications/?columns=title,published,response&export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert list(csv.reader(io.StringIO(text)))[1] == ["A report", "2023-01-01", "2023-02-25"]


def test_a_range_of_publications_that_ends_before_it_begins_is_explained(staff: Client) -> None:
    response = staff.get("/publications/?published_from=2024-01-01&published_to=2023-01-01")
    assert any("is after" in note for note in response.context["notes"])
