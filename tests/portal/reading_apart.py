"""Run as a program: read a workbook as an import would, and say how it ended and what it cost."""

import os
import re
import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from portal.layouts.outline import outline_of
    from portal.reading.refusals import WorkbookRefused
    from portal.reading.workbook import open_workbook

    began = time.monotonic()
    ending = "read"
    try:
        with Path(sys.argv[1]).open("rb") as file, open_workbook(file) as sheets:
            outline_of(sheets)
            ending = f"{sum(1 for _ in sheets[0].rows())} rows"
    except WorkbookRefused as refusal:
        ending = type(refusal).__name__
    # Unlike ru_maxrss, this is not inherited from whoever started the program.
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]
    sys.stdout.write(f"{ending} {peak} {time.monotonic() - began:.1f}\n")
