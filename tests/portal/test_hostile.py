"""Hostile files: each is refused, or read and does no harm, in little memory and time."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.reading import refusals
from tests import workbooks
from tests.portal import hostile

ROOT = Path(__file__).resolve().parents[2]
MOST_MEGABYTES = 300
MOST_SECONDS = 5.0


@dataclass(frozen=True)
class Cost:
    """How the reading of a file ended, and what it cost."""

    ending: str
    megabytes: int
    seconds: float

    @property
    def is_much(self) -> bool:
        return self.megabytes >= MOST_MEGABYTES or self.seconds >= MOST_SECONDS


def read_apart(files: dict[str, bytes], folder: Path) -> dict[str, Cost]:
    """What reading each of some files costs, in a process of its own."""
    paths = []
    for number, contents in enumerate(files.values()):
        path = folder / f"list-{number}"
        path.write_bytes(contents)
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.reading_apart", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(told) == len(files), done.stderr
    return {
        name: Cost(ending, int(megabytes), float(seconds))
        for name, (ending, megabytes, seconds) in zip(files, told, strict=True)
    }


def test_bombs_are_refused_in_little_memory_and_time(tmp_path: Path) -> None:
    files = {name: make().getvalue() for name, make in workbooks.BOMBS.items()}
    costs = read_apart(files, tmp_path)
    for name, cost in costs.items():
        refusal = getattr(refusals, cost.ending, None)
        assert refusal and issubclass(refusal, refusals.WorkbookRefused), (name, cost)
    assert {name: cost for name, cost in costs.items() if cost.is_much} == {}


def test_hostile_files_are_refused_in_little_memory_and_time(tmp_path: Path) -> None:
    costs = read_apart({name: each.make() for name, each in hostile.REFUSED.items()}, tmp_path)
    endings = {name: cost.ending for name, cost in costs.items()}
    assert endings == {name: each.ending for name, each in hostile.REFUSED.items()}
    assert {name: cost for name, cost in costs.items() if cost.is_much} == {}


def test_what_only_looks_hostile_is_read_in_little_memory(tmp_path: Path) -> None:
    costs = read_apart({name: each.make() for name, each in hostile.HARMLESS.items()}, tmp_path)
    endings = {name: cost.ending for name, cost in costs.items()}
    assert endings == {name: each.ending for name, each in hostile.HARMLESS.items()}
    assert {name: cost for name, cost in costs.items() if cost.is_much} == {}
