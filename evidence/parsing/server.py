"""The process that opens one file after the other, each in a fork with limits of its own
(`evidence.parsing.child`): the readers are loaded once.

Its standard input is a socket. A message is the ending of a file, with two open files: where to
read and where to write. The answer is how the fork ended, 0 where the file could be read. A fork
that meets a limit, or is taken over, has nothing of the files before and after it, and no socket.
"""

import logging
import os
import signal
import socket
import time
from importlib import import_module

from evidence.parsing.child import READERS, read_within

# How often to look whether a fork has ended.
_PAUSE = 0.005
# No ending is longer.
_LONGEST = 16


def serve(wall: int, seconds: int, memory: int, pages: int, characters: int) -> None:
    """Read files until nobody asks any more.

    Args:
        wall: seconds that a file may take.
        seconds, memory, pages, characters: as for `child.read_within`.
    """
    logging.disable(logging.CRITICAL)
    for module, _ in READERS.values():
        import_module(f"evidence.parsing.{module}")
    limits = (seconds, memory, pages, characters)
    with socket.socket(fileno=0) as asked:
        while True:
            kind, files, _, _ = socket.recv_fds(asked, _LONGEST, 2)
            if not kind:
                return
            ended = _read(kind.decode(), files, asked, wall, limits)
            for number in files:
                os.close(number)
            asked.send(str(ended).encode())


def _read(
    kind: str, files: list[int], asked: socket.socket, wall: int, limits: tuple[int, ...]
) -> int:
    """Have a fork read one file.

    Returns:
        Its exit code; minus the number of the signal that ended it.
    """
    fork = os.fork()
    if not fork:
        ended = 1
        try:
            asked.close()
            with os.fdopen(files[0], "rb") as source, os.fdopen(files[1], "wb") as target:
                read_within(kind, source, target, *limits)
            ended = 0
        finally:
            # What it raised is of no interest, and nothing that is the server's may run here.
            os._exit(ended)
    latest = time.monotonic() + wall
    while True:
        found, status = os.waitpid(fork, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > latest:
            os.kill(fork, signal.SIGKILL)
            os.waitpid(fork, 0)
            return -signal.SIGKILL
        time.sleep(_PAUSE)
