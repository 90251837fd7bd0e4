"""How far an import has come, told while its transaction is open: so not kept in the database."""

from collections.abc import Callable

from django.core.cache import caches


def _key(pk: int) -> str:
    return f"import-{pk}"


def teller(pk: int) -> Callable[[int, int], None]:
    """What `apply_import` calls to tell how far the import of this number has come."""

    def tell(done: int, total: int) -> None:
        caches["progress"].set(_key(pk), (done, total))

    return tell


def told(pk: int) -> tuple[int, int] | None:
    """How many rows of how many are done; None when nothing is under way or it is long ago."""
    found: tuple[int, int] | None = caches["progress"].get(_key(pk))
    return found


def forget(pk: int) -> None:
    """Nothing is under way any more."""
    caches["progress"].delete(_key(pk))
