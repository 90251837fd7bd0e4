"""The pages of imports: upload, preview, confirm, apply, progress."""

import io
from collections.abc import Callable
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl.reader.excel import load_workbook

from people.models import User
from portal.imports import progress
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import SpreadsheetImport, State
from portal.out.guide import list_columns
from tests.factories import make_action
from tests.portal.conftest import TakeIn
from tests.workbooks import CLOSED, HEADERS, row, start_list
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.admin)


def upload(client: Client, file: io.BytesIO, name: str = "list.xlsx", purpose: str = "list") -> Any:
    workbook = SimpleUploadedFile(name, file.getvalue())
    return client.post(
        reverse("portal:imports"), {"purpose": purpose, "workbook": workbook}, follow=True
    )


def page(client: Client, name: str, received: SpreadsheetImport, query: str = "") -> str:
    response = client.get(reverse(f"portal:{name}", args=[received.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_with_no_imports_the_page_says_what_to_do(admin: Client) -> None:
    response = admin.get(reverse("portal:imports"))
    assert "Nothing has been imported yet" in response.content.decode()
    assert "up to 10 MB" in response.content.decode()


def test_the_page_of_the_list_names_every_column_and_what_it_takes(admin: Client) -> None:
    assert reverse("portal:guide") in admin.get(reverse("portal:imports")).content.decode()
    text = admin.get(reverse("portal:guide")).content.decode()
    for column in list_columns():
        assert f"<strong>{column.headers[0]}</strong>" in text
    assert "Cause of concern, Recommendation or AFI." in text


def test_the_empty_list_has_every_header_and_is_read_as_a_list(
    admin: Client, media: object
) -> None:
    empty = admin.get(reverse("portal:empty"))
    assert empty["Content-Disposition"] == 'attachment; filename="empty-list.xlsx"'
    book = load_workbook(io.BytesIO(b"".join(empty.streaming_content)))
    headers = [cell.value for cell in book["StART"][1]]
    assert headers == [column.headers[0] for column in list_columns()]
    explained = [cell.value for cell in book["How to fill it in"]["A"]]
    assert explained[-len(headers) :] == headers
    book["StART"].append([row(1).get(header) for header in headers])
    filled = io.BytesIO()
    book.save(filled)
    assert "Apply 1 row" in upload(admin, filled).content.decode()


def test_a_column_that_the_list_does_not_have_is_said_before_anything_is_applied(
    admin: Client, media: object
) -> None:
    headers = ["Whenever" if header == "Due" else header for header in HEADERS]
    text = upload(admin, start_list([row(1)], headers=headers)).content.decode()
    assert "Columns that this list does not have" in text
    assert "“Due”. Nothing is taken from them" in text
    received = SpreadsheetImport.objects.get()
    apply_import(received, actor=None)
    assert "“Due”" not in page(admin, "import", received)


def test_an_upload_leads_to_its_preview(admin: Client, take_in: TakeIn, media: object) -> None:
    response = upload(admin, start_list([row(1), row(2, Received="31/02/2024")]))
    received = SpreadsheetImport.objects.get()
    assert response.redirect_chain == [(received.get_absolute_url(), 302)]
    assert received.uploaded_by is not None
    assert received.uploaded_by.username == "admin"
    assert "Apply 1 row" in response.content.decode()


def test_an_upload_without_a_file_says_what_to_do(admin: Client) -> None:
    response = admin.post(reverse("portal:imports"))
    assert "Choose a spreadsheet" in response.content.decode()


def test_a_refused_workbook_is_said_beside_the_field(admin: Client, media: object) -> None:
    response = upload(admin, io.BytesIO(b"%PDF-1.7 x"), "list.csv")
    text = response.content.decode()
    assert text.count("This file is a PDF") == 2
    assert SpreadsheetImport.objects.get().state == State.REFUSED


def test_a_refused_workbook_keeps_a_page_that_says_why(admin: Client, media: object) -> None:
    refused = receive(io.BytesIO(b"%PDF-1.7 x"), "x.xlsx", actor=None)
    text = page(admin, "import", refused)
    assert "This file is a PDF" in text
    assert "Apply" not in text


def test_imports_are_listed_with_their_counts(admin: Client, take_in: TakeIn) -> None:
    take_in([row(n) for n in range(1, 8)], name="November.xlsx")
    receive(io.BytesIO(b"%PDF-1.7 x"), "x.xlsx", actor=None)
    text = admin.get(reverse("portal:imports")).content.decode()
    assert "November.xlsx" in text
    assert 'data-label="New">7<' in text
    assert "To be applied" in text
    assert "Refused" in text


def test_the_preview_shows_new_rows(admin: Client, take_in: TakeIn) -> None:
    text = page(admin, "import", take_in([row()]))
    assert "Chief constables should give every dog a bed." in text
    assert "Publications not recorded so far" in text
    assert "ACC Baker, Head of Crime" in text


def test_the_preview_shows_what_changes_and_what_cannot(admin: Client, take_in: TakeIn) -> None:
    apply_import(take_in([row()]), actor=None)
    second = receive(start_list([{**row(Due="1.6.25"), **CLOSED}]), "second.xlsx", actor=None)
    text = page(admin, "import", second)
    assert "31 December 2024</del>" in text
    assert "1 June 2025</ins>" in text
    assert "Cannot be changed by spreadsheet. Here: In progress. In the sheet: Closed." in text
    assert reverse("tracker:action", args=["ST-0001"]) in text
    assert "Cannot be changed by spreadsheet <span" in text
    assert "added to those that are here" not in text


def test_the_preview_shows_rows_that_cannot_be_read(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(1), row(2, Level=9)])
    text = page(admin, "import", received, "?show=unreadable")
    assert "Column I, Level:" in text
    assert "The activity level is 1, 2, 3 or 4." in text


def test_the_preview_shows_unchanged_rows_and_columns_that_are_not_read(
    admin: Client, take_in: TakeIn
) -> None:
    apply_import(take_in([row()]), actor=None)
    headers = [*row(), "Budget"]
    second = receive(start_list([row()], headers=headers), "second.xlsx", actor=None)
    text = page(admin, "import", second)
    assert "There is nothing to apply" in text
    assert "As it is here" in text
    assert "Budget (column Y)" in text


def test_notes_have_a_tab_of_their_own(admin: Client, take_in: TakeIn) -> None:
    apply_import(take_in([row(1), row(2)]), actor=None)
    second = receive(start_list([row(1), row(2, Level=3)]), "second.xlsx", actor=None)
    text = page(admin, "import", second, "?show=notes")
    assert "ST-0002" in text
    assert "ST-0001" not in text


def test_a_preview_of_many_rows_is_paged(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(n) for n in range(1, 62)])
    assert page(admin, "import", received).count('data-label="Take"') == 50
    assert page(admin, "import", received, "?show=new&page=2").count('data-label="Take"') == 11


@pytest.mark.parametrize("query", ["?show=nonsense", "?page=nonsense", "?page=-4", "?show=&page=9"])
def test_nonsense_in_the_address_does_no_harm(query: str, admin: Client, take_in: TakeIn) -> None:
    assert "ST-0001" in page(admin, "import", take_in([row()]), query)


def test_what_people_wrote_is_shown_as_text(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(1, Action_required="<script>alert(1)</script>")])
    assert "<script>alert" not in page(admin, "import", received)


