"""Sending the mail of a day: one to a person at most, on working days, to those who can sign in.

It may be run twice, and by two machines at once: a mail is made and taken under a lock, sent
outside of it, and then noted as sent. One that could not be sent stays, and the next run tries
again; on a later day it says what stands then.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.working_days import first_of_the_week, is_working_day
from people.mail_settings import setting_of
from people.mail_text import Draft, draft_for
from people.models import MailDigest, MailFrequency, User

# A run that took a mail and has not sent it by then has died: another may take it.
_TAKEN_FOR = dt.timedelta(minutes=15)
_UNMADE = "The mail of %s for %s could not be made"
logger = logging.getLogger("portal.mails")


@dataclass(frozen=True)
class Run:
    """What a run did.

    Args:
        sent: the mails that went out, or were kept in the demonstration.
        failed: those that did not, with `failure`.
        unmade: whose mail could not be made; the log says why.
    """

    sent: list[MailDigest] = field(default_factory=list)
    failed: list[MailDigest] = field(default_factory=list)
    unmade: list[User] = field(default_factory=list)


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
        try:
            mail = _taken(user, day, draft_on(user, day))
        except Exception:
            # Whatever is wrong with one person's mail, everybody else gets theirs.
            logger.exception(_UNMADE, day, user.get_username())
            run.unmade.append(user)
            continue
        if mail is None:
            continue
        failure = "" if settings.DEMO else post.send(mail)
        _note(mail, failure)
        (run.failed if failure else run.sent).append(mail)
    post.close()
    return run


def drafts_on(day: dt.date) -> Iterator[tuple[User, Draft]]:
    """Who would get which mail if it were sent now; writes nothing but the log, of a mail that
    cannot be made.
    """
    for user in readers_on(day):
        try:
            draft = draft_on(user, day)
        except Exception:
            logger.exception(_UNMADE, day, user.get_username())
            continue
        if draft is not None and not MailDigest.objects.filter(user=user, day=day).exists():
            yield user, draft


def readers_on(day: dt.date) -> QuerySet[User]:
    """Those who may get a mail on a working day: active, with an address, and wanting mails."""
    if not is_working_day(day):
        return User.objects.none()
    able = User.objects.filter(is_active=True).exclude(email="")
    wanting = able.exclude(mail_setting__frequency=MailFrequency.NEVER)
    return wanting.select_related("mail_setting").order_by("pk")


def draft_on(user: User, day: dt.date) -> Draft | None:
    """What a person is to be told on a day.

    Everything, once a week: on its first working day, or when the mail of that day did not come,
    on the next. On the other days what is new; to those who want a mail once a week, only what
    waits for no day of the week.
    """
    since = first_of_the_week(day)
    had = MailDigest.objects.sent().filter(user=user, full=True, day__gte=since, day__lt=day)
    if not had.exists():
        return draft_for(user, day, full=True)
    weekly = setting_of(user).frequency == MailFrequency.WEEKLY
    return draft_for(user, day, full=False, at_once=weekly)


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
