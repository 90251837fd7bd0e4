"""The pages of one's own mails and their settings."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from people.digests import topics
from people.mail_settings import setting_of
from people.models import MailDigest, MailFrequency, User
from tests.factories import day, make_action, make_lead
from tests.people.mails import send_on
from tests.tracker.test_action_page import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MAILS, MAKE, SETTINGS = "/account/mails/", "/account/mails/make/", "/account/mail/"


@pytest.fixture
def lead(cast: SimpleNamespace) -> User:
    """Somebody with an action that is overdue."""
    make_lead("Head of Crime", cast.delivery)
    make_action("ST-0045", delivery="Head of Crime", due="2024-11-01", updated="2024-11-20")
    person: User = cast.delivery
    return person


def test_who_got_no_mail_is_told_when_one_comes(cast: SimpleNamespace, sign_in: SignIn) -> None:
    page = words(sign_in(cast.staff).get(MAILS))
    assert "You have had no mail yet" in page
    assert "demonstration" not in page and "Make today’s mails" not in page


def test_one_sees_ones_own_mails_the_latest_first(
    settings: Any, lead: User, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    send_on(settings, "2024-11-22")
    send_on(settings, "2024-11-25")
    response = sign_in(lead).get(MAILS)
    page = words(response)
    first, _, second = page.partition("22 November 2024")
    assert "1 action overdue 25 November 2024 Overdue Still waiting" in first
    assert "Overdue New" in second
    assert "ST-0045 “Chief constables should see to thing" in page
    assert 'href="/actions/ST-0045/due-date/"' in response.content.decode()
    assert "ST-0045" not in words(sign_in(cast.staff).get(MAILS))


def test_a_mail_that_waits_for_its_server_says_so(
    settings: Any, lead: User, sign_in: SignIn
) -> None:
    settings.EMAIL_BACKEND = "tests.people.mails.Away"
    send_on(settings, "2024-11-25")
    assert "Not sent yet" in words(sign_in(lead).get(MAILS))


def test_in_the_demonstration_a_button_makes_the_mails_of_today(
    settings: Any, lead: User, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    settings.DEMO = True
    client = sign_in(lead)
    assert "mails are kept on this page, and none is sent" in words(client.get(MAILS))

    page = words(sign_in(cast.staff).post(MAKE, follow=True))
    assert "The mails of 25 November 2024 are made, for one person." in page
    assert "There is nothing new to tell you." in page
    assert "ST-0045" in words(client.get(MAILS))
    page = words(client.post(MAKE, follow=True))
    assert "You have yours already: one a day." in page and "are made" not in page
    assert mail.outbox == []

    settings.TODAY = day("2024-11-24")
    assert "24 November 2024 is no working day" in words(client.post(MAKE, follow=True))
    assert MailDigest.objects.count() == 1


def test_no_other_installation_makes_mails_from_a_page(lead: User, sign_in: SignIn) -> None:
    assert sign_in(lead).post(MAKE).status_code == 404
    assert not MailDigest.objects.exists()


def test_one_chooses_how_often_and_what(cast: SimpleNamespace, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    page = words(client.get(SETTINGS))
    assert "On every working day with news" in page and "Never" in page
    for topic in topics():
        assert topic.title in page

    sent = {"frequency": "weekly", "wanted": ["own", "board"]}
    page = words(client.post(SETTINGS, sent, follow=True))
    assert "From now on you get a mail once a week, on its first working day." in page
    setting = setting_of(User.objects.get(pk=cast.staff.pk))
    assert setting.frequency == MailFrequency.WEEKLY
    assert setting.left_out == ["asked", "arising", "meetings"]
    assert client.get(SETTINGS).context["form"].initial == {
        "frequency": "weekly",
        "wanted": ["board", "own"],
    }
    assert "once a week, on its first working day" in words(client.get(MAILS))


def test_one_turns_them_off(cast: SimpleNamespace, sign_in: SignIn) -> None:
    page = words(sign_in(cast.staff).post(SETTINGS, {"frequency": "never"}, follow=True))
    assert "You get no mails from now on." in page
    assert setting_of(User.objects.get(pk=cast.staff.pk)).frequency == MailFrequency.NEVER


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"frequency": "daily"}, "Select at least one thing, or choose “Never”"),
        ({"wanted": ["own"]}, "Say how often"),
        ({"frequency": "hourly", "wanted": ["own"]}, "Choose one of these"),
        ({"frequency": "daily", "wanted": ["nonsense"]}, "Choose among these"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_changed(
    cast: SimpleNamespace, sign_in: SignIn, sent: dict[str, Any], said: str
) -> None:
    response = sign_in(cast.staff).post(SETTINGS, sent)
    assert said in words(response)
    assert setting_of(User.objects.get(pk=cast.staff.pk)).pk is None


def test_the_pages_of_an_account_lead_to_one_another(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.staff)
    for address in (MAILS, SETTINGS, "/account/password/"):
        html = client.get(address).content.decode()
        for other in (MAILS, SETTINGS, "/account/password/"):
            assert f'href="{other}"' in html


def test_the_address_of_the_account_leads_to_its_mails(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in(cast.staff).get("/account/")
    assert (response.status_code, response["Location"]) == (302, "/account/mails/")