def test_applying_asks_first(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(1), row(2, Level=9)])
    text = page(admin, "apply", received)
    assert "Apply 1 row?" in text
    assert "1 row cannot be read and will be left out" in text
    assert not Action.objects.exists()


def apply_as_seen(client: Client, received: SpreadsheetImport) -> Any:
    """Press the button of the page that was opened for this preview."""
    address = reverse("portal:apply", args=[received.pk])
    return client.post(address, {"preview": received.previews}, follow=True)


def test_applying_writes_and_says_how_many(
    admin: Client, take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1), row(2)])
    response = apply_as_seen(admin, received)
    text = response.content.decode()
    assert "2 rows applied." in text
    assert "What was imported" in text
    assert "by Admin" in text
    assert Action.objects.count() == 2
    assert reverse("tracker:action", args=["ST-0001"]) in text
    assert progress.told(received.pk) is None


def test_applying_one_row_is_said_in_the_singular(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row()])
    response = apply_as_seen(admin, received)
    assert "1 row applied." in response.content.decode()


def test_pressing_twice_is_told_politely(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row()])
    apply_as_seen(admin, received)
    response = apply_as_seen(admin, received)
    assert "This import was already applied by Admin on" in response.content.decode()
    assert Action.objects.count() == 1


def test_records_that_changed_meanwhile_lead_back_to_a_new_preview(
    admin: Client, take_in: TakeIn
) -> None:
    received = take_in([row(1), row(2)])
    make_action("ST-0002")
    response = apply_as_seen(admin, received)
    assert "The records have changed since this preview was made" in response.content.decode()


def test_a_preview_that_nobody_has_looked_at_is_not_applied(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(1), row(2)])
    opened = page(admin, "apply", received)
    assert f'name="preview" value="{received.previews}"' in opened
    make_action("ST-0002")
    apply_as_seen(admin, received)
    # The page that was opened before is still there: its button means another preview now.
    again = apply_as_seen(admin, received)
    assert (
        "The preview was made again, or somebody chose otherwise, since you opened the page before"
        in again.content.decode()
    )
    assert Action.objects.count() == 1
    received.refresh_from_db()
    assert "2 rows applied." in apply_as_seen(admin, received).content.decode()


@pytest.mark.parametrize("rows", [[row(Level=9)], []])
def test_there_is_no_confirmation_where_there_is_nothing_to_apply(
    rows: list[dict[str, Any]], admin: Client, take_in: TakeIn
) -> None:
    received = take_in(rows)
    response = admin.get(reverse("portal:apply", args=[received.pk]))
    assert response.status_code == 302


