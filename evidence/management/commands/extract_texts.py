"""`manage.py extract_texts`: the text of files that is not there yet is read, for search, and words
that are missing are made; for a timer.
"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from evidence.choices import TextState
from evidence.extracting import extract_waiting, waiting_files
from evidence.words import keep_missing_words


class Command(BaseCommand):
    help = "Read the text of evidence files that wait for it or failed; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="Every file that failed, however often before."
        )

        parser.add_argument(
            "--dry-run", action="store_true", help="Say how many wait; read none of them."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            waiting = waiting_files(again=options["again"]).count()
            self.stdout.write(f"Texts that wait to be read: {waiting}.")
            return
        if made := keep_missing_words():
            self.stdout.write(f"Words were missing, and are made anew: {made}.")
        became: Counter[str] = Counter()
        extract_waiting(again=options["again"], told=lambda text: became.update([text.state]))
        self.stdout.write(
            f"Texts read: {became[TextState.READ]}; without text: {became[TextState.NOTHING]}; "
            f"could not be read: {became[TextState.FAILED]}."
        )
