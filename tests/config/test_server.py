"""How gunicorn is started, and what it tells whoever started it."""

import importlib
import os
from types import ModuleType
from typing import Any

import pytest

from config import server
from people.demo import DEMO_ACCOUNTS, DEMO_PASSWORD


@pytest.fixture
def reloaded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read config/server.py anew with these environment variables."""

    def reload_with(**environment: str) -> ModuleType:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return importlib.reload(server)

    return reload_with


def test_it_listens_on_this_machine_only_unless_told(
    reloaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    assert reloaded().bind == "127.0.0.1:8000"


def test_host_and_port_come_from_the_environment(reloaded: Any) -> None:
    assert reloaded(HOST="::1", PORT="8123").bind == "[::1]:8123"


def test_two_workers_of_four_threads_unless_told(reloaded: Any) -> None:
    found = reloaded(WEB_WORKERS="3")
    assert (found.worker_class, found.workers, found.threads) == ("gthread", 3, 4)


def test_a_port_that_is_no_number_stops_the_start_with_a_sentence(reloaded: Any) -> None:
    with pytest.raises(SystemExit, match="PORT is 'http'; it must be a whole number"):
        reloaded(PORT="http")


def test_the_demonstration_tells_its_accounts_and_password(
    reloaded: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO, settings.HTTPS = True, False
    reloaded(PORT="8123").when_ready(None)
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in told and DEMO_PASSWORD in told
    assert all(account.username in told for account in DEMO_ACCOUNTS)


def test_an_installation_of_a_force_tells_no_password(
    reloaded: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO, settings.HTTPS = False, False
    reloaded().when_ready(None)
    assert DEMO_PASSWORD not in capsys.readouterr().out


def test_behind_https_the_address_is_the_proxys(
    reloaded: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HTTPS = True
    reloaded(HOST="0.0.0.0", PORT="8123").when_ready(None)
    told = capsys.readouterr().out
    assert "0.0.0.0:8123, behind its HTTPS proxy" in told and "http://" not in told


def test_the_server_and_wsgi_read_the_portals_settings() -> None:
    from config.wsgi import application

    assert callable(application)
    assert os.environ["DJANGO_SETTINGS_MODULE"]


def test_a_start_that_the_checks_object_to_is_refused(reloaded: Any, settings: Any) -> None:
    settings.FORCE_COLOUR = "#ffdd00"
    with pytest.raises(SystemExit, match="Choose a darker colour"):
        reloaded().on_starting(None)


def test_a_start_without_objections_goes_on(reloaded: Any) -> None:
    reloaded().on_starting(None)
