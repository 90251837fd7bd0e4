"""Addresses of a list: the same page with one thing of its query string changed."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

# What says where somebody is in a list, not what the list is of.
PLACE = ("page", "export", "counts")


def came_from(request: HttpRequest, path: str) -> str:
    """The list at a path as the reader left it, where they come from there; else the plain list."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc == request.get_host() and before.path == path and before.query:
        return f"{path}?{before.query}"
    return path


class ListAddress:
    """The query string of a list, from which the addresses of its links are made.

    Args:
        path: the list's own path.
        query: what the reader's address holds.
    """

    def __init__(self, path: str, query: QueryDict) -> None:
        self.path = path
        self.query = query.copy()
        for name in PLACE:
            self.query.pop(name, None)

    def _address(self, query: QueryDict) -> str:
        text = query.urlencode(safe=",:")
        return f"{self.path}?{text}" if text else self.path

    @property
    def query_string(self) -> str:
        """What the list is of, without the page: what a saved view keeps."""
        return self.query.urlencode(safe=",:")

    def with_value(self, name: str, value: object) -> str:
        """The same list with one parameter set to one value."""
        query = self.query.copy()
        query[name] = str(value)
        return self._address(query)

    def without(self, name: str, value: str | None = None) -> str:
        """The same list without a parameter, or without one of its values."""
        query = self.query.copy()
        kept = [] if value is None else [each for each in query.getlist(name) if each != value]
        if kept:
            query.setlist(name, kept)
        else:
            query.pop(name, None)
        return self._address(query)

    def without_blanks(self) -> str:
        """The same list without the fields that a form left empty."""
        query = QueryDict(mutable=True)
        for name, values in self.query.lists():
            if kept := [value for value in values if value.strip()]:
                query.setlist(name, kept)
        return self._address(query)

    def keeping(self, names: Iterable[str], **values: str) -> str:
        """A list that keeps only some parameters and takes on others."""
        query = QueryDict(mutable=True)
        for name in names:
            if name in self.query:
                query.setlist(name, self.query.getlist(name))
        for name, value in values.items():
            query[name] = value
        return self._address(query)

    def hidden(self, leave_out: Iterable[str]) -> list[tuple[str, str]]:
        """Name and value of every parameter but some, for a form that must not lose them."""
        skipped = set(leave_out)
        return [
            (name, value)
            for name, values in self.query.lists()
            if name not in skipped
            for value in values
        ]
