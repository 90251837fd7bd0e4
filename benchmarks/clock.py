"""Timing two ways of doing one thing, turn by turn, so that both meet the same machine."""

import gc
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What came out of one comparison.

    Args:
        work: what was done.
        ours, theirs: median seconds, or another measure in words; None where nothing stands
            beside it.
        against: what it was compared with.
        goal: the largest ratio that was aimed at, or in words.
    """

    work: str
    ours: float | str
    theirs: float | str | None = None
    against: str = ""
    goal: str = ""

    def row(self) -> str:
        """As a row of a Markdown table."""
        ratio = "–"
        if isinstance(self.ours, float) and isinstance(self.theirs, float):
            ratio = f"{self.ours / self.theirs:.2f}"
        shown = (self.work, self.ours, self.against, self.theirs, ratio, self.goal)
        return f"| {' | '.join(_shown(cell) for cell in shown)} |"


HEAD = "| work | portal | against | it | ratio | goal |\n|---|---|---|---|---|---|"


def _shown(cell: float | str | None) -> str:
    if isinstance(cell, float):
        return f"{cell * 1000:.0f} ms" if cell < 1 else f"{cell:.1f} s"
    return cell or "–"


def side_by_side(
    ours: Callable[[], object], theirs: Callable[[], object], turns: int
) -> tuple[float, float]:
    """Median seconds of both, taken in turns after one run each that is not counted."""
    ours(), theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for done, kept in ((ours, times[0]), (theirs, times[1])):
            kept.append(seconds(done))
    return statistics.median(times[0]), statistics.median(times[1])


def seconds(work: Callable[[], object]) -> float:
    """How long something takes, once."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def highest_memory() -> int:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
