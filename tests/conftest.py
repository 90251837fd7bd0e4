"""The cast: one person for each role, and a browser for each of them to sit at."""

import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client, SimpleTestCase

from people import roles
from people.models import User
from tests.factories import make_user
from tests.migrated import migrate_into
from tests.rolled_back import rolled_back

CAST = {
    "staff": (),
    "delivery": (roles.DELIVERY_LEAD,),
    "executive": (roles.EXECUTIVE_LEAD,),
    "assurance": (roles.ASSURANCE,),
    "governance": (roles.GOVERNANCE,),
    "chair": (roles.CHAIR,),
    "deputy": (roles.DEPUTY,),
    "corporate": (roles.CORPORATE_SERVICES,),
    "admin": (roles.ADMINISTRATOR,),
    "support": (roles.EXECUTIVE_SUPPORT,),
    "member": (roles.BOARD_MEMBER,),
}


def pytest_collection_finish() -> None:
    """What has been imported stays to the end: spare the collector going through it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database runs: the rest has been seen beside SQLite."""
    if connection.vendor == "postgresql":
        apart = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if asks_a_database(item)]


def asks_a_database(item: pytest.Item) -> bool:
    """Is a test marked for the database, or does it take a fixture that is made in one?"""
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return (
        item.get_closest_marker("django_db") is not None
        or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For fixtures of a module: records that all its tests find, each as they were made.

    What a test does is rolled back to them after it, and they themselves after the last.
    """
    with django_db_blocker.unblock(), rolled_back():
        yield


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """`cast.staff`, `cast.chair`, ...: a user for each role."""
    return SimpleNamespace(**{name: make_user(name, *held) for name, held in CAST.items()})


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A signed-in client for a user."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database as the migrations leave it, one for all workers; copy it, or read only."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "migrated"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = folder / "portal.sqlite3"
        return found if found.exists() else migrate_into(folder)


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT
