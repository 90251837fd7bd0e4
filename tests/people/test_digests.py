"""The mail of a day: one at most, on working days, nothing twice; settings; a server away."""

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import digests
from people.digests import Line, Part
from people.mail_settings import change_setting, setting_of
from people.mail_text import SHOWN
from people.mails import send_digests
from people.models import MailDigest, MailFrequency, MailSetting, User
from tests.factories import day, make_user
from tests.people.mails import got, send_on, sent_on

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY, SATURDAY, SUNDAY = "2024-11-21", "2024-11-22", "2024-11-23", "2024-11-24"
MONDAY, TUESDAY, WEDNESDAY = "2024-11-25", "2024-11-26", "2024-11-27"
WAITING: dict[str, list[Part]] = {}


def waits(user: User, *keys: str, topic: str = "one", heading: str = "To do") -> None:
    """From now on this, and nothing else, waits for somebody in a topic."""
    lines = [Line(f"See to {key}", f"/{topic}/{key}/", key) for key in keys]
    WAITING[f"{topic}:{user.username}"] = [Part(heading, lines, f"/{topic}/")]


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two topics of the test's own, and none of the product's."""
    monkeypatch.setattr(digests, "_topics", {})
    WAITING.clear()

    def source(topic: str) -> digests.Source:
        return lambda user, day: WAITING.get(f"{topic}:{user.username}", [])

    digests.register(2, "two", "The second topic", source("two"))
    digests.register(1, "one", "The first topic", source("one"))
    yield
    WAITING.clear()


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader")


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


@pytest.fixture(autouse=True)
def servers() -> None:
    Refusing.refused, Refusing.tries, Away.tries = [], 0, 0


# What a mail is ---------------------------------------------------------------------------------


def test_a_mail_says_what_waits_with_links_and_how_to_turn_it_off(
    settings: Any, reader: User
) -> None:
    waits(reader, "b", topic="two", heading="Later")
    waits(reader, "a")
    assert sent_on(settings, TUESDAY, reader) == (
        "OFFICIAL\n\n"
        "StART on 26 November 2024: 2 new\n\n"
        "NEW\n\n"
        "To do\n- See to a\n  https://start.example.police.uk/one/a/\n\n"
        "Later\n- See to b\n  https://start.example.police.uk/two/b/\n\n"
        "You get this mail on every working day with news. Change that, or turn it off: "
        "https://start.example.police.uk/account/mail/"
    )
    (message,) = mail.outbox
    assert message.subject == "StART on 26 November 2024: 2 new"
    headers = message.message()
    name = f"<mail-2024-11-26-{reader.pk}@start.example.police.uk>"
    assert (headers["Message-ID"], headers["Auto-Submitted"]) == (name, "auto-generated")


def test_nothing_to_say_is_no_mail(settings: Any, reader: User) -> None:
    assert sent_on(settings, MONDAY, reader) == ""
    assert not MailDigest.objects.exists()


def test_a_mail_is_kept_as_it_was_sent(settings: Any, reader: User) -> None:
    waits(reader, "a")
    text = sent_on(settings, TUESDAY, reader)
    kept = MailDigest.objects.get()
    assert (kept.user, kept.day, kept.body) == (reader, day(TUESDAY), text)
    assert kept.lines == [{"part": "To do", "text": "See to a", "address": "/one/a/", "new": True}]
    assert kept.told == ["a"]
    assert kept.sent_at is not None and kept.taken_at is None


def test_of_many_lines_the_first_are_shown_and_the_rest_is_a_link_away(
    settings: Any, reader: User
) -> None:
    waits(reader, *[f"key-{number:02}" for number in range(SHOWN + 3)])
    text = sent_on(settings, TUESDAY, reader)
    assert "18 new" in text
    assert f"key-{SHOWN - 1:02}\n" in text and f"key-{SHOWN:02}\n" not in text
    assert "- 3 more\n  https://start.example.police.uk/one/\n" in text
    # They were told, all the same.
    assert sent_on(settings, WEDNESDAY, reader) == ""


def test_what_two_topics_tell_of_one_page_stands_once(settings: Any, reader: User) -> None:
    waits(reader, "a")
    WAITING["two:reader"] = [Part("Again", [Line("The same page", "/one/a/", "other")])]
    text = sent_on(settings, TUESDAY, reader)
    assert text.count("/one/a/") == 1 and "1 new" in text
    assert sent_on(settings, WEDNESDAY, reader) == ""


# Nothing twice ----------------------------------------------------------------------------------


def test_what_was_told_is_not_told_again_until_it_changes(settings: Any, reader: User) -> None:
    waits(reader, "overdue:ST-1:2024-11-01")
    assert "ST-1" in sent_on(settings, TUESDAY, reader)
    assert sent_on(settings, WEDNESDAY, reader) == ""
    waits(reader, "overdue:ST-1:2024-11-27", "overdue:ST-2:2024-11-01")
    text = sent_on(settings, "2024-11-28", reader)
    assert "2 new" in text and "STILL WAITING" not in text
    assert sent_on(settings, "2024-11-29", reader) == ""


def test_on_the_first_working_day_of_a_week_what_still_stands_is_listed_after_the_news(
    settings: Any, reader: User
) -> None:
    waits(reader, "old", "done")
    sent_on(settings, THURSDAY, reader)
    waits(reader, "old", "fresh")
    text = sent_on(settings, MONDAY, reader)
    assert "1 new, 1 still waiting" in text
    assert text.index("NEW") < text.index("fresh") < text.index("STILL WAITING")
    assert text.index("STILL WAITING") < text.index("old")
    assert "done" not in text
    assert sent_on(settings, TUESDAY, reader) == ""
    assert "2 still waiting" in sent_on(settings, "2024-12-02", reader)


def test_what_stood_for_weeks_is_still_no_news_in_the_middle_of_one(
    settings: Any, reader: User
) -> None:
    waits(reader, "old")
    for text in ("2024-11-05", "2024-11-11", "2024-11-18", MONDAY):
        assert "See to old" in sent_on(settings, text, reader)
    assert sent_on(settings, WEDNESDAY, reader) == ""


def test_a_second_run_on_a_day_sends_nothing(settings: Any, reader: User) -> None:
    waits(reader, "a")
    assert len(send_on(settings, TUESDAY).sent) == 1
    waits(reader, "a", "b")
    assert send_on(settings, TUESDAY).sent == []
    assert len(got(reader)) == 1
    text = sent_on(settings, WEDNESDAY, reader)
    assert "See to b" in text and "See to a" not in text


# Days -------------------------------------------------------------------------------------------


def test_over_a_weekend_nothing_is_sent(settings: Any, reader: User) -> None:
    waits(reader, "a")
    assert sent_on(settings, SATURDAY, reader) == ""
    assert sent_on(settings, SUNDAY, reader) == ""
    assert "See to a" in sent_on(settings, MONDAY, reader)


def test_over_a_bank_holiday_nothing_is_sent_and_the_tuesday_begins_the_week(
    settings: Any, reader: User
) -> None:
    weekly = make_user("weekly")
    change_setting(weekly, frequency=MailFrequency.WEEKLY, wanted=["one", "two"])
    for user in (reader, weekly):
        waits(user, "a")
    assert "See to a" in sent_on(settings, "2024-08-23", reader)
    for text in ("2024-08-24", "2024-08-25", "2024-08-26"):
        assert send_on(settings, text).sent == []
    assert "1 still waiting" in sent_on(settings, "2024-08-27", reader)
    assert len(got(weekly)) == 1


def test_at_christmas_nothing_is_sent(settings: Any, reader: User) -> None:
    waits(reader, "a")
    assert sent_on(settings, "2024-12-24", reader)
    waits(reader, "a", "b")
    assert sent_on(settings, "2024-12-25", reader) == ""
    assert sent_on(settings, "2024-12-26", reader) == ""
    text = sent_on(settings, "2024-12-27", reader)
    assert "See to b" in text and "See to a" not in text


# Who gets one -----------------------------------------------------------------------------------


def test_leavers_and_people_without_an_address_get_nothing(settings: Any, reader: User) -> None:
    left, nowhere = make_user("left", is_active=False), make_user("nowhere")
    User.objects.filter(pk=nowhere.pk).update(email="")
    for user in (reader, left, nowhere):
        waits(user, "a")
    assert [each.user for each in send_on(settings, MONDAY).sent] == [reader]
    assert [message.to for message in mail.outbox] == [[reader.email]]
    assert MailDigest.objects.count() == 1


def test_a_mail_that_waited_for_somebody_who_left_is_not_sent(settings: Any, reader: User) -> None:
    settings.EMAIL_BACKEND = IS_AWAY
    waits(reader, "a")
    send_on(settings, MONDAY)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    settings.EMAIL_BACKEND = WORKS
    assert send_on(settings, MONDAY).sent == [] and send_on(settings, TUESDAY).sent == []
    assert mail.outbox == []


def test_off_is_off(settings: Any, reader: User) -> None:
    change_setting(reader, frequency=MailFrequency.NEVER, wanted=["one", "two"])
    waits(reader, "a")
    for text in (MONDAY, TUESDAY):
        assert sent_on(settings, text, reader) == ""
    assert not MailDigest.objects.exists()


def test_weekly_is_on_the_first_working_day_with_the_news_of_the_week(
    settings: Any, reader: User
) -> None:
    change_setting(reader, frequency=MailFrequency.WEEKLY, wanted=["one", "two"])
    waits(reader, "a")
    assert sent_on(settings, FRIDAY, reader) == ""
    text = sent_on(settings, MONDAY, reader)
    assert "1 new" in text and "once a week, on its first working day" in text
    waits(reader, "a", "b")
    assert sent_on(settings, TUESDAY, reader) == ""
    assert "1 new, 1 still waiting" in sent_on(settings, "2024-12-02", reader)


def test_what_is_left_out_is_not_told_until_it_is_wanted_again(settings: Any, reader: User) -> None:
    change_setting(reader, frequency=MailFrequency.DAILY, wanted=["two"])
    waits(reader, "a")
    waits(reader, "b", topic="two")
    text = sent_on(settings, TUESDAY, reader)
    assert "See to b" in text and "See to a" not in text
    change_setting(reader, frequency=MailFrequency.DAILY, wanted=["one", "two"])
    text = sent_on(settings, WEDNESDAY, reader)
    assert "See to a" in text and "See to b" not in text


def test_a_choice_is_kept_with_its_history_and_a_new_topic_is_told(reader: User) -> None:
    assert setting_of(reader).frequency == MailFrequency.DAILY
    change_setting(reader, frequency=MailFrequency.WEEKLY, wanted=["one"])
    change_setting(reader, frequency=MailFrequency.DAILY, wanted=["one"])
    setting = MailSetting.objects.get(user=reader)
    assert setting.left_out == ["two"]
    assert [row.history_user for row in setting.history.all()] == [reader, reader]
    digests.register(3, "three", "A third", lambda user, day: [])
    assert "three" not in setting_of(User.objects.get(pk=reader.pk)).left_out


def test_another_frequency_is_refused(reader: User) -> None:
    with pytest.raises(ValidationError, match="hourly"):
        change_setting(reader, frequency="hourly", wanted=[])
    assert not MailSetting.objects.exists()


# A mail server that is away ---------------------------------------------------------------------


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


# The command ------------------------------------------------------------------------------------


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


# The demonstration ------------------------------------------------------------------------------


def test_the_demonstration_keeps_mails_and_sends_none(monday: Any, reader: User) -> None:
    monday.DEMO = True
    monday.EMAIL_BACKEND = IS_AWAY
    waits(reader, "a")
    assert len(send_digests(day(MONDAY)).sent) == 1
    assert MailDigest.objects.get().sent_at is not None
    assert mail.outbox == [] and Away.tries == 0
