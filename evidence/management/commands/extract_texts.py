"""`manage.py extract_texts`: the text of files that is not there yet is read, for search; for a
timer.
"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from evidence.choices import TextState
from evidence.extracting import extract_waiting


class Command(BaseCommand):
    help = "Read the text of evidence files that wait for it or failed; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="Every file that failed, however often before."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        became: Counter[str] = Counter()
        extract_waiting(again=options["again"], told=lambda text: became.update([text.state]))
        self.stdout.write(
            f"Texts read: {became[TextState.READ]}; without text: {became[TextState.NOTHING]}; "
            f"could not be read: {became[TextState.FAILED]}."
        )
