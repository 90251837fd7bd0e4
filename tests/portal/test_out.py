"""Workbooks that go out: the list to edit in Excel, and the empty ones to fill in."""

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.reader.excel import load_workbook
from openpyxl.workbook.workbook import Workbook

from inspections.choices import PublicationType, Scope
from people import roles
from people.models import User
from portal.layouts.columns import Layout
from portal.layouts.guessing import guess
from portal.layouts.rows import RowReader
from portal.lists.as_listed import LONGEST, as_listed
from portal.lists.marks import FIELDS, HEADER, Mark, shown_in_mark
from portal.lists.start_list import START_LIST, ListRow
from portal.out.guide import CHANGEABLE, EXAMPLE, NOT_CHANGED, list_columns
from portal.reading.workbook import open_workbook
from tests.factories import day, make_action, make_framework, make_lead, make_publication
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import Action, Confidence, ProgressUpdate, StatusPeriod

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HEADERS = [column.headers[0] for column in list_columns()]
FOR_EDITING = "/actions/?show=all&export=for-editing"


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.admin)


def body(response: Any) -> io.BytesIO:
    assert response.status_code == 200
    return io.BytesIO(b"".join(response.streaming_content))


def exported(client: Client, query: str = "") -> io.BytesIO:
    return body(client.get(f"{FOR_EDITING}&{query}".rstrip("&")))


def rows_of(file: io.BytesIO) -> list[dict[str, Any]]:
    """The rows by header, as Excel would show them."""
    sheet = load_workbook(file)[START_LIST.sheet]
    headers, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headers, row, strict=True)) for row in rows]


def references(file: io.BytesIO) -> set[str]:
    return {row["Local ref"] for row in rows_of(file)}


def read_back(file: io.BytesIO) -> list[ListRow]:
    """The rows as an import reads them, without their marks; none may have a problem."""
    with open_workbook(file) as sheets:
        guessed = guess(sheets, START_LIST, [])
        assert guessed
        columns = [column.as_json() for column in guessed.found]
        layout = Layout.of_columns(guessed.header_row, columns)
        assert layout.unknown == ()
        reader = RowReader(layout, START_LIST, {})
        found = []
        for _, cells in sheets[guessed.sheet].rows(guessed.header_row + 1):
            row = reader.read(cells)
            assert [str(problem) for problem in row.problems] == []
            found.append(ListRow(**{**row.values, "mark": None}))
    return found


def make_one_of_everything() -> Action:
    framework = make_framework(questions=6)
    publication = make_publication("How forces keep dogs", published_on=day("2023-01-10"))
    cause = make_action("ST-0001", kind=Kind.CAUSE_OF_CONCERN, publication=publication)
    return make_action(
        "ST-0002",
        portal_reference="REC-2",
        publication=publication,
        parent=cause,
        scope=Scope.LOCAL,
        question=framework.questions.get(number=6),
        level=2,
        status=Status.CLOSURE_PROPOSED,
        since="2024-03-01",
        executive="ACC Baker",
        delivery="Head of Crime",
        text="Give every dog\r\na  bed.",
        due="2024-12-31",
        update="Beds have been ordered.",
        updated="2024-11-20",
        confidence="Medium",
    )


# The list to edit -----------------------------------------------------------------------------


def test_every_value_reads_back_as_it_is_on_record(admin: Client) -> None:
    make_one_of_everything()
    ProgressUpdate.objects.filter(action__reference="ST-0002").update(confidence_reason="Half.")
    row = read_back(exported(admin))[1]
    assert row == ListRow(
        reference="ST-0002",
        portal_reference="REC-2",
        on_portal=True,
        publication="How forces keep dogs",
        published=day("2023-01-10"),
        source_type=PublicationType.NATIONAL_THEMATIC,
        kind=Kind.RECOMMENDATION,
        parent="ST-0001",
        level=2,
        scope=Scope.LOCAL,
        question=6,
        executive="ACC Baker",
        delivery="Head of Crime",
        text="Give every dog\na bed.",
        received=day("2023-01-11"),
        due=day("2024-12-31"),
        stage=Status.CLOSURE_PROPOSED,
        stage_date=day("2024-03-01"),
        confidence="Medium",
        confidence_reason="Half.",
        update="Beds have been ordered.",
        updated=day("2024-11-20"),
        closed=None,
        closure_wording=None,
    )


