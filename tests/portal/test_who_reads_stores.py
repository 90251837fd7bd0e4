"""Who reads a store of evidence that is taken in, and what they are told of what is kept."""

import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.markings import Marking
from people import roles
from people.models import User
from portal.imports.receiving import receive
from portal.models import Outcome, Purpose, SpreadsheetImport
from tests.factories import make_evidence, make_framework, make_user
from tests.portal.stores import pdf, row, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SignIn = Callable[[User], Client]


@pytest.fixture
def sender() -> User:
    """An administrator who owns a sensitive piece of evidence."""
    make_framework(questions=3)
    return make_user("sender", roles.ADMINISTRATOR)


def received_of(sender: User) -> SpreadsheetImport:
    return receive(store(row()), "store.zip", actor=sender, purpose=Purpose.EVIDENCE)


def page_of(client: Client, received: SpreadsheetImport, query: str = "") -> str:
    return client.get(f"{received.get_absolute_url()}{query}").content.decode()


def test_a_store_is_there_for_its_sender_and_for_keepers_of_evidence(
    sender: User, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    keeper = make_user("keeper", roles.ADMINISTRATOR, roles.GOVERNANCE)
    received = received_of(sender)
    for user, status in ((sender, 200), (keeper, 200), (cast.admin, 404)):
        client = sign_in(user)
        for address in ("", "apply/", "file/", "progress/"):
            answer = client.get(f"/portal/imports/{received.pk}/{address}")
            list(getattr(answer, "streaming_content", ()))
            assert answer.status_code == status, (user, address)
        for address in ("apply/", "choose/", "discard/", "undo/", "again/"):
            if user == cast.admin:
                answer = client.post(f"/portal/imports/{received.pk}/{address}")
                assert answer.status_code == 404, address
        listed = client.get("/portal/imports/").content.decode()
        assert ("store.zip" in listed) is (status == 200)


def test_a_list_is_there_for_every_administrator(sender: User, cast: SimpleNamespace) -> None:
    SpreadsheetImport.objects.create(purpose=Purpose.LIST, size=1, uploaded_by=sender)
    assert SpreadsheetImport.objects.visible_to(cast.admin).count() == 1


def test_the_title_of_what_is_kept_is_shown_to_who_may_read_it_now(
    sender: User, sign_in: SignIn, cast: SimpleNamespace
) -> None:
    kept = make_evidence("Of an informant", contents=pdf(), marking=Marking.SENSITIVE, owner=sender)
    received = received_of(sender)
    remarks = received.rows.get().notes
    assert [said["evidence"] for said in remarks] == [kept.pk]
    assert "Of an informant" not in str(remarks)
    client, show = sign_in(sender), f"?show={Outcome.CHANGED}"
    page = page_of(client, received, show)
    assert f'href="{kept.get_absolute_url()}">Of an informant</a>' in page

    kept.owner = cast.staff
    kept.save()

    page = page_of(client, received, show)
    assert "is kept here already: it is linked, not stored twice." in page
    assert "Of an informant" not in page


def test_reading_its_file_is_noted_in_the_log(
    sender: User, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    received = received_of(sender)
    with caplog.at_level(logging.INFO, "portal.imports"):
        sent: Any = sign_in(sender).get(f"/portal/imports/{received.pk}/file/")
        assert b"".join(sent.streaming_content).startswith(b"PK")
    assert f"sender downloaded the file of import {received.pk}" in caplog.messages
