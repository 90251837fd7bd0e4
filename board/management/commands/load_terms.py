"""`manage.py load_terms FILE`: the Board's terms of reference, version by version."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from board.loading import load_terms
from inspections.loading import DocumentNotUsable


class Command(BaseCommand):
    help = "Load the Board's terms of reference; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_terms(options["file"])
        except DocumentNotUsable as error:
            raise CommandError(str(error)) from error
        words = ", ".join(f"{number} {what}" for what, number in done.items())
        self.stdout.write(f"Terms of reference: {words or 'nothing to load'}.")
