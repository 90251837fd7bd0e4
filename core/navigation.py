"""The main navigation: rooms announce their entry, pages show those the reader may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse

from core.access import rule_for


@dataclass(frozen=True)
class Entry:
    """One entry of the main navigation.

    Args:
        order: place from left to right.
        title: what the reader sees.
        url_name: where it leads; the view's own access rule decides who sees the entry.
        waiting: how many things wait there for a reader, shown beside the title unless 0.
        also: URL names of further parts of the same room, which stand elsewhere.
    """

    order: int
    title: str
    url_name: str
    waiting: Callable[[Any], int] | None = None
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> int:
        """How much of a page's address is this room's; 0 where the page does not belong to it."""
        addresses = [reverse(name) for name in (self.url_name, *self.also)]
        return max(
            (
                len(address)
                for address in addresses
                if path == address or (address != "/" and path.startswith(address))
            ),
            default=0,
        )


# The home page belongs to no room: every installation names it "home" (LOGIN_REDIRECT_URL).
_entries: list[Entry] = [Entry(10, "Home", "home")]


def announce(
    order: int,
    title: str,
    url_name: str,
    waiting: Callable[[Any], int] | None = None,
    also: tuple[str, ...] = (),
) -> None:
    """Add an entry (called from an app's `ready`); the arguments are those of `Entry`."""
    entry = Entry(order, title, url_name, waiting, also)
    if entry not in _entries:
        _entries.append(entry)
        _entries.sort(key=lambda each: each.order)


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """Title, address, whether it is the current room and how much waits there, for each entry the
    reader may open.
    """
    shown: list[dict[str, object]] = []
    user = getattr(request, "user", None)
    if user is None:
        return shown
    # A room within another one's address holds its own pages.
    nearest = max(entry.holds(request.path) for entry in _entries)
    for entry in _entries:
        address = reverse(entry.url_name)
        rule = rule_for(resolve(address).func, entry.url_name)
        if rule is None or not rule.allows(user) or not user.is_authenticated:
            continue
        shown.append(
            {
                "title": entry.title,
                "address": address,
                "current": 0 < nearest == entry.holds(request.path),
                "waiting": entry.waiting(user) if entry.waiting else 0,
            }
        )
    return shown
