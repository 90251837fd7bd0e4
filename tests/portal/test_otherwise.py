"""Spreadsheets that are of the other purpose, and uploads that are discarded."""

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.discarding import discard, take_in_otherwise
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.models import ImportRow, Purpose, SpreadsheetImport, State
from tests.factories import day, make_framework, make_lead, make_profile
from tests.portal.strange_lists import kept, strange_list
from tests.portal.test_demo_list import FIXTURES
from tests.portal.test_pages import upload
from tests.workbooks import row, start_list

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PORTAL = FIXTURES / "portal-2024-11-20.xlsx"


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.admin)


@pytest.fixture(autouse=True)
def framework(db: None, media: Path) -> None:
    make_framework(questions=11)
    make_lead("ACC Baker", chief_officer=True)
    make_lead("Head of Crime")


def portal_file() -> io.BytesIO:
    return io.BytesIO(PORTAL.read_bytes())


def test_each_of_the_two_is_known_from_the_other() -> None:
    for file, purpose, other in (
        (portal_file(), Purpose.LIST, Purpose.EXPORT),
        (start_list([row(1)]), Purpose.EXPORT, Purpose.LIST),
        (portal_file(), Purpose.EXPORT, ""),
        (start_list([row(1)]), Purpose.LIST, ""),
        (strange_list([row(1)]), Purpose.LIST, ""),
    ):
        as_at = day("2024-11-20") if purpose == Purpose.EXPORT else None
        received = receive(file, "x.xlsx", actor=None, purpose=purpose, as_at=as_at)
        assert (received.looks_like, received.purpose) == (other, purpose)


def test_a_saved_layout_of_its_own_settles_what_it_is() -> None:
    fields = {"reference": "reference", "record type": "kind", "due date": "due"}
    make_profile("From the portal", fields=fields)
    assert receive(portal_file(), "x.xlsx", actor=None).looks_like == ""


def test_the_page_says_what_it_looks_like_and_takes_it_in_as_that(admin: Client) -> None:
    upload(admin, portal_file(), "portal-2024-11-20.xlsx")
    of = SpreadsheetImport.objects.get()
    text = admin.get(reverse("portal:columns", args=[of.pk])).content.decode()
    assert "It is taken in as “A list of actions”, and looks like “What HMICFRS’s portal" in text
    done = admin.post(reverse("portal:otherwise", args=[of.pk]), follow=True)
    now = SpreadsheetImport.objects.get()
    assert (now.purpose, now.as_at, now.looks_like) == (Purpose.EXPORT, day("2024-11-20"), "")
    assert "is taken in as “What HMICFRS’s portal holds” now" in done.content.decode()
    assert SpreadsheetImport.history.filter(id=of.pk, history_type="-").exists()


def test_who_may_not_take_it_in_as_that_asks_somebody_who_may(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    governance = sign_in(cast.governance)
    upload(governance, start_list([row(1)]), purpose="export")
    of = SpreadsheetImport.objects.get()
    text = governance.get(reverse("portal:columns", args=[of.pk])).content.decode()
    assert "looks like “A list of actions”" in text
    assert "Ask an administrator to take it in." in text
    address = reverse("portal:otherwise", args=[of.pk])
    assert address not in text
    assert governance.post(address).status_code == 404
    assert SpreadsheetImport.objects.get() == of


def test_what_is_as_it_seems_is_not_taken_in_otherwise(admin: Client) -> None:
    of = receive(start_list([row(1)]), "list.xlsx", actor=None)
    response = admin.post(reverse("portal:otherwise", args=[of.pk]), follow=True)
    assert "looks like what it is taken in for" in response.content.decode()
    assert SpreadsheetImport.objects.get() == of


def test_the_very_file_that_was_applied_is_said_for_the_same_purpose_only(admin: Client) -> None:
    file = start_list([row(1)])
    apply_import(receive(file, "list.xlsx", actor=None), actor=None)
    again = upload(admin, file).content.decode()
    assert "This is the very file that was applied on" in again
    assert "The preview shows what it would change now." in again
    other = upload(admin, file, purpose="export").content.decode()
    assert "This is the very file" not in other
    assert "looks like “A list of actions”" in other


# Discarding


def test_an_upload_is_discarded_only_when_somebody_has_said_so(
    admin: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    of = kept(strange_list([row(1)]))
    storage, name = of.file.storage, str(of.file.name)
    at = reverse("portal:discard", args=[of.pk])
    assert at in admin.get(reverse("portal:imports")).content.decode()
    assert at in admin.get(reverse("portal:sheet", args=[of.pk])).content.decode()
    assert "Nothing of it was applied" in admin.get(at).content.decode()
    assert SpreadsheetImport.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = admin.post(at, follow=True)
    assert "“tracker.xlsx” is discarded." in response.content.decode()
    assert not SpreadsheetImport.objects.exists()
    assert not storage.exists(name)
    last = SpreadsheetImport.history.latest()
    assert (last.history_type, last.user_name) == ("-", "Admin")
    assert last.history_change_reason == "Discarded"


@pytest.mark.parametrize("state", [State.PREVIEWED, State.REFUSED])
def test_rows_go_with_an_upload(cast: SimpleNamespace, state: State) -> None:
    of = receive(start_list([row(1)]), "list.xlsx", actor=None)
    SpreadsheetImport.objects.update(state=state)
    discard(of, actor=cast.admin)
    assert not ImportRow.objects.exists()
    discard(of, actor=cast.admin)


def test_what_was_applied_or_is_about_to_be_stays(admin: Client, cast: SimpleNamespace) -> None:
    asked = receive(start_list([row(2)]), "list.xlsx", actor=None)
    SpreadsheetImport.objects.update(asked_at=timezone.now())
    with pytest.raises(ImportNotPossible, match="being applied"):
        discard(asked, actor=cast.admin)
    applied = receive(start_list([row(1)]), "list.xlsx", actor=None)
    apply_import(applied, actor=None)
    at = reverse("portal:discard", args=[applied.pk])
    assert admin.get(at)["Location"] == applied.get_absolute_url()
    text = admin.post(at, follow=True).content.decode()
    assert "This import was applied, so it stays on record." in text
    applied.refresh_from_db()
    with pytest.raises(ImportNotPossible, match="finished"):
        take_in_otherwise(applied, Purpose.EXPORT, as_at=None, actor=cast.admin)
    assert SpreadsheetImport.objects.count() == 2
    assert at not in admin.get(reverse("portal:imports")).content.decode()


def test_a_file_that_is_gone_is_not_taken_in_otherwise(cast: SimpleNamespace) -> None:
    of = receive(portal_file(), "portal.xlsx", actor=None)
    of.file.storage.delete(str(of.file.name))
    with pytest.raises(ImportNotPossible, match="no longer kept"):
        take_in_otherwise(of, Purpose.EXPORT, as_at=day("2024-11-20"), actor=cast.admin)
    assert SpreadsheetImport.objects.get() == of
