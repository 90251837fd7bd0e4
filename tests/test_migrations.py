"""The migrations make what the models say, and bring along what was recorded before them."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.migrated import run_apart, structure

Asked = Callable[[str], list[tuple[Any, ...]]]

pytestmark = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="On PostgreSQL the suite runs on migrated tables."
)


@pytest.mark.django_db
def test_the_migrations_make_the_tables_that_the_suite_runs_on(migrated: Path) -> None:
    with closing(sqlite3.connect(migrated)) as database:
        by_migrations = structure(database)
    with connection.cursor() as cursor:
        by_models = structure(cursor)
    del by_migrations["django_migrations"]
    assert by_migrations == by_models
    assert "tracker_action" in by_models


@pytest.fixture
def installation(tmp_path: Path, migrated: Path) -> tuple[Path, Asked]:
    """A data directory with a migrated database, and how to ask it."""
    shutil.copy(migrated, tmp_path / migrated.name)

    def asked(query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(tmp_path / migrated.name)) as database:
            return database.execute(query).fetchall()

    return tmp_path, asked


def test_what_was_recorded_before_comes_along_and_can_go_back(
    installation: tuple[Path, Asked],
) -> None:
    folder, asked = installation
    run_apart(folder, "-m", "tests.migrating_apart", "on")

    sessions = asked(
        "SELECT title, held_on, date(recorded_at), recorded_by_id IS NOT NULL"
        " FROM inspections_plenary JOIN inspections_publication p ON p.id = publication_id"
        " ORDER BY held_on"
    )
    assert sessions == [
        ("kept", "2024-05-02", "2024-06-02", 1),
        ("again", "2024-05-05", "2024-06-03", 1),
    ]
    history = asked(
        "SELECT title, history_type, held_on, date(history_date), history_change_reason"
        " FROM inspections_historicalplenary h"
        " JOIN inspections_publication p ON p.id = h.publication_id ORDER BY history_id"
    )
    said = "As the secretary said"
    assert history == [
        ("kept", "+", "2024-05-01", "2024-06-02", said),
        ("kept", "~", "2024-05-02", "2024-06-04", said),
        ("removed", "+", "2024-05-03", "2024-06-01", "Plenary session recorded"),
        ("removed", "-", "2024-05-03", "2024-06-02", said),
        ("again", "+", "2024-05-04", "2024-06-01", "Plenary session recorded"),
        ("again", "-", "2024-05-04", "2024-06-02", said),
        ("again", "+", "2024-05-05", "2024-06-03", said),
    ]
    ids = asked(
        "SELECT count(DISTINCT h.id), count(DISTINCT p.id) FROM inspections_historicalplenary h"
        " LEFT JOIN inspections_plenary p ON p.id = h.id"
    )
    # One for each session that there ever was, two of which are there still.
    assert ids == [(4, 2)]

    for table in ("evidence_evidence", "evidence_historicalevidence"):
        dates = asked(f"SELECT dated_on, review_by, retention_review_on FROM {table} ORDER BY 1")
        assert dates == [
            ("2024-02-29", "2025-02-28", "2030-02-28"),
            ("2024-10-01", "2025-10-01", "2030-10-01"),
        ]

    run_apart(folder, "-m", "tests.migrating_apart", "back")
    days = asked("SELECT title, plenary_on FROM inspections_publication ORDER BY id")
    assert days == [
        ("kept", "2024-05-02"),
        ("removed", None),
        ("again", "2024-05-05"),
        ("never", None),
    ]