def test_an_action_of_which_little_is_known_reads_back_too(admin: Client) -> None:
    make_action("ST-0001", register=Register.SUPER_COMPLAINT, on_portal=False)
    (row,) = read_back(exported(admin))
    assert (row.on_portal, row.level, row.question, row.due) == (False, None, None, None)
    assert (row.executive, row.update, row.updated, row.confidence) == (None, None, None, None)


def test_a_closed_action_says_why_in_the_words_of_the_list_or_else_its_reason(
    admin: Client,
) -> None:
    for reference in ("ST-0001", "ST-0002"):
        make_action(reference, status=Status.CLOSED, since="2024-03-01")
    closed = StatusPeriod.objects.filter(status=Status.CLOSED)
    closed.update(close_reason=CloseReason.COMPLETED)
    closed.filter(action__reference="ST-0001").update(original_wording="Done; letter on file.")
    first, second = read_back(exported(admin))
    assert (first.stage, first.closed) == (Status.CLOSED, day("2024-03-01"))
    assert first.closure_wording == "Done; letter on file."
    assert second.closure_wording == "Completed (local closure)"


def test_a_stage_is_the_one_of_the_position(admin: Client) -> None:
    make_action("ST-0001", level=3, status=Status.CLOSURE_PROPOSED, since="2024-03-01")
    make_action("ST-0002", level=3, status=Status.WITH_HMICFRS, since="2024-03-01")
    make_action("ST-0003", status=Status.AWAITING_ALLOCATION)
    assert [row["Stage"] for row in rows_of(exported(admin))] == [
        "In progress",
        "With HMICFRS",
        "In progress",
    ]


def test_dates_are_real_dates_and_levels_numbers(admin: Client) -> None:
    make_action("ST-0001", due="2024-12-31")
    sheet = load_workbook(exported(admin))[START_LIST.sheet]
    cells = dict(zip(HEADERS, sheet[2], strict=False))
    assert cells["Due"].value == dt.datetime(2024, 12, 31)
    assert cells["Due"].number_format == "dd/mm/yyyy"
    assert cells["Level"].value == 2


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", " ="])
def test_text_that_looks_like_a_formula_stays_text(admin: Client, begins: str) -> None:
    text = f'{begins}HYPERLINK("http://x.test")'
    action = make_action("ST-0001", text=text, update=text)
    file = exported(admin)
    sheet = load_workbook(file)[START_LIST.sheet]
    for header in ("Action required", "Latest update"):
        cell = sheet.cell(2, HEADERS.index(header) + 1)
        assert (cell.data_type, cell.value) == ("s", text.strip())
        assert cell.quotePrefix
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert read_back(file)[0].text == action.text.strip()


def test_a_text_that_no_cell_holds_is_left_out_whole_and_the_guide_says_so(
    admin: Client,
) -> None:
    make_action("ST-0001", text="x" * 40_000, update="y" * 40_000)
    make_action("ST-0002", text="z" * LONGEST)
    file = exported(admin)
    first, second = rows_of(file)
    # A day without its update would be read as a mistake.
    assert [first[h] for h in ("Action required", "Latest update", "Latest update date")] == [
        None,
        None,
        None,
    ]
    assert second["Action required"] == "z" * LONGEST
    guide = list(load_workbook(file)["How to edit"].iter_rows(values_only=True, max_col=2))
    assert ("ST-0001", "Action required") in guide
    assert ("ST-0001", "Latest update") in guide
    assert not any(row[0] == "ST-0002" for row in guide)


