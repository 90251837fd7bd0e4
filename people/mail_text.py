"""The mail of a day: which of what stands is told, and in which words."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from core.dates import long_date
from core.numbers import mid_sentence
from people.digests import Line, Part, topics
from people.mail_settings import setting_of
from people.models import MailDigest, User

# Lines of one part that a mail shows; the rest is one link away.
SHOWN = 15


@dataclass(frozen=True)
class Told:
    """One line of a mail, as it is kept (`MailDigest.lines`).

    Args:
        part: the heading it stands under.
        text: in words.
        address: where to go, within the portal; "" for nowhere.
        new: was not told before.
    """

    part: str
    text: str
    address: str
    new: bool


@dataclass(frozen=True)
class Draft:
    """A mail that was not made yet.

    Args:
        subject: says what comes first, how much else is new and how much still waits.
        body: its text.
        lines: what it shows, what is new first.
        told: the keys of all it tells of.
        full: lists everything that stands.
    """

    subject: str
    body: str
    lines: list[Told]
    told: list[str]
    full: bool


def draft_for(user: User, day: dt.date, *, full: bool, at_once: bool = False) -> Draft | None:
    """What a person is to be told on a day; None where there is nothing.

    Args:
        user: whose settings are asked, too.
        day: today.
        full: list what still stands, too; else only what is new.
        at_once: of nothing but the topics that wait for no day of the week.
    """
    known = MailDigest.objects.filter(user=user).told_keys()
    found = list(_parts_for(user, day, at_once))
    new = [(topic, _only(part, lambda key: key not in known)) for topic, part in found]
    standing = [(topic, _only(part, lambda key: key in known)) for topic, part in found if full]
    keys = [line.key for _, part in (*new, *standing) for line in part.lines]
    if not keys:
        return None
    seen: dict[str, str] = {}
    new = list(_once(new, seen))
    standing = list(_once(standing, seen))
    lines = [*_shown(new, new=True), *_shown(standing, new=False)]
    subject = _subject(day, [part for _, part in new], [part for _, part in standing])
    return Draft(subject, _body(user, subject, lines), lines, keys, full)


def _parts_for(user: User, day: dt.date, at_once: bool) -> Iterator[tuple[str, Part]]:
    left_out = setting_of(user).left_out
    for topic in topics():
        if topic.key not in left_out and (topic.at_once or not at_once):
            for part in topic.source(user, day):
                yield topic.key, part


def _only(part: Part, wanted: Callable[[str], bool]) -> Part:
    return replace(part, lines=[line for line in part.lines if wanted(line.key)])


def _once(parts: list[tuple[str, Part]], seen: dict[str, str]) -> Iterator[tuple[str, Part]]:
    """The parts without the lines that lead where another topic leads already.

    Args:
        parts: with their topics.
        seen: address -> the topic that leads there; grows.
    """
    for topic, part in parts:
        lines: list[Line] = []
        for line in part.lines:
            if not line.address or seen.setdefault(line.address, topic) == topic:
                lines.append(line)
        yield topic, replace(part, lines=lines)


def _shown(parts: list[tuple[str, Part]], *, new: bool) -> Iterator[Told]:
    for _, part in parts:
        for line in part.lines[:SHOWN]:
            yield Told(part.heading, line.text, line.address, new)
        if len(part.lines) > SHOWN:
            yield Told(part.heading, f"{len(part.lines) - SHOWN} more", part.address, new)


def _subject(day: dt.date, new: list[Part], standing: list[Part]) -> str:
    """What comes first, and how much there is beside it: "Board on 27 November: 3 closures to
    decide; 12 more new".
    """
    told = [part for part in (*new, *standing) if part.lines]
    first = next((part for part in told if part.tasks), told[0])
    fresh = sum(part.tasks for part in new)
    waiting = sum(part.tasks for part in standing)
    if first.subject is None:
        said = _counts((fresh, "new"), (waiting, "still waiting"))
        return f"{settings.PRODUCT_NAME} on {long_date(day)}: {', '.join(said) or first.heading}"
    if any(part is first for part in new):
        rest = _counts((fresh - first.tasks, "more new"), (waiting, "still waiting"))
    else:
        rest = _counts((fresh, "new"), (waiting - first.tasks, "more still waiting"))
    return "; ".join([first.subject(first.tasks), *rest])


def _counts(*counts: tuple[int, str]) -> list[str]:
    return [f"{number} {words}" for number, words in counts if number]


def _body(user: User, subject: str, lines: list[Told]) -> str:
    written = [settings.DEFAULT_MARKING, "", subject, ""]
    for new, kind in groupby(lines, lambda line: line.new):
        written += ["NEW" if new else "STILL WAITING", ""]
        for part, told in groupby(kind, lambda line: line.part):
            written.append(part)
            for line in told:
                written.append(f"- {line.text}")
                if line.address:
                    written.append(f"  {settings.PORTAL_URL}{line.address}")
            written.append("")
    often = mid_sentence(setting_of(user).get_frequency_display())
    address = f"{settings.PORTAL_URL}{reverse('account_mail_settings')}"
    written.append(f"You get this mail {often}. Change that, or turn it off: {address}")
    return "\n".join(written)
