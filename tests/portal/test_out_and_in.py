"""What goes out comes back unchanged, and with exactly the changes that people made in Excel."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from openpyxl.reader.excel import load_workbook

from inspections.choices import PublicationType
from inspections.models import Framework
from people import roles
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.lists.start_list import START_LIST
from portal.models import ImportRow, SpreadsheetImport
from portal.out.guide import CHANGEABLE, list_columns
from tests.factories import day, make_action, make_framework, make_publication, make_user
from tests.portal.test_out import FOR_EDITING, HEADERS, body, rows_of
from tests.workbooks import saved
from tracker.choices import Register, Status
from tracker.models import Action, Confidence, DueDate, ProgressUpdate

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LIST = FIXTURES / "start-list-2024-11-20.xlsx"
COLUMNS_OF_THE_LIST = (
    "reference,text,publication,kind,level,scope,stage,status,question,leads,executive,delivery,"
    "confidence,due,slipped,expected,updated,received,closed,close_reason,age,portal,"
    "portal_reference,marking"
)
Change = dict[str, Any]


@pytest.fixture(scope="module")
def admin(standing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        call_command("load_framework", str(FIXTURES / "paf-2023-25.json"), verbosity=0)
        call_command("load_publications", str(FIXTURES / "publications.json"), verbosity=0)
        yield make_user("admin", roles.ADMINISTRATOR)


@pytest.fixture(scope="module")
def loaded(admin: User) -> None:
    """The demonstration’s list as it was first applied."""
    with LIST.open("rb") as file:
        apply_import(receive(file, LIST.name, actor=None), actor=admin)


@pytest.fixture
def desk(admin: User, loaded: None, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(admin)


@pytest.fixture(scope="module")
def exported(admin: User, loaded: None) -> bytes:
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return body(client.get(FOR_EDITING)).getvalue()


def brought_back(file: bytes | io.BytesIO, name: str = "list.xlsx") -> SpreadsheetImport:
    return receive(io.BytesIO(file) if isinstance(file, bytes) else file, name, actor=None)


def counts(received: SpreadsheetImport) -> dict[str, int]:
    assert received.refusal == ""
    return {name: count for name, count in received.counts.items() if count and name != "fields"}


def edited(file: bytes, edits: dict[str, dict[str, Any]]) -> io.BytesIO:
    """The workbook with other values in some cells: reference -> header -> value."""
    book = load_workbook(io.BytesIO(file))
    for row in book[START_LIST.sheet].iter_rows(min_row=2):
        for header, value in edits.get(row[0].value, {}).items():
            cell = row[HEADERS.index(header)]
            cell.value = value
            # In Excel, too, what begins with = in a cell of text stays text.
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    return saved(book)


def changes(received: SpreadsheetImport) -> dict[str, dict[str, tuple[str, str]]]:
    """Reference -> field -> what is here, what the sheet says; of changed rows."""
    return {
        row.reference: {each["field"]: (each["ours"], each["theirs"]) for each in row.changes}
        for row in ImportRow.objects.filter(spreadsheet_import=received, outcome="changed")
    }


def test_the_demonstrations_list_comes_back_without_a_change_or_a_remark(
    exported: bytes,
) -> None:
    assert len(rows_of(io.BytesIO(exported))) == 240
    received = brought_back(exported)
    assert counts(received) == {"unchanged": 240}
    assert received.unknown_headers == []
    assert received.missing_headers == []
    # Its own column is hidden as it should be.
    assert received.remarks == []


def test_other_columns_that_are_hidden_are_still_said_to_be(exported: bytes) -> None:
    book = load_workbook(io.BytesIO(exported))
    book[START_LIST.sheet].column_dimensions["D"].hidden = True
    received = brought_back(saved(book))
    assert received.remarks == ["Column D is hidden in Excel; it is read like the others."]


def test_saved_again_by_another_program_it_comes_back_the_same(exported: bytes) -> None:
    assert counts(brought_back(saved(load_workbook(io.BytesIO(exported))))) == {"unchanged": 240}


def test_cells_that_people_edit_are_exactly_what_changes(exported: bytes) -> None:
    cells = {
        "Executive lead": "DCC Davies",
        "Due": "30.04.2025",
        "Delivery confidence": "Low",
        "Latest update": "Two of three teams are done.",
        "Latest update date": "24/11/2024",
    }
    received = brought_back(edited(exported, {"ST-0040": cells}))
    assert counts(received) == {"unchanged": 239, "changed": 1, "to_apply": 1}
    found = changes(received)
    assert set(found) == {"ST-0040"}
    assert set(found["ST-0040"]) == {"executive", "due", "confidence", "update"}
    assert found["ST-0040"]["executive"] == ("ACC Baker", "DCC Davies")
    assert found["ST-0040"]["due"] == ("28 February 2025", "30 April 2025")
    assert found["ST-0040"]["confidence"] == ("Medium", "Low")


def test_what_was_edited_is_on_record_once_it_is_applied(exported: bytes, admin: User) -> None:
    cells = {
        "Delivery lead": "Head of Custody",
        "Due": day("2025-04-30"),
        "Latest update": "=done",
        "Latest update date": day("2024-11-24"),
        "Delivery confidence": "High",
    }
    apply_import(brought_back(edited(exported, {"ST-0040": cells})), actor=admin)
    action = Action.objects.with_position(day("2024-11-25")).get(reference="ST-0040")
    assert action.delivery_lead_at == "Head of Custody"
    assert action.due_on == day("2025-04-30")
    assert action.updated_on == day("2024-11-24")
    assert action.updates.latest("made_on", "id").text == "=done"
    assert Confidence.objects.get(order=action.confidence_at).name == "High"


OTHER_VALUES = {
    "portal_reference": "REC-99999",
    "on_portal": "No",
    "question": 9,
    "executive": "DCC Davies",
    "delivery": "Head of Custody",
    "text": "Something else.",
    "due": day("2025-04-30"),
    "confidence": "Low",
    "publication": "Another report",
    "source_type": "Rapid review",
    "published": day("2020-01-01"),
    "kind": "AFI",
    "parent": "ST-0001",
    "level": 3,
    "scope": "Local",
    "received": day("2020-01-01"),
    "stage": "Closed",
    "stage_date": day("2020-01-01"),
    "closed": day("2024-11-01"),
    "closure_wording": "Done.",
}


def test_a_column_changes_an_action_or_never_does_as_its_guide_says(exported: bytes) -> None:
    # A column that is changed with its neighbours, or that changes nothing alone.
    together = {"reference", "confidence_reason", "update", "updated"}
    assert set(OTHER_VALUES) | together == {column.field for column in list_columns()}
    alike = [
        row["Local ref"]
        for row in rows_of(io.BytesIO(exported))
        if (row["Level"], row["Stage"], row["Kind"], row["Scope"], row["On portal"])
        == (2, "In progress", "Recommendation", "National", "Yes")
        and row["Delivery confidence"] != "Low"
        and row["PAF question"] != 9
    ]
    edits = dict(zip(alike, OTHER_VALUES.items(), strict=False))
    assert len(edits) == len(OTHER_VALUES)
    cells = {ref: {START_LIST.header_of(field): value} for ref, (field, value) in edits.items()}
    received = brought_back(edited(exported, cells))
    found = changes(received)
    for reference, (field, _) in edits.items():
        assert set(found.get(reference, {})) == ({field} & set(CHANGEABLE)), field
    assert counts(received)["changed"] + counts(received)["unchanged"] == 240


def test_an_emptied_cell_changes_nothing(exported: bytes) -> None:
    names = [name for name in HEADERS if name != "Local ref"]
    file = edited(exported, {"ST-0040": dict.fromkeys(names)})
    assert counts(brought_back(file)) == {"unchanged": 240}


def test_what_changed_here_since_the_export_is_not_taken_back(exported: bytes) -> None:
    action = Action.objects.get(reference="ST-0040")
    DueDate.objects.create(
        action=action, sequence=1, due_on=day("2025-06-30"), reason="Agreed by the Board."
    )
    ProgressUpdate.objects.create(action=action, made_on=day("2024-11-23"), text="News.")
    Action.objects.filter(pk=action.pk).update(text="Do it in another way.")
    assert counts(brought_back(exported)) == {"unchanged": 240}


def test_what_changed_here_and_in_the_sheet_is_a_conflict(exported: bytes) -> None:
    action = Action.objects.get(reference="ST-0040")
    DueDate.objects.create(
        action=action, sequence=1, due_on=day("2025-06-30"), reason="Agreed by the Board."
    )
    cells = {"Due": day("2025-04-30"), "Executive lead": "DCC Davies"}
    file = edited(exported, {"ST-0040": cells})
    received = brought_back(file)
    (row,) = ImportRow.objects.filter(spreadsheet_import=received, outcome="changed")
    assert row.conflict
    assert {each["field"]: each["conflict"] for each in row.changes} == {
        "due": True,
        "executive": False,
    }


def test_a_row_copied_over_another_with_its_mark_is_taken_for_what_it_says(
    exported: bytes,
) -> None:
    book = load_workbook(io.BytesIO(exported))
    rows = {row[0].value: row for row in book[START_LIST.sheet].iter_rows(min_row=2)}
    ours, copied = rows["ST-0040"], rows["ST-0045"]
    for header in (HEADERS.index("Latest update"), HEADERS.index("Due"), len(HEADERS)):
        ours[header].value = copied[header].value
    assert ours[HEADERS.index("Due")].value
    assert set(changes(brought_back(saved(book)))["ST-0040"]) == {"due"}


def test_a_new_action_in_the_sheet_is_a_new_row(exported: bytes) -> None:
    book = load_workbook(io.BytesIO(exported))
    sheet = book[START_LIST.sheet]
    source = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "ST-0040")
    values = {cell.column: cell.value for cell in source}
    # As people do it: copied from another row, its mark along with it.
    sheet.append({**values, 1: "ST-9999", 2: None, 14: "Something that is quite new here."})
    assert counts(brought_back(saved(book))) == {"unchanged": 240, "new": 1, "to_apply": 1}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_ordinary_export_comes_back_without_a_change(desk: Client, kind: str) -> None:
    make_action("X-1", text="=1+1", on_portal=False)
    make_action("X-2", text="'quoted", on_portal=False)
    query = f"/actions/?show=all&columns={COLUMNS_OF_THE_LIST}&export={kind}"
    received = brought_back(body(desk.get(query)), f"actions.{kind}")
    assert counts(received) == {"unchanged": 242}
    assert {each["header"] for each in received.unknown_headers} == {
        "Status",
        "Leads",
        "Times due date changed",
        "Expected closure",
        "Last update",
        "Age (days)",
        "Marking",
    }


def test_texts_and_dates_that_a_list_seldom_has_come_back_too(desk: Client, admin: User) -> None:
    texts = (
        "=1+1",
        "'quoted",
        "one\r\n\r\n two\t three",
        "12",
        "1/2",
        "2024-11-20",
        "#N/A x",
        "é😀",
    )
    for number, text in enumerate(texts):
        make_action(f"X-{number}", text=text, update=text, updated="2024-11-20", on_portal=False)
    received = brought_back(body(desk.get(FOR_EDITING)))
    assert counts(received) == {"unchanged": 240 + len(texts)}


def test_actions_that_a_list_has_no_words_for_come_back_too(desk: Client) -> None:
    earlier = make_framework("2021-22", questions=12)
    Framework.objects.filter(pk=earlier.pk).update(in_force_from=day("2021-04-01"))
    review = make_publication("Our own files", type=PublicationType.INTERNAL_REVIEW)
    make_action("X-1", register=Register.INTERNAL, publication=review, on_portal=False)
    make_action("X-2", question=earlier.questions.get(number=12))
    make_action("X-3", level=1, status=Status.CLOSED, since="2024-03-01")
    make_action("X-4", received="2022-12-31")
    file = body(desk.get(f"{FOR_EDITING}&register=internal&register=hmicfrs"))
    rows = rows_of(file)
    assert {"X-1", "X-2", "X-3", "X-4"} <= {row["Local ref"] for row in rows}
    assert counts(brought_back(file)) == {"unchanged": len(rows)}
