"""The reader of many files, one after the other, outside the server (`evidence.parsing.server`)."""

import socket
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import IO, Self

from django.conf import settings

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from evidence.parsing.server import serve; serve(*map(int, sys.argv[2:]))"
)
# So many seconds more than a file may take, its reader is not to be heard from any more.
_PATIENCE = 20
# No answer is longer.
_LONGEST = 16


class Unreadable(Exception):
    """The text of a file could not be read within the limits."""


class Readers:
    """A process that is started for the first file, and ended with the block.

    Args:
        wall: seconds that a file may take.
        limits: seconds of processor time, bytes of memory, pages and characters of each file.
    """

    def __init__(self, wall: int, limits: tuple[int, int, int, int]) -> None:
        self._wall = wall
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, file: IO[bytes], kind: str) -> str:
        """The text of a file.

        Args:
            file: at its start, with a number of its own in the system.
            kind: its ending, such as "pdf".

        Raises:
            Unreadable: within the limits it could not be read.
        """
        with tempfile.TemporaryFile() as target:
            try:
                asked = self._asked or self._begin()
                socket.send_fds(asked, [kind.encode()], [file.fileno(), target.fileno()])
                ended = asked.recv(_LONGEST)
            except OSError as error:
                self._end()
                raise Unreadable(f"its reader does not answer ({error})") from error
            if ended != b"0":
                if not ended:
                    self._end()
                raise Unreadable(f"its reader ended with {ended.decode() or 'nothing said'}")
            target.seek(0)
            return target.read().decode("utf-8", "replace")

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(self._wall + _PATIENCE)
        numbers = map(str, (self._wall, *self._limits))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), *numbers],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # No keys and no addresses of databases: whatever takes it over finds nothing.
                env={"OPENPYXL_LXML": "False"},
                cwd="/",
            )
        self._asked = ours
        return ours

    def _end(self) -> None:
        if self._asked is not None:
            self._asked.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._asked = None
