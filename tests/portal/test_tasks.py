"""Applying in the background: asked for, done by a worker, and what becomes of it when it fails."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from core.checks import worker_is_at_work
from people.models import User
from portal.imports import progress, tasks
from portal.imports.applying import apply_import
from portal.imports.refused import AlreadyApplied, AnotherPreview, ImportNotPossible
from portal.imports.tasks import UnderWayAlready, apply_in_background, ask_to_apply
from portal.models import SpreadsheetImport, State
from tests.factories import make_action
from tests.portal.conftest import TakeIn
from tests.workbooks import row
from tracker.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    yield
    caches["progress"].clear()


@pytest.fixture
def worker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """An installation with a worker; `worker()` does what waits."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    # The worker looks after its connection; this one is the test's, which is open all the time.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def work() -> None:
        call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)

    return work


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.admin)


def asked(received: SpreadsheetImport, minutes: int = 0) -> SpreadsheetImport:
    """As though it had been asked for so many minutes ago."""
    received.asked_at = timezone.now() - dt.timedelta(minutes=minutes)
    received.save()
    return received


def text_of(client: Client, received: SpreadsheetImport) -> str:
    return client.get(received.get_absolute_url()).content.decode()


def test_without_a_worker_it_is_done_at_once(take_in: TakeIn, cast: SimpleNamespace) -> None:
    done = ask_to_apply(take_in([row()]), actor=cast.admin, seen=1)
    assert (done.state, done.applied_by, done.asked_at) == (State.APPLIED, cast.admin, None)
    assert Action.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_with_a_worker_the_page_shows_it_under_way_until_it_is_done(
    worker: Callable[[], None], admin: Client, take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1), row(2)])
    address = reverse("portal:apply", args=[received.pk])
    answer = admin.post(address, {"preview": received.previews}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [(received.get_absolute_url(), 302)]
    assert "This is under way" in text
    assert ">Refresh</a>" in text
    assert "Being applied" in text
    assert "Apply 2 rows" not in text
    assert not Action.objects.exists()
    told = admin.get(reverse("portal:progress", args=[received.pk])).json()
    assert (told["under_way"], told["done"], told["total"]) == (True, None, 2)

    worker()
    text = text_of(admin, received)
    assert "What was imported" in text
    assert "by Admin" in text
    assert "under way" not in text
    assert Action.objects.count() == 2
    told = admin.get(reverse("portal:progress", args=[received.pk])).json()
    assert (told["under_way"], told["state"]) == (False, "applied")
    # The audit trail names the person who asked, not the worker.
    assert Action.history.first().history_user == cast.admin


def test_pressing_twice_asks_once(
    worker: Callable[[], None], admin: Client, take_in: TakeIn
) -> None:
    received = take_in([row()])
    address = reverse("portal:apply", args=[received.pk])
    for _ in range(2):
        answer = admin.post(address, {"preview": received.previews}, follow=True)
    assert "This import is being applied already." in answer.content.decode()
    assert DBTaskResult.objects.count() == 1
    assert admin.get(address).status_code == 302


def test_how_far_it_has_come_is_shown(admin: Client, take_in: TakeIn) -> None:
    received = asked(take_in([row(1), row(2)]))
    progress.teller(received.pk)(1, 2)
    assert 'value="1" max="2"' in text_of(admin, received)


def test_what_a_broken_off_attempt_told_is_not_taken_for_this_one(
    admin: Client, take_in: TakeIn
) -> None:
    received = take_in([row(1), row(2)])
    progress.teller(received.pk)(1, 2)
    asked(received)
    assert "This is under way" in text_of(admin, received)


def test_an_import_that_has_not_moved_for_two_minutes_can_be_asked_for_again(
    worker: Callable[[], None], admin: Client, take_in: TakeIn
) -> None:
    received = asked(take_in([row()]), minutes=3)
    text = text_of(admin, received)
    assert "It has not moved for two minutes" in text
    address = reverse("portal:apply", args=[received.pk])
    assert f'href="{address}"' in text
    assert admin.get(reverse("portal:progress", args=[received.pk])).json()["under_way"] is False
    assert "Apply 1 row?" in admin.get(address).content.decode()
    admin.post(address, {"preview": received.previews})
    worker()
    assert Action.objects.count() == 1


def test_one_that_moves_is_not_stalled_however_long_it_takes(take_in: TakeIn) -> None:
    received = asked(take_in([row(1), row(2)]), minutes=30)
    progress.teller(received.pk)(1, 2)
    found = progress.under_way(received)
    assert found is not None
    assert not found.stalled


def test_a_second_worker_with_the_same_task_does_nothing(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = asked(take_in([row()]))
    for _ in range(2):
        apply_in_background.call(received.pk, cast.admin.pk, 1)
        # As though it had been asked for when the first began.
        SpreadsheetImport.objects.update(asked_at=timezone.now())
    assert Action.objects.count() == 1
    received.refresh_from_db()
    assert (received.state, received.failure) == (State.APPLIED, "")


def test_what_is_no_longer_asked_for_is_not_done(take_in: TakeIn, cast: SimpleNamespace) -> None:
    received = take_in([row()])
    received.failure = "The records have changed."
    received.save()
    apply_in_background.call(received.pk, cast.admin.pk, 1)
    assert not Action.objects.exists()
    received.refresh_from_db()
    assert received.failure == "The records have changed."


def test_what_stands_against_it_is_kept_and_shown(
    worker: Callable[[], None], admin: Client, take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1), row(2)])
    ask_to_apply(received, actor=cast.admin, seen=received.previews)
    make_action("ST-0002")
    worker()
    text = text_of(admin, received)
    assert "This was not applied" in text
    assert "The records have changed since this preview was made" in text
    assert "Apply 2 rows" in text
    assert Action.objects.count() == 1
    received.refresh_from_db()
    assert received.asked_at is None
    ask_to_apply(received, actor=cast.admin, seen=received.previews)
    worker()
    assert "This was not applied" not in text_of(admin, received)
    received.refresh_from_db()
    assert (received.state, received.failure) == (State.APPLIED, "")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("a bug"), "Something went wrong; nothing was applied. Try again."),
        (OperationalError("database is locked"), "The database was busy with other work"),
    ],
)
def test_an_unexpected_end_is_told_plainly_and_logged(
    error: Exception,
    sentence: str,
    admin: Client,
    take_in: TakeIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    received = take_in([row()])

    def break_off(*args: Any, **kwargs: Any) -> None:
        apply_import(*args, **kwargs)
        raise error

    monkeypatch.setattr(tasks, "apply_import", break_off)
    monkeypatch.setattr(
        "portal.lists.writing.ListWriter.run", lambda self: (_ for _ in ()).throw(error)
    )
    address = reverse("portal:apply", args=[received.pk])
    text = admin.post(address, {"preview": 1}, follow=True).content.decode()
    assert sentence in text
    assert "a bug" not in text
    assert f"mport {received.pk}" in caplog.text
    assert not Action.objects.exists()
    assert progress.told(received.pk) is None


def test_what_cannot_be_applied_is_said_before_it_is_queued(
    worker: Callable[[], None], take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row()])
    with pytest.raises(AnotherPreview):
        ask_to_apply(received, actor=cast.admin, seen=7)
    with pytest.raises(ImportNotPossible, match="nothing to apply"):
        ask_to_apply(take_in([row(Level=9)]), actor=cast.admin, seen=1)
    apply_import(received, actor=cast.admin)
    with pytest.raises(AlreadyApplied):
        ask_to_apply(received, actor=cast.admin, seen=1)
    asked(other := take_in([row(2)]))
    with pytest.raises(UnderWayAlready):
        ask_to_apply(other, actor=cast.admin, seen=1)
    assert not DBTaskResult.objects.exists()


