"""What a mail to a person tells: rooms above announce their topics, each a source of parts.

A source is asked once for a person and a day, and answers with a fixed number of questions to the
database. Its lines have keys: a line that was told is not told again until its key changes.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Line:
    """One thing to be told.

    Whatever breaks a line in what people have typed becomes a space: a text cannot pass for further
    lines of the mail.

    Args:
        text: in words, without a full stop; no word of what is marked OFFICIAL-SENSITIVE.
        address: where to go, within the portal ("/actions/ST-0045/"); "" for nowhere.
        key: names it as it stands, such as "overdue:ST-0045:2024-11-01"; another when it changes.
        task: something for the reader to do; else only good to know, and not counted.
    """

    text: str
    address: str
    key: str
    task: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.split()))


@dataclass(frozen=True)
class Part:
    """Lines under one heading, the most urgent first.

    Args:
        heading: what they have in common.
        lines: all of them.
        address: the same as a list within the portal, where there is one.
        subject: what the subject of a mail says where this comes first, given how many tasks:
            3 -> "Board on 27 November: 3 closures to decide"; None = nothing of its own.
    """

    heading: str
    lines: list[Line]
    address: str = ""
    subject: Callable[[int], str] | None = None

    @property
    def tasks(self) -> int:
        """How many of its lines are for the reader to do."""
        return sum(line.task for line in self.lines)


Source = Callable[["User", dt.date], Iterable[Part]]


@dataclass(frozen=True, order=True)
class Topic:
    """What one may have in one's mails, or leave out.

    Args:
        order: its place in a mail.
        key: kept where somebody leaves it out; never changed.
        title: as it stands on the page of settings.
        source: what gives its parts.
        at_once: is told on its day even to those who want a mail once a week.
    """

    order: int
    key: str
    title: str = field(compare=False)
    source: Source = field(compare=False)
    at_once: bool = field(default=False, compare=False)


_topics: dict[str, Topic] = {}


def register(order: int, key: str, title: str, source: Source, *, at_once: bool = False) -> None:
    """Announce a topic (called from an app's `ready`); the arguments are those of `Topic`."""
    _topics[key] = Topic(order, key, title, source, at_once)


def topics() -> list[Topic]:
    """Every topic, in the order in which a mail tells of them."""
    return sorted(_topics.values())
