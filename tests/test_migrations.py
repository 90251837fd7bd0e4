"""The migrations make what the models say."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.migrated import structure

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
