"""The register of good practice: who reads what, recording, changing, taking up."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.markings import Marking
from evidence.models import GoodPractice, TakeUp
from evidence.practice import change_practice, record_practice, take_up
from people.models import User
from tests.access_table import ALL
from tests.factories import day, make_evidence, make_lead, make_practice, make_publication

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
REGISTER = reverse("evidence:practices")
ADD = reverse("evidence:practice_add")


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def filled(**different: Any) -> dict[str, Any]:
    return {
        "title": "A nurse in the control room",
        "what": "Before officers are sent, a nurse is asked.",
        "other_force": "Another force",
        "marking": "OFFICIAL",
        **different,
    }


# Who reads what


def test_sensitive_practice_is_read_by_who_recorded_it_and_by_role(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    practice = make_practice(cast.delivery, title="Hidden practice", marking=Marking.SENSITIVE)
    make_practice(title="Open practice")
    found, listed = set(), set()
    for member in ALL:
        client = sign_in(getattr(cast, member))
        if client.get(practice.get_absolute_url()).status_code == 200:
            found.add(member)
        for query in ("", "?q=hidden", "?export=csv"):
            response = client.get(REGISTER + query)
            body = b"".join(response) if response.streaming else response.content
            if "Hidden practice" in body.decode().replace("“hidden”", ""):
                listed.add(member)
    assert found == listed == {"delivery", "assurance", "governance", "chair", "deputy"}


def test_practice_from_sensitive_evidence_shows_nothing_of_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = make_evidence("Hidden audit", owner=cast.delivery, marking=Marking.SENSITIVE)
    practice = make_practice(evidence=evidence)
    for member in ALL:
        client = sign_in(getattr(cast, member))
        readable = member in {"delivery", "assurance", "governance", "chair", "deputy"}
        for address in (practice.get_absolute_url(), REGISTER, f"{REGISTER}?q=Hidden"):
            text = text_of(client, address)
            assert ("Hidden audit" in text) == (readable and address != f"{REGISTER}?q=Hidden")
        exported = b"".join(client.get(f"{REGISTER}?export=csv")).decode()
        assert ("Hidden audit" in exported) == readable
    assert "Evidence that you may not read" in text_of(
        sign_in(cast.staff), practice.get_absolute_url()
    )


def test_the_register_is_searched_and_filtered(staff: Client) -> None:
    nurse = make_practice(title="A nurse in the control room")
    nurse.could_use.add(make_lead("Head of Crime"))
    make_practice(what="Prosecutors read files.", publication=make_publication())
    taken = make_practice(title="Surgeries", evidence=make_evidence("Audit"))
    TakeUp.objects.create(
        practice=taken, lead=make_lead("Head of Crime"), recorded_by=taken.recorded_by
    )

    for query, said in (
        ("q=nurse", "1 good practice"),
        ("q=prosecutors+files", "1 good practice"),
        ("q=audit", "0 good practices"),
        ("origin=evidence&origin=force", "2 good practices"),
        ("origin=publication", "1 good practice"),
        ("taken_up=yes", "1 good practice"),
        ("taken_up=no", "2 good practices"),
        ("taken_up=no&taken_up=yes", "3 good practices"),
        ("could_use=head-of-crime", "1 good practice"),
    ):
        assert said in text_of(staff, f"{REGISTER}?{query}"), query


def test_a_longer_register_asks_the_database_no_more_often(
    staff: Client, django_assert_num_queries: Any
) -> None:
    def one_more() -> None:
        practice = make_practice(evidence=make_evidence())
        lead = make_lead("Head of Crime")
        practice.could_use.add(lead)
        TakeUp.objects.create(practice=practice, lead=lead, recorded_by=practice.recorded_by)

    one_more()
    staff.get(REGISTER)
    with CaptureQueriesContext(connection) as one:
        staff.get(REGISTER)
    for _ in range(4):
        one_more()
    with django_assert_num_queries(len(one)):
        staff.get(REGISTER)


# Recording


def test_practice_is_recorded_from_evidence(staff: Client, cast: SimpleNamespace) -> None:
    evidence = make_evidence("Audit")
    lead = make_lead("Head of Crime")
    begun = text_of(staff, evidence.get_absolute_url())
    assert f"{ADD}?evidence={evidence.pk}" in begun
    assert f'value="{evidence.pk}"' in text_of(staff, f"{ADD}?evidence={evidence.pk}")
    address = f"https://start.example/evidence/{evidence.pk}/"
    sent = filled(other_force="", evidence=address, could_use=[lead.pk])
    staff.post(ADD, sent, follow=True)
    practice = GoodPractice.objects.get()
    assert (practice.evidence, practice.recorded_by) == (evidence, cast.staff)
    assert list(practice.could_use.all()) == [lead]
    assert practice.title in text_of(staff, evidence.get_absolute_url())


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"title": ""}, "Enter a title"),
        ({"what": ""}, "Say what it is"),
        ({"other_force": ""}, "Say where it comes from"),
        ({"evidence": "{open}"}, "Say one of evidence, publication and force"),
        ({"other_force": "", "evidence": "{hidden}"}, "no such evidence that you may read"),
        ({"other_force": "", "evidence": "the audit"}, "no such evidence that you may read"),
        ({"marking": "SECRET"}, "Select a marking from the list"),
    ],
)
def test_what_cannot_be_recorded_says_why(
    staff: Client, different: dict[str, str], said: str
) -> None:
    keys = {
        "open": make_evidence().pk,
        "hidden": make_evidence(marking=Marking.SENSITIVE).pk,
    }
    sent = filled(**{name: value.format(**keys) for name, value in different.items()})
    response = staff.post(ADD, sent)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not GoodPractice.objects.exists()


def test_the_writing_itself_refuses_evidence_that_may_not_be_read(cast: SimpleNamespace) -> None:
    hidden = make_evidence(marking=Marking.SENSITIVE)
    with pytest.raises(ValidationError, match="no such evidence"):
        record_practice(
            actor=cast.staff, title="A", what="B", marking=Marking.OFFICIAL, evidence=hidden
        )


# Changing


def test_leads_that_two_people_tick_at_once_all_stay(cast: SimpleNamespace) -> None:
    crime, custody, finance = (make_lead(name) for name in ("Crime", "Custody", "Finance"))
    practice = record_practice(
        actor=cast.staff,
        title="A",
        what="B",
        marking=Marking.OFFICIAL,
        other_force="C",
        could_use=[crime],
    )
    change_practice(practice, actor=cast.governance, version=1, could_use=[crime, custody])
    # The second saw version 1: Crime was ticked, and is not any more; Finance is new.
    change_practice(practice, actor=cast.staff, version=1, could_use=[finance], title="New")
    practice.refresh_from_db()
    assert set(practice.could_use.all()) == {custody, finance}
    assert (practice.title, practice.version) == ("New", 3)
    assert {each.lead for each in practice.history.latest().could_use.all()} == {custody, finance}


def test_the_second_of_two_who_change_a_title_is_told(staff: Client, cast: SimpleNamespace) -> None:
    practice = make_practice(cast.staff)
    change_practice(practice, actor=cast.governance, version=1, could_use=[], title="Theirs")
    address = reverse("evidence:practice_change", args=[practice.pk])
    text = staff.post(address, filled(title="Mine", version="1")).content.decode()
    assert "Governance changed this at" in text
    assert 'value="Mine"' in text
    practice.refresh_from_db()
    assert practice.title == "Theirs"


def test_saving_without_a_change_writes_nothing(staff: Client, cast: SimpleNamespace) -> None:
    evidence = make_evidence(withdrawn_at="2024-11-21T10:00:00Z", withdrawn_reason="A draft.")
    practice = make_practice(cast.staff, evidence=evidence)
    address = reverse("evidence:practice_change", args=[practice.pk])
    sent = filled(
        title=practice.title,
        what=practice.what,
        other_force="",
        evidence=str(evidence.pk),
        version="1",
    )
    assert staff.post(address, sent).status_code == 302
    practice.refresh_from_db()
    assert practice.version == 1


def test_others_do_not_change_it(cast: SimpleNamespace, sign_in: SignIn) -> None:
    practice = make_practice(cast.staff)
    address = reverse("evidence:practice_change", args=[practice.pk])
    assert sign_in(cast.member).get(address).status_code == 403
    with pytest.raises(PermissionDenied):
        change_practice(practice, actor=cast.member, version=1, could_use=[], title="X")


# Taking up


def test_a_holder_takes_it_up_for_a_lead_that_is_held(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    practice = make_practice()
    lead = make_lead("Head of Crime", holder=cast.delivery)
    address = reverse("evidence:practice_take_up", args=[practice.pk])
    client = sign_in(cast.delivery)
    sent = {"lead": lead.pk, "taken_up_on": "18.11.24", "note": "In two districts first."}
    client.post(address, sent)
    said = practice.take_ups.get()
    assert (said.lead, said.taken_up_on, said.note) == (
        lead,
        day("2024-11-18"),
        "In two districts first.",
    )
    text = text_of(client, practice.get_absolute_url())
    assert "In two districts first." in text
    # They hold no other lead: there is nothing more to record.
    assert address not in text
    assert client.get(address).status_code == 403


def test_nobody_takes_it_up_for_a_lead_of_others_or_in_advance(cast: SimpleNamespace) -> None:
    practice = make_practice()
    lead = make_lead("Head of Crime")
    with pytest.raises(ValidationError, match="You do not hold Head of Crime"):
        take_up(practice, actor=cast.delivery, lead=lead, taken_up_on=day("2024-11-18"))
    with pytest.raises(ValidationError, match="has not come"):
        take_up(practice, actor=cast.governance, lead=lead, taken_up_on=day("2024-11-26"))
    first = take_up(practice, actor=cast.governance, lead=lead, taken_up_on=day("2024-11-18"))
    again = take_up(practice, actor=cast.governance, lead=lead, taken_up_on=day("2024-11-19"))
    assert again == first
    assert practice.take_ups.count() == 1


def test_the_form_shows_where_it_was_opened_by_its_title(
    staff: Client, cast: SimpleNamespace
) -> None:
    kennels = make_evidence("Kennels")
    shown = text_of(staff, f"{ADD}?evidence={kennels.pk}")
    assert f'<a class="govuk-link" href="{kennels.get_absolute_url()}">Kennels</a>' in shown
    secret = make_evidence("Hidden", marking=Marking.SENSITIVE)
    assert "Hidden" not in text_of(staff, f"{ADD}?evidence={secret.pk}")
    publication = make_publication("Kennels inspected")
    address = f"{ADD}?publication={publication.pk}"
    assert address in text_of(staff, reverse("tracker:publication", args=[publication.slug]))
    assert f'<option value="{publication.pk}" selected>' in text_of(staff, address)
