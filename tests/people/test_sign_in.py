"""Signing in and out, changing one's password, and who is turned away."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from people.models import User
from tests.factories import make_action

SignIn = Callable[[User], Client]
PASSWORD = "a-long-test-password"
MISMATCH = "Your username or email address and your password do not match an account"


def sign_in_with(client: Client, login: str, password: str, **extra: str) -> tuple[int, str]:
    response = client.post(
        reverse("account_login"), {"login": login, "password": password, **extra}
    )
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("login", ["staff", "staff@example.test", " staff "])
def test_username_and_email_address_both_sign_in(
    cast: SimpleNamespace, client: Client, login: str
) -> None:
    assert sign_in_with(client, login, PASSWORD)[0] == 302
    assert client.get(reverse("account_change_password")).status_code == 200


def test_one_arrives_where_one_wanted_to_go(cast: SimpleNamespace, client: Client) -> None:
    wanted = reverse("account_change_password")
    asked = client.get(wanted)
    assert asked["Location"] == f"/account/sign-in/?next={wanted}"
    assert f'name="next" value="{wanted}"' in client.get(asked["Location"]).content.decode()
    response = client.post(
        asked["Location"], {"login": "staff", "password": PASSWORD, "next": wanted}
    )
    assert response["Location"] == wanted


def test_the_home_page_tells_what_has_moved_since_the_last_visit(
    cast: SimpleNamespace, client: Client, settings: Any
) -> None:
    make_action(received="2024-11-10")
    cast.staff.last_login = timezone.make_aware(dt.datetime(2024, 11, 4, 9))
    cast.staff.save()
    sign_in_with(client, "staff", PASSWORD)
    page = " ".join(client.get("/").content.decode().split())
    assert "Since you were last here, on 4 November 2024:" in page
    assert '?since=2024-11-04&amp;change=new">1 new</a>' in page
    # A second sign-in on the same day has nothing to tell from; the month is told.
    settings.TODAY = timezone.localdate()
    again = Client()
    sign_in_with(again, "staff", PASSWORD)
    assert "you were last here" not in again.get("/").content.decode()


def test_what_was_typed_before_the_session_ended_is_given_back(client: Client) -> None:
    typed = {"title": "A “title”", "roles": ["a", "b"], "password": "secret-words"}
    response = client.post(reverse("reports:new"), typed)
    page = response.content.decode()
    assert response.status_code == 403
    assert "You have been signed out" in page
    assert 'name="title" value="A “title”"' in page
    assert page.count('name="roles"') == 2
    assert "secret-words" not in page


@pytest.mark.parametrize(
    ("origin", "kept"), [("http://testserver", True), ("https://example.com", False), ("", False)]
)
def test_a_form_of_an_earlier_session_can_be_sent_again_if_it_is_ours(
    cast: SimpleNamespace, origin: str, kept: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.corporate, backend="django.contrib.auth.backends.ModelBackend")
    headers = {"origin": origin} if origin else {}
    response = client.post(reverse("reports:new"), {"title": "Typed"}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 403
    assert ('name="title" value="Typed"' in page) is kept
    assert ("Send it again" in page) is kept


def test_a_login_longer_than_any_is_refused_before_it_is_looked_for(
    cast: SimpleNamespace, client: Client
) -> None:
    status, text = sign_in_with(client, "x" * 60_000, PASSWORD)
    assert status == 200
    assert "254 characters" in text


def test_an_address_elsewhere_is_not_followed(cast: SimpleNamespace, client: Client) -> None:
    response = client.post(
        reverse("account_login"),
        {"login": "staff", "password": PASSWORD, "next": "https://example.com/"},
    )
    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("staff", "wrong"),
        ("nobody", PASSWORD),
        ("staff@example.test", "wrong"),
        ("nobody@example.test", PASSWORD),
    ],
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_message(
    cast: SimpleNamespace, client: Client, login: str, password: str
) -> None:
    status, html = sign_in_with(client, login, password)
    assert status == 200
    assert f'<a href="#id_login">{MISMATCH}</a>' in html
    assert "<title>Error: Sign in" in " ".join(html.split())
    assert f'value="{login}"' in html
    assert password not in html.replace(login, "")


def test_a_deactivated_account_is_told_so_but_only_to_who_knows_its_password(
    cast: SimpleNamespace, client: Client
) -> None:
    cast.staff.is_active = False
    cast.staff.save()
    assert MISMATCH in sign_in_with(client, "staff", "wrong")[1]
    response = client.post(reverse("account_login"), {"login": "staff", "password": PASSWORD})
    assert response["Location"] == reverse("account_inactive")
    assert client.get(reverse("account_change_password")).status_code == 302


def test_empty_fields_say_what_to_enter(db: None, client: Client) -> None:
    html = sign_in_with(client, "", "")[1]
    assert '<a href="#id_login">Enter your username or email address</a>' in html
    assert '<a href="#id_password">Enter your password</a>' in html


def test_a_browser_can_fill_the_form_in_and_no_label_is_a_placeholder(
    db: None, client: Client
) -> None:
    html = client.get(reverse("account_login")).content.decode()
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html
    assert "placeholder" not in html
    assert "Username or email address</label>" in html
    assert "optional" not in html


def test_signing_in_needs_no_message_about_itself(cast: SimpleNamespace, client: Client) -> None:
    response = client.post(
        reverse("account_login"),
        {"login": "staff", "password": PASSWORD, "next": reverse("account_change_password")},
        follow=True,
    )
    assert response.status_code == 200
    assert "app-message" not in response.content.decode()


def test_too_many_wrong_passwords_stop_the_account_for_a_while(
    cast: SimpleNamespace, client: Client, settings: SimpleNamespace
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,3/5m/key"}
    cache.clear()
    for _ in range(3):
        assert MISMATCH in sign_in_with(client, "staff", "wrong")[1]
    assert "wait five minutes" in sign_in_with(client, "staff", PASSWORD)[1]
    cache.clear()


def test_too_many_attempts_from_one_place_get_a_page_that_says_so(
    cast: SimpleNamespace, client: Client, settings: SimpleNamespace
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    cache.clear()
    for _ in range(2):
        sign_in_with(client, "staff", "wrong")
    status, html = sign_in_with(client, "staff", "wrong")
    assert status == 429
    assert "Too many attempts" in html
    cache.clear()


# Demonstration


def test_a_demonstration_lists_its_accounts(
    db: None, client: Client, settings: SimpleNamespace
) -> None:
    settings.DEMO = True
    html = client.get(reverse("account_login")).content.decode()
    assert DEMO_PASSWORD in html
    for account in DEMO_ACCOUNTS:
        assert f"<code>{account.username}</code>" in html


def test_a_real_installation_lists_none(db: None, client: Client) -> None:
    html = client.get(reverse("account_login")).content.decode()
    assert DEMO_PASSWORD not in html
    assert "<code>" not in html


# Signing out


def test_signing_out_asks_first_when_it_is_only_an_address(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.staff)
    assert "Do you want to sign out?" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("account_change_password")).status_code == 200


def test_signing_out_leads_back_to_signing_in(cast: SimpleNamespace, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    response = client.post(reverse("account_logout"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_login")
    assert "You have signed out." in response.content.decode()


# Password


def change(client: Client, old: str, new: str, again: str) -> tuple[int, str]:
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": old, "password1": new, "password2": again},
    )
    return response.status_code, response.content.decode()


def test_a_password_is_changed_and_one_stays_signed_in(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.staff)
    assert change(client, PASSWORD, "three odd words", "three odd words")[0] == 302
    cast.staff.refresh_from_db()
    assert cast.staff.check_password("three odd words")
    assert (
        "Your password is changed."
        in client.get(reverse("account_change_password")).content.decode()
    )


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("wrong", "three odd words", "three odd words", "The current password is not correct"),
        (PASSWORD, "short", "short", "at least 12 characters"),
        (PASSWORD, "three odd words", "three even words", "type the same password each time"),
        ("", "", "", "Enter your current password"),
        (PASSWORD, "", "", "Enter a new password"),
        (PASSWORD, "three odd words", "", "Enter the new password again"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why_and_changes_nothing(
    cast: SimpleNamespace, sign_in: SignIn, old: str, new: str, again: str, message: str
) -> None:
    status, html = change(sign_in(cast.staff), old, new, again)
    assert status == 200
    assert "There is a problem" in html
    assert message in html
    cast.staff.refresh_from_db()
    assert cast.staff.check_password(PASSWORD)


def test_confirming_asks_for_the_password_in_our_form(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.staff)
    address = reverse("account_reauthenticate")
    assert "Confirm that it is you" in client.get(address).content.decode()
    refused = client.post(address, {"password": "wrong"}).content.decode()
    assert '<a href="#id_password">The password is not correct</a>' in refused
    assert "Enter your password" in client.post(address, {"password": ""}).content.decode()
    assert client.post(address, {"password": PASSWORD}).status_code == 302


# Those without an account


def test_nobody_can_make_an_account_for_themselves(db: None, client: Client) -> None:
    address = reverse("account_signup")
    made = {
        "username": "me",
        "email": "me@example.test",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert "Accounts are made by an administrator" in client.get(address).content.decode()
    assert "Accounts are made by an administrator" in client.post(address, made).content.decode()
    assert not User.objects.exists()


def test_a_closed_account_has_a_page_that_says_so(db: None, client: Client) -> None:
    html = client.get(reverse("account_inactive")).content.decode()
    assert "This account is closed" in html
