"""The list of actions, filtered, beside Django admin's list of the same rows and columns."""

import statistics
from collections.abc import Callable, Iterator

from django.http.response import HttpResponseBase
from django.test import Client

from benchmarks.clock import Result, seconds, side_by_side
from people.models import User

OURS = "/actions/?scope=national&kind=recommendation&rows=50"
PLAIN = "/actions/?rows=50"


def compare(reader: User, actions: int, turns: int) -> Iterator[Result]:
    """Page through fifty filtered live actions: ours, then admin's."""
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    theirs = "/admin/tracker/action/?scope__exact=national&kind__exact=recommendation"
    ours_seconds, their_seconds = side_by_side(_get(client, OURS), _get(client, theirs), turns)
    yield Result(
        f"list, 50 rows filtered out of {actions:,}",
        ours_seconds,
        their_seconds,
        "Django admin’s list",
        "1.0",
    )
    for words, address in (
        ("list as it opens", PLAIN),
        ("list, sorted by due date", f"{PLAIN}&sort=due"),
        ("list, searched for “matter 77”", f"{PLAIN}&q=matter+77"),
        ("list, with what each choice would leave", f"{PLAIN}&counts=yes"),
    ):
        get = _get(client, address)
        get()
        taken = statistics.median(seconds(get) for _ in range(max(1, turns // 3)))
        yield Result(f"{words}, {actions:,}", taken)


def _get(client: Client, address: str) -> Callable[[], HttpResponseBase]:
    def get() -> HttpResponseBase:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response

    return get
