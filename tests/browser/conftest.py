"""A served demonstration, and a browser to sit at it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page

from people.models import User

# Playwright keeps an event loop running in the thread of the test, where Django would refuse
# to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, which talks to nobody by itself."""
    return {
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
    }


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a copy of the loaded demonstration is kept, once there is one."""
    return tmp_path_factory.mktemp("demonstration") / "demo.sqlite3"


@pytest.fixture
def demo(
    transactional_db: None,
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    loaded: Path,
    media: Path,
) -> str:
    """The address of a served demonstration: loaded once, then copied for each test, with its
    files.
    """
    files = loaded.parent / "files"
    monkeypatch.setattr(django_settings, "DEMO", True)
    connection.ensure_connection()
    with closing(sqlite3.connect(loaded)) as copy:
        if copy.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            call_command("load_demo", verbosity=0)
            connection.connection.backup(copy)
            shutil.copytree(media, files)
        else:
            shutil.copytree(files, media, dirs_exist_ok=True)
            copy.backup(connection.connection)
            # Emptying the tables after a test has numbered the kinds of records anew.
            ContentType.objects.clear_cache()
    return str(live_server.url)


class Desk:
    """A page in a browser that notes whatever no page may do."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        # The last two are parts of the browser itself: its viewer of PDFs.
        ours = (self.address, "data:", "blob:", "chrome:", "chrome-extension:")
        if not request.url.startswith(ours):
            self.faults.append(f"request to {request.url}")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page


@pytest.fixture
def sit_down(demo: str, browser: Browser) -> Iterator[Callable[..., Desk]]:
    """`sit_down("staff")`: a signed-in browser; its faults are looked at when the test ends."""
    desks: list[Desk] = []

    def sit(username: str, width: int = 1440) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        desk = Desk(context.new_page(), demo)
        client = Client()
        client.force_login(
            User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
        )
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": demo}])
        desk.open("/")
        desks.append(desk)
        return desk

    yield sit
    for desk in desks:
        desk.page.context.close()
        assert desk.faults == []