def test_the_mark_says_what_each_cell_of_its_row_says(admin: Client) -> None:
    make_one_of_everything()
    file = exported(admin)
    for shown, read in zip(rows_of(file), read_back(file), strict=True):
        mark = Mark.read(shown[HEADER])
        assert mark is not None
        for column in list_columns():
            assert mark.said(column.field, shown_in_mark(shown[column.headers[0]])), column.field
            assert mark.said(column.field, shown_in_mark(getattr(read, column.field))), column.field
        assert mark.said("executive", "DCC Davies") is False
    assert set(FIELDS) == {column.field for column in list_columns()}


def test_the_header_stays_filters_and_the_mark_is_hidden(admin: Client) -> None:
    make_action("ST-0001")
    make_action("ST-0002")
    sheet = load_workbook(exported(admin))[START_LIST.sheet]
    assert [cell.value for cell in sheet[1]] == [*HEADERS, HEADER]
    assert sheet.freeze_panes == "B2"
    # Sorting must take the marks along.
    assert sheet.auto_filter.ref == "A1:Y3"
    assert sheet.column_dimensions["Y"].hidden


def test_what_a_spreadsheet_never_changes_is_grey_and_says_so(admin: Client) -> None:
    make_action("ST-0001")
    book = load_workbook(exported(admin))
    heads, cells = book[START_LIST.sheet][1], book[START_LIST.sheet][2]
    for column, head, cell in zip(list_columns(), heads, cells, strict=False):
        grey = column.field not in CHANGEABLE
        assert (cell.fill.fgColor.rgb == "00E7E6E6") is grey, column.field
        assert (NOT_CHANGED in head.comment.text) is (grey and column.field != "reference")
    guide = dict(book["How to edit"].iter_rows(values_only=True, max_col=2))
    assert guide["Stage"] == guide["Level"] == guide["Closed"] == NOT_CHANGED
    assert guide["Due"].startswith("Changes it.")
    assert "changes nothing" in guide["An empty cell"]
    assert "later date" in guide["To add an update"]


def test_the_filters_and_the_order_of_the_list_hold(admin: Client) -> None:
    for number in range(3):
        make_action(f"ST-{number}", level=2 + number % 2)
    file = exported(admin, "level=2&sort=-reference&columns=reference")
    assert [row["Local ref"] for row in rows_of(file)] == ["ST-2", "ST-0"]
    about = dict(load_workbook(file)["About this list"].iter_rows(values_only=True))
    assert about["Rows"].startswith("2 of 3 actions")
    assert "Level 2" in about["Filter"]


