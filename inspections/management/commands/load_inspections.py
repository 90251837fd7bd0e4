"""`manage.py load_inspections FILE`: inspections, planned programme and monitoring, from
fixtures/inspections.json or the like.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from inspections.documents import read_document
from inspections.loading import DocumentNotUsable
from inspections.loading_inspections import load_inspections


class Command(BaseCommand):
    help = "Load inspections, the planned programme and monitoring; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what it would do; write nothing."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_inspections(read_document(options["file"]), actor=None)
        except DocumentNotUsable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Inspections. {loaded}.")
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Dry run: nothing was written.")
