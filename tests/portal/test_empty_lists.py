"""The empty workbooks to fill in, and the page that leads to them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.reader.excel import load_workbook
from openpyxl.workbook.workbook import Workbook

from people.models import User
from portal.imports.receiving import receive
from portal.lists.start_list import START_LIST
from portal.models import ImportRow
from portal.out.guide import EXAMPLE, list_columns
from tests.factories import make_action, make_framework, make_lead, make_publication
from tests.portal.test_out import HEADERS, body
from tests.workbooks import saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.admin)


def empty(client: Client, name: str = "empty") -> Workbook:
    return load_workbook(body(client.get(reverse(f"portal:{name}"))))


def choices_in(book: Workbook, header: str) -> tuple[Any, list[Any]]:
    """The validation of a column, and what its drop-down list offers."""
    sheet = book[START_LIST.sheet]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    rule = next(
        each for each in sheet.data_validations.dataValidation if f"{letter}2" in each.sqref
    )
    if rule.type != "list":
        return rule, []
    name, _, area = rule.formula1.partition("!")
    return rule, [cell.value for (cell,) in book[name][area.replace("$", "")]]


@pytest.mark.parametrize(
    ("header", "offered"),
    [
        ("On portal", ["Yes", "No"]),
        ("Kind", ["Cause of concern", "Recommendation", "AFI"]),
        ("Level", [1, 2, 3, 4]),
        ("Scope", ["Local", "National"]),
        ("Stage", ["In progress", "Local closure", "With HMICFRS", "Closed"]),
        ("PAF question", [1, 2, 3]),
        ("Delivery confidence", ["High", "Medium", "Low"]),
    ],
)
def test_columns_of_a_few_words_offer_them_and_take_no_others(
    admin: Client, header: str, offered: list[Any]
) -> None:
    make_framework(questions=3)
    rule, found = choices_in(empty(admin), header)
    assert found == offered
    assert rule.showErrorMessage
    assert rule.allowBlank


def test_publications_and_leads_that_are_here_are_offered_beside_others(admin: Client) -> None:
    make_publication("How forces keep dogs")
    make_lead("ACC Baker", chief_officer=True)
    make_lead("Head of Crime")
    book = empty(admin)
    for header, offered in (
        ("Source report", {"How forces keep dogs"}),
        ("Executive lead", {"ACC Baker"}),
        ("Delivery lead", {"Head of Crime"}),
    ):
        rule, found = choices_in(book, header)
        assert set(found) == offered
        assert not rule.showErrorMessage
    assert book["Lists"].sheet_state == "hidden"


def test_dates_are_formatted_and_asked_for_as_dates(admin: Client) -> None:
    book = empty(admin)
    for header in ("Published", "Received", "Due", "Stage date", "Latest update date", "Closed"):
        rule, _ = choices_in(book, header)
        assert (rule.type, rule.showErrorMessage) == ("date", True)
        letter = str(rule.sqref).partition("2:")[0]
        assert book[START_LIST.sheet].column_dimensions[letter].number_format == "dd/mm/yyyy"


def test_every_column_says_what_to_enter_and_the_needed_ones_stand_out(admin: Client) -> None:
    book = empty(admin)
    heads = {cell.value: cell for cell in book[START_LIST.sheet][1]}
    assert list(heads) == HEADERS
    for column in list_columns():
        head = heads[column.headers[0]]
        rule, _ = choices_in(book, column.headers[0])
        assert rule.showInputMessage
        assert column.hint.startswith(rule.prompt.removesuffix(" …"))
        assert len(rule.prompt) <= 255
        assert head.font.bold
        assert head.comment.text.startswith("Needed. ") is bool(column.required)
        assert (head.fill.fill_type == "solid") is bool(column.required)


def test_the_guide_has_every_column_with_its_words_and_an_example(admin: Client) -> None:
    make_framework(questions=2)
    rows = list(empty(admin)["How to fill it in"].iter_rows(values_only=True))
    explained = {row[0]: row for row in rows}
    for column in list_columns():
        row = explained[column.headers[0]]
        assert (row[1] or "", row[2]) == ("Yes" if column.required else column.needed, column.hint)
        assert (row[4] or "") == EXAMPLE[column.field]
    assert explained["Kind"][3] == "Cause of concern\nRecommendation\nAFI"
    assert explained["PAF question"][3].startswith("1 How good is the force at thing 1?")


def test_the_empty_list_of_updates_has_what_an_update_needs(admin: Client) -> None:
    answer = admin.get(reverse("portal:empty_updates"))
    assert answer["Content-Disposition"] == 'attachment; filename="empty-updates.xlsx"'
    book = load_workbook(body(answer))
    assert [cell.value for cell in book[START_LIST.sheet][1]] == [
        "Local ref",
        "Executive lead",
        "Delivery lead",
        "Due",
        "Delivery confidence",
        "Confidence reason",
        "Latest update",
        "Latest update date",
    ]
    assert choices_in(book, "Delivery confidence")[1] == ["High", "Medium", "Low"]


def test_the_list_of_updates_is_explained_for_actions_that_are_here(admin: Client) -> None:
    def told() -> list[Any]:
        rows = empty(admin, "empty_updates")["How to fill it in"].iter_rows(values_only=True)
        return next(list(row) for row in rows if row[0] == "Local ref")

    assert told()[4] is None
    make_action("ST-0007")
    assert told()[4] == "ST-0007"
    assert "is given the next" not in told()[2]
    assert "any other reference cannot be read" in told()[2]


def test_updates_that_were_filled_in_are_taken_over(admin: Client, media: object) -> None:
    make_action("ST-0001", executive="ACC Baker")
    book = empty(admin, "empty_updates")
    book[START_LIST.sheet].append(["st-0001", "DCC Davies", None, "31/03/2025", "Low", "Slow."])
    received = receive(saved(book), "updates.xlsx", actor=None)
    row = ImportRow.objects.get(spreadsheet_import=received)
    assert row.problems == []
    assert {each["field"] for each in row.changes} == {"executive", "due", "confidence"}


def test_filled_in_examples_make_a_new_action(admin: Client, media: object) -> None:
    make_framework(questions=6)
    book = empty(admin)
    book[START_LIST.sheet].append([EXAMPLE[column.field] or None for column in list_columns()])
    received = receive(saved(book), "list.xlsx", actor=None)
    row = ImportRow.objects.get(spreadsheet_import=received)
    assert (row.problems, row.outcome) == ([], "new")


def test_the_guide_page_leads_to_what_to_start_from(admin: Client) -> None:
    text = admin.get(reverse("portal:guide")).content.decode()
    for address in (
        reverse("portal:empty"),
        reverse("portal:empty_updates"),
        "/actions/?show=all&amp;export=for-editing",
    ):
        assert f'href="{address}"' in text
    assert "Stage, level, closing date" in text
