"""Remove the archives of inspection packs whose days are over; run it every night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.numbers import counted
from evidence.packs.expiring import expired, remove_expired


class Command(BaseCommand):
    help = (
        "Removes the archives of inspection packs whose days are over. Ends with 1 when one could "
        "not be removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Say which would be removed; remove none."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for pack in expired():
                self.stdout.write(f"Would remove: {pack.file.name}")
            return
        removed, left = remove_expired()
        self.stdout.write(f"{removed} inspection {'pack' if removed == 1 else 'packs'} removed.")
        if left:
            raise CommandError(
                f"{counted(len(left), 'archive').capitalize()} could not be removed: "
                f"{', '.join(left)}."
            )
