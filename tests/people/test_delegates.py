"""Who posts for a lead: named by its holder, from a day until another, and told so."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from people.accounts import end_holding
from people.delegates import end_delegation, name_delegate
from people.models import Lead, LeadDelegate, Notice, User
from tests.factories import day, make_delegate, make_lead, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = day("2024-11-25")


@pytest.fixture
def lead(cast: SimpleNamespace) -> Lead:
    return make_lead("Head of Crime", cast.delivery)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).values_list("text", flat=True))


def test_a_holder_names_a_person_on_the_page_and_they_are_told(
    cast: SimpleNamespace, lead: Lead, sign_in: SignIn
) -> None:
    sent = {
        "lead": lead.pk,
        "user": cast.staff.pk,
        "since": "25.11.24",
        "last_day": "6 December 2024",
    }
    page = sign_in(cast.delivery).post("/people/delegates/", sent, follow=True).content.decode()

    assert "Staff may post for Head of Crime, and is told so." in page
    assert "from 25 November 2024 until 6 December 2024" in page
    named = LeadDelegate.objects.get()
    assert (named.started_on, named.ended_on) == (TODAY, day("2024-12-07"))
    assert told(cast.staff) == [
        "Delivery names you to post updates for Head of Crime from 25 November 2024 until "
        "6 December 2024."
    ]


def test_only_the_holder_names_and_only_for_leads_they_hold(
    cast: SimpleNamespace, lead: Lead, sign_in: SignIn
) -> None:
    with pytest.raises(PermissionDenied):
        name_delegate(lead, actor=cast.admin, user=cast.staff, since=TODAY)
    other = make_lead("Head of Custody", make_user("other"))
    sent = {"lead": other.pk, "user": cast.staff.pk, "since": "25.11.24"}
    page = sign_in(cast.delivery).post("/people/delegates/", sent).content.decode()
    assert "from the list" in page
    assert (
        "You hold no lead today" in sign_in(cast.staff).get("/people/delegates/").content.decode()
    )
    assert not LeadDelegate.objects.exists()


@pytest.mark.parametrize(
    ("since", "last_day", "sentence"),
    [
        ("24.11.24", "", "24 November 2024 has passed"),
        ("25.11.24", "24.11.24", "The last day cannot be before the first"),
        ("31.2.25", "", "is not a real date"),
    ],
)
def test_days_that_do_not_fit_are_told_and_stay_on_the_form(
    cast: SimpleNamespace,
    lead: Lead,
    sign_in: SignIn,
    since: str,
    last_day: str,
    sentence: str,
) -> None:
    sent = {"lead": lead.pk, "user": cast.staff.pk, "since": since, "last_day": last_day}
    page = sign_in(cast.delivery).post("/people/delegates/", sent).content.decode()
    assert sentence in page
    assert f'value="{since}"' in page
    assert not LeadDelegate.objects.exists()


def test_nobody_is_named_twice_for_the_same_days_nor_for_what_they_hold(
    cast: SimpleNamespace, lead: Lead
) -> None:
    def name(user: User, since: str, last_day: str | None = None) -> LeadDelegate:
        last = day(last_day) if last_day else None
        return name_delegate(lead, actor=cast.delivery, user=user, since=day(since), last_day=last)

    name(cast.staff, "2024-12-01", "2024-12-10")
    with pytest.raises(ValidationError, match="from 1 December 2024 until 10 December 2024"):
        name(cast.staff, "2024-12-10")
    with pytest.raises(ValidationError, match="may post for Head of Crime already"):
        name(cast.staff, "2024-11-25", "2024-12-01")
    name(cast.staff, "2024-11-25", "2024-11-30")
    name(cast.staff, "2024-12-11")
    with pytest.raises(ValidationError, match="holds Head of Crime, so may post"):
        name(cast.delivery, "2024-11-25")


def test_a_delegation_ends_today_once_confirmed_and_the_person_is_told(
    cast: SimpleNamespace, lead: Lead, sign_in: SignIn
) -> None:
    named = make_delegate(lead, cast.staff)
    holder = sign_in(cast.delivery)
    address = f"/people/delegates/{named.pk}/end/"
    assert "no longer posts for Head of Crime?" in holder.get(address).content.decode()
    assert LeadDelegate.objects.get().ended_on is None

    for _ in range(2):
        page = holder.post(address, follow=True).content.decode()
    assert "Nobody posts for you." in page
    assert LeadDelegate.objects.get().ended_on == TODAY
    assert told(cast.staff) == ["Delivery says that you no longer post updates for Head of Crime."]


def test_the_last_day_of_all_is_refused_in_words(
    cast: SimpleNamespace, lead: Lead, sign_in: SignIn
) -> None:
    sent = {
        "lead": lead.pk,
        "user": cast.staff.pk,
        "since": "25.11.24",
        "last_day": "31/12/9999",
    }
    response = sign_in(cast.delivery).post("/people/delegates/", sent)
    assert response.status_code == 200
    assert "31 December 9999 cannot be meant." in response.content.decode()
    assert not LeadDelegate.objects.exists()


def test_delegations_end_with_the_holder_of_the_lead_and_the_delegates_are_told(
    cast: SimpleNamespace, lead: Lead, sign_in: SignIn
) -> None:
    now, later = make_delegate(lead, cast.staff), make_delegate(lead, cast.chair, "2024-12-01")
    over = make_delegate(lead, cast.deputy, until="2024-11-10")
    elsewhere = make_delegate(make_lead("Head of Custody"), cast.staff)
    address = reverse("people:holder_end", args=[lead.holders.get().pk])
    admin = sign_in(cast.admin)
    assert "those who post updates for it stop with them" in admin.get(address).content.decode()
    admin.post(address)

    for delegate in (now, later, over, elsewhere):
        delegate.refresh_from_db()
    assert now.ended_on == TODAY
    assert later.ended_on == day("2024-12-01")
    assert (over.ended_on, elsewhere.ended_on) == (day("2024-11-10"), None)
    assert now.history.latest().user_name == "Admin"
    assert told(cast.staff) == [
        "From 25 November 2024 on you no longer post updates for Head of Crime: whoever named you "
        "holds it no more."
    ]
    assert len(told(cast.chair)) == 1
    assert told(cast.deputy) == []


def test_delegations_stay_while_somebody_else_holds_the_lead(
    cast: SimpleNamespace, lead: Lead
) -> None:
    named = make_delegate(lead, cast.staff)
    holder = lead.holders.get()
    make_lead("Head of Crime", cast.executive)
    end_holding(holder, actor=cast.admin, on=TODAY)
    named.refresh_from_db()
    assert named.ended_on is None
    assert told(cast.staff) == []


def test_nobody_else_ends_it(cast: SimpleNamespace, lead: Lead, sign_in: SignIn) -> None:
    named = make_delegate(lead, cast.staff)
    assert sign_in(cast.staff).post(f"/people/delegates/{named.pk}/end/").status_code == 404
    with pytest.raises(PermissionDenied):
        end_delegation(named, actor=cast.staff)


def test_one_that_has_not_begun_is_taken_back(cast: SimpleNamespace, lead: Lead) -> None:
    named = make_delegate(lead, cast.staff, "2024-12-01")
    ended = end_delegation(named, actor=cast.delivery)
    assert ended.ended_on == day("2024-12-01")
    assert not LeadDelegate.objects.on(day("2024-12-01")).exists()
