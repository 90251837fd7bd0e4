"""The mark of a row as it was exported: what each of its cells said then, as fingerprints.

With it an import tells what was changed in the sheet from what was changed here since the export:
the mark stands for the common beginning of the two.
"""

import base64
import binascii
import datetime as dt
import struct
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices

from portal.lists.start_list import STAGE_WORDS
from portal.reading.cells import text_of
from tracker.choices import Status

FIELD = "mark"
HEADER = "As exported (do not change)"
# Never changed: another order, or another field, is another version.
FIELDS = (
    "reference",
    "portal_reference",
    "on_portal",
    "publication",
    "published",
    "source_type",
    "kind",
    "parent",
    "level",
    "scope",
    "question",
    "executive",
    "delivery",
    "text",
    "received",
    "due",
    "stage",
    "stage_date",
    "confidence",
    "confidence_reason",
    "update",
    "updated",
    "closed",
    "closure_wording",
)
_VERSION = "1:"
_PRINTS = struct.Struct(f">{len(FIELDS)}I")
_SUM = struct.Struct(">I")


@dataclass(frozen=True)
class Mark:
    """What a row said when it was exported.

    Args:
        prints: field -> fingerprint of what its cell showed.
    """

    prints: Mapping[str, int]

    @classmethod
    def read(cls, text: str | None) -> "Mark | None":
        """The mark that `mark_of` wrote; None where there is none that can be trusted: it is
        damaged, cut short or of another version.
        """
        found = (text or "").strip("\xa0 \t\r\n")
        if not found.startswith(_VERSION) or not found.isascii():
            return None
        packed = _unpacked(found.removeprefix(_VERSION))
        if len(packed) != _PRINTS.size + _SUM.size:
            return None
        prints, (total,) = packed[: _PRINTS.size], _SUM.unpack(packed[_PRINTS.size :])
        if zlib.crc32(prints) != total:
            return None
        return cls(dict(zip(FIELDS, _PRINTS.unpack(prints), strict=True)))

    def said(self, field: str, shown: str) -> bool | None:
        """Whether the cell of a field showed this when it was exported; None: not known.

        Args:
            field: as in `START_LIST`.
            shown: as `shown_in_mark` gives it; "" for an empty cell.
        """
        known = self.prints.get(field)
        return None if known is None else known == _print(shown)


def mark_of(values: Mapping[str, str]) -> str:
    """The mark of a row.

    Args:
        values: field -> what its cell shows (`shown_in_mark`); a field left out is empty.
    """
    prints = _PRINTS.pack(*(_print(values.get(field, "")) for field in FIELDS))
    packed = prints + _SUM.pack(zlib.crc32(prints))
    return _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def shown_in_mark(value: Any) -> str:
    """What a cell shows, for a fingerprint: a day as 2024-11-20, words as the list writes them,
    text with its spaces evened out. It takes what a sheet gives as well as what was read from it.
    """
    if value is None:
        return ""
    if isinstance(value, Status):
        return STAGE_WORDS.get(value, "In progress")
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return text_of(value, sys.maxsize) or ""


def _print(shown: str) -> int:
    return zlib.crc32(shown.encode("utf-8", "replace"))


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
