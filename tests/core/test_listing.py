"""The list page, seen through the list of actions: address, columns, order, pages, exports."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.reader.excel import load_workbook

from core.listing import ListPage
from core.listing.address import ListAddress
from core.listing.filters import shortened
from core.models import ListPreference
from inspections.choices import Scope
from people.models import User
from tests.factories import day, make_action, make_lead, make_publication
from tracker.choices import Kind, Register, Status
from tracker.models import Confidence
from tracker.recording import FirstLoadRow, SheetUpdate, record_first_load

pytestmark = pytest.mark.django_db
LIST = "/actions/"


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.staff)


def references(response: Any) -> list[str]:
    return [row.record.reference for row in response.context["table"].rows]


def headings(response: Any) -> list[str]:
    return list(response.context["table"].headings())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def csv_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


# The address ------------------------------------------------------------------------------------


def test_empty_fields_of_the_form_leave_the_address(staff: Client) -> None:
    response = staff.get(f"{LIST}?q=&level=2&as_at=%20&page=2")
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?level=2")


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("kind=wardrobe", "“wardrobe” is not one of the choices"),
        ("level=2&level=9", "“9” is not one of the choices"),
        ("nonsense=1", "“nonsense” is not a filter of this list"),
        ("as_at=31.02.2024", "not a real date"),
        ("due_from=soon", "Enter a date like"),
        ("sort=colour", "cannot be sorted by “colour”"),
        ("sort=text", "cannot be sorted by “text”"),
        ("columns=colour", "no column “colour”"),
        ("rows=7", "25, 50 or 100 rows"),
        ("rows=²5", "25, 50 or 100 rows"),
        ("export=docx", "can be exported as CSV, Excel, PDF only"),
        (f"q={'x' * 300}", "Search:"),
        ("q=%00", "Search:"),
    ],
)
def test_nonsense_in_the_address_is_left_out_with_a_note(
    staff: Client, query: str, note: str
) -> None:
    make_action("ST-0001")
    response = staff.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert any(note in each for each in response.context["notes"])
    assert note in response.content.decode()
    assert references(response) == ["ST-0001"]


@pytest.mark.parametrize("page", ["0", "-1", "99999", "abc", "1e9"])
def test_a_page_that_is_not_there_shows_one_that_is(staff: Client, page: str) -> None:
    make_action("ST-0001")
    response = staff.get(f"{LIST}?page={page}")
    assert references(response) == ["ST-0001"]


def test_a_readable_value_beside_nonsense_still_filters(staff: Client) -> None:
    make_action("ST-0001", level=2)
    make_action("ST-0002", level=3)
    assert references(staff.get(f"{LIST}?level=3&level=9")) == ["ST-0002"]


def test_of_one_value_given_twice_the_last_counts(staff: Client) -> None:
    make_action("ST-0001", received="2024-06-01")
    response = staff.get(f"{LIST}?as_at=2024-11-01&as_at=2024-01-01")
    assert references(response) == []


def test_foreign_text_in_a_note_is_cut_and_printable() -> None:
    assert shortened("a\x00b" + "c" * 60) == "a b" + "c" * 36 + "…"


def test_an_address_changes_one_thing_and_keeps_the_rest() -> None:
    address = ListAddress("/x/", QueryDict("level=2&level=3&page=4&sort=due"))
    assert address.with_value("sort", "-due") == "/x/?level=2&level=3&sort=-due"
    assert address.without("level", "2") == "/x/?level=3&sort=due"
    assert address.without("level") == "/x/?sort=due"
    assert address.keeping(("sort",), lead="me") == "/x/?sort=due&lead=me"
    assert ListAddress("/x/", QueryDict("page=2")).without("sort") == "/x/"
    assert address.hidden(("sort",)) == [("level", "2"), ("level", "3")]


# Chips, count, empty states ---------------------------------------------------------------------


def test_each_chosen_value_is_a_chip_that_takes_it_away(staff: Client) -> None:
    response = staff.get(f"{LIST}?level=2&level=3&overdue=yes&q=rape")
    chips = {chip.text: chip.href for chip in response.context["chips"]}
    assert chips["Level 2"] == f"{LIST}?level=3&overdue=yes&q=rape"
    assert chips["Overdue"] == f"{LIST}?level=2&level=3&q=rape"
    assert chips["“rape”"] == f"{LIST}?level=2&level=3&overdue=yes"


def test_a_list_where_nothing_matches_says_what_to_do(staff: Client) -> None:
    make_action()
    page = staff.get(f"{LIST}?level=4").content.decode()
    assert "Nothing matches these filters" in page
    assert "Clear all filters" in page


def test_an_empty_installation_says_who_can_fill_it(
    staff: Client, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    assert "an administrator has imported" in staff.get(LIST).content.decode()
    assert "Import a list" in sign_in(cast.admin).get(LIST).content.decode()


def test_an_empty_list_without_filters_says_that_nothing_is_here(staff: Client) -> None:
    assert "There is nothing here yet" in staff.get("/publications/").content.decode()


# Order and pages --------------------------------------------------------------------------------


def test_pages_follow_one_another_without_gaps(staff: Client) -> None:
    publication = make_publication()
    for number in range(60):
        make_action(f"ST-{number:04}", publication=publication)
    seen = [
        reference
        for page in (1, 2, 3)
        for reference in references(staff.get(f"{LIST}?sort=-level&page={page}"))
    ]
    assert seen == [f"ST-{number:04}" for number in range(60)]
    assert len(references(staff.get(f"{LIST}?rows=50"))) == 50


def test_links_to_pages_and_orders_keep_the_filters(staff: Client) -> None:
    publication = make_publication()
    for _ in range(30):
        make_action(publication=publication)
    page = staff.get(f"{LIST}?level=2").content.decode()
    assert "?level=2&amp;page=2" in page
    assert "?level=2&amp;sort=due" in page


def test_the_order_is_told_to_assistive_technology(staff: Client) -> None:
    make_action(due="2025-01-01")
    assert 'aria-sort="descending"' in staff.get(f"{LIST}?sort=-due").content.decode()


# Columns ----------------------------------------------------------------------------------------


def test_a_choice_of_columns_stays_for_the_person_who_made_it(
    staff: Client, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_action()
    response = staff.post(
        reverse("lists:columns"),
        {
            "list": "tracker:actions",
            "query": "level=2&columns=age&rows=100",
            "columns": ["scope", "due"],
            "rows": "50",
        },
    )
    assert response["Location"] == f"{LIST}?level=2"
    shown = staff.get(LIST)
    assert headings(shown) == ["Ref", "Scope", "Due"]
    assert shown.context["page"].paginator.per_page == 50
    assert headings(sign_in(cast.chair).get(LIST)) != ["Ref", "Scope", "Due"]


def test_columns_in_the_address_win_over_the_persons_choice(
    staff: Client, cast: SimpleNamespace
) -> None:
    make_action()
    ListPreference.objects.create(user=cast.staff, list_key="tracker:actions", columns=["age"])
    assert headings(staff.get(f"{LIST}?columns=kind,scope")) == ["Ref", "Kind", "Scope"]


def test_the_usual_columns_come_back(staff: Client, cast: SimpleNamespace) -> None:
    make_action()
    ListPreference.objects.create(user=cast.staff, list_key="tracker:actions", columns=["age"])
    staff.post(reverse("lists:columns"), {"list": "tracker:actions", "usual": "yes"})
    assert headings(staff.get(LIST)) == [
        "Ref",
        "Action required",
        "Level",
        "Stage",
        "Leads",
        "Confidence",
        "Due",
    ]


def test_columns_that_a_list_no_longer_offers_do_no_harm(
    staff: Client, cast: SimpleNamespace
) -> None:
    make_action()
    ListPreference.objects.create(
        user=cast.staff, list_key="tracker:actions", columns=["gone"], rows=7
    )
    response = staff.get(LIST)
    assert "Stage" in headings(response)
    assert response.context["page"].paginator.per_page == 25


def test_unknown_columns_and_rows_are_not_kept(staff: Client, cast: SimpleNamespace) -> None:
    staff.post(
        reverse("lists:columns"),
        {"list": "tracker:actions", "columns": ["due", "wardrobe"], "rows": "lots"},
    )
    kept = ListPreference.objects.get(user=cast.staff)
    assert (kept.columns, kept.rows) == (["due"], None)
    assert str(kept) == "tracker:actions: due"


def test_columns_of_a_list_that_is_not_there_are_refused(staff: Client) -> None:
    assert staff.post(reverse("lists:columns"), {"list": "nothing"}).status_code == 404


# Counts per choice ------------------------------------------------------------------------------


def test_choices_are_counted_only_when_asked(staff: Client) -> None:
    make_action(level=2)
    make_action(level=2)
    make_action(level=3)

    def level_counts(query: str) -> dict[str, int | None]:
        panel = staff.get(f"{LIST}{query}").context["panel"]
        controls = [each for section in panel.sections for each in section.controls]
        return {
            option.value: option.count
            for control in controls
            if control.name == "level"
            for option in control.options
        }

    assert level_counts("")["2"] is None
    assert level_counts("?counts=yes") == {"1": 0, "2": 2, "3": 1, "4": 0, "none": 0}
    # What one choice would leave does not depend on what is chosen of the same filter.
    assert level_counts("?counts=yes&level=3")["2"] == 2


def test_a_date_that_cannot_be_read_stays_in_its_field(staff: Client) -> None:
    response = staff.get(f"{LIST}?as_at=31/02/2024")
    assert response.context["notes"] == [
        "As at: “31/02/2024” is not a real date. Check the day and the month. It was left out."
    ]
    assert 'value="31/02/2024"' in response.content.decode()


# Queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?sort=-due&stale=yes&level=2&rows=100", "?counts=yes"])
def test_a_list_asks_as_often_for_many_actions_as_for_few(staff: Client, query: str) -> None:
    publication = make_publication()
    leads = [make_lead(f"Lead {number}") for number in range(7)]
    low = Confidence.objects.get(name="Low")

    def fill(first: int, last: int) -> None:
        rows = [
            FirstLoadRow(
                reference=f"ST-{number:04}",
                portal_reference=None,
                on_portal=True,
                publication=publication,
                kind=Kind.RECOMMENDATION,
                register=Register.HMICFRS,
                scope=Scope.NATIONAL,
                parent_reference="",
                level=2,
                question=None,
                executive=leads[number % 7],
                delivery=leads[number % 5],
                text=f"See to matter {number}.",
                received=day("2023-01-11"),
                due_on=day("2024-01-01"),
                stage=Status.IN_PROGRESS,
                stage_date=day("2023-02-01"),
                update=SheetUpdate(day("2023-03-01"), "Work goes on.", low),
            )
            for number in range(first, last)
        ]
        assert record_first_load(rows, actor=None, reason="A test") == last - first

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(f"{LIST}{query}").status_code == 200
        return len(captured)

    fill(0, 10)
    queries()
    few = queries()
    fill(10, 1_000)
    assert queries() == few


def test_a_list_counts_its_rows_without_what_only_display_needs(staff: Client) -> None:
    make_action(due="2024-01-01", confidence="Low")
    with CaptureQueriesContext(connection) as captured:
        staff.get(f"{LIST}?level=2")
    counts = [
        query["sql"]
        for query in captured
        if query["sql"].startswith("SELECT COUNT(*)") and "tracker_action" in query["sql"]
    ]
    assert len(counts) == 1
    assert "tracker_duedate" not in counts[0]
    assert "tracker_progressupdate" not in counts[0]
    assert "LEFT OUTER JOIN" not in counts[0]


# Exports ----------------------------------------------------------------------------------------


def test_an_export_holds_every_page_with_the_filters_order_and_columns_shown(
    staff: Client,
) -> None:
    publication = make_publication()
    for number in range(30):
        make_action(f"ST-{number:04}", publication=publication, level=2 + number % 2)
    rows = csv_of(staff.get(f"{LIST}?level=2&sort=-reference&columns=reference,level&export=csv"))
    assert rows[0] == ["Ref", "Level"]
    assert rows[1:] == [[f"ST-{number:04}", "2"] for number in range(28, -1, -2)]


def test_exported_text_cannot_run_in_a_spreadsheet(staff: Client) -> None:
    make_action("ST-0001", text='=HYPERLINK("http://x.test")')
    assert csv_of(staff.get(f"{LIST}?export=csv"))[1][1] == '\'=HYPERLINK("http://x.test")'
    book = load_workbook(io.BytesIO(body(staff.get(f"{LIST}?export=xlsx"))))
    assert book["Actions"]["B2"].data_type == "s"


def test_an_export_of_sensitive_rows_says_which_they_are(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_action("ST-0001", marking="OFFICIAL-SENSITIVE")
    make_action("ST-0002")
    response = sign_in(cast.chair).get(f"{LIST}?export=csv")
    assert "official-sensitive" in response["Content-Disposition"]
    rows = csv_of(response)
    assert rows[0][-1] == "Marking"
    assert [row[-1] for row in rows[1:]] == ["OFFICIAL-SENSITIVE", "OFFICIAL"]


def test_an_export_holds_only_what_its_reader_may_see(staff: Client) -> None:
    make_action("ST-0001", marking="OFFICIAL-SENSITIVE")
    make_action("ST-0002")
    response = staff.get(f"{LIST}?export=csv")
    assert "sensitive" not in response["Content-Disposition"]
    assert [row[0] for row in csv_of(response)[1:]] == ["ST-0002"]


def test_a_pdf_of_too_many_rows_is_refused_with_a_sentence(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.listing.page.MAX_PDF_ROWS", 1)
    make_action()
    make_action()
    response = staff.get(f"{LIST}?level=2&export=pdf", follow=True)
    assert response.redirect_chain == [(f"{LIST}?level=2", 302)]
    assert "A PDF can hold 1 rows and this list has 2." in response.content.decode()


def test_a_pdf_of_a_list_is_a_pdf(staff: Client) -> None:
    make_action()
    assert body(staff.get(f"{LIST}?export=pdf")).startswith(b"%PDF")


def test_exports_are_logged_with_who_and_how_much(
    staff: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_action()
    with caplog.at_level("INFO", logger="portal.listing"):
        staff.get(f"{LIST}?export=csv")
    assert "list=tracker:actions format=csv rows=1 marking=OFFICIAL user=staff" in caplog.text


# A list of few words ----------------------------------------------------------------------------


def test_a_list_page_needs_no_more_than_its_declarations(staff: Client) -> None:
    make_publication("First report", published_on="2023-01-01")
    make_publication("Second report", published_on="2024-01-01")
    response = staff.get("/publications/")
    assert response.context["sentence"] == "2 publications"
    assert response.context["tabs"] == []
    titles = [row.record.title for row in response.context["table"].rows]
    assert titles == ["Second report", "First report"]


def test_every_list_is_known_under_its_address() -> None:
    assert {"tracker:actions", "tracker:publications"} <= set(ListPage.known)
