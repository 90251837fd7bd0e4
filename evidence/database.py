"""The index behind search, laid after every migrate; laying it again changes nothing.

- PostgreSQL: trigrams of the words (pg_trgm) in a GIN index.
- SQLite: trigrams in an FTS5 table that holds no text of its own, kept by triggers.

Both find any part of a word of three characters or more, and mean by it what `LIKE` means.
"""

from typing import Any

from django.db import connections

TABLE = "evidence_evidencewords"
FTS = "evidence_words_trigrams"
_ADDED = f"INSERT INTO {FTS}(rowid, words) VALUES (NEW.evidence_id, NEW.words);"
_TAKEN = f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', OLD.evidence_id, OLD.words);"
_TRIGGERS = {
    f"{FTS}_insert": ("INSERT", _ADDED),
    f"{FTS}_update": ("UPDATE", _TAKEN + _ADDED),
    f"{FTS}_delete": ("DELETE", _TAKEN),
}


def lay_search(using: str = "default", **kwargs: Any) -> None:
    """Lay the index, and the words of evidence that has none yet (recorded before search was)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            _lay_postgresql(cursor)
        else:
            _lay_sqlite(cursor)
    _lay_missing_words(using)


def _lay_postgresql(cursor: Any) -> None:
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("SELECT to_regclass(%s)", [FTS])
    if cursor.fetchone()[0] is None:
        cursor.execute(f"CREATE INDEX {FTS} ON {TABLE} USING gin (words gin_trgm_ops)")


def _lay_sqlite(cursor: Any) -> None:
    cursor.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5(words, content='{TABLE}', "
        "content_rowid='evidence_id', tokenize='trigram case_sensitive 1')"
    )
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
    )
    if _TRIGGERS.keys() <= {name for (name,) in cursor.fetchall()}:
        return
    # A table that was rebuilt has lost its triggers; what it holds is indexed anew.
    for name, (event, work) in _TRIGGERS.items():
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {TABLE} BEGIN {work} END"
        )
    cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")


def _lay_missing_words(using: str) -> None:
    from evidence.models import Evidence
    from evidence.words import keep_words

    if using == "default":
        for key in Evidence.objects.filter(found_by=None).values_list("pk", flat=True):
            keep_words(key)
