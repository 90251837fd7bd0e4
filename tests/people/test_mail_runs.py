"""The run that sends mails: a server that is away, runs at once, the command, the demonstration."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import digests
from people.digests import Part
from people.mail_settings import change_setting
from people.mails import send_digests
from people.models import MailDigest, MailFrequency, User
from tests.factories import day, make_user
from tests.people.mails import (
    IS_AWAY,
    MONDAY,
    REFUSES,
    SUNDAY,
    TUESDAY,
    WEDNESDAY,
    WORKS,
    Away,
    Refusing,
    got,
    send_on,
    sent_on,
    waits,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_topics", "servers")]

# A mail server that is away -----------------------------------------------------------------------


def test_a_mail_that_is_refused_is_kept_and_tried_again_and_the_others_are_sent(
    settings: Any, reader: User
) -> None:
    others = [make_user("early"), make_user("late")]
    for user in (*others, reader):
        waits(user, "a")
    settings.EMAIL_BACKEND, Refusing.refused = REFUSES, [reader.email]

    run = send_on(settings, MONDAY)
    assert [each.user for each in run.failed] == [reader]
    assert [len(got(user)) for user in others] == [1, 1] and got(reader) == []
    kept = MailDigest.objects.get(user=reader)
    assert kept.sent_at is None and kept.taken_at is None and "No such mailbox" in kept.failure

    settings.EMAIL_BACKEND = WORKS
    waits(reader, "a", "b")
    assert [each.user for each in send_on(settings, MONDAY).sent] == [reader]
    assert got(reader) == [kept.body]
    assert [len(got(user)) for user in others] == [1, 1]
    kept.refresh_from_db()
    assert kept.sent_at is not None and kept.failure == ""


def test_on_a_later_day_it_says_what_stands_then_in_one_mail(settings: Any, reader: User) -> None:
    settings.EMAIL_BACKEND = IS_AWAY
    waits(reader, "gone", "stands")
    send_on(settings, TUESDAY)
    settings.EMAIL_BACKEND = WORKS
    waits(reader, "stands", "fresh")
    text = sent_on(settings, WEDNESDAY, reader)
    assert "2 new" in text and "See to stands" in text and "See to gone" not in text
    assert [each.day for each in MailDigest.objects.all()] == [day(WEDNESDAY)]


def test_the_mail_of_a_week_that_failed_goes_out_on_the_next_working_day(
    settings: Any, reader: User
) -> None:
    change_setting(reader, frequency=MailFrequency.WEEKLY, wanted=["one"])
    waits(reader, "a")
    sent_on(settings, "2024-11-18", reader)
    waits(reader, "a", "b")
    settings.EMAIL_BACKEND = IS_AWAY
    send_on(settings, MONDAY)
    settings.EMAIL_BACKEND = WORKS
    assert "1 new, 1 still waiting" in sent_on(settings, TUESDAY, reader)
    waits(reader, "c")
    assert sent_on(settings, WEDNESDAY, reader) == ""


def test_nothing_is_sent_where_nothing_of_it_stands_any_more(settings: Any, reader: User) -> None:
    settings.EMAIL_BACKEND = IS_AWAY
    waits(reader, "a")
    send_on(settings, MONDAY)
    settings.EMAIL_BACKEND = WORKS
    waits(reader)
    assert sent_on(settings, TUESDAY, reader) == ""
    assert not MailDigest.objects.exists()


def test_a_server_that_is_away_is_asked_once(settings: Any, reader: User) -> None:
    for user in (reader, make_user("early"), make_user("late")):
        waits(user, "a")
    settings.EMAIL_BACKEND = IS_AWAY
    assert len(send_on(settings, MONDAY).failed) == 3
    assert Away.tries == 1


def test_a_run_that_died_leaves_its_mail_to_the_next_after_a_while(
    settings: Any, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(reader, "a")

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("people.mails._Post.send", dies)
        with pytest.raises(KeyboardInterrupt):
            send_on(settings, MONDAY)
    assert send_on(settings, MONDAY).sent == []
    MailDigest.objects.update(taken_at=timezone.now() - dt.timedelta(minutes=16))
    assert len(send_on(settings, MONDAY).sent) == 1


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_send_one_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = [make_user(f"reader-{number}") for number in range(3)]
    for user in readers:
        waits(user, "a")
    settings.TODAY, settings.PORTAL_URL = day(MONDAY), "https://start.example.police.uk"
    real = EmailBackend.send_messages

    def slowly(self: EmailBackend, messages: Any) -> int:
        time.sleep(0.1)
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)

    def run(number: int) -> int:
        try:
            return len(send_digests(settings.TODAY).sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == len(readers)
    assert [len(got(user)) for user in readers] == [1, 1, 1]
    assert MailDigest.objects.count() == len(readers)


def test_the_number_of_questions_for_a_person_does_not_grow(settings: Any, reader: User) -> None:
    def questions(text: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert sent_on(settings, text, reader)
        return len(caught)

    waits(reader, "a")
    few = questions("2024-11-05")
    for number in range(1, 5):
        waits(reader, *[f"{number}-{each}" for each in range(40)])
        assert questions(f"2024-11-0{5 + number}" if number < 4 else "2024-11-12") == few


# The command --------------------------------------------------------------------------------------


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("send_digests", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def monday(settings: Any) -> Any:
    settings.TODAY, settings.PORTAL_URL = day(MONDAY), "https://start.example.police.uk"
    return settings


def test_the_command_says_how_many_were_sent(monday: Any, reader: User) -> None:
    waits(reader, "a")
    assert command() == "One mail sent.\n"
    assert command() == "No mails sent.\n"
    assert len(got(reader)) == 1


def test_the_command_only_looks(monday: Any, reader: User) -> None:
    waits(reader, "a")
    said = command("--dry-run")
    assert said == (
        "Reader <reader@example.test>: StART on 25 November 2024: 1 new\nNothing was sent.\n"
    )
    assert mail.outbox == [] and not MailDigest.objects.exists()
    command()
    assert command("--dry-run") == "Nothing was sent.\n"


def test_the_command_ends_in_an_error_that_names_who_was_not_reached(
    monday: Any, reader: User
) -> None:
    waits(reader, "a")
    monday.EMAIL_BACKEND = IS_AWAY
    with pytest.raises(CommandError, match="the next run tries again") as error:
        command()
    assert "Reader <reader@example.test>: [Errno 111] Connection refused" in str(error.value)


def test_one_person_whose_mail_cannot_be_made_stops_nobody_elses(
    monday: Any, reader: User, caplog: pytest.LogCaptureFixture
) -> None:
    others = [make_user("early"), make_user("late")]
    for user in (*others, reader):
        waits(user, "a")

    def broken(user: User, day: dt.date) -> list[Part]:
        if user == reader:
            raise ValueError("What is that?")
        return []

    digests.register(3, "three", "A third", broken)
    assert "Early <early@example.test>" in command("--dry-run")
    with pytest.raises(CommandError, match="Not made, for a reason that stands") as error:
        command()
    assert str(error.value).endswith("\n  Reader <reader@example.test>")
    assert [len(got(user)) for user in others] == [1, 1] and got(reader) == []
    assert "What is that?" in caplog.text and "reader" in caplog.text
    with pytest.raises(CommandError):
        command()
    digests.register(3, "three", "A third", lambda user, day: [])
    assert command() == "One mail sent.\n"


def test_the_command_sends_nothing_on_a_sunday(settings: Any, reader: User) -> None:
    settings.TODAY = day(SUNDAY)
    waits(reader, "a")
    assert command() == "24 November 2024 is no working day: no mail is sent.\n"


def test_without_the_portals_address_nothing_is_sent(monday: Any, reader: User) -> None:
    waits(reader, "a")
    monday.PORTAL_URL = ""
    with pytest.raises(CommandError, match="PORTAL_URL is not set"):
        command()
    with pytest.raises(ImproperlyConfigured):
        send_digests(day(MONDAY))
    assert mail.outbox == [] and not MailDigest.objects.exists()


def test_without_a_mail_server_mails_are_files(monday: Any, reader: User, tmp_path: Any) -> None:
    waits(reader, "a")
    monday.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    monday.EMAIL_FILE_PATH = tmp_path / "mail"
    command()
    (file,) = (tmp_path / "mail").iterdir()
    assert "To: reader@example.test" in file.read_text(encoding="utf-8")


# The demonstration --------------------------------------------------------------------------------


def test_the_demonstration_keeps_mails_and_sends_none(monday: Any, reader: User) -> None:
    monday.DEMO = True
    monday.EMAIL_BACKEND = IS_AWAY
    waits(reader, "a")
    assert len(send_digests(day(MONDAY)).sent) == 1
    assert MailDigest.objects.get().sent_at is not None
    assert mail.outbox == [] and Away.tries == 0
