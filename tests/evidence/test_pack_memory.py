"""A pack takes as much memory as its index needs, however large its files are."""

import os
import subprocess
import sys

from django.conf import settings

FILES, EACH = 4, 25 * 1024 * 1024
# What one run differs from another by, in MB; the files of the large pack have 100 MB.
NOISE = 24


def test_large_files_take_no_more_memory_than_small_ones() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = subprocess.run(
        [sys.executable, "-m", "tests.evidence.packing_apart", str(FILES), str(EACH)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    small, large = (int(line) for line in run.stdout.split())
    assert large - small < NOISE
