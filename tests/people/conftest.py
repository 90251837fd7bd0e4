"""Fixtures of the tests of mails."""

from collections.abc import Iterator

import pytest

from people import digests
from people.models import User
from tests.factories import make_user
from tests.people.mails import WAITING, Away, Refusing


@pytest.fixture
def two_topics(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two topics of the tests' own, and none of the product's."""
    monkeypatch.setattr(digests, "_topics", {})
    WAITING.clear()

    def source(topic: str) -> digests.Source:
        return lambda user, day: WAITING.get(f"{topic}:{user.username}", [])

    digests.register(2, "two", "The second topic", source("two"))
    digests.register(1, "one", "The first topic", source("one"))
    yield
    WAITING.clear()


@pytest.fixture
def servers() -> None:
    """Mail servers that nobody has asked yet."""
    Refusing.refused, Refusing.tries, Away.tries = [], 0, 0


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader")
