"""`manage.py check_evidence`: is what FIVES says it keeps really kept, and nothing else?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.numbers import counted
from core.unfinished import left, sweep
from evidence.sanity import YOUNG, Fault, findings, old_enough, remove


class Command(BaseCommand):
    help = (
        "Check that every file of the evidence is there, as long as it was and unchanged; that "
        "every item has a file or a link, its versions no gap, and words by which it is found; and "
        "that no file is kept that no record stands for. Removes nothing unless told to. Ends "
        "with 1 when something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="Say which files of no record would be removed; with --yes, remove them.",
        )
        parser.add_argument("--yes", action="store_true", help="Really remove them.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove_orphans"] and options["yes"]:
            for name in sweep():
                self.stdout.write(f"Removed {name}, which an upload that was broken off had left.")
        found = list(findings())
        for finding in found:
            self.stdout.write(str(finding))
        wrong = len(found)
        if options["remove_orphans"]:
            orphans = [each.where for each in found if each.fault == Fault.ORPHAN]
            wrong -= self._remove(orphans, really=options["yes"])
        if wrong:
            raise CommandError(f"{counted(wrong, 'fault').capitalize()} found.")
        self.stdout.write(self.style.SUCCESS("Nothing is wrong."))

    def _remove(self, orphans: list[str], *, really: bool) -> int:
        """Remove orphans, or say which would be.

        Returns:
            How many were removed.
        """
        # Of what a dead process has left nobody waits, however young it is.
        old = sorted({*old_enough(orphans), *left().intersection(orphans)})
        for name in sorted(set(orphans) - set(old)):
            minutes = int(YOUNG.total_seconds() / 60)
            self.stdout.write(
                f"Left alone: {name} is younger than {minutes} minutes and may belong to an upload "
                "under way."
            )
        for name in old:
            self.stdout.write(f"{'Removed' if really else 'Would remove'}: {name}")
        if not really:
            if old:
                self.stdout.write("Nothing was removed. Add --yes to remove them.")
            return 0
        remove(old)
        return len(old)
