"""An administrator makes accounts, gives roles and passwords, and says who holds which lead."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from people import accounts, roles
from people.models import Lead, LeadHolder, User
from tests.factories import day, make_lead

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

NEW_PERSON = {
    "name": "Helen Marsh",
    "username": "hmarsh",
    "email": "h.marsh@example.test",
    "roles": [roles.DELIVERY_LEAD],
    "password": "a-long-first-password",
}


def test_a_new_person_can_sign_in_and_holds_the_roles_given(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in(cast.admin).post(reverse("people:account_add"), NEW_PERSON, follow=True)
    assert "Helen Marsh can now sign in as “hmarsh”." in response.content.decode()
    user = User.objects.get(username="hmarsh")
    assert user.role_names == [roles.STAFF, roles.DELIVERY_LEAD]
    assert user.check_password("a-long-first-password")
    assert {row.history_user for row in user.history.all()} == {cast.admin}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter a name"),
        ("username", "STAFF", "Someone already has this username."),
        ("email", "Staff@example.test", "Someone already has this email address."),
        ("email", "helen", "email address"),
        ("password", "short", "too short"),
        ("password", "h.marsh@example.t", "too similar"),
        ("password", "Helen Marsh1", "too similar"),
    ],
)
def test_a_bad_answer_is_explained_and_nothing_typed_is_lost(
    cast: SimpleNamespace, sign_in: SignIn, field: str, value: str, message: str
) -> None:
    before = User.objects.count()
    response = sign_in(cast.admin).post(reverse("people:account_add"), {**NEW_PERSON, field: value})
    page = response.content.decode()
    assert message in page
    assert "h.marsh@example.test" in page or field == "email"
    assert User.objects.count() == before


def test_roles_and_access_can_be_taken_away_again(cast: SimpleNamespace, sign_in: SignIn) -> None:
    sign_in(cast.admin).post(
        reverse("people:account_change", args=[cast.delivery.pk]),
        {"name": "Delivery", "email": "delivery@example.test", "roles": []},
    )
    changed = User.objects.get(pk=cast.delivery.pk)
    assert changed.role_names == [roles.STAFF]
    assert not changed.is_active


def test_the_history_says_who_gave_and_took_which_roles(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    address = reverse("people:account_change", args=[cast.staff.pk])
    answers = {"name": "Staff", "email": "staff@example.test", "active": "on"}
    sign_in(cast.admin).post(address, {**answers, "roles": [roles.ADMINISTRATOR]})
    last = cast.staff.history.first()
    held = {each.group.name for each in last.groups.all()}
    assert held == {roles.STAFF, roles.ADMINISTRATOR}
    assert last.history_user == cast.admin
    before = {each.group.name for each in last.prev_record.groups.all()}
    assert before == {roles.STAFF}


def test_an_administrator_cannot_lock_themselves_out(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in(cast.admin).post(
        reverse("people:account_change", args=[cast.admin.pk]),
        {"name": "Admin", "email": "admin@example.test", "roles": [], "active": "on"},
    )
    assert "Ask another administrator." in response.content.decode()
    assert roles.ADMINISTRATOR in User.objects.get(pk=cast.admin.pk).role_names


def test_the_email_address_of_another_cannot_be_taken(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in(cast.admin).post(
        reverse("people:account_change", args=[cast.staff.pk]),
        {"name": "Staff", "email": "chair@example.test", "roles": [], "active": "on"},
    )
    assert "Someone already has this email address." in response.content.decode()


def test_a_new_password_ends_the_sessions_of_its_owner(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    theirs = sign_in(cast.staff)
    sign_in(cast.admin).post(
        reverse("people:account_password", args=[cast.staff.pk]),
        {"password": "another-long-password"},
    )
    assert theirs.get(reverse("home")).status_code == 302
    assert User.objects.get(pk=cast.staff.pk).check_password("another-long-password")


def test_a_lead_that_is_there_already_is_neither_added_nor_changed(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.admin)
    client.post(reverse("people:lead_add"), {"name": "Head of Crime"})
    again = client.post(
        reverse("people:lead_add"), {"name": "head of crime", "chief_officer": "on"}
    )
    assert "There is already a lead of this name." in again.content.decode()
    assert not Lead.objects.get().chief_officer
    assert Lead.objects.get(name="Head of Crime").history.get().history_user == cast.admin


def test_a_lead_can_be_renamed_and_raised_to_chief_officer_level(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    lead, other = make_lead("Head of Crim"), make_lead("Head of Dogs")
    client = sign_in(cast.admin)
    address = reverse("people:lead_change", args=[lead.slug])
    assert 'value="Head of Crim"' in client.get(address).content.decode()
    taken = client.post(address, {"name": other.name.upper()})
    assert "There is already a lead of this name." in taken.content.decode()
    client.post(address, {"name": "Head of Crime", "chief_officer": "on"})
    lead.refresh_from_db()
    assert (lead.name, lead.slug, lead.chief_officer) == ("Head of Crime", "head-of-crim", True)
    assert lead.history.first().history_user == cast.admin


def test_who_begins_later_is_said_to_hold_it_then(cast: SimpleNamespace, sign_in: SignIn) -> None:
    lead = make_lead("Head of Crime")
    address = reverse("people:lead", args=[lead.slug])
    later = {"user": cast.delivery.pk, "since": "1.1.2030"}
    said = sign_in(cast.admin).post(address, later, follow=True).content.decode()
    assert "Delivery holds Head of Crime from 1 January 2030 on." in said


def test_a_person_holds_a_lead_from_a_day_until_another(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    lead = make_lead("Head of Crime")
    client = sign_in(cast.admin)
    address = reverse("people:lead", args=[lead.slug])
    client.post(address, {"user": cast.delivery.pk, "since": "01.11.24"})
    holder = LeadHolder.objects.get()
    assert (holder.user, holder.started_on) == (cast.delivery, day("2024-11-01"))
    asked = client.get(reverse("people:holder_end", args=[holder.pk]))
    assert "no longer holds Head of Crime?" in asked.content.decode()
    holder.refresh_from_db()
    assert holder.ended_on is None
    client.post(reverse("people:holder_end", args=[holder.pk]))
    holder.refresh_from_db()
    assert holder.ended_on == day("2024-11-25")


def test_a_person_cannot_hold_the_same_lead_twice(cast: SimpleNamespace, sign_in: SignIn) -> None:
    lead = make_lead("Head of Crime", holder=cast.delivery)
    response = sign_in(cast.admin).post(
        reverse("people:lead", args=[lead.slug]), {"user": cast.delivery.pk, "since": "01.11.24"}
    )
    assert (
        "This person already holds this lead on 1 November 2024 or later."
        in response.content.decode()
    )
    assert LeadHolder.objects.count() == 1


def test_a_holding_cannot_end_before_it_begins(cast: SimpleNamespace) -> None:
    holder = make_lead("Head of Crime", holder=cast.delivery).holders.get()
    with pytest.raises(ValidationError, match="The last day cannot be before the first"):
        accounts.end_holding(holder, actor=cast.admin, on=day("2019-01-01"))


def test_the_holder_on_a_day_is_the_one_of_that_day(cast: SimpleNamespace) -> None:
    lead = make_lead("Head of Crime", holder=cast.delivery)
    accounts.end_holding(lead.holders.get(), actor=cast.admin, on=day("2024-06-01"))
    accounts.hold_lead(lead, actor=cast.admin, user=cast.executive, since=day("2024-06-01"))
    assert [h.user for h in lead.holders.on(day("2024-05-31"))] == [cast.delivery]
    assert [h.user for h in lead.holders.on(day("2024-06-01"))] == [cast.executive]
    assert list(Lead.objects.held_by(cast.executive, day("2024-06-01"))) == [lead]
    assert list(Lead.objects.held_by(cast.delivery, day("2024-06-01"))) == []
