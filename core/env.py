"""Typed readers of the environment.

Each setting is looked for in three places, first found wins: the environment variable `NAME`, the
file whose path is in `NAME_FILE` (for secrets), and the installation's own `settings.env` in the
data directory (written by `manage.py begin`). A value that cannot be read stops the start with a
sentence that names the variable, what it holds and what is wanted.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SETTINGS_FILE_NAME = "settings.env"
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
T = TypeVar("T")


def read_settings_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines; blank lines and lines starting with # are left out.

    Raises:
        ImproperlyConfigured: a line is not of that form (names the file and the line number).
    """
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name.strip()):
            raise ImproperlyConfigured(f"{path}, line {number}: write NAME=value, not {line!r}.")
        found[name.strip()] = value.strip()
    return found


class Environment:
    """The three sources behind one set of typed readers.

    Args:
        settings_file: values of last resort, as `read_settings_file` returns them.
    """

    def __init__(self, settings_file: dict[str, str] | None = None) -> None:
        self.settings_file = settings_file or {}

    def _raw(self, name: str) -> str | None:
        value = os.environ.get(name)
        if value is not None and value.strip():
            return value.strip()
        path = os.environ.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(f"{name}_FILE: cannot read {path} ({error}).") from error
        return self.settings_file.get(name) or None

    def _typed(self, name: str, default: T, wanted: str, convert: Callable[[str], T]) -> T:
        raw = self._raw(name)
        if raw is None:
            return default
        try:
            return convert(raw)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} is {raw!r}; it must be {wanted}.") from error

    def text(self, name: str, default: str = "") -> str:
        return self._raw(name) or default

    def boolean(self, name: str, default: bool) -> bool:
        def convert(raw: str) -> bool:
            if raw.lower() in _TRUE:
                return True
            if raw.lower() in _FALSE:
                return False
            raise ValueError(raw)

        return self._typed(name, default, "yes or no", convert)

    def integer(self, name: str, default: int, *, minimum: int = 0) -> int:
        def convert(raw: str) -> int:
            value = int(raw)
            if value < minimum:
                raise ValueError(raw)
            return value

        return self._typed(name, default, f"a whole number of {minimum} or more", convert)

    def date(self, name: str) -> dt.date | None:
        return self._typed(name, None, "a date such as 2024-11-25", dt.date.fromisoformat)

    def colour(self, name: str, default: str) -> str:
        def convert(raw: str) -> str:
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", raw):
                raise ValueError(raw)
            return raw.lower()

        return self._typed(name, default, "a colour such as #0b1f3f", convert)

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        def convert(raw: str) -> str:
            if raw.lower() not in allowed:
                raise ValueError(raw)
            return raw.lower()

        return self._typed(name, default, f"one of {', '.join(allowed)}", convert)

    def site(self, name: str, default: str = "") -> str:
        """The address of a site, without a slash at its end."""

        def convert(raw: str) -> str:
            parts = urlsplit(raw)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(raw)
            if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
                raise ValueError(raw)
            return f"{parts.scheme}://{parts.netloc}"

        wanted = "the address of a site, such as https://start.example.police.uk"
        return self._typed(name, default, wanted, convert)

    def postgresql(self, name: str) -> dict[str, Any]:
        """The connection a postgresql:// address describes, as Django's DATABASES wants it.

        Raises:
            ImproperlyConfigured: not such an address. It is not repeated: it may hold a password.
        """
        try:
            found = dj_database_url.parse(self._raw(name) or "")
        except ValueError:
            found = {}
        if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
            raise ImproperlyConfigured(
                f"{name} must be an address such as postgresql://user:password@host/database; "
                "quote special characters of the password as in a web address."
            )
        return dict(found)

    def listing(self, name: str, default: list[str]) -> list[str]:
        raw = self._raw(name)
        return [part.strip() for part in raw.split(",") if part.strip()] if raw else default
