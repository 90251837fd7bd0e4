"""An SQLite database that the migrations have made, as in an installation, and how it is built.

The suite itself makes its tables straight from the models, which takes a tenth of the time.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings


def migrate_into(folder: Path) -> Path:
    """A data directory with a database, migrated by the command of an installation.

    Returns:
        The database's file.
    """
    run_apart(folder, "manage.py", "migrate", "--verbosity", "0")
    return folder / "portal.sqlite3"


def run_apart(folder: Path, *arguments: str) -> None:
    """Run Python in a process of its own, with the settings of an installation.

    Args:
        folder: the data directory.
        arguments: of Python.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def structure(connection: Any) -> dict[str, list[str]]:
    """Table or index -> the definitions it consists of, in no order: columns, constraints."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    return {name: _definitions(sql) for name, sql in rows}


def _definitions(sql: str) -> list[str]:
    """A statement, cut at its outer brackets and the commas between them."""
    parts, depth = [""], 0
    for sign in sql:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        at_an_outer_edge = (sign, depth) in {("(", 1), (",", 1), (")", 0)}
        if at_an_outer_edge:
            parts.append("")
        else:
            parts[-1] += sign
    return sorted(" ".join(part.split()) for part in parts)
