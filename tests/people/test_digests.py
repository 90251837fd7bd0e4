"""The mail of a day: one at most, on working days, nothing twice; who gets one, and how often."""

from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from people import digests
from people.digests import Line, Part
from people.mail_settings import change_setting, setting_of
from people.mail_text import SHOWN
from people.models import MailDigest, MailFrequency, MailSetting, User
from tests.factories import day, make_user
from tests.people.mails import (
    IS_AWAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WAITING,
    WEDNESDAY,
    WORKS,
    got,
    send_on,
    sent_on,
    waits,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_topics", "servers")]

# What a mail is -----------------------------------------------------------------------------------


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


def test_the_subject_says_what_comes_first_and_counts_only_what_there_is_to_do(
    settings: Any, reader: User
) -> None:
    def board(number: int) -> str:
        return f"Board on 27 November: {number} to decide"

    when = Line("From 10:00 to 12:00", "", "when", task=False)
    decide = [Line(f"Decide {each}", "", f"decide {each}") for each in range(3)]
    WAITING["one:reader"] = [Part("Board", [when, *decide], subject=board)]
    waits(reader, "x", "y", topic="two")
    assert subject_on(settings, TUESDAY) == "Board on 27 November: 3 to decide; 2 more new"

    WAITING["one:reader"] = [Part("Board", [replace(when, key="other")], subject=board)]
    waits(reader, "x", "y", "z", topic="two")
    assert subject_on(settings, WEDNESDAY) == "StART on 27 November 2024: 1 new"
    WAITING["one:reader"] = [Part("Board", [when, *decide], subject=board)]
    waits(reader, "fresh", topic="two")
    assert subject_on(settings, "2024-12-02") == "StART on 2 December 2024: 1 new, 3 still waiting"
    assert subject_on(settings, "2024-12-09") == (
        "Board on 27 November: 3 to decide; 1 more still waiting"
    )


def test_a_mail_with_nothing_to_do_says_what_it_tells(settings: Any, reader: User) -> None:
    note = Line("The pack can be read", "", "pack", task=False)
    WAITING["one:reader"] = [Part("Board", [note])]
    assert subject_on(settings, TUESDAY) == "StART on 26 November 2024: Board"


def subject_on(settings: Any, text: str) -> str:
    send_on(settings, text)
    return str(mail.outbox[-1].subject)


@pytest.mark.parametrize("breaks", ["\n\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_no_text_passes_for_further_lines_of_the_mail(
    settings: Any, reader: User, breaks: str
) -> None:
    typed = f"Room 1{breaks}NEW{breaks}- Sign in again{breaks}  https://evil.example/"
    WAITING["one:reader"] = [Part("To do", [Line(typed, "", "place")])]
    text = sent_on(settings, TUESDAY, reader)
    assert "\n- Room 1 NEW - Sign in again https://evil.example/\n" in text


def test_what_two_topics_tell_of_one_page_stands_once(settings: Any, reader: User) -> None:
    waits(reader, "a")
    WAITING["two:reader"] = [Part("Again", [Line("The same page", "/one/a/", "other")])]
    text = sent_on(settings, TUESDAY, reader)
    assert text.count("/one/a/") == 1 and "1 new" in text
    assert sent_on(settings, WEDNESDAY, reader) == ""


# Nothing twice ------------------------------------------------------------------------------------


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


# Days ---------------------------------------------------------------------------------------------


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
    send_on(settings, "2024-08-19")
    for user in (reader, weekly):
        waits(user, "a", "b")
    assert "See to b" in sent_on(settings, "2024-08-23", reader)
    for text in ("2024-08-24", "2024-08-25", "2024-08-26"):
        assert send_on(settings, text).sent == []
    assert "2 still waiting" in sent_on(settings, "2024-08-27", reader)
    assert [("See to b" in text) for text in got(weekly)] == [False, True]


def test_at_christmas_nothing_is_sent(settings: Any, reader: User) -> None:
    waits(reader, "a")
    assert sent_on(settings, "2024-12-24", reader)
    waits(reader, "a", "b")
    assert sent_on(settings, "2024-12-25", reader) == ""
    assert sent_on(settings, "2024-12-26", reader) == ""
    text = sent_on(settings, "2024-12-27", reader)
    assert "See to b" in text and "See to a" not in text


# Who gets one -------------------------------------------------------------------------------------


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
    text = sent_on(settings, MONDAY, reader)
    assert "1 new" in text and "once a week, on its first working day" in text
    waits(reader, "a", "b")
    assert sent_on(settings, TUESDAY, reader) == ""
    assert sent_on(settings, "2024-11-29", reader) == ""
    assert "1 new, 1 still waiting" in sent_on(settings, "2024-12-02", reader)


@pytest.mark.parametrize("frequency", [MailFrequency.DAILY, MailFrequency.WEEKLY])
def test_a_first_working_day_on_which_no_mail_came_is_caught_up(
    settings: Any, reader: User, frequency: str
) -> None:
    change_setting(reader, frequency=frequency, wanted=["one", "two"])
    waits(reader, "a")
    sent_on(settings, "2024-11-18", reader)
    waits(reader, "a", "b")
    assert "1 new, 1 still waiting" in sent_on(settings, TUESDAY, reader)
    assert sent_on(settings, WEDNESDAY, reader) == ""


def test_what_waits_for_no_day_of_the_week_is_told_to_weekly_readers_at_once(
    settings: Any, reader: User
) -> None:
    never = make_user("never")
    digests.register(
        0, "board", "A Board", lambda user, day: WAITING.get("board", []), at_once=True
    )
    change_setting(reader, frequency=MailFrequency.WEEKLY, wanted=["one", "two", "board"])
    change_setting(never, frequency=MailFrequency.NEVER, wanted=["one", "two", "board"])
    waits(reader, "a")
    sent_on(settings, MONDAY, reader)
    waits(reader, "a", "b")
    WAITING["board"] = [Part("Board", [Line("See to the Board", "", "board")])]
    text = sent_on(settings, TUESDAY, reader)
    assert "See to the Board" in text and "See to b" not in text
    assert sent_on(settings, WEDNESDAY, reader) == "" and got(never) == []
    assert "See to b" in sent_on(settings, "2024-12-02", reader)
    change_setting(reader, frequency=MailFrequency.WEEKLY, wanted=["one"])
    WAITING["board"] = [Part("Board", [Line("See to the next", "", "next")])]
    assert sent_on(settings, "2024-12-03", reader) == ""


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
