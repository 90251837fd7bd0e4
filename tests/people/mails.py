"""What tests of mails share: today as a day of one's choice, and what was sent on it."""

from typing import Any

from django.core import mail

from people.mails import Run, send_digests
from people.models import User
from tests.factories import day


def send_on(settings: Any, text: str) -> Run:
    """Let it be a day, and send its mails."""
    settings.TODAY = day(text)
    settings.PORTAL_URL = "https://start.example.police.uk"
    return send_digests(settings.TODAY)


def got(user: User) -> list[str]:
    """The texts that were sent to somebody so far, the first one first."""
    return [str(message.body) for message in mail.outbox if message.to == [user.email]]


def sent_on(settings: Any, text: str, user: User) -> str:
    """Send the mails of a day; what somebody got, or ""."""
    before = len(got(user))
    send_on(settings, text)
    fresh = got(user)[before:]
    assert len(fresh) <= 1
    return fresh[0] if fresh else ""
