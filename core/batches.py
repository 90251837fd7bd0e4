"""Long runs of things, a handful at a time, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of `size`; the last may be shorter."""
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch
