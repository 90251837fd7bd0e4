"""What tests of mails share: what waits for whom, today as a day of one's choice, what was sent on
it, and mail servers that do not take everything.
"""

from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from people.digests import Line, Part
from people.mails import Run, send_digests
from people.models import User
from tests.factories import day

THURSDAY, FRIDAY, SATURDAY, SUNDAY = "2024-11-21", "2024-11-22", "2024-11-23", "2024-11-24"
MONDAY, TUESDAY, WEDNESDAY = "2024-11-25", "2024-11-26", "2024-11-27"
# "topic:username" -> what waits, of the topics of the fixture `two_topics`.
WAITING: dict[str, list[Part]] = {}


def waits(user: User, *keys: str, topic: str = "one", heading: str = "To do") -> None:
    """From now on this, and nothing else, waits for somebody in a topic."""
    lines = [Line(f"See to {key}", f"/{topic}/{key}/", key) for key in keys]
    WAITING[f"{topic}:{user.username}"] = [Part(heading, lines, f"/{topic}/")]


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


class Refusing(EmailBackend):
    """A mail server that refuses everybody whose address is in `refused`; [] = all of them."""

    refused: list[str] = []
    tries = 0

    def send_messages(self, messages: Any) -> int:
        type(self).tries += 1
        (message,) = messages
        if not self.refused or message.to[0] in self.refused:
            raise SMTPRecipientsRefused({message.to[0]: (550, b"No such mailbox")})
        return super().send_messages(messages)


class Away(EmailBackend):
    """A mail server that cannot be reached."""

    tries = 0

    def open(self) -> bool:
        type(self).tries += 1
        raise ConnectionRefusedError(111, "Connection refused")


WORKS = "django.core.mail.backends.locmem.EmailBackend"
REFUSES = f"{__name__}.Refusing"
IS_AWAY = f"{__name__}.Away"
