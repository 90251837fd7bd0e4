"""`python -m benchmarks SUBJECT`: one subject on one database, as rows of a Markdown table."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

import django

django.setup()

from benchmarks import evidence, imports, lists, packs, papers, positions, scene  # noqa: E402
from benchmarks.clock import HEAD, Result  # noqa: E402
from tracker.models import Action  # noqa: E402

SUBJECTS = ("lists", "positions", "imports", "papers", "packs", "evidence")


def results(asked: argparse.Namespace) -> Iterator[Result]:
    """Prepare an empty installation for a subject and measure it.

    Args:
        asked: what was said on the command line: subject, sizes, and how often.
    """
    reader, subject, turns = scene.prepare(), asked.subject, asked.turns
    if subject == "imports":
        with tempfile.TemporaryDirectory() as folder:
            yield from imports.compare(Path(folder), reader, asked.rows)
    elif subject == "papers":
        yield from papers.compare(reader, turns)
    elif subject == "packs":
        scene.add_actions(1)
        yield from packs.compare(reader, Action.objects.get(), asked.megabytes)
    elif subject == "evidence":
        yield from evidence.compare(reader, asked.pieces, turns)
    else:
        sizes = sorted(asked.actions)
        for before, size in zip([0, *sizes], sizes, strict=False):
            scene.add_actions(size - before)
            if subject == "lists":
                yield from lists.compare(reader, size, turns)
            else:
                yield from positions.compare(size, turns)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the imported list")
    parser.add_argument("--megabytes", type=int, default=2_048, help="of a pack")
    parser.add_argument("--pieces", type=int, default=20_000, help="pieces of evidence")
    parser.add_argument("--turns", type=int, default=9, help="how often each is measured")
    asked = parser.parse_args()
    sys.stdout.write(f"{HEAD}\n")
    for result in results(asked):
        sys.stdout.write(f"{result.row()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
