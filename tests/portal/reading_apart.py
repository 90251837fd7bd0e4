"""Run as a program: read every row of files, each in a process of its own that has done nothing
else; print for each how it ended, the most megabytes and the seconds that it needed.
"""

import os
import re
import sys
import time
from pathlib import Path

import django


def read(path: Path) -> None:
    """Read one file and print what it cost."""
    from portal.reading.files import open_spreadsheet
    from portal.reading.refusals import WorkbookRefused

    # What this process needs itself: a machine that has other work to do does not make it more.
    began = time.process_time()
    try:
        with path.open("rb") as file, open_spreadsheet(file, path.name) as sheets:
            ending = f"{sum(1 for sheet in sheets for _ in sheet.rows())} rows"
    except WorkbookRefused as refusal:
        ending = type(refusal).__name__
    # Unlike ru_maxrss, this begins anew with each process.
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]
    sys.stdout.write(f"{ending}\t{peak}\t{time.process_time() - began:.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for argument in sys.argv[1:]:
        if child := os.fork():
            os.waitpid(child, 0)
        else:
            read(Path(argument))
            os._exit(0)
