"""Sending the mail of a day: one to a person at most, on working days, to those who can sign in.

It may be run twice, and by two machines at once: a mail is made and taken under a lock, sent
outside of it, and then noted as sent. One that could not be sent stays, and the next run tries
again; on a later day it says what stands then.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.working_days import is_first_of_its_week, is_working_day
from people.mail_text import Draft, draft_for
from people.models import MailDigest, MailFrequency, User

# A run that took a mail and has not sent it by then has died: another may take it.
_TAKEN_FOR = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Run:
    """What a run did.

    Args:
        sent: the mails that went out, or were kept in the demonstration.
        failed: those that did not, with `failure`.
    """

    sent: list[MailDigest] = field(default_factory=list)
    failed: list[MailDigest] = field(default_factory=list)


def send_digests(day: dt.date) -> Run:
    """Send everybody the mail of a day, unless they have it already; the demonstration keeps it.

    Args:
        day: today: what waits for people is what waits now.

    Returns:
        What was sent by this run, and what could not be.

    Raises:
        ImproperlyConfigured: mails would be sent, and PORTAL_URL is not set.
    """
    if not (settings.PORTAL_URL or settings.DEMO):
        raise ImproperlyConfigured(
            "PORTAL_URL is not set, so the links in mails would lead nowhere. Set it to the "
            "address at which people reach the portal, such as https://start.example.police.uk."
        )
    run, post = Run(), _Post()
    for user in readers_on(day):
        mail = _taken(user, day, draft_on(user, day))
        if mail is None:
            continue
        failure = "" if settings.DEMO else post.send(mail)
        _note(mail, failure)
        (run.failed if failure else run.sent).append(mail)
    post.close()
    return run


def drafts_on(day: dt.date) -> Iterator[tuple[User, Draft]]:
    """Who would get which mail if it were sent now; writes nothing."""
    for user in readers_on(day):
        draft = draft_on(user, day)
        if draft is not None and not MailDigest.objects.filter(user=user, day=day).exists():
            yield user, draft


def readers_on(day: dt.date) -> QuerySet[User]:
    """Those who may get a mail on a day: active, with an address, and as often as they chose.

    Somebody to whom a mail could not be sent is among them on every working day.
    """
    if not is_working_day(day):
        return User.objects.none()
    owed = MailDigest.objects.unsent().filter(user=OuterRef("pk"))
    wanted = Q(mail_setting=None) | Q(mail_setting__frequency=MailFrequency.DAILY)
    if is_first_of_its_week(day):
        wanted |= Q(mail_setting__frequency=MailFrequency.WEEKLY)
    else:
        wanted |= Q(Exists(owed), mail_setting__frequency=MailFrequency.WEEKLY)
    able = User.objects.filter(is_active=True).exclude(email="")
    return able.filter(wanted).select_related("mail_setting").order_by("pk")


def draft_on(user: User, day: dt.date) -> Draft | None:
    """What a person is to be told on a day: everything on the first working day of a week, and
    where such a mail could not be sent; else what is new.
    """
    owed = MailDigest.objects.unsent().filter(user=user, full=True, day__lt=day)
    return draft_for(user, day, full=is_first_of_its_week(day) or owed.exists())


@transaction.atomic
def _taken(user: User, day: dt.date, draft: Draft | None) -> MailDigest | None:
    """The mail of a day to a person, taken for this run to send; None where there is nothing to
    send, or somebody else sends it.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mail = MailDigest.objects.filter(user=user, day=day).first()
    if mail is None:
        # One of an earlier day that was never sent is overtaken by today's.
        MailDigest.objects.unsent().filter(user=user).delete()
        if draft is None:
            return None
        mail = MailDigest(user=user, day=day)
        _write(mail, draft)
    elif mail.sent_at is not None or _somebody_sends(mail):
        return None
    mail.user, mail.taken_at = user, timezone.now()
    mail.full_clean(exclude=["user"])
    mail.save()
    return mail


def _write(mail: MailDigest, draft: Draft) -> None:
    mail.subject, mail.body = draft.subject, draft.body
    mail.lines = [asdict(line) for line in draft.lines]
    mail.told, mail.full = draft.told, draft.full


def _somebody_sends(mail: MailDigest) -> bool:
    return mail.taken_at is not None and timezone.now() - mail.taken_at < _TAKEN_FOR


def _note(mail: MailDigest, failure: str) -> None:
    """Put on record how the sending ended; the mail is free for another run."""
    mail.taken_at = None
    mail.failure = failure[:300]
    mail.sent_at = None if failure else timezone.now()
    mail.save(update_fields=["taken_at", "failure", "sent_at"])


class _Post:
    """The way to the mail server during one run."""

    def __init__(self) -> None:
        self._connection = get_connection()
        # Why the server cannot be reached: then it is asked no more, however many mails there are.
        self._away = ""

    def send(self, mail: MailDigest) -> str:
        """Send a mail.

        Returns:
            Why it could not be sent; "" when it was.
        """
        if self._away:
            return self._away
        try:
            self._connection.open()
        except OSError as error:
            self._away = _words(error)
            return self._away
        try:
            self._connection.send_messages([_message(mail)])
        except (OSError, ValueError) as error:
            # After a refusal the server may have hung up: the next mail begins anew.
            self.close()
            return _words(error)
        return ""

    def close(self) -> None:
        with suppress(OSError):
            self._connection.close()


def _message(mail: MailDigest) -> EmailMessage:
    # The same mail has the same name, so that a reader's program knows it if it comes twice.
    name = f"<mail-{mail.day.isoformat()}-{mail.user_id}@{urlsplit(settings.PORTAL_URL).hostname}>"
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.user.email],
        headers={
            "Message-ID": name,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
