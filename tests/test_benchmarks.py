"""The benchmarks run, on few records; what they measure is read by people, never by a test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SMALL = {
    "lists": ["--actions", "40", "80"],
    "positions": ["--actions", "40", "80"],
    "imports": ["--rows", "40"],
    "papers": [],
    "packs": ["--megabytes", "2"],
    "evidence": ["--pieces", "40"],
}
# `python -m benchmarks`, finding most of its database made: the first argument is the file.
ON_A_MADE_DATABASE = """
import os, runpy, shutil, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
from django.conf import settings
shutil.copy(sys.argv.pop(1), settings.DATABASES["default"]["NAME"])
runpy.run_module("benchmarks", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("subject", SMALL)
def test_a_benchmark_compares_and_says_so(subject: str, migrated: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")
    }
    run = subprocess.run(
        [sys.executable, "-c", ON_A_MADE_DATABASE, str(migrated), subject, "--turns", "1"]
        + SMALL[subject],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    head, rule, *rows = run.stdout.splitlines()
    assert head.startswith("| work |")
    assert rows
    assert {row.count("|") for row in (head, rule, *rows)} == {7}
