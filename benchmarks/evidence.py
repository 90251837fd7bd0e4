"""Searching evidence: our index beside a search without one, and beside an index of whole words."""

import statistics
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.clock import Result, seconds, side_by_side
from benchmarks.store import COMMON, RARE, add_evidence
from evidence.database import FTS, TABLE
from evidence.models import EvidenceWords
from people.models import User

# What is asked -> in words.
ASKED = {
    RARE: f"a rare word, “{RARE}”",
    COMMON: "a word of every second paper",
    f"{RARE} {COMMON}": "both",
    "guard": "part of a word",
    "zebra": "a word of no paper",
}
_RIVAL = "benchmark_words"
_FEW = 200
_PAGES = {
    "": "as it opens",
    f"?q={RARE}": f"searched for “{RARE}”",
    f"?q={COMMON}": "searched for a word of every second paper",
    f"?q={COMMON}&fresh=stale&kind=pdf&question=3": "searched and filtered three times",
    "?counts=yes": "with what each choice would leave",
}


def compare(reader: User, pieces: int, turns: int) -> Iterator[Result]:
    """Lay a store, then search it in three ways, then ask for the pages of the list."""
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    few = min(_FEW, pieces // 2)
    add_evidence(few, reader)
    before = _queries_of_pages(client)
    taken = seconds(lambda: add_evidence(pieces - few, reader))
    yield Result(f"laying {pieces:,} papers with their index", taken)
    yield Result("text of them all", _size(f"SELECT sum(length(words)) FROM {TABLE}"))
    yield Result("our index", _size(_our_size()))
    yield Result("laying an index of whole words", seconds(_lay_rival))
    yield Result("index of whole words", _size(_rival_size()))
    for query, words in ASKED.items():
        ours, plain = side_by_side(_ours(query), _without_index(query), turns)
        yield Result(f"search for {words}", ours, plain, "LIKE on one column, no index")
        ours, rival = side_by_side(_ours(query), _by_words(query), turns)
        yield Result(f"search for {words}", ours, rival, "an index of whole words")
    for (query, words), number in zip(_PAGES.items(), before, strict=True):
        get = _get(client, query)
        get()
        yield Result(f"page, {words}", statistics.median(seconds(get) for _ in range(turns)))
        after = _queries(client, query)
        yield Result(f"queries of it, at {pieces:,} pieces", str(after), str(number), f"at {few}")


def _get(client: Client, query: str) -> Callable[[], None]:
    def get() -> None:
        assert client.get(f"/evidence/{query}").status_code == 200

    return get


def _queries(client: Client, query: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        _get(client, query)()
    return len(asked)


def _queries_of_pages(client: Client) -> list[int]:
    for query in _PAGES:
        _queries(client, query)
    return [_queries(client, query) for query in _PAGES]


def _ours(query: str) -> Callable[[], int]:
    return lambda: EvidenceWords.objects.holding(query).count()


def _without_index(query: str) -> Callable[[], int]:
    condition = " AND ".join("words LIKE %s" for _ in query.split())
    values = [f"%{word}%" for word in query.split()]
    return lambda: _number(f"SELECT count(*) FROM {TABLE} WHERE {condition}", values, indexed=False)


def _by_words(query: str) -> Callable[[], int]:
    if connection.vendor == "sqlite":
        sql = f"SELECT count(*) FROM {_RIVAL} WHERE {_RIVAL} MATCH %s"
        asked = " ".join(f'"{word}" *' for word in query.split())
    else:
        sql = f"SELECT count(*) FROM {_RIVAL} WHERE words @@ to_tsquery('simple', %s)"
        asked = " & ".join(f"{word}:*" for word in query.split())
    return lambda: _number(sql, [asked])


def _number(sql: str, values: list[str], *, indexed: bool = True) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET enable_bitmapscan = {'on' if indexed else 'off'}")
        cursor.execute(sql, values)
        found: int = cursor.fetchone()[0]
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_bitmapscan = on")
        return found


def _lay_rival() -> None:
    statements = [
        f"CREATE TABLE {_RIVAL} AS SELECT evidence_id, to_tsvector('simple', words) AS words "
        f"FROM {TABLE}",
        f"CREATE INDEX {_RIVAL}_index ON {_RIVAL} USING gin (words)",
        f"ANALYZE {_RIVAL}",
    ]
    if connection.vendor == "sqlite":
        statements = [
            f"CREATE VIRTUAL TABLE {_RIVAL} USING fts5(words, content='{TABLE}', "
            "content_rowid='evidence_id')",
            f"INSERT INTO {_RIVAL}({_RIVAL}) VALUES ('rebuild')",
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _our_size() -> str:
    if connection.vendor == "postgresql":
        return f"SELECT pg_relation_size('{FTS}')"
    return f"SELECT sum(length(block)) FROM {FTS}_data"


def _rival_size() -> str:
    if connection.vendor == "postgresql":
        return f"SELECT pg_relation_size('{_RIVAL}_index') + pg_total_relation_size('{_RIVAL}')"
    return f"SELECT sum(length(block)) FROM {_RIVAL}_data"


def _size(sql: str) -> str:
    return f"{_number(sql, []) / 1024 / 1024:.0f} MB"
