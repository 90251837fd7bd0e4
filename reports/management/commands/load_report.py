"""Load a committee report from a file, e.g. the demonstration's draft."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reports.loading import UnreadableReport, load_report


class Command(BaseCommand):
    help = "Open a committee report from a JSON file; one that is already there stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{options['file']} is not JSON: {error}.") from error
        try:
            with transaction.atomic():
                report, new = load_report(document, actor=None)
                transaction.set_rollback(options["dry_run"])
        except UnreadableReport as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        said = "opened" if new else "is already there, left as it is"
        self.stdout.write(f"{report}: {said}{' (nothing written)' if options['dry_run'] else ''}.")
