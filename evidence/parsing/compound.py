"""Streams of an OLE compound file (MS-CFB), as far as an Outlook message needs them: those at its
root.
"""

import struct
from collections.abc import Callable
from typing import IO

_END = 0xFFFFFFFA  # This and all above say: no sector.
_HEADER = 512
_ENTRY = 128
_SHORT = 64
_IN_HEADER = 109
_ROOT, _STREAM = 5, 2
_NONE = 0xFFFFFFFF


class _Compound:
    """A compound file in memory; uploads are no larger than their limit."""

    def __init__(self, contents: bytes) -> None:
        self.contents = contents
        shift, self.cutoff = struct.unpack_from("<H", contents, 30)[0], 0
        self.size = 1 << shift
        if self.size not in (512, 4096):
            raise ValueError("no compound file")
        first_entry, _, self.cutoff, first_short, _, first_more, _ = struct.unpack_from(
            "<7I", contents, 48
        )
        tables = list(struct.unpack_from(f"<{_IN_HEADER}I", contents, 76))
        while first_more < _END and len(tables) * self.size <= len(contents):
            block = self._numbers(self._sector(first_more))
            tables += block[:-1]
            first_more = block[-1]
        self.next: list[int] = []
        for table in tables:
            if table < _END:
                self.next += self._numbers(self._sector(table))
        self.entries = self._chain(first_entry)
        self.next_short = self._numbers(self._chain(first_short))

    def _sector(self, number: int) -> bytes:
        start = max(_HEADER, self.size) + number * self.size
        return self.contents[start : start + self.size]

    @staticmethod
    def _numbers(block: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))

    def _chain(self, first: int) -> bytes:
        """The sectors from one on; a chain that bites its tail ends with the file's size."""
        found: list[bytes] = []
        while first < _END and len(found) * self.size <= len(self.contents):
            found.append(self._sector(first))
            first = self.next[first]
        return b"".join(found)

    def short(self, container: bytes, first: int) -> bytes:
        """A short stream, kept in pieces within the stream of the root."""
        found: list[bytes] = []
        while first < _END and len(found) * _SHORT <= len(container):
            found.append(container[first * _SHORT : (first + 1) * _SHORT])
            first = self.next_short[first]
        return b"".join(found)

    def at_root(self) -> set[int]:
        """The numbers of the entries that stand directly at the root."""
        waiting = [struct.unpack_from("<I", self.entries, 76)[0]]
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number == _NONE or number in found:
                continue
            found.add(number)
            waiting += struct.unpack_from("<2I", self.entries, number * _ENTRY + 68)
        return found


def streams(file: IO[bytes], wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The streams at the root of a compound file whose name is wanted: name -> contents.

    Raises:
        ValueError, IndexError, struct.error: it is none, or damaged.
    """
    compound = _Compound(file.read())
    first, size = struct.unpack_from("<IQ", compound.entries, 116)
    container = compound._chain(first)[:size]
    found = {}
    for number in sorted(compound.at_root()):
        entry = compound.entries[number * _ENTRY : (number + 1) * _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
        if entry[66] != _STREAM or not wanted(name):
            continue
        first, size = struct.unpack_from("<IQ", entry, 116)
        short = size < compound.cutoff
        contents = compound.short(container, first) if short else compound._chain(first)
        found[name] = contents[:size]
    return found
