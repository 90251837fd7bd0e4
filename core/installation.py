"""What an installation is told when it is begun: the force's settings, checked and kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from core.checks import LEAST_CONTRAST, contrast_with_white
from core.env import SETTINGS_FILE_NAME
from core.turns import Turn


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let others that begin or prepare the same PostgreSQL database wait.

    SQLite serves one machine, where `bin/run` is started once. May be nested.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [int(Turn.PREPARING)])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [int(Turn.PREPARING)])


def settings_path() -> Path:
    """Where this installation keeps its own settings."""
    return Path(settings.DATA_DIR) / SETTINGS_FILE_NAME


def check_force_name(name: str) -> None:
    """Raises ValidationError: empty, too long, or more than one line."""
    if not name.strip():
        raise ValidationError("Enter the force’s name, such as “Cleveland Police”.")
    if len(name) > 80 or not name.isprintable():
        raise ValidationError("The force’s name must be one line of 80 characters or fewer.")


def check_force_colour(colour: str) -> None:
    """Raises ValidationError: not #rrggbb, or white text could not be read on it."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValidationError("Enter the colour as # and six hexadecimal digits, such as #0b2545.")
    ratio = contrast_with_white(colour)
    if ratio < LEAST_CONTRAST:
        raise ValidationError(
            f"White text on {colour} has a contrast of {ratio:.1f}; {LEAST_CONTRAST} is needed. "
            "Choose a darker colour."
        )


def write_settings(path: Path, values: dict[str, str]) -> None:
    """Write an installation's settings file (see `core.env`), all or nothing.

    Args:
        path: the file; it is replaced.
        values: setting -> value, each of one line.

    Raises:
        ValueError: a value holds a line break.
    """
    for name, value in values.items():
        if len(value.splitlines()) > 1:
            raise ValueError(f"{name} must be one line.")
    lines = ["# Settings of this installation. What can stand here: docs/administer.md."]
    lines += [f"{name}={value}" for name, value in values.items()]
    beside = path.with_suffix(".new")
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(path)