def test_it_is_offered_on_the_list_to_those_who_can_bring_it_back(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_action("ST-0001")
    words = "Excel, to edit and bring back"
    for name, user in vars(cast).items():
        client = sign_in(user)
        may = name == "admin"
        assert (words in client.get("/actions/").content.decode()) is may, name
        answer = client.get(FOR_EDITING)
        assert answer.streaming is may, name
        if may:
            assert references(body(answer)) == {"ST-0001"}
        else:
            assert any("CSV, Excel, PDF only" in note for note in answer.context["notes"])


def test_a_list_of_a_past_day_is_not_for_editing(admin: Client) -> None:
    make_action("ST-0001")
    page = admin.get("/actions/?as_at=20.11.2024")
    assert "Excel, to edit and bring back" not in page.content.decode()
    answer = admin.get("/actions/?as_at=20.11.2024&export=for-editing")
    assert not answer.streaming


# Who may read what ----------------------------------------------------------------------------


def grant(user: User) -> User:
    """Let somebody of another role bring lists in as well."""
    user.groups.add(Group.objects.get(name=roles.ADMINISTRATOR))
    return User.objects.get(pk=user.pk)


READERS_OF_ALL = {"assurance", "governance", "chair", "deputy"}


def test_a_sensitive_action_is_not_in_the_workbook_of_who_may_not_read_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    make_action("ST-0001")
    make_action("ST-0002", marking="OFFICIAL-SENSITIVE")
    make_action("ST-0003", marking="OFFICIAL-SENSITIVE", delivery="Head of Crime")
    for name, user in vars(cast).items():
        expected = {"ST-0001"}
        if name in READERS_OF_ALL:
            expected = {"ST-0001", "ST-0002", "ST-0003"}
        elif name == "delivery":
            expected = {"ST-0001", "ST-0003"}
        answer = sign_in(grant(user)).get(FOR_EDITING)
        assert ("official-sensitive" in answer["Content-Disposition"]) is (len(expected) > 1)
        assert references(body(answer)) == expected, name


def test_a_workbook_with_something_sensitive_is_marked(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_action("ST-0001", marking="OFFICIAL-SENSITIVE")
    answer = sign_in(grant(cast.chair)).get(FOR_EDITING)
    assert "actions-to-edit-" in answer["Content-Disposition"]
    book = load_workbook(body(answer))
    sheet = book[START_LIST.sheet]
    assert sheet.oddHeader.center.text == sheet.oddFooter.center.text == "OFFICIAL-SENSITIVE"
    assert "OFFICIAL-SENSITIVE" in book.properties.title


def test_a_sensitive_update_of_an_open_action_goes_only_to_who_may_read_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action("ST-0001", update="All is well.", updated="2024-11-01")
    ProgressUpdate.objects.create(
        action=action,
        made_on=day("2024-11-20"),
        text="An informant says otherwise.",
        confidence=Confidence.objects.get(name="Low"),
        confidence_reason="The informant.",
        marking="OFFICIAL-SENSITIVE",
    )
    answer = sign_in(cast.admin).get(FOR_EDITING)
    assert "sensitive" not in answer["Content-Disposition"]
    (row,) = rows_of(body(answer))
    assert row["Latest update"] == "All is well."
    assert row["Latest update date"] == dt.datetime(2024, 11, 1)
    assert row["Confidence reason"] is None

    answer = sign_in(grant(cast.chair)).get(FOR_EDITING)
    assert "official-sensitive" in answer["Content-Disposition"]
    (row,) = rows_of(body(answer))
    assert row["Latest update"] == "An informant says otherwise."
    assert row["Confidence reason"] == "The informant."


def test_a_cause_of_concern_that_may_not_be_read_is_not_named(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    cause = make_action("ST-0001", kind=Kind.CAUSE_OF_CONCERN, marking="OFFICIAL-SENSITIVE")
    make_action("ST-0002", parent=cause)
    (row,) = rows_of(exported(sign_in(cast.admin)))
    assert row["Parent ref"] is None
    assert rows_of(exported(sign_in(grant(cast.chair))))[1]["Parent ref"] == "ST-0001"


def test_the_number_of_queries_does_not_grow_with_the_list(cast: SimpleNamespace) -> None:
    publication = make_publication()
    cause = make_action("C-1", kind=Kind.CAUSE_OF_CONCERN, publication=publication)

    def queries(keys: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(list(as_listed(keys, cast.admin))) == len(keys)
        return len(captured)

    keys = [
        make_action(publication=publication, parent=cause, update="Done.", executive="ACC Baker").pk
        for _ in range(12)
    ]
    queries(keys[:1])  # Permissions are asked for once.
    assert queries(keys[:2]) == queries(keys) < 6


# Empty workbooks ------------------------------------------------------------------------------


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
        ("Executive lead", {"ACC Baker", "Head of Crime"}),
        ("Delivery lead", {"ACC Baker", "Head of Crime"}),
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
        assert (row[1] == "Yes", row[2]) == (bool(column.required), column.hint)
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


def test_the_guide_page_leads_to_what_to_start_from(admin: Client) -> None:
    text = admin.get(reverse("portal:guide")).content.decode()
    for address in (
        reverse("portal:empty"),
        reverse("portal:empty_updates"),
        "/actions/?show=all&amp;export=for-editing",
    ):
        assert f'href="{address}"' in text
    assert "Stage, level, closing date" in text
