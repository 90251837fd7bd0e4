"""What the settings make of an environment, and what they refuse."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.core.exceptions import ImproperlyConfigured

from core import checks

Load = Callable[..., dict[str, Any]]
SETTINGS = Path(current.BASE_DIR) / "config" / "settings.py"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Run config/settings.py anew with this environment only, in an empty data directory."""

    def load_with(**environment: str) -> dict[str, Any]:
        for name in list(os.environ):
            if name.isupper() and not name.startswith(("PYTEST", "COV", "PATH", "HOME", "TMP")):
                monkeypatch.delenv(name)
        for name, value in {
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "x" * 60,
            **environment,
        }.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return load_with


def test_a_start_without_secret_key_is_refused(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        load(SECRET_KEY="")


def test_the_key_an_installation_made_for_itself_is_used(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kept\n", encoding="utf-8")
    assert load(SECRET_KEY="")["SECRET_KEY"] == "kept"


def test_a_secret_key_of_the_environment_wins_over_the_kept_one(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kept\n", encoding="utf-8")
    assert load(SECRET_KEY="given")["SECRET_KEY"] == "given"


def test_the_installations_own_settings_file_is_read(load: Load, tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("FORCE_NAME=Kent Police\n", encoding="utf-8")
    values = load()
    assert (values["FORCE_NAME"], values["FORCE_SHORT_NAME"]) == ("Kent Police", "Kent")


def test_demo_mode_is_off_unless_asked_for(load: Load) -> None:
    assert load()["DEMO"] is False


def test_https_is_on_unless_turned_off(load: Load) -> None:
    values = load()
    assert values["SECURE_SSL_REDIRECT"] and values["SECURE_HSTS_SECONDS"] == 31_536_000
    assert values["SESSION_COOKIE_SECURE"] and values["CSRF_COOKIE_SECURE"]


def test_plain_http_sends_no_hsts(load: Load) -> None:
    values = load(HTTPS="no")
    assert not values["SECURE_SSL_REDIRECT"] and values["SECURE_HSTS_SECONDS"] == 0
    assert not values["SESSION_COOKIE_SECURE"]


def test_a_proxys_word_on_https_is_believed_only_when_told(load: Load) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in load()
    assert load(BEHIND_PROXY="yes")["SECURE_PROXY_SSL_HEADER"][1] == "https"


def test_behind_a_proxy_sign_in_attempts_are_counted_by_the_address_it_adds(load: Load) -> None:
    assert "ALLAUTH_TRUSTED_PROXY_COUNT" not in load()
    assert load(BEHIND_PROXY="yes")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_sqlite_in_the_data_directory_is_the_default(load: Load, tmp_path: Path) -> None:
    database = load()["DATABASES"]["default"]
    assert database["NAME"] == tmp_path.resolve() / "portal.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_database_url_means_postgresql_with_a_pool(load: Load) -> None:
    values = load(DATABASE_URL="postgresql://me@db/start", DATABASE_POOL_SIZE="3")
    assert values["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 3
    assert "DatabaseCache" in values["CACHES"]["default"]["BACKEND"]


def test_another_database_is_refused(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must be an address"):
        load(DATABASE_URL="mysql://me@db/start")


def test_everything_written_lies_in_the_data_directory(load: Load, tmp_path: Path) -> None:
    values = load()
    for place in (
        values["MEDIA_ROOT"],
        values["EMAIL_FILE_PATH"],
        values["CACHES"]["default"]["LOCATION"],
        values["CACHES"]["progress"]["LOCATION"],
        values["LOGGING"]["handlers"]["file"]["filename"],
    ):
        assert Path(place).is_relative_to(tmp_path.resolve())


def test_content_security_policy_allows_nothing_inline(load: Load) -> None:
    directives = load()["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert not [value for values in directives.values() for value in values if "unsafe" in value]
    assert directives["default-src"] == ["'none'"]


def test_a_colour_that_white_text_cannot_be_read_on_stops_the_start(settings: Any) -> None:
    settings.FORCE_COLOUR = "#ffdd00"
    (problem,) = checks.force_colour_is_readable()
    assert problem.id == "core.E001" and "has a contrast of 1.3; 4.5 is needed" in problem.msg


def test_a_dark_colour_passes(settings: Any) -> None:
    settings.FORCE_COLOUR = "#0b2545"
    assert checks.force_colour_is_readable() == []


@pytest.mark.parametrize(
    ("demo", "https", "problems"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_demo_mode_behind_https_is_an_error_of_the_deployment_check(
    settings: Any, demo: bool, https: bool, problems: int
) -> None:
    settings.DEMO, settings.HTTPS = demo, https
    assert [problem.id for problem in checks.demo_is_not_behind_https()] == ["core.E002"] * problems


# Mail -------------------------------------------------------------------------------------------


def test_without_a_mail_server_mails_are_written_into_files(load: Load) -> None:
    values = load()
    assert values["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert values["PORTAL_URL"] == ""


@pytest.mark.parametrize(
    ("security", "port", "starttls", "tls"),
    [("", 587, True, False), ("tls", 465, False, True), ("none", 25, False, False)],
)
def test_a_mail_server_is_spoken_to_as_told(
    load: Load, security: str, port: int, starttls: bool, tls: bool
) -> None:
    values = load(EMAIL_HOST="smtp.example.test", EMAIL_SECURITY=security)
    assert values["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (values["EMAIL_HOST"], values["EMAIL_PORT"]) == ("smtp.example.test", port)
    assert (values["EMAIL_USE_TLS"], values["EMAIL_USE_SSL"]) == (starttls, tls)


def test_the_password_of_the_mail_server_may_be_in_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("s3cret\n", encoding="utf-8")
    values = load(EMAIL_HOST="smtp", EMAIL_HOST_PASSWORD_FILE=str(tmp_path / "smtp"))
    assert values["EMAIL_HOST_PASSWORD"] == "s3cret"


def test_the_demonstration_is_where_it_is_served(load: Load) -> None:
    assert load(DEMO="yes", PORT="8123")["PORTAL_URL"] == "http://127.0.0.1:8123"


def test_the_portals_address_ends_without_a_slash(load: Load) -> None:
    values = load(PORTAL_URL="https://start.example.police.uk/")
    assert values["PORTAL_URL"] == "https://start.example.police.uk"


@pytest.mark.parametrize(
    "address", ["start.example.police.uk", "ftp://start", "https://", "https://start/portal?x=1"]
)
def test_what_is_no_address_of_a_site_is_refused(load: Load, address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"PORTAL_URL is .* the address of a site"):
        load(PORTAL_URL=address)


def test_bank_holidays_of_nowhere_are_refused(load: Load) -> None:
    assert load(BANK_HOLIDAYS="Scotland")["BANK_HOLIDAYS"] == "scotland"
    with pytest.raises(ImproperlyConfigured, match="one of england-and-wales, scotland"):
        load(BANK_HOLIDAYS="wales")
