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
from openpyxl.reader.excel import load_workbook

from inspections.choices import PublicationType, Scope
from people import roles
from people.models import User
from portal.layouts.columns import Layout
from portal.layouts.guessing import guess
from portal.layouts.rows import RowReader
from portal.lists.as_listed import LONGEST, as_listed
from portal.lists.marks import FIELDS, HEADER, Mark, shown_in_mark
from portal.lists.start_list import START_LIST, ListRow
from portal.out.guide import CHANGEABLE, NOT_CHANGED, list_columns
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
