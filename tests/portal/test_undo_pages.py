"""The pages of undoing an import: the question, why not, and what follows."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.history import attribute
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import SpreadsheetImport, State
from tests.portal.conftest import TakeIn
from tests.workbooks import row, start_list
from tracker.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.admin)


@pytest.fixture
def applied(take_in: TakeIn, cast: SimpleNamespace) -> SpreadsheetImport:
    """A list of two new actions and one that is changed, applied after another."""
    apply_import(take_in([row(1)]), actor=cast.admin)
    changed = row(1, Due="1 March 2025")
    report = {"Source_report": "A second report", "Delivery_lead": "Head of Dogs"}
    file = start_list([changed, row(2, **report), row(3, **report)])
    return apply_import(receive(file, "second.xlsx", actor=cast.admin), actor=cast.admin)


def address(name: str, received: SpreadsheetImport) -> str:
    return reverse(f"portal:{name}", args=[received.pk])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_of_an_applied_import_leads_to_undoing_it(
    admin: Client, applied: SpreadsheetImport
) -> None:
    assert address("undo", applied) in text_of(admin.get(applied.get_absolute_url()))


def test_the_question_says_what_would_be_undone(admin: Client, applied: SpreadsheetImport) -> None:
    text = text_of(admin.get(address("undo", applied)))
    assert "Undo this import?" in text
    assert "2 actions that it recorded are removed" in text
    assert "1 action that it changed returns to what it said before" in text
    assert "1 publication that it recorded is removed, unless used by now" in text
    assert "1 lead that it recorded is removed, unless used by now" in text
    assert Action.objects.count() == 3


def test_undoing_says_what_it_did_and_offers_the_file_again(
    admin: Client, applied: SpreadsheetImport
) -> None:
    text = text_of(admin.post(address("undo", applied), follow=True))
    assert "The import was undone: 2 actions removed and 1 action restored." in text
    assert "Undone" in text
    assert address("undo", applied) not in text
    assert address("again", applied) in text
    assert Action.objects.count() == 1
    # There is nothing to ask any more, and pressing twice is told politely.
    assert admin.get(address("undo", applied)).status_code == 302
    again = text_of(admin.post(address("undo", applied), follow=True))
    assert "This import has been undone already." in again


def test_the_file_of_an_undone_import_is_previewed_as_a_new_one(
    admin: Client, applied: SpreadsheetImport
) -> None:
    admin.post(address("undo", applied))
    response = admin.post(address("again", applied))
    newest = SpreadsheetImport.objects.latest("pk")
    assert newest.pk != applied.pk
    assert response["Location"] == newest.get_absolute_url()
    assert (newest.state, newest.original_name) == (State.PREVIEWED, "second.xlsx")
    assert (newest.counts["new"], newest.counts["changed"]) == (2, 1)
    applied.refresh_from_db()
    assert applied.state == State.UNDONE


def test_a_file_that_is_gone_is_said_to_be(admin: Client, applied: SpreadsheetImport) -> None:
    admin.post(address("undo", applied))
    applied.file.storage.delete(str(applied.file))
    text = text_of(admin.post(address("again", applied), follow=True))
    assert "The file of this import is no longer kept. Upload the list again." in text


def test_only_the_file_of_an_undone_import_is_taken_in_again(
    admin: Client, applied: SpreadsheetImport
) -> None:
    text = text_of(admin.post(address("again", applied), follow=True))
    assert "Only an import that was undone is previewed again." in text
    assert SpreadsheetImport.objects.count() == 2


def test_where_others_have_worked_on_it_the_page_says_so_and_asks_nothing(
    admin: Client, applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    action = Action.objects.get(reference="ST-0002")
    action.text = "Otherwise."
    attribute(action, cast.governance)
    action.save()
    text = text_of(admin.get(address("undo", applied)))
    assert "ST-0002 was changed on" in text
    assert "by Governance" in text
    assert "<button" not in text.partition("<main")[2].partition("</main>")[0]
    posted = text_of(admin.post(address("undo", applied), follow=True))
    assert "Nothing was undone, because others have worked on what this import wrote" in posted
    assert Action.objects.count() == 3
