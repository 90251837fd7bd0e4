"""Kinds of path argument that more than one room uses."""

import datetime as dt


class DayConverter:
    """A day in an address, as 2024-11-27."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """The day; a ValueError, which the router takes as "no such page", where it is none."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()
