"""A worker that is killed in the middle of applying: nothing is applied, and it can be again."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from people import roles
from people.models import Lead, User
from portal.imports import progress
from portal.imports.tasks import ask_to_apply
from portal.models import State
from tests.factories import make_user
from tests.portal import working_apart
from tests.portal.conftest import TakeIn
from tests.workbooks import row
from tracker.models import Action, ProgressUpdate, StatusPeriod

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 60


@pytest.fixture(autouse=True)
def with_a_worker(settings: Any) -> Iterator[None]:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    yield
    caches["progress"].clear()


@contextmanager
def worker(*how: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, on the database of this test."""
    program = [sys.executable, str(Path(working_apart.__file__)), connection.settings_dict["NAME"]]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen([*program, *how], cwd=root, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(found: Callable[[], Any]) -> Any:
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("It did not come to that.")


def everything() -> list[int]:
    models = (Action, StatusPeriod, ProgressUpdate, Lead)
    return [
        *(model.objects.count() for model in models),
        *(model.history.count() for model in models),
    ]


def test_nothing_is_applied_and_it_can_be_applied_again(
    take_in: TakeIn, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = make_user("admin", roles.ADMINISTRATOR)
    client = sign_in(admin)
    received = take_in(row(number) for number in range(1, 7))
    before = everything()
    ask_to_apply(received, actor=admin, seen=received.previews)

    with worker("slowly") as process:
        found = wait_until(lambda: (told := progress.told(received.pk)) and told.done and told)
        assert (found.done, found.total) == (2, 6)
        # Other processes read meanwhile, and see nothing of it.
        page = client.get(received.get_absolute_url()).content.decode()
        assert 'value="2" max="6"' in page
        assert everything() == before
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    assert everything() == before
    received.refresh_from_db()
    assert (received.state, received.failure) == (State.PREVIEWED, "")
    assert DBTaskResult.objects.get().status == "RUNNING"

    monkeypatch.setattr("core.progress.QUIET", dt.timedelta(0))
    page = client.get(received.get_absolute_url()).content.decode()
    assert "It has not moved for two minutes" in page
    ask_to_apply(received, actor=admin, seen=received.previews)
    with worker() as process:
        assert process.wait(LONGEST) == 0
    received.refresh_from_db()
    assert (received.state, received.applied_by) == (State.APPLIED, admin)
    assert Action.objects.count() == 6
    assert Action.history.count() == 6
    assert progress.told(received.pk) is None
