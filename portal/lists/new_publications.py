"""Publications that a list names and that are not recorded here."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass
class NewPublication:
    """A publication that the list names and that is not recorded.

    Args:
        title, published, source_type: as its first row gives them.
        rows: the sheet rows that name it and can be read.
    """

    title: str
    published: dt.date
    source_type: str
    rows: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "published": self.published.isoformat(),
            "actions": len(self.rows),
        }
