"""A transaction that comes to nothing, for fixtures that are made once for many tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written within is there until the end, and then never was."""
    begun = transaction.atomic()
    # As in Django's own TestCase: what insists on a transaction of its own finds one all the same.
    begun._from_testcase = True
    with begun:
        yield
        transaction.set_rollback(True)
