"""Who reads a store of evidence that is taken in, and what they are told of what is kept."""

import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.markings import Marking
from evidence.models import Evidence
from people import roles
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.models import Outcome, Purpose, SpreadsheetImport
from tests.factories import make_action, make_evidence, make_framework, make_lead, make_user
from tests.portal.stores import pdf, row, store
from tracker.models import Action, ActionEvidence
from tracker.store_in import be_about
from tracker.workflow import Refused

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


class TestFurtherActions:
    """Evidence that is kept is attached to other actions as on the pages: by its owner or keepers
    where it is sensitive, because those who lead the actions read it then.
    """

    @pytest.fixture
    def leader(self, sender: User) -> User:
        """An administrator who reads a sensitive piece of evidence as lead of its action only."""
        sender.take_roles(roles.ADMINISTRATOR, roles.DELIVERY_LEAD)
        make_lead("Lead A", sender)
        return sender

    @pytest.fixture
    def secret(self, leader: User) -> Evidence:
        kept = make_evidence("Secret", contents=pdf(), marking=Marking.SENSITIVE)
        action = make_action("ST-0001", delivery="Lead A")
        make_action("ST-0002")
        ActionEvidence.objects.create(action=action, evidence=kept)
        return kept

    def received_of(self, user: User, **cells: Any) -> SpreadsheetImport:
        return receive(store(row(**cells)), "s.zip", actor=user, purpose=Purpose.EVIDENCE)

    def test_a_reader_does_not_attach_it(self, leader: User, secret: Evidence) -> None:
        received = self.received_of(leader, Action="ST-0001; ST-0002")
        kept = received.rows.get()
        assert kept.outcome == Outcome.UNREADABLE
        (problem,) = kept.problems
        assert "its owner and those who keep the evidence attach it" in problem["message"]
        assert problem["evidence"] == secret.pk
        with pytest.raises(Refused, match="OFFICIAL-SENSITIVE"):
            be_about(secret, [Action.objects.get(reference="ST-0002")], actor=leader, reason="")
        assert secret.action_links.count() == 1

    def test_where_it_is_attached_already_nothing_stands_against_the_row(
        self, leader: User, secret: Evidence
    ) -> None:
        received = self.received_of(leader, Action="ST-0001")
        assert received.rows.get().outcome == Outcome.CHANGED
        apply_import(received, actor=leader)
        assert secret.characteristic_links.count() == 1

    def test_its_owner_attaches_it(self, leader: User, secret: Evidence) -> None:
        secret.owner = leader
        secret.save()
        apply_import(self.received_of(leader, Action="ST-0002"), actor=leader)
        assert secret.action_links.count() == 2

    def test_what_somebody_brings_for_another_owner_is_attached(
        self, leader: User, cast: SimpleNamespace
    ) -> None:
        make_action("ST-0003")
        cells = {"Action": "ST-0003", "Owner": "staff", "Marking": "OFFICIAL-SENSITIVE"}
        apply_import(self.received_of(leader, **cells), actor=leader)
        assert Evidence.objects.get().action_links.count() == 1