def test_the_same_file_again_is_said_to_be_the_same(
    admin: Client, take_in: TakeIn, media: object
) -> None:
    file = start_list([row()])
    upload(admin, file)
    first = SpreadsheetImport.objects.get()
    apply_as_seen(admin, first)
    text = upload(admin, file).content.decode()
    assert "This is the very file that was applied on" in text
    assert "There is nothing to apply" in text


def test_a_date_of_an_export_does_not_stand_against_a_list(admin: Client, media: object) -> None:
    for typed in ("31/02/2024", "1 January 2199", "soon"):
        workbook = SimpleUploadedFile("list.xlsx", start_list([row(1)]).getvalue())
        posted = {"purpose": "list", "workbook": workbook, "as_at": typed}
        assert admin.post(reverse("portal:imports"), posted).status_code == 302
        workbook.seek(0)
        text = admin.post(reverse("portal:imports"), {**posted, "purpose": "export"})
        assert 'id="id_as_at_error"' in text.content.decode()
    assert {each.as_at for each in SpreadsheetImport.objects.all()} == {None}


def test_who_only_takes_in_exports_is_asked_for_nothing_else(
    cast: SimpleNamespace, sign_in: SignIn, media: object
) -> None:
    governance = sign_in(cast.governance)
    text = governance.get(reverse("portal:imports")).content.decode()
    assert "What is in it?" not in text
    assert "Bring in the exports of HMICFRS’s portal" in text
    assert "a list of actions" not in text.partition("<main")[2].partition("</main")[0].lower()
    workbook = SimpleUploadedFile("list.xlsx", start_list([row(1)]).getvalue())
    governance.post(reverse("portal:imports"), {"workbook": workbook, "purpose": "list"})
    assert SpreadsheetImport.objects.get().purpose == "export"


def test_progress_is_told_in_numbers(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row(1), row(2)])
    address = reverse("portal:progress", args=[received.pk])
    assert admin.get(address).json() == {
        "state": "previewed",
        "under_way": False,
        "done": None,
        "total": 2,
        "page": received.get_absolute_url(),
    }
    SpreadsheetImport.objects.update(asked_at=timezone.now())
    progress.teller(received.pk)(1, 2)
    told = admin.get(address).json()
    assert (told["under_way"], told["done"]) == (True, 1)
    caches["progress"].clear()


@pytest.mark.parametrize("name", ["import", "apply", "progress"])
def test_an_import_that_does_not_exist_is_not_found(name: str, admin: Client) -> None:
    assert admin.get(reverse(f"portal:{name}", args=[404])).status_code == 404


@pytest.mark.parametrize(
    "member",
    ["staff", "delivery", "executive", "assurance", "chair", "deputy", "corporate"],
)
def test_only_administrators_import(
    member: str, cast: SimpleNamespace, sign_in: SignIn, take_in: TakeIn
) -> None:
    client = sign_in(getattr(cast, member))
    received = take_in([row()])
    assert upload(client, start_list([row()])).status_code == 403
    for name in ("import", "apply", "progress"):
        assert client.get(reverse(f"portal:{name}", args=[received.pk])).status_code == 403
    assert client.post(reverse("portal:apply", args=[received.pk])).status_code == 403
    assert not Action.objects.exists()


def test_the_way_to_imports_is_shown_to_administrators_only(
    admin: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    address = f'href="{reverse("portal:imports")}"'
    assert address in admin.get("/portal/imports/").content.decode()
    assert address not in sign_in(cast.staff).get("/publications/").content.decode()


def test_a_newer_update_is_shown_as_added_and_not_as_replacing(
    admin: Client, take_in: TakeIn
) -> None:
    apply_import(take_in([row()]), actor=None)
    newer = row(Latest_update="Beds are there.", Latest_update_date="21 November 2024")
    text = page(admin, "import", receive(start_list([newer]), "x.xlsx", actor=None))
    assert "added to those that are here" in text
    assert "Beds are there. (21 November 2024)</ins>" in text
    assert "<del>" not in text


def test_an_import_that_would_change_nothing_is_not_said_to_wait(
    admin: Client, take_in: TakeIn
) -> None:
    take_in([row(Level=9)])
    text = admin.get(reverse("portal:imports")).content.decode()
    assert "Nothing to apply" in text
    assert "To be applied" not in text


def test_the_file_itself_is_kept_and_goes_out_as_it_came(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row()])
    text = page(admin, "import", received)
    assert received.sha256 in text
    response = admin.get(reverse("portal:file", args=[received.pk]))
    assert sha256(b"".join(response)).hexdigest() == received.sha256  # type: ignore[arg-type]
    assert response["Content-Disposition"] == 'attachment; filename="list.xlsx"'


def test_a_file_that_is_gone_is_not_found(admin: Client, take_in: TakeIn) -> None:
    received = take_in([row()])
    received.file.storage.delete(str(received.file.name))
    assert admin.get(reverse("portal:file", args=[received.pk])).status_code == 404
