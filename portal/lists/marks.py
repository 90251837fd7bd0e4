"""What a row said when it was exported."""

from typing import Any


def shown_in_mark(value: Any) -> str:
    return str(value)


class Mark:
    """Stand-in."""

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        return None

    def said(self, field: str, shown: str) -> bool | None:
        return None