def test_a_worker_waits_while_the_database_is_busy(
    worker: Callable[[], None],
    take_in: TakeIn,
    cast: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_to_apply(take_in([row()]), actor=cast.admin, seen=1)
    run, tried = db_worker.Worker.run, []

    def busy_at_first(self: Any) -> None:
        tried.append(self)
        if len(tried) < 3:
            raise OperationalError("database is locked")
        run(self)

    monkeypatch.setattr(db_worker.Worker, "run", busy_at_first)
    monkeypatch.setattr(connection, "close", lambda: None)
    worker()
    assert len(tried) == 3
    assert Action.objects.exists()


def test_a_worker_whose_database_is_gone_ends(
    worker: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(db_worker.Worker, "run", gone)
    with pytest.raises(OperationalError, match="unexpectedly"):
        worker()


def test_tasks_that_nobody_begins_are_named_by_the_checks(
    worker: Callable[[], None], take_in: TakeIn, cast: SimpleNamespace, settings: Any
) -> None:
    ask_to_apply(take_in([row()]), actor=cast.admin, seen=1)
    settings.WORKER = True
    assert worker_is_at_work(databases=["default"]) == []
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(hours=1))
    found = worker_is_at_work(databases=["default"])
    assert [each.id for each in found] == ["core.W002"]
    assert "1 tasks" not in found[0].msg
    assert worker_is_at_work() == []
    settings.WORKER = False
    assert worker_is_at_work(databases=["default"]) == []
